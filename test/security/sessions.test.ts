import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  createStore,
  createUser,
  expectProblem,
  expectStatus,
  type SignInBody,
  signIn,
  uuid,
} from "../support/api.ts";
import { Browser, openBrowser, parseSetCookies } from "../support/browser.ts";
import { readClaims } from "../support/matrix.ts";

/** What can be done to a session by who has a part of it, or had one. */

beforeAll(async () => {
  await asAdmin();
});

async function refresh(refresh_token: string) {
  return api(null).post<SignInBody>("/v1/auth/refresh", { refresh_token });
}

describe("API2:2023 broken authentication / ASVS 7.2.4: session fixation", () => {
  it("a sign-in opens a session of its own, whatever the browser brought", async () => {
    const thief = await openBrowser();
    const victim = new Browser();
    for (const [name, value] of thief.jar) victim.jar.set(name, value);
    const person = await createUser("admin");
    await victim.signIn(person);
    expect(readClaims(victim.cookie("access")).sid).not.toBe(readClaims(thief.cookie("access")).sid);
    for (const name of ["access", "refresh", "csrf"]) expect(victim.cookie(name)).not.toBe(thief.cookie(name));
    const me = await thief.send<{ username: string }>("GET", "/v1/auth/me");
    expect(me.body.username).not.toBe(person.username);
    // What was planted does not work beside what was given: neither the token for forms nor the one for refreshing.
    const planted = { headers: { "X-CSRF-Token": thief.csrf_token } };
    expectProblem(await victim.send("POST", "/v1/auth/logout", planted), 403, "csrf_failed");
    victim.jar.set("__Host-regal_refresh", thief.cookie("refresh"));
    const own = { body: {}, headers: { "X-CSRF-Token": victim.csrf_token } };
    expectProblem(await victim.send("POST", "/v1/auth/refresh", own), 403, "csrf_failed");
  });

  it("nobody can name the session to be opened", async () => {
    const { username, password } = await createUser("cashier");
    const chosen = uuid();
    for (const field of ["session_id", "sid", "id", "refresh_token"]) {
      const body = { username, password, [field]: chosen };
      expectProblem(await api(null).post("/v1/auth/login", body), 422, "validation_failed");
    }
    const headers = { "X-Session-Id": chosen, Cookie: `sid=${chosen}; session=${chosen}`, "CF-Connecting-IP": uuid() };
    const answer = await api(null).post<SignInBody>(`/v1/auth/login`, { username, password }, headers);
    expectStatus(answer, 200);
    expect(readClaims(answer.body.access_token).sid).not.toBe(chosen);
  });

  it("each sign-in and each refresh gives a refresh token that was never given before", async () => {
    const { username, password } = await createUser("cashier");
    const given = new Set<string>();
    let { refresh_token } = await signIn(username, password);
    for (let turn = 0; turn < 5; turn += 1) {
      given.add(refresh_token);
      ({ refresh_token } = (await refresh(refresh_token)).body);
      // 256 bits in base64url: nothing to be guessed (ASVS 7.2.3).
      expect(refresh_token).toMatch(/^[\w-]{43}$/);
      const again = await signIn(username, password);
      given.add(again.refresh_token);
    }
    expect(given.size).toBe(10);
  });
});

describe("API2:2023 broken authentication / ASVS 7.4.1: a refresh token in two hands", () => {
  it.each([1, 2, 3])("used again after %d more: nobody of the family has anything left", async (more) => {
    const user = await asUser("cashier");
    const tokens = [user.refresh_token];
    const access = [user.token];
    for (let turn = 0; turn < more; turn += 1) {
      const { body } = await refresh(tokens.at(-1) ?? "");
      tokens.push(body.refresh_token);
      access.push(body.access_token);
    }
    expectProblem(await refresh(user.refresh_token), 401, "session_revoked");
    for (const token of tokens) expectProblem(await refresh(token), 401, "session_revoked");
    for (const token of access) expectProblem(await api(token).get("/v1/auth/me"), 401, "session_revoked");
  });

  it("does so in cookies as well, and the thief's copy is dead too", async () => {
    const browser = await openBrowser();
    const thief = new Browser();
    for (const [name, value] of browser.jar) thief.jar.set(name, value);
    const turn = { body: {}, headers: { "X-CSRF-Token": browser.csrf_token } };
    expectStatus(await thief.send("POST", "/v1/auth/refresh", turn), 200);
    expectProblem(await browser.send("POST", "/v1/auth/refresh", turn), 401, "session_revoked");
    expectProblem(await thief.send("GET", "/v1/auth/me"), 401, "session_revoked");
    const next = { body: {}, headers: { "X-CSRF-Token": thief.cookie("csrf") } };
    expectProblem(await thief.send("POST", "/v1/auth/refresh", next), 401, "session_revoked");
  });

  it("is told in the audit log, with nobody named as who did it", async () => {
    const user = await asUser("cashier");
    await refresh(user.refresh_token);
    await refresh(user.refresh_token);
    const entry = await env.DB.prepare(
      "SELECT action, actor_id, after FROM audit_entries WHERE entity_id = ?1 ORDER BY seq DESC",
    )
      .bind(readClaims(user.token).sid)
      .first<{ action: string; actor_id: string | null; after: string }>();
    expect(entry).toMatchObject({ action: "session.revoke", actor_id: null });
    expect(entry?.after).toContain("refresh_token_reused");
  });
});

describe("API2:2023 broken authentication / ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4: cookies", () => {
  it("are __Host-, Secure, HttpOnly and SameSite=Strict, end with the browser, and nothing of them is in the body", async () => {
    const person = await createUser("admin");
    const answer = await new Browser().signIn(person);
    const cookies = parseSetCookies(answer.headers);
    expect(cookies.map(({ name }) => name).toSorted()).toEqual([
      "__Host-regal_access",
      "__Host-regal_csrf",
      "__Host-regal_refresh",
    ]);
    for (const { attributes, value } of cookies) {
      expect(attributes).toEqual({ path: "/", secure: "", httponly: "", samesite: "Strict" });
      expect(value.length).toBeLessThan(4000);
    }
    const [access, refreshing] = ["access", "refresh"].map((name) =>
      cookies.find((cookie) => cookie.name === `__Host-regal_${name}`),
    );
    const told = JSON.stringify(answer.body);
    expect(told).not.toContain(access?.value);
    expect(told).not.toContain(refreshing?.value);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  it("are taken away by signing out, and are worth nothing afterwards", async () => {
    const browser = await openBrowser();
    const kept = browser.cookies();
    const answer = await browser.send("POST", "/v1/auth/logout", { headers: { "X-CSRF-Token": browser.csrf_token } });
    expectStatus(answer, 204);
    expect(parseSetCookies(answer.headers).map(({ attributes }) => attributes["max-age"])).toEqual(["0", "0", "0"]);
    expectProblem(await api(null).get("/v1/auth/me", { Cookie: kept }), 401, "session_revoked");
  });

  it("do not turn into tokens, nor tokens into cookies", async () => {
    const browser = await openBrowser();
    expectProblem(await browser.asBearer().get("/v1/auth/me"), 401, "unauthenticated");
    expectProblem(await refresh(browser.cookie("refresh")), 401, "unauthenticated");
    const user = await asUser("admin");
    const Cookie = `__Host-regal_access=${user.token}; __Host-regal_refresh=${user.refresh_token}`;
    expectProblem(await api(null).get("/v1/auth/me", { Cookie }), 401, "unauthenticated");
    expectProblem(await api(null).post("/v1/auth/refresh", {}, { Cookie }), 401, "unauthenticated");
    // Under a name that another host of the domain could set, they are nothing.
    for (const name of ["regal_access", "__Secure-regal_access", "__host-regal_access", "access_token"]) {
      const planted = { Cookie: `${name}=${browser.cookie("access")}` };
      expectProblem(await api(null).get("/v1/auth/me", planted), 401, "unauthenticated");
    }
  });

  it("do not make good a token that is sent beside them and is wrong", async () => {
    const browser = await openBrowser();
    const headers = { Authorization: "Bearer a.b.c" };
    expectProblem(await browser.send("GET", "/v1/auth/me", { headers }), 401, "unauthenticated");
  });
});

describe("API1:2023 broken object level authorization / ASVS 7.5.2: other people's sessions", () => {
  it("are not listed, and can't be ended: not even by who knows their ids", async () => {
    const [ann, ben] = [await asUser("admin"), await asUser("admin")];
    const list = await ann.get<{ data: { id: string }[] }>("/v1/auth/sessions");
    const ids = list.body.data.map(({ id }) => id);
    expect(ids).toEqual([readClaims(ann.token).sid]);
    expectProblem(await ben.delete(`/v1/auth/sessions/${ids[0] ?? ""}`), 404, "not_found");
    expectStatus(await ben.delete("/v1/auth/sessions"), 204);
    expectStatus(await ann.get("/v1/auth/me"), 200);
  });

  it("tell no token of their own", async () => {
    const { username, password } = await createUser("cashier");
    const ann = await signIn(username, password);
    const { body } = await ann.get("/v1/auth/sessions");
    for (const secret of [ann.token, ann.refresh_token, ann.token.split(".")[2] ?? ""]) {
      expect(JSON.stringify(body)).not.toContain(secret);
    }
  });
});

describe("API2:2023 broken authentication / ASVS 7.4.2: who is out", () => {
  it("stays out: a session that has ended does not come back with its user", async () => {
    const admin = await asAdmin();
    const store = await createStore();
    const user = await asUser("cashier", [store.id], store.code);
    expectStatus(await admin.post(`/v1/users/${user.user.id}/deactivate`), 200);
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await admin.post(`/v1/users/${user.user.id}/reactivate`), 200);
    expectProblem(await user.get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await refresh(user.refresh_token), 401, "session_revoked");
  });
});
