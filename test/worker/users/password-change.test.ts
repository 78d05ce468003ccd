import { beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  api,
  asAdmin,
  type Client,
  createStore,
  createUser,
  type Credentials,
  expectProblem,
  expectStatus,
  fetchWith,
  signIn,
  type SignInBody,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { credentialVersionOf, fetchUnheard, openSession, readAudit, readEverything } from "./people.ts";

const PATH = "/v1/auth/password";
const NEW = "ein neues langes Kennwort";

let store: StoreBody;

beforeAll(async () => {
  await asAdmin();
  store = await createStore({ name: "Saltmarsh Quay" });
});

/** Each person at an address of their own, so that tests share no limit. */
async function change(client: Client, body: unknown): Promise<Answer> {
  return client.post(PATH, body, { "CF-Connecting-IP": uuid() });
}

async function logIn({ username }: Credentials, password: string): Promise<Answer<SignInBody>> {
  return api(null).post("/v1/auth/login", { username, password }, { "CF-Connecting-IP": uuid() });
}

describe("POST /v1/auth/password", () => {
  it("ends every other session at once, everywhere; the one in use goes on, and its refresh too", async () => {
    const person = await createUser("employee", [store.id]);
    const { id, username, password } = person;
    const mine = await signIn(username, password, store.code);
    const others = [await openSession(id), await openSession(id, store.id), await openSession(id, "hq", "passkey")];
    for (const session of others) expectStatus(await session.get("/v1/auth/me"), 200);
    const answer = await change(mine, { current_password: password, new_password: NEW });
    expectStatus(answer, 204);
    expect(answer.body).toBeNull();
    for (const session of others) expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await mine.get("/v1/products"), 200);
    const { refresh_token } = mine;
    const refreshed = await api(null).post<SignInBody>("/v1/auth/refresh", { refresh_token });
    expectStatus(await api(refreshed.body.access_token).get("/v1/products"), 200);
    expectProblem(await logIn(person, password), 401, "unauthenticated");
    expectStatus(await logIn(person, NEW), 200);
    expect(await credentialVersionOf(id)).toBe(2);
    expect(await readAudit(id, "user.change_password")).toEqual([
      { action: "user.change_password", actor_id: id, store_id: null, before: null, after: null },
    ]);
    expect(JSON.stringify(await readEverything())).not.toContain(NEW);
  });

  it("takes a password in either form of Unicode", async () => {
    const person = await createUser("cashier");
    const composed = "grünes Ufer im Nebel";
    const session = await openSession(person.id);
    expectStatus(await change(session, { current_password: person.password, new_password: composed }), 204);
    const same = { current_password: composed, new_password: composed.normalize("NFD") };
    expectProblem(await change(session, same), 422, "validation_failed");
    const next = { current_password: composed.normalize("NFD"), new_password: NEW };
    expectStatus(await change(session, next), 204);
  });

  it.each([
    ["a wrong current one", { current_password: "not the password", new_password: NEW }, "/current_password"],
    ["an empty current one", { current_password: "", new_password: NEW }, "/current_password"],
    ["a huge current one", { current_password: "x".repeat(513), new_password: NEW }, "/current_password"],
    ["no current one", { new_password: NEW }, "/current_password"],
    ["no new one", { current_password: "OWN" }, "/new_password"],
    ["a short new one", { current_password: "OWN", new_password: "elevenchars" }, "/new_password"],
    ["a huge new one", { current_password: "OWN", new_password: "ab cd ef ".repeat(100) }, "/new_password"],
    ["a number", { current_password: "OWN", new_password: 123_456_789_012 }, "/new_password"],
    ["a common one", { current_password: "OWN", new_password: "qwertyuiopasdf" }, "/new_password"],
    ["one with the store's name", { current_password: "OWN", new_password: "quiet saltmarsh air" }, "/new_password"],
    ["the same again", { current_password: "OWN", new_password: "OWN" }, "/new_password"],
    ["an unknown field", { current_password: "OWN", new_password: NEW, user_id: "1" }, "/user_id"],
  ])("refuses %s, and nothing ends", async (_, body, pointer) => {
    const { id } = await createUser("cashier", [store.id]);
    const own = "kelp and driftwood 7";
    const admin = await asAdmin();
    expectStatus(await admin.post(`/v1/users/${id}/reset-password`, { new_password: own }), 200);
    const [session, other] = [await openSession(id), await openSession(id)];
    const before = await readEverything();
    const sent = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value === "OWN" ? own : value]));
    const problem = expectProblem(await change(session, sent), 422, "validation_failed");
    expect(problem.errors?.map((one) => one.pointer)).toEqual([pointer]);
    expect(await readEverything()).toEqual(before);
    expectStatus(await other.get("/v1/auth/me"), 200);
  });

  it("is not for a session by PIN, and not for nobody", async () => {
    const { id, password } = await createUser("cashier", [store.id]);
    const admin = await asAdmin();
    expectStatus(await admin.put(`/v1/users/${id}/pin`, { store_id: store.id, pin: "907152" }), 204);
    const body = { current_password: password, new_password: NEW };
    expectProblem(await change(await openSession(id, store.id, "pin"), body), 403, "forbidden");
    expectProblem(await change(api(null), body), 401, "unauthenticated");
    expectStatus(await change(await openSession(id, store.id, "passkey"), body), 204);
  });

  it("counts a wrong one like a failed sign-in, also side by side: then not even the right one is looked at", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "3" });
    const { id, username, password } = await createUser("cashier");
    const session = await openSession(id, "hq", "password", fetcher);
    const wrong = { current_password: "not the password", new_password: NEW };
    const guesses = await Promise.all(Array.from({ length: 6 }, async () => change(session, wrong)));
    const statuses = guesses.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([422, 422, 422, 429, 429, 429]);
    expectProblem(await change(session, { current_password: password, new_password: NEW }), 429, "rate_limited");
    const stranger = api(null, fetcher);
    expectProblem(await stranger.post("/v1/auth/login", { username, password }), 429, "rate_limited");
    expectStatus(await session.get("/v1/auth/me"), 200);
    expect(await credentialVersionOf(id)).toBe(1);
  });

  it("costs no guess where the new one is refused", async () => {
    const person = await createUser("cashier");
    const session = await openSession(person.id);
    const weak = { current_password: "not the password", new_password: "elevenchars" };
    for (let sent = 0; sent < 12; sent += 1) expectProblem(await change(session, weak), 422, "validation_failed");
    expectStatus(await logIn(person, person.password), 200);
  });

  it("sent twice at once is done once", async () => {
    const { id, password } = await createUser("cashier");
    const session = await openSession(id);
    const answers = await Promise.all(
      [NEW, `${NEW} anders`].map(async (new_password) => change(session, { current_password: password, new_password })),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect([
      [204, 409],
      [204, 422],
    ]).toContainEqual(statuses);
    expect(await credentialVersionOf(id)).toBe(2);
    expect(await readAudit(id, "user.change_password")).toHaveLength(1);
  });

  it("from two sessions at once leaves one password and one session", async () => {
    const { id, password } = await createUser("cashier");
    const sessions = [await openSession(id), await openSession(id)];
    await Promise.all(
      sessions.map(async (session, index) => {
        return change(session, { current_password: password, new_password: `${NEW} ${String(index)}` });
      }),
    );
    const alive = await Promise.all(sessions.map(async (session) => (await session.get("/v1/auth/me")).status));
    expect(alive.toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect(await readAudit(id, "user.change_password")).toHaveLength(1);
  });

  it("lets nobody in who showed the old one before and comes after", async () => {
    const person = await createUser("cashier");
    const session = await openSession(person.id);
    const [changed, signedIn] = await Promise.all([
      change(session, { current_password: person.password, new_password: NEW }),
      logIn(person, person.password),
    ]);
    expectStatus(changed, 204);
    if (signedIn.status !== 200) return;
    expectProblem(await api(signedIn.body.access_token).get("/v1/auth/me"), 401, "session_revoked");
  });

  it("says what is left to do where a gate could not be told", async () => {
    const { id, username, password } = await createUser("cashier", [store.id]);
    const other = await openSession(id, store.id);
    const mine = await signIn(username, password);
    const cutOff = api(mine.token, fetchUnheard());
    const answer = await change(cutOff, { current_password: password, new_password: NEW });
    expect(expectProblem(answer, 503, "overloaded").detail).toMatch(/is changed.*DELETE \/v1\/auth\/sessions/);
    expectStatus(await other.get("/v1/auth/me"), 200);
    expectStatus(await mine.delete("/v1/auth/sessions"), 204);
    expectProblem(await other.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await mine.get("/v1/auth/me"), 200);
  });
});
