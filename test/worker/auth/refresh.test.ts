import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Answer,
  api,
  asAdmin,
  asUser,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  fetchWith,
  type SignInBody,
  type StoreBody,
} from "../../support/api.ts";

let main: StoreBody;

async function refresh(refresh_token: string, client = api(null)): Promise<Answer<SignInBody>> {
  return client.post("/v1/auth/refresh", { refresh_token });
}

async function sessionOf(userId: string): Promise<{ id: string; gate: string; revoked_at: string | null } | null> {
  return env.DB.prepare("SELECT id, gate, revoked_at FROM sessions WHERE user_id = ?1").bind(userId).first();
}

beforeAll(async () => {
  await asAdmin();
  main = await createStore();
});

describe("POST /v1/auth/refresh", () => {
  it("trades a token for a new pair of the same session", async () => {
    const user = await asUser("cashier", [main.id], main.code);
    const answer = await refresh(user.refresh_token);
    expectStatus(answer, 200);
    expect(answer.body.refresh_token).not.toBe(user.refresh_token);
    expect(answer.body.user).toEqual(user.user);
    expectStatus(await api(answer.body.access_token).get("/v1/auth/me"), 200);
    const again = await refresh(answer.body.refresh_token);
    expectStatus(again, 200);
    expect(
      await env.DB.prepare("SELECT count(*) AS n FROM sessions WHERE user_id = ?1").bind(user.user.id).first(),
    ).toEqual({ n: 1 });
  });

  it("keeps tokens for 30 days, as hashes", async () => {
    const user = await asUser("cashier", [main.id]);
    const session = await sessionOf(user.user.id);
    const rows = await env.DB.prepare(
      "SELECT token_hash, expires_at, created_at FROM refresh_tokens WHERE session_id = ?1",
    )
      .bind(session?.id ?? "")
      .all<{ token_hash: string; expires_at: string; created_at: string }>();
    const [row] = rows.results;
    expect(row?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(row?.expires_at ?? "") - Date.parse(row?.created_at ?? "")).toBe(30 * 86_400_000);
  });

  it("ends the whole session when a token is used twice, access tokens included, and warns", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const user = await asUser("cashier", [main.id], main.code);
    const fresh = (await refresh(user.refresh_token)).body;
    expectProblem(await refresh(user.refresh_token), 401, "session_revoked");
    expect(warn.mock.calls.map(([line]) => String(line)).join("\n")).toContain("used twice");
    warn.mockRestore();
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await api(fresh.access_token).get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await refresh(fresh.refresh_token), 401, "session_revoked");
    expectProblem(await refresh(user.refresh_token), 401, "session_revoked");
    expect((await sessionOf(user.user.id))?.revoked_at).not.toBeNull();
    const entries = await env.DB.prepare(
      "SELECT actor_id, after ->> 'reason' AS reason FROM audit_entries WHERE action = 'session.revoke' AND after ->> 'user_id' = ?1",
    )
      .bind(user.user.id)
      .all();
    expect(entries.results).toEqual([{ actor_id: null, reason: "refresh_token_reused" }]);
  });

  it("lets exactly one of two that race win, and ends the session", async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await asUser("cashier", [main.id]);
      const answers = await Promise.all([
        refresh(user.refresh_token),
        refresh(user.refresh_token),
        refresh(user.refresh_token),
      ]);
      const statuses = answers.map((answer) => answer.status).toSorted((a, b) => a - b);
      expect(statuses).toEqual([200, 401, 401]);
      const session = await sessionOf(user.user.id);
      expect(session?.revoked_at).not.toBeNull();
      const tokens = env.DB.prepare("SELECT count(*) AS n FROM refresh_tokens WHERE session_id = ?1").bind(
        session?.id ?? "",
      );
      expect(await tokens.first()).toEqual({ n: 2 });
      expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    }
  });

  it("reads the role and the stores of this moment", async () => {
    const north = await createStore();
    const user = await asUser("cashier", [main.id]);
    await env.DB.batch([
      env.DB.prepare("UPDATE users SET version = version + 1, role = 'employee' WHERE id = ?1").bind(user.user.id),
      env.DB.prepare("INSERT INTO user_stores (user_id, store_id) VALUES (?1, ?2)").bind(user.user.id, north.id),
    ]);
    const { body } = await refresh(user.refresh_token);
    expect(body.user.role).toBe("employee");
    expect(body.user.store_ids.toSorted()).toEqual([main.id, north.id].toSorted());
    expectStatus(await api(body.access_token).get(`/v1/stores/${north.id}`), 200);
  });

  it("refuses a user who is not active any more, and one who does not work in the session's store", async () => {
    const gone = await asUser("cashier", [main.id]);
    await env.DB.prepare("UPDATE users SET version = version + 1, active = 0 WHERE id = ?1").bind(gone.user.id).run();
    expectProblem(await refresh(gone.refresh_token), 401, "session_revoked");
    const moved = await asUser("cashier", [main.id], main.code);
    await env.DB.prepare("DELETE FROM user_stores WHERE user_id = ?1").bind(moved.user.id).run();
    expectProblem(await refresh(moved.refresh_token), 401, "session_revoked");
  });

  it("refuses a token that has expired, one that never was, and what is no token", async () => {
    const user = await asUser("cashier", [main.id]);
    const session = await sessionOf(user.user.id);
    await env.DB.prepare("UPDATE refresh_tokens SET expires_at = ?2 WHERE session_id = ?1")
      .bind(session?.id ?? "", new Date().toISOString())
      .run();
    const before = await countRows("refresh_tokens");
    expectProblem(await refresh(user.refresh_token), 401, "unauthenticated");
    expectProblem(await refresh("A".repeat(43)), 401, "unauthenticated");
    expectProblem(await refresh(""), 422, "validation_failed");
    expectProblem(await refresh(user.token), 422, "validation_failed");
    expect(await countRows("refresh_tokens")).toBe(before);
  });

  it("has a limit by address", async () => {
    const client = api(null, fetchWith({ LIMIT_WRITE_PER_MINUTE: "2" }));
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const answer = await client.post("/v1/auth/refresh", { refresh_token: "x" }, { "CF-Connecting-IP": "192.0.2.8" });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([401, 401, 429]);
  });
});
