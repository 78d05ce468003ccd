import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  createStore,
  createUser,
  expectProblem,
  expectStatus,
  type SignedIn,
  signIn,
  type SignInBody,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { credentialVersionOf, openSession, readAudit, readEverything, type User } from "./people.ts";

interface Reset {
  temporary_password: string | null;
  user: User;
}

let admin: SignedIn;
let store: StoreBody;

beforeAll(async () => {
  admin = await asAdmin();
  store = await createStore({ name: "Saltmarsh Quay" });
});

const resetOf = (id: string) => `/v1/users/${id}/reset-password`;
const NEW = "ein neues langes Kennwort";

describe("POST /v1/users/{id}/reset-password", () => {
  it("tells a temporary password once, which permits nothing but to change it", async () => {
    const { id, username, password } = await createUser("employee", [store.id]);
    const sessions = [await openSession(id), await openSession(id, store.id)];
    for (const session of sessions) expectStatus(await session.get("/v1/auth/me"), 200);
    const answer = await admin.post<Reset>(resetOf(id));
    expectStatus(answer, 200);
    const temporary = answer.body.temporary_password ?? "";
    expect(temporary).toMatch(/^[0-9a-hj-km-np-tv-z]{5}(-[0-9a-hj-km-np-tv-z]{5}){3}$/);
    expect(answer.body.user).toMatchObject({ id, must_change_password: true, version: 2 });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    for (const session of sessions) expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expect(await credentialVersionOf(id)).toBe(2);
    expectProblem(await api(null).post("/v1/auth/login", { username, password }), 401, "unauthenticated");

    const signedIn = await signIn(username, temporary, store.code);
    expect((await signedIn.get("/v1/auth/me")).body).toMatchObject({ must_change_password: true });
    expectProblem(await signedIn.get("/v1/products"), 403, "forbidden");
    expectProblem(await signedIn.put(`/v1/users/${id}/pin`, { store_id: store.id, pin: "907152" }), 403, "forbidden");
    const change = { current_password: temporary, new_password: NEW };
    expectStatus(await signedIn.post("/v1/auth/password", change), 204);
    const { refresh_token } = signedIn;
    const refreshed = await api(null).post<SignInBody>("/v1/auth/refresh", { refresh_token });
    expectStatus(await api(refreshed.body.access_token).get("/v1/products"), 200);
    expect((await admin.get<User>(`/v1/users/${id}`)).body).toMatchObject({ must_change_password: false, version: 3 });
    expectProblem(await api(null).post("/v1/auth/login", { username, password: temporary }), 401, "unauthenticated");
  });

  it("makes another one each time, and only the last is good", async () => {
    const { id, username } = await createUser("cashier");
    const first = (await admin.post<Reset>(resetOf(id), {})).body.temporary_password ?? "";
    const second = (await admin.post<Reset>(resetOf(id), {})).body.temporary_password ?? "";
    expect(first).not.toBe(second);
    expectProblem(await api(null).post("/v1/auth/login", { username, password: first }), 401, "unauthenticated");
    expectStatus(await (await signIn(username, second)).get("/v1/auth/me"), 200);
  });

  it("takes a password of the admin's choice, which need not be changed", async () => {
    const { id, username } = await createUser("employee");
    const answer = await admin.post<Reset>(resetOf(id), { new_password: NEW });
    expect(answer.body).toMatchObject({ temporary_password: null, user: { must_change_password: false } });
    expectStatus(await (await signIn(username, NEW)).get("/v1/products"), 200);
  });

  it("lifts the duty to change where the admin chose one after all", async () => {
    const { id } = await createUser("employee");
    await admin.post(resetOf(id));
    const answer = await admin.post<Reset>(resetOf(id), { new_password: NEW });
    expect(answer.body.user).toMatchObject({ must_change_password: false, version: 3 });
  });

  it("is written to the log without the password", async () => {
    const { id } = await createUser("cashier");
    const { temporary_password } = (await admin.post<Reset>(resetOf(id))).body;
    await admin.post(resetOf(id), { new_password: NEW });
    const entries = await readAudit(id, "user.reset_password");
    expect(entries.map(({ actor_id, after }) => [actor_id, after])).toEqual([
      [admin.user.id, '{"temporary":true}'],
      [admin.user.id, '{"temporary":false}'],
    ]);
    expect(JSON.stringify(await readEverything())).not.toContain(temporary_password);
    expect(JSON.stringify(await readEverything())).not.toContain(NEW);
  });

  it.each([
    ["a short one", { new_password: "elevenchars" }, "/new_password"],
    ["a huge one", { new_password: "ab cd ef ".repeat(100) }, "/new_password"],
    ["an empty one", { new_password: "" }, "/new_password"],
    ["none", { new_password: null }, "/new_password"],
    ["a number", { new_password: 123456789012 }, "/new_password"],
    ["a common one", { new_password: "Password2024!" }, "/new_password"],
    ["one with the store's name", { new_password: "the saltmarsh at dawn" }, "/new_password"],
    ["an unknown field", { password: NEW }, "/password"],
    ["what is not to be set", { must_change_password: false }, "/must_change_password"],
    ["a list", [], "/"],
  ])("refuses %s", async (_, body, pointer) => {
    const { id } = await createUser("cashier", [store.id]);
    const session = await openSession(id);
    const before = await readEverything();
    const problem = expectProblem(await admin.post(resetOf(id), body), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect(await readEverything()).toEqual(before);
    expectStatus(await session.get("/v1/auth/me"), 200);
  });

  it("is not for oneself, nor for who is not an admin, nor of nobody", async () => {
    const user = await asUser("employee", [store.id]);
    const { id } = await createUser("cashier", [store.id]);
    const before = await readEverything();
    expectProblem(await admin.post(resetOf(admin.user.id)), 403, "forbidden");
    expectProblem(await user.post(resetOf(id)), 403, "forbidden");
    expectProblem(await user.post(resetOf(user.user.id)), 403, "forbidden");
    expectProblem(await admin.post(resetOf(uuid())), 404, "not_found");
    expectProblem(await api(null).post(resetOf(id)), 401, "unauthenticated");
    expect(await readEverything()).toEqual(before);
  });
});
