import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  type Client,
  createStore,
  createUser,
  expectProblem,
  expectStatus,
  type SignedIn,
  signIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import {
  credentialVersionOf,
  fetchUnheard,
  ifVersion,
  openSession,
  readAudit,
  readEverything,
  type User,
} from "./people.ts";

let admin: SignedIn;
let north: StoreBody;
let south: StoreBody;

beforeAll(async () => {
  admin = await asAdmin();
  north = await createStore();
  south = await createStore();
});

async function setPinRow(userId: string, storeId: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO user_pins (user_id, store_id, pin_hash, set_at)
     SELECT id, ?2, password_hash, created_at FROM users WHERE id = ?1`,
  )
    .bind(userId, storeId)
    .run();
}

describe("PATCH /v1/users/{id}", () => {
  it("changes the fields it names, and no other", async () => {
    const { id } = await createUser("cashier", [north.id]);
    const before = (await admin.get<User>(`/v1/users/${id}`)).body;
    const answer = await admin.patch<User>(`/v1/users/${id}`, { full_name: " Ann  Archer " }, ifVersion(1));
    expectStatus(answer, 200);
    const { updated_at, ...same } = answer.body;
    expect({ ...same, updated_at: before.updated_at }).toEqual({ ...before, full_name: "Ann  Archer", version: 2 });
    expect(updated_at > before.updated_at).toBe(true);
    expect(answer.headers.get("ETag")).toBe('"v2"');
    expect((await admin.get(`/v1/users/${id}`)).body).toEqual(answer.body);
  });

  it("leaves sessions alone for a name, an address or a store more", async () => {
    const user = await asUser("cashier", [north.id], north.code);
    const { id } = user.user;
    const patch = { full_name: "Ann", email: "ann@regal.test", store_ids: [south.id, north.id] };
    const answer = await admin.patch<User>(`/v1/users/${id}`, patch, ifVersion(1));
    expect(answer.body.store_ids).toEqual([north.id, south.id].toSorted());
    expectStatus(await user.get("/v1/auth/me"), 200);
    expect(await credentialVersionOf(id)).toBe(1);
  });

  it.each([
    ["another role", { role: "employee" }],
    ["a store taken away", { store_ids: [] }],
    ["one store for another", () => ({ store_ids: [south.id] })],
    ["becoming an admin", { role: "admin" }],
  ])("ends every session of the user, at every gate, for %s", async (_, patch) => {
    const { id } = await createUser("cashier", [north.id]);
    const sessions = [await openSession(id), await openSession(id, north.id)];
    for (const session of sessions) expectStatus(await session.get("/v1/auth/me"), 200);
    const body = typeof patch === "function" ? patch() : patch;
    expectStatus(await admin.patch(`/v1/users/${id}`, body, ifVersion(1)), 200);
    for (const session of sessions) expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expect(await credentialVersionOf(id)).toBe(2);
    expectStatus(await admin.get("/v1/auth/me"), 200);
  });

  it("takes the PIN along with the store, and an admin's assignments away", async () => {
    const { id } = await createUser("cashier", [north.id, south.id]);
    await setPinRow(id, north.id);
    await setPinRow(id, south.id);
    const fewer = await admin.patch<User>(`/v1/users/${id}`, { store_ids: [south.id] }, ifVersion(1));
    expect(fewer.body).toMatchObject({ store_ids: [south.id], pin_store_ids: [south.id] });
    const promoted = await admin.patch<User>(`/v1/users/${id}`, { role: "admin" }, ifVersion(2));
    expect(promoted.body).toMatchObject({ role: "admin", store_ids: [], pin_store_ids: [south.id] });
    const demoted = await admin.patch<User>(`/v1/users/${id}`, { role: "cashier" }, ifVersion(3));
    expect(demoted.body).toMatchObject({ role: "cashier", store_ids: [], pin_store_ids: [] });
  });

  it("gives a role that an admin made", async () => {
    const name = `role-${uuid().slice(-12)}`;
    await env.DB.prepare("INSERT INTO roles (name, id, arrival) SELECT ?1, ?2, max(arrival) + 1 FROM roles")
      .bind(name, uuid())
      .run();
    const { id } = await createUser("cashier");
    const answer = await admin.patch<User>(`/v1/users/${id}`, { role: name }, ifVersion(1));
    expect(answer.body.role).toBe(name);
    await admin.patch(`/v1/users/${id}`, { role: "cashier" }, ifVersion(2));
    await env.DB.prepare("UPDATE roles SET active = 0, version = 2 WHERE name = ?1").bind(name).run();
    const before = await readEverything();
    expectProblem(await admin.patch(`/v1/users/${id}`, { role: name }, ifVersion(3)), 409, "conflict");
    expect(await readEverything()).toEqual(before);
  });

  it("is written to the log with what was before and after, and no address", async () => {
    const { id } = await createUser("cashier", [north.id]);
    const patch = { role: "employee", email: "private@regal.test" };
    expectStatus(await admin.patch(`/v1/users/${id}`, patch, ifVersion(1)), 200);
    const [entry] = await readAudit(id, "user.update");
    expect(entry).toMatchObject({ actor_id: admin.user.id });
    expect(JSON.parse(String(entry?.["before"]))).toMatchObject({ role: "cashier", store_ids: [north.id] });
    expect(JSON.parse(String(entry?.["after"]))).toMatchObject({ role: "employee", email_changed: true });
    expect(JSON.stringify(entry)).not.toMatch(/private@|scrypt/);
  });

  it("sent again after a gate was out of reach is stale, and tells the gate what ended", async () => {
    const { id } = await createUser("cashier", [north.id]);
    const session = await openSession(id, north.id);
    const send = async (client: Client) => client.patch(`/v1/users/${id}`, { role: "employee" }, ifVersion(1));
    const cutOff = api(admin.token, fetchUnheard());
    expectProblem(await send(cutOff), 503, "overloaded");
    expectProblem(await send(cutOff), 503, "overloaded");
    expectStatus(await session.get("/v1/auth/me"), 200);
    expectProblem(await send(admin), 412, "stale_version");
    expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expect((await admin.get<User>(`/v1/users/${id}`)).body).toMatchObject({ role: "employee", version: 2 });
  });

  it.each([
    ["nothing", {}, "/"],
    ["a list", [], "/"],
    ["an unknown role", { role: "owner" }, "/role"],
    ["no role", { role: null }, "/role"],
    ["a name of blanks", { full_name: "   " }, "/full_name"],
    ["a name too long", { full_name: "x".repeat(201) }, "/full_name"],
    ["no address", { email: "ann" }, "/email"],
    ["stores that are one", { store_ids: "MAIN" }, "/store_ids"],
    ["a store that does not exist", { store_ids: ["019c0000-0000-7000-8000-000000000000"] }, "/store_ids/0"],
    ["another name to sign in with", { username: "root" }, "/username"],
    ["an id", { full_name: "A", id: "019c0000-0000-7000-8000-000000000000" }, "/id"],
    ["activity", { active: false }, "/active"],
    ["a password", { password: "correct horse battery" }, "/password"],
    ["a hash", { password_hash: "$scrypt$ln=14,r=8,p=5$a$b" }, "/password_hash"],
    ["a version", { version: 9 }, "/version"],
    ["no duty to change the password", { must_change_password: false }, "/must_change_password"],
    ["permissions", { permissions: ["users:manage"] }, "/permissions"],
  ])("refuses %s", async (_, patch, pointer) => {
    const { id } = await createUser("cashier", [north.id]);
    const before = await readEverything();
    const problem = expectProblem(await admin.patch(`/v1/users/${id}`, patch, ifVersion(1)), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect(await readEverything()).toEqual(before);
  });

  it("refuses a store twice, and more stores than there may be", async () => {
    const { id } = await createUser("cashier");
    for (const store_ids of [[north.id, north.id], Array.from({ length: 101 }, uuid)]) {
      expectProblem(await admin.patch(`/v1/users/${id}`, { store_ids }, ifVersion(1)), 422, "validation_failed");
    }
  });

  it("needs the version in force", async () => {
    const { id } = await createUser("cashier");
    const path = `/v1/users/${id}`;
    const before = await readEverything();
    expectProblem(await admin.patch(path, { full_name: "A" }), 428, "precondition_required");
    expectProblem(await admin.patch(path, { full_name: "A" }, ifVersion(2)), 412, "stale_version");
    expectProblem(await admin.patch(path, { full_name: "A" }, { "If-Match": "*" }), 412, "stale_version");
    expectProblem(await admin.patch(`/v1/users/${uuid()}`, { full_name: "A" }, ifVersion(1)), 404, "not_found");
    expect(await readEverything()).toEqual(before);
  });

  it("lets one of two changes of the same version through", async () => {
    const { id } = await createUser("cashier");
    const answers = await Promise.all(
      ["Ann", "Bea"].map(async (full_name) => admin.patch<User>(`/v1/users/${id}`, { full_name }, ifVersion(1))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    expect(await readAudit(id, "user.update")).toHaveLength(1);
  });

  it.each(["employee", "cashier"])("is no business of a %s, not even of their own record", async (role) => {
    const user = await asUser(role, [north.id]);
    for (const patch of [{ role: "admin" }, { store_ids: [south.id] }, { full_name: "A" }]) {
      expectProblem(await user.patch(`/v1/users/${user.user.id}`, patch, ifVersion(1)), 403, "forbidden");
    }
    expectProblem(await user.post(`/v1/users/${admin.user.id}/deactivate`), 403, "forbidden");
    expectProblem(await user.post(`/v1/users/${user.user.id}/reactivate`), 403, "forbidden");
  });
});

describe("deactivation", () => {
  it("ends every session at once, and every way in", async () => {
    const { id, username, password } = await createUser("employee", [north.id]);
    const sessions = [await openSession(id), await openSession(id, north.id)];
    for (const session of sessions) expectStatus(await session.get("/v1/auth/me"), 200);
    const answer = await admin.post<User>(`/v1/users/${id}/deactivate`);
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ id, active: false, version: 2 });
    expect(answer.headers.get("ETag")).toBe('"v2"');
    for (const session of sessions) expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await api(null).post("/v1/auth/login", { username, password }), 401, "unauthenticated");
    const back = await admin.post<User>(`/v1/users/${id}/reactivate`);
    expect(back.body).toMatchObject({ active: true, version: 3, store_ids: [north.id] });
    for (const session of sessions) expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await (await signIn(username, password)).get("/v1/auth/me"), 200);
    expect(await readAudit(id, "user.deactivate")).toHaveLength(1);
    expect(await readAudit(id, "user.reactivate")).toHaveLength(1);
  });

  it("is done once however often it is sent, and so is its end", async () => {
    const { id } = await createUser("cashier");
    const deactivate = async () => admin.post<User>(`/v1/users/${id}/deactivate`);
    const reactivate = async () => admin.post<User>(`/v1/users/${id}/reactivate`);
    const answers = await Promise.all([deactivate(), deactivate(), deactivate()]);
    expect(answers.map(({ status, body }) => [status, body.version])).toEqual([
      [200, 2],
      [200, 2],
      [200, 2],
    ]);
    for (const answer of [await reactivate(), await reactivate()]) {
      expect(answer.body).toMatchObject({ active: true, version: 3 });
    }
    expect(await readAudit(id, "user.reactivate")).toHaveLength(1);
  });

  it("tells the gates when it is sent again, if they had not heard of it", async () => {
    const { id } = await createUser("cashier", [north.id]);
    const session = await openSession(id, north.id);
    const cutOff = api(admin.token, fetchUnheard());
    const path = `/v1/users/${id}/deactivate`;
    expectProblem(await cutOff.post(path), 503, "overloaded");
    expectStatus(await session.get("/v1/auth/me"), 200);
    expectProblem(await cutOff.post(path), 503, "overloaded");
    expectStatus(await admin.post(path), 200);
    expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
  });

  it("is of nobody who is not there", async () => {
    for (const verb of ["deactivate", "reactivate", "reset-password"]) {
      expectProblem(await admin.post(`/v1/users/${uuid()}/${verb}`), 404, "not_found");
      expectProblem(await admin.post(`/v1/users/root/${verb}`), 422, "validation_failed");
    }
  });
});

describe("the last active admin", () => {
  /** Puts every admin but these out of work, past the API. */
  async function keepAdmins(ids: string[]): Promise<void> {
    await env.DB.prepare(
      `UPDATE users SET active = 0, version = version + 1
       WHERE role = 'admin' AND active = 1 AND id NOT IN (SELECT value FROM json_each(?1))`,
    )
      .bind(JSON.stringify(ids))
      .run();
  }

  async function countAdmins(): Promise<number> {
    const row = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE role = 'admin' AND active = 1").first();
    return Number(row?.["n"]);
  }

  it("can be neither demoted nor deactivated, by anyone", async () => {
    const last = await asUser("admin");
    const { id } = last.user;
    await keepAdmins([id]);
    const before = await readEverything();
    expectProblem(await last.patch(`/v1/users/${id}`, { role: "employee" }, ifVersion(1)), 409, "conflict");
    expectProblem(await last.post(`/v1/users/${id}/deactivate`), 409, "conflict");
    expect(await readEverything()).toEqual(before);
    expectStatus(await last.get("/v1/auth/me"), 200);
    expectStatus(await last.patch(`/v1/users/${id}`, { full_name: "Still here" }, ifVersion(1)), 200);
  });

  it("remains when two admins remove each other at once, twenty times over", async () => {
    const left: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const [ann, bea] = [await asUser("admin"), await asUser("admin")];
      await keepAdmins([ann.user.id, bea.user.id]);
      const demote = async (who: SignedIn, whom: SignedIn) =>
        who.patch(`/v1/users/${whom.user.id}`, { role: "cashier" }, ifVersion(1));
      const deactivate = async (who: SignedIn, whom: SignedIn) => who.post(`/v1/users/${whom.user.id}/deactivate`);
      const remove = round % 2 === 0 ? demote : deactivate;
      const answers = await Promise.all([
        remove(ann, bea),
        (round % 4 < 2 ? remove : demote)(bea, ann),
        ...(round % 5 === 0 ? [remove(ann, ann)] : []),
      ]);
      for (const answer of answers) {
        const told = answer.status === 200 || answer.status === 401 || answer.status === 409;
        expect(told, JSON.stringify(answer.body)).toBe(true);
      }
      left.push(await countAdmins());
    }
    expect(left).toEqual(Array<number>(20).fill(1));
  });
});
