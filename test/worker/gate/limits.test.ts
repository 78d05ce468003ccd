import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  countRows,
  createStore,
  createUser,
  type Credentials,
  expectProblem,
  expectStatus,
  fetchWith,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";

/** The gate as a caller over HTTP meets it. */

let admin: SignedIn;
let main: StoreBody;
let cashier: Credentials;

/** A namespace whose objects can't be reached. */
const GONE = {
  getByName: () => {
    throw new Error("Network connection lost.");
  },
};

beforeAll(async () => {
  admin = await asAdmin();
  main = await createStore();
  cashier = await createUser("cashier", [main.id]);
});

describe("the limit of a rate class", () => {
  it("refuses with 429 and Retry-After, writes nothing, and leaves other classes alone", async () => {
    const user = await asUser("admin");
    const client = api(user.token, fetchWith({ LIMIT_WRITE_PER_MINUTE: "3" }));
    const open = async (code: string) => client.post("/v1/stores", { code, name: "A store", currency: "GBP" });
    for (const code of ["R1", "R2", "R3"]) expectStatus(await open(code), 201);
    const before = await countRows("stores");
    const refused = await open("R4");
    expectProblem(refused, 429, "rate_limited");
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(10);
    expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(20);
    expect(refused.headers.get("RateLimit-Policy")).toBe('"write";q=3;w=60');
    expect(refused.headers.get("RateLimit")).toMatch(/^"write";r=0;t=(5\d|60)$/);
    expect(await countRows("stores")).toBe(before);
    expectStatus(await client.get("/v1/stores"), 200);
  });

  it("is announced by every answer that passed the gate, refusals of the input included", async () => {
    const user = await asUser("admin");
    const client = api(user.token, fetchWith({ LIMIT_READ_PER_MINUTE: "10", LIMIT_WRITE_PER_MINUTE: "5" }));
    const read = await client.get("/v1/auth/me");
    expect(read.headers.get("RateLimit-Policy")).toBe('"read";q=10;w=60');
    expect(read.headers.get("RateLimit")).toBe('"read";r=9;t=6');
    const invalid = await client.post("/v1/stores", {});
    expectStatus(invalid, 422);
    expect(invalid.headers.get("RateLimit")).toBe('"write";r=4;t=12');
    expect((await api(null).get("/health")).headers.get("RateLimit")).toBeNull();
  });

  it("is each user's own", async () => {
    const [one, other] = [await asUser("admin"), await asUser("admin")];
    const fetcher = fetchWith({ LIMIT_READ_PER_MINUTE: "1" });
    expectStatus(await api(one.token, fetcher).get("/v1/auth/me"), 200);
    expectProblem(await api(one.token, fetcher).get("/v1/auth/me"), 429, "rate_limited");
    expectStatus(await api(other.token, fetcher).get("/v1/auth/me"), 200);
  });
});

describe("when the gate can't be reached", () => {
  it("reading goes on", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = api(admin.token, fetchWith({ GATE: GONE }));
    for (const path of ["/v1/auth/me", "/v1/stores", `/v1/stores/${main.id}`, "/v1/terminals", "/v1/users"]) {
      const answer = await client.get(path);
      expectStatus(answer, 200);
      expect(answer.headers.get("RateLimit")).toBeNull();
    }
    expect(error.mock.calls.map(([line]) => String(line)).join("\n")).toContain("the gate is out of reach");
    error.mockRestore();
  });

  it("nobody signs in, right or wrong, and the first admin is not made", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = api(null, fetchWith({ GATE: GONE }));
    const before = await countRows("sessions");
    const { username, password } = cashier;
    for (const body of [
      { username, password },
      { username, password: "a wrong password" },
    ]) {
      const answer = await client.post("/v1/auth/login", body);
      expectProblem(answer, 503, "overloaded");
      expect(answer.headers.get("Retry-After")).toBe("2");
    }
    const setup = api(env.SETUP_TOKEN, fetchWith({ GATE: GONE }));
    const first = {
      username: "first",
      full_name: "First",
      email: "first@regal.test",
      password: "a long enough password",
    };
    expectProblem(await setup.post("/v1/setup", first), 503, "overloaded");
    expect(await countRows("sessions")).toBe(before);
    error.mockRestore();
  });

  it("a till's session can be refreshed, so that selling goes on", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const user = await asUser("cashier", [main.id], main.code);
    const answer = await api(null, fetchWith({ GATE: GONE })).post("/v1/auth/refresh", {
      refresh_token: user.refresh_token,
    });
    expectStatus(answer, 200);
    error.mockRestore();
  });

  it("administration is refused and nothing is written", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = api(admin.token, fetchWith({ GATE: GONE }));
    const before = [
      await countRows("stores"),
      await countRows("terminals"),
      await countRows("users"),
      await countRows("audit_entries"),
    ];
    const user = {
      username: `u-${uuid()}`,
      full_name: "U",
      email: "u@regal.test",
      password: "a long enough password",
      role: "cashier",
    };
    const answers = [
      await client.post("/v1/stores", { code: "NOGATE", name: "A store", currency: "GBP" }),
      await client.post("/v1/terminals", { store_id: main.id, code: "88", name: "A till" }),
      await client.post("/v1/users", user),
      await client.post("/v1/auth/logout"),
    ];
    for (const answer of answers) expectProblem(answer, 503, "overloaded");
    expect([
      await countRows("stores"),
      await countRows("terminals"),
      await countRows("users"),
      await countRows("audit_entries"),
    ]).toEqual(before);
    expectStatus(await admin.get("/v1/auth/me"), 200);
    error.mockRestore();
  });

  it("a session that could be ended in the database alone is ended by sending the same again", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const user = await asUser("cashier", [main.id], main.code);
    let revocable = false;
    const gate = {
      getByName: (name: string) => ({
        pass: async (request: Parameters<ReturnType<typeof env.GATE.getByName>["pass"]>[0]) =>
          env.GATE.getByName(name).pass(request),
        revoke: async (ids: string[], until: number) => {
          if (!revocable) throw new Error("Network connection lost.");
          await env.GATE.getByName(name).revoke(ids, until);
        },
      }),
    };
    const client = api(user.token, fetchWith({ GATE: gate }));
    expectProblem(await client.post("/v1/auth/logout"), 503, "overloaded");
    revocable = true;
    expectStatus(await client.post("/v1/auth/logout"), 204);
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    error.mockRestore();
  });
});
