import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { PERMISSIONS } from "../../../src/modules/auth/permissions.ts";
import {
  type Answer,
  api,
  asAdmin,
  countRows,
  createStore,
  createUser,
  type Credentials,
  expectProblem,
  fetchWith,
  signIn,
  type SignInBody,
  type StoreBody,
  uuid,
} from "../../support/api.ts";

let main: StoreBody;
let north: StoreBody;
let cashier: Credentials;

async function login(body: unknown, client = api(null)): Promise<Answer<SignInBody>> {
  return client.post("/v1/auth/login", body, { "CF-Connecting-IP": uuid() });
}

beforeAll(async () => {
  await asAdmin();
  main = await createStore();
  north = await createStore();
  cashier = await createUser("cashier", [main.id]);
});

describe("POST /v1/auth/login", () => {
  it("opens a session and tells who signed in", async () => {
    const answer = await login({ username: cashier.username, password: cashier.password });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(Object.keys(answer.body).toSorted()).toEqual([
      "access_token",
      "expires_in",
      "refresh_token",
      "token_type",
      "user",
    ]);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
    expect(answer.body.refresh_token).toMatch(/^[\w-]{43}$/);
    expect(answer.body.user).toMatchObject({
      id: cashier.id,
      username: cashier.username,
      role: "cashier",
      store_ids: [main.id],
    });
    expect(answer.body.user.permissions).toContain("sales:write");
    expect(answer.body.user.permissions).not.toContain("users:manage");
  });

  it("lets an admin work in every store, which an empty list says", async () => {
    const { user } = await asAdmin();
    expect(user).toMatchObject({ role: "admin", store_ids: [] });
    expect(user.permissions.toSorted()).toEqual([...PERMISSIONS].toSorted());
  });

  it("takes a name however its letters are cased", async () => {
    expect((await login({ username: cashier.username.toUpperCase(), password: cashier.password })).status).toBe(200);
  });

  it("binds the session to the store that is named, else to headquarters", async () => {
    const { user } = await signIn(cashier.username, cashier.password, main.code);
    await signIn(cashier.username, cashier.password);
    const sessions = await env.DB.prepare("SELECT gate FROM sessions WHERE user_id = ?1 ORDER BY id DESC LIMIT 2")
      .bind(user.id)
      .all();
    expect(sessions.results).toEqual([{ gate: "hq" }, { gate: main.id }]);
  });

  it("writes the session, the hash of its token and the audit entry, and no secret", async () => {
    const { refresh_token, user } = await signIn(cashier.username, cashier.password);
    const written = await env.DB.prepare(
      `SELECT t.token_hash, t.replaces, a.action, a.actor_id, a.entity_id = s.id AS is_of_session
       FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id JOIN audit_entries a ON a.session_id = s.id
       WHERE s.user_id = ?1 ORDER BY s.id DESC LIMIT 1`,
    )
      .bind(user.id)
      .first();
    expect(written).toMatchObject({ replaces: null, action: "session.open", actor_id: user.id, is_of_session: 1 });
    expect(JSON.stringify(written)).not.toContain(refresh_token);
  });

  it("tells no wrong password from a wrong name, an inactive user or a store of others", async () => {
    const gone = await createUser("cashier", [main.id]);
    await env.DB.prepare("UPDATE users SET version = version + 1, active = 0 WHERE id = ?1").bind(gone.id).run();
    const shut = await createStore();
    await env.DB.prepare("UPDATE stores SET active = 0, version = version + 1 WHERE id = ?1").bind(shut.id).run();
    const worker = await createUser("cashier", [shut.id]);
    const before = [await countRows("sessions"), await countRows("audit_entries")];
    const answers = [
      await login({ username: cashier.username, password: "a wrong password" }),
      await login({ username: "nobody of this name", password: "a wrong password" }),
      await login({ username: gone.username, password: gone.password }),
      await login({ username: cashier.username, password: cashier.password, store_code: north.code }),
      await login({ username: cashier.username, password: cashier.password, store_code: "NOWHERE" }),
      await login({ username: worker.username, password: worker.password, store_code: shut.code }),
    ];
    const [first, ...others] = answers.map((answer) => {
      const { request_id, ...rest } = expectProblem(answer, 401, "unauthenticated");
      expect(request_id).not.toBe("");
      return {
        rest,
        headers: [...answer.headers].filter(([name]) => !/^(x-request-id|traceparent|ratelimit)$/.test(name)),
      };
    });
    for (const other of others) expect(other).toEqual(first);
    expect([await countRows("sessions"), await countRows("audit_entries")]).toEqual(before);
  });

  it("takes as long over an unknown name as over a wrong password", async () => {
    const { username } = (await asAdmin()).user;
    const timeOf = async (name: string): Promise<number> => {
      const times: number[] = [];
      for (let count = 0; count < 3; count += 1) {
        const startedAt = performance.now();
        expectProblem(await login({ username: name, password: "a wrong password" }), 401, "unauthenticated");
        times.push(performance.now() - startedAt);
      }
      return Math.min(...times);
    };
    const known = await timeOf(username);
    const unknown = await timeOf(`nobody-${uuid()}`);
    expect(unknown).toBeGreaterThan(known / 4);
    expect(known).toBeGreaterThan(unknown / 4);
  });

  it.each([
    ["no password", { username: "ann" }, "/password"],
    ["an empty name", { username: " ", password: "x" }, "/username"],
    ["a number for a name", { username: 1, password: "x" }, "/username"],
    ["a password without end", { username: "ann", password: "x".repeat(513) }, "/password"],
    ["an unknown field", { username: "ann", password: "x", role: "admin" }, "/role"],
  ])("refuses %s", async (_, body, pointer) => {
    const problem = expectProblem(await login(body), 422, "validation_failed");
    expect(problem.errors?.map((one) => one.pointer)).toEqual([pointer]);
  });

  it("refuses what is not JSON", async () => {
    expectProblem(await login("{"), 400, "malformed_json");
    expectProblem(await login(""), 400, "malformed_json");
    const form = await api(null).post("/v1/auth/login", "username=ann", {
      "Content-Type": "application/x-www-form-urlencoded",
    });
    expectProblem(form, 415, "unsupported_media_type");
  });
});

describe("the limits of signing in", () => {
  it("counts failures by name, whoever sends them, and no successes", async () => {
    const { username, password } = await createUser("cashier", [main.id]);
    for (let count = 0; count < 12; count += 1) expect((await login({ username, password })).status).toBe(200);
    for (let count = 0; count < 10; count += 1) {
      expectProblem(
        await login({ username: username.toUpperCase(), password: "a wrong password" }),
        401,
        "unauthenticated",
      );
    }
    const refused = await login({ username, password });
    expectProblem(refused, 429, "rate_limited");
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(6);
    expect((await login({ username: cashier.username, password: cashier.password })).status).toBe(200);
  });

  it("limits the guesses at a name nobody has in the same way", async () => {
    const username = `nobody-${uuid()}`;
    const client = api(null, fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "2" }));
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await login({ username, password: "x" }, client)).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });

  it("tells no more guesses than the limit that they are wrong, however many come at once", async () => {
    const { username } = await createUser("cashier", [main.id]);
    const client = api(null, fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "3" }));
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => login({ username, password: "x" }, client)),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
  });

  it("counts attempts by address, right or wrong", async () => {
    const client = api(null, fetchWith({ LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "3" }));
    const address = { "CF-Connecting-IP": "192.0.2.7" };
    const { username, password } = cashier;
    for (let count = 0; count < 3; count += 1) {
      expect((await client.post("/v1/auth/login", { username, password }, address)).status).toBe(200);
    }
    expectProblem(await client.post("/v1/auth/login", { username, password }, address), 429, "rate_limited");
    expect((await login({ username, password }, client)).status).toBe(200);
  });
});
