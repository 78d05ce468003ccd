import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyPassword } from "../../../src/modules/auth/password.ts";
import {
  api,
  asAdmin,
  asUser,
  createStore,
  createUser,
  expectProblem,
  expectStatus,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { credentialVersionOf, openSession, readAudit, readEverything, type User } from "./people.ts";

const PIN = "907152";
const OTHER_PIN = "46028371";

let admin: SignedIn;
let store: StoreBody;
let other: StoreBody;

beforeAll(async () => {
  admin = await asAdmin();
  store = await createStore();
  other = await createStore();
});

const pinOf = (id: string) => `/v1/users/${id}/pin`;
const unlockOf = (id: string) => `/v1/users/${id}/unlock-pin`;

async function readPin(userId: string, storeId: string) {
  return env.DB.prepare("SELECT pin_hash, failures FROM user_pins WHERE user_id = ?1 AND store_id = ?2")
    .bind(userId, storeId)
    .first<{ pin_hash: string; failures: number }>();
}

async function lock(userId: string, storeId: string): Promise<void> {
  await env.DB.prepare("UPDATE user_pins SET failures = 20 WHERE user_id = ?1 AND store_id = ?2")
    .bind(userId, storeId)
    .run();
}

describe("PUT /v1/users/{id}/pin", () => {
  it("sets a PIN for one store, kept as a hash and told to nobody", async () => {
    const { id } = await createUser("cashier", [store.id, other.id]);
    const answer = await admin.put(pinOf(id), { store_id: store.id, pin: PIN });
    expectStatus(answer, 204);
    expect(answer.body).toBeNull();
    const row = await readPin(id, store.id);
    expect(row?.pin_hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
    expect(await verifyPassword(PIN, env.PASSWORD_PEPPER, row?.pin_hash ?? null)).toBe(true);
    expect(await readPin(id, other.id)).toBeNull();
    expect((await admin.get<User>(`/v1/users/${id}`)).body).toMatchObject({ pin_store_ids: [store.id], version: 2 });
    expect(await credentialVersionOf(id)).toBe(2);
    const [entry] = await readAudit(id, "user.set_pin");
    expect(entry).toEqual({
      action: "user.set_pin",
      actor_id: admin.user.id,
      store_id: store.id,
      before: null,
      after: null,
    });
  });

  it("takes the place of the last one: lock and PIN sessions of that store end, and no others", async () => {
    const { id } = await createUser("cashier", [store.id, other.id]);
    for (const store_id of [store.id, other.id]) {
      expectStatus(await admin.put(pinOf(id), { store_id, pin: PIN }), 204);
    }
    const here = await openSession(id, store.id, "pin");
    const kept = [
      await openSession(id, other.id, "pin"),
      await openSession(id, store.id),
      await openSession(id, store.id, "passkey"),
    ];
    await lock(id, store.id);
    expectStatus(await admin.put(pinOf(id), { store_id: store.id, pin: OTHER_PIN }), 204);
    expect((await readPin(id, store.id))?.failures).toBe(0);
    expectProblem(await here.get("/v1/auth/me"), 401, "session_revoked");
    for (const session of kept) expectStatus(await session.get("/v1/auth/me"), 200);
  });

  it("is for oneself too, from a session by password or passkey", async () => {
    for (const method of ["password", "passkey"] as const) {
      const { id } = await createUser("cashier", [store.id]);
      const session = await openSession(id, store.id, method);
      expectStatus(await session.put(pinOf(id), { store_id: store.id, pin: PIN }), 204);
      expectStatus(await session.delete(`${pinOf(id)}?store_id=${store.id}`), 204);
    }
  });

  it.each(["cashier", "admin"])("is not for a %s who came in by PIN", async (role) => {
    const { id } = await createUser(role, role === "admin" ? [] : [store.id]);
    expectStatus(await admin.put(pinOf(id), { store_id: store.id, pin: PIN }), 204);
    const session = await openSession(id, store.id, "pin");
    const before = await readEverything();
    expectProblem(await session.put(pinOf(id), { store_id: store.id, pin: OTHER_PIN }), 403, "forbidden");
    expectProblem(await session.delete(`${pinOf(id)}?store_id=${store.id}`), 403, "forbidden");
    expect(await readEverything()).toEqual(before);
    expectStatus(await session.get("/v1/auth/me"), 200);
  });

  it("is not for others but by an admin, whoever they are", async () => {
    const employee = await asUser("employee", [store.id]);
    const { id } = await createUser("cashier", [store.id]);
    const before = await readEverything();
    for (const target of [id, admin.user.id, uuid()]) {
      expectProblem(await employee.put(pinOf(target), { store_id: store.id, pin: PIN }), 403, "forbidden");
      expectProblem(await employee.delete(`${pinOf(target)}?store_id=${store.id}`), 403, "forbidden");
    }
    const body = { store_id: other.id, pin: PIN };
    expectProblem(await employee.put(pinOf(employee.user.id), body), 404, "not_found");
    expectProblem(await api(null).put(pinOf(id), { store_id: store.id, pin: PIN }), 401, "unauthenticated");
    expect(await readEverything()).toEqual(before);
  });

  it("is for a store the user works in; an admin works in all there are", async () => {
    const { id } = await createUser("cashier", [store.id]);
    const elsewhere = await admin.put(pinOf(id), { store_id: other.id, pin: PIN });
    expect(expectProblem(elsewhere, 422, "validation_failed").errors?.[0]?.pointer).toBe("/store_id");
    expectProblem(await admin.put(pinOf(id), { store_id: uuid(), pin: PIN }), 404, "not_found");
    expectProblem(await admin.put(pinOf(admin.user.id), { store_id: uuid(), pin: PIN }), 404, "not_found");
    expectProblem(await admin.put(pinOf(uuid()), { store_id: store.id, pin: PIN }), 404, "not_found");
    expectStatus(await admin.put(pinOf(admin.user.id), { store_id: other.id, pin: PIN }), 204);
  });

  it.each([
    ["five digits", "90715"],
    ["nine digits", "907152613"],
    ["letters", "90715a"],
    ["digits of another script", "٩٠٧١٥٢"],
    ["blanks about it", " 907152"],
    ["nothing", ""],
    ["a huge one", "9".repeat(10_000)],
    ["a number", 907_152],
    ["null", null],
    ["one that counts", "123456"],
    ["one that repeats", "121212"],
    ["one that many take", "159753"],
  ])("refuses %s", async (_, pin) => {
    const { id } = await createUser("cashier", [store.id]);
    const before = await readEverything();
    const problem = expectProblem(await admin.put(pinOf(id), { store_id: store.id, pin }), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe("/pin");
    expect(await readEverything()).toEqual(before);
  });

  it("refuses fields that are missing, or none of its own", async () => {
    const { id } = await createUser("cashier", [store.id]);
    for (const body of [{}, { pin: PIN }, { store_id: store.id }, { store_id: store.id, pin: PIN, failures: 0 }]) {
      expectProblem(await admin.put(pinOf(id), body), 422, "validation_failed");
    }
    expectProblem(await admin.put("/v1/users/root/pin", { store_id: store.id, pin: PIN }), 422, "validation_failed");
  });

  it("survives neither the loss of the store meanwhile nor another PIN at once", async () => {
    const { id } = await createUser("cashier", [store.id]);
    const answers = await Promise.all([
      admin.put(pinOf(id), { store_id: store.id, pin: PIN }),
      admin.patch(`/v1/users/${id}`, { store_ids: [] }, { "If-Match": '"v1"' }),
      admin.put(pinOf(id), { store_id: store.id, pin: OTHER_PIN }),
    ]);
    const done = answers.filter(({ status }) => status < 300);
    expect(done.length).toBeGreaterThanOrEqual(1);
    for (const { status } of answers) expect([200, 204, 409, 412, 422]).toContain(status);
    const { body } = await admin.get<User>(`/v1/users/${id}`);
    expect(body.version).toBe(1 + done.length);
    expect(body.pin_store_ids.every((one) => body.store_ids.includes(one))).toBe(true);
  });
});

describe("DELETE /v1/users/{id}/pin", () => {
  it("takes the PIN and its sessions away; twice is once", async () => {
    const { id } = await createUser("cashier", [store.id]);
    await admin.put(pinOf(id), { store_id: store.id, pin: PIN });
    const session = await openSession(id, store.id, "pin");
    const path = `${pinOf(id)}?store_id=${store.id}`;
    expectStatus(await admin.delete(path), 204);
    expectProblem(await session.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await admin.delete(path), 204);
    expect((await admin.get<User>(`/v1/users/${id}`)).body).toMatchObject({ pin_store_ids: [], version: 3 });
    expect(await readAudit(id, "user.remove_pin")).toHaveLength(1);
  });

  it("needs a user and a store that are there", async () => {
    const { id } = await createUser("cashier", [store.id]);
    expectProblem(await admin.delete(pinOf(id)), 422, "validation_failed");
    expectProblem(await admin.delete(`${pinOf(id)}?store_id=${uuid()}`), 404, "not_found");
    expectProblem(await admin.delete(`${pinOf(uuid())}?store_id=${store.id}`), 404, "not_found");
  });
});

describe("POST /v1/users/{id}/unlock-pin", () => {
  async function createLocked(role = "cashier"): Promise<string> {
    const { id } = await createUser(role, role === "admin" ? [] : [store.id]);
    expectStatus(await admin.put(pinOf(id), { store_id: store.id, pin: PIN }), 204);
    await lock(id, store.id);
    return id;
  }

  it("lets the PIN be tried again, by an employee of the store or an admin; twice is once", async () => {
    const employee = await asUser("employee", [store.id]);
    for (const manager of [employee, admin]) {
      const id = await createLocked();
      expectStatus(await manager.post(unlockOf(id), { store_id: store.id }), 204);
      expectStatus(await manager.post(unlockOf(id), { store_id: store.id }), 204);
      expect((await readPin(id, store.id))?.failures).toBe(0);
      const [entry] = await readAudit(id, "user.unlock_pin");
      expect(entry).toMatchObject({ actor_id: manager.user.id, store_id: store.id });
      expect(await credentialVersionOf(id)).toBe(2);
    }
  });

  it("of an admin is an admin's", async () => {
    const id = await createLocked("admin");
    const employee = await asUser("employee", [store.id]);
    expectProblem(await employee.post(unlockOf(id), { store_id: store.id }), 403, "forbidden");
    expect((await readPin(id, store.id))?.failures).toBe(20);
    expectStatus(await admin.post(unlockOf(id), { store_id: store.id }), 204);
  });

  it("finds nobody of another store, and no PIN that was not set", async () => {
    const id = await createLocked();
    const stranger = await asUser("employee", [other.id]);
    const manager = await asUser("employee", [store.id, other.id]);
    const { id: without } = await createUser("cashier", [store.id]);
    const before = await readEverything();
    expectProblem(await stranger.post(unlockOf(id), { store_id: store.id }), 404, "not_found");
    expectProblem(await stranger.post(unlockOf(id), { store_id: other.id }), 404, "not_found");
    expectProblem(await manager.post(unlockOf(id), { store_id: other.id }), 404, "not_found");
    expectProblem(await admin.post(unlockOf(id), { store_id: other.id }), 404, "not_found");
    expectProblem(await admin.post(unlockOf(id), { store_id: uuid() }), 404, "not_found");
    expectProblem(await admin.post(unlockOf(uuid()), { store_id: store.id }), 404, "not_found");
    expectProblem(await admin.post(unlockOf(without), { store_id: store.id }), 404, "not_found");
    expect(await readEverything()).toEqual(before);
  });

  it("is no business of a cashier, and needs a store alone", async () => {
    const id = await createLocked();
    const cashier = await asUser("cashier", [store.id]);
    expectProblem(await cashier.post(unlockOf(id), { store_id: store.id }), 403, "forbidden");
    for (const body of [{}, { store_id: "MAIN" }, { store_id: store.id, failures: 0 }, []]) {
      expectProblem(await admin.post(unlockOf(id), body), 422, "validation_failed");
    }
    expect((await readPin(id, store.id))?.failures).toBe(20);
  });
});
