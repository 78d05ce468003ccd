import { readSettings } from "../../../src/env.ts";
import { type AccessClaims, signAccessToken } from "../../../src/modules/auth/access-token.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  signIn,
  type StoreBody,
  type UserBody,
} from "../../support/api.ts";

let main: StoreBody;

beforeAll(async () => {
  main = await createStore();
});

async function revokeInDatabaseOnly(userId: string): Promise<void> {
  await env.DB.prepare("UPDATE sessions SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL")
    .bind(userId, new Date().toISOString())
    .run();
}

describe("GET /v1/auth/me", () => {
  it("tells who is signed in, as the user is now", async () => {
    const user = await asUser("employee", [main.id]);
    expect((await user.get("/v1/auth/me")).body).toEqual(user.user);
    await env.DB.prepare("UPDATE users SET version = version + 1, full_name = 'Ann Other' WHERE id = ?1")
      .bind(user.user.id)
      .run();
    expect((await user.get<UserBody>("/v1/auth/me")).body.full_name).toBe("Ann Other");
  });

  it("needs a session", async () => {
    const answer = await api(null).get("/v1/auth/me");
    expectProblem(answer, 401, "unauthenticated");
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
  });
});

describe("POST /v1/auth/logout", () => {
  it("ends the session: nothing of it succeeds after the answer", async () => {
    const user = await asUser("employee", [main.id], main.code);
    const answer = await user.post("/v1/auth/logout");
    expectStatus(answer, 204);
    expect(answer.body).toBeNull();
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await user.post("/v1/auth/logout"), 401, "session_revoked");
    expectProblem(await user.get(`/v1/stores/${main.id}`), 401, "session_revoked");
    expectProblem(
      await api(null).post("/v1/auth/refresh", { refresh_token: user.refresh_token }),
      401,
      "session_revoked",
    );
    const entries = await env.DB.prepare(
      "SELECT count(*) AS n FROM audit_entries WHERE action = 'session.close' AND actor_id = ?1",
    )
      .bind(user.user.id)
      .first();
    expect(entries).toEqual({ n: 1 });
  });

  it("takes a token that has expired: a window that slept can still sign out", async () => {
    const user = await asUser("employee", [main.id], main.code);
    const claims = JSON.parse(atob(user.token.split(".")[1] ?? "")) as AccessClaims;
    const anHourAgo = new Date(Date.now() - 3_600_000);
    const old = api(await signAccessToken(readSettings(env), claims, anHourAgo));
    expectProblem(await old.get("/v1/auth/me"), 401, "unauthenticated");
    expectStatus(await old.post("/v1/auth/logout"), 204);
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    const monthsAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
    const older = api(await signAccessToken(readSettings(env), claims, monthsAgo));
    expectProblem(await older.post("/v1/auth/logout"), 401, "unauthenticated");
  });

  it("ends this session and no other of the same user", async () => {
    const { username, password } = { username: "root", password: "a long enough password" };
    await asAdmin();
    const one = await signIn(username, password);
    const other = await signIn(username, password);
    expectStatus(await one.post("/v1/auth/logout"), 204);
    expectProblem(await one.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await other.get("/v1/auth/me"), 200);
  });

  it("finishes what an earlier one began: a session revoked in the database alone is told to the gate", async () => {
    const user = await asUser("cashier", [main.id], main.code);
    await revokeInDatabaseOnly(user.user.id);
    expectStatus(await user.get("/v1/auth/me"), 200);
    expectStatus(await user.post("/v1/auth/logout"), 204);
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
  });
});

describe("a session that its gate has not heard the end of", () => {
  it("commits nothing", async () => {
    await asAdmin();
    const admin = await signIn("root", "a long enough password");
    await revokeInDatabaseOnly(admin.user.id);
    const before = await countAll();
    expectProblem(
      await admin.post("/v1/stores", { code: "LATE", name: "Late", currency: "GBP" }),
      401,
      "session_revoked",
    );
    expectProblem(
      await admin.post("/v1/terminals", { store_id: main.id, code: "99", name: "Late" }),
      401,
      "session_revoked",
    );
    const user = {
      username: "late",
      full_name: "Late",
      email: "late@regal.test",
      password: "a long enough password",
      role: "cashier",
    };
    expectProblem(await admin.post("/v1/users", user), 401, "session_revoked");
    expect(await countAll()).toEqual(before);
  });

  it("nor does one of a user who is not active any more", async () => {
    const user = await asUser("admin");
    await env.DB.prepare("UPDATE users SET version = version + 1, active = 0 WHERE id = ?1").bind(user.user.id).run();
    const before = await countAll();
    expectProblem(
      await user.post("/v1/stores", { code: "LATE", name: "Late", currency: "GBP" }),
      401,
      "session_revoked",
    );
    expect(await countAll()).toEqual(before);
  });
});

async function countAll(): Promise<number[]> {
  return Promise.all(["stores", "terminals", "users", "user_stores", "audit_entries"].map(countRows));
}
