import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asUser,
  countRows,
  expectProblem,
  expectStatus,
  signIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";

const FIRST = {
  username: "first",
  full_name: "The First",
  email: "first@regal.test",
  password: "a long enough password",
};

interface User {
  id: string;
  username: string;
  role: string;
  store_ids: string[];
}

function inputOf(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...FIRST, username: `user-${uuid()}`, role: "cashier", ...over };
}

// The first tests of this file need an empty table, so they stand before whatever signs in.
describe("POST /v1/setup", () => {
  it.each([
    ["no token", null],
    ["a wrong token", "a wrong token of some length"],
    ["a part of the token", env.SETUP_TOKEN.slice(0, -1)],
    ["more than the token", `${env.SETUP_TOKEN}0`],
  ])("refuses %s, whatever the body", async (_, token) => {
    expectProblem(await api(token).post("/v1/setup", FIRST), 401, "unauthenticated");
    expectProblem(await api(token).post("/v1/setup", {}), 401, "unauthenticated");
    expect(await countRows("users")).toBe(0);
  });

  it("refuses a weak password and a body that is not whole", async () => {
    const weak = await api(env.SETUP_TOKEN).post("/v1/setup", { ...FIRST, password: "elevenchars" });
    expect(expectProblem(weak, 422, "validation_failed").errors?.[0]?.pointer).toBe("/password");
    expectProblem(await api(env.SETUP_TOKEN).post("/v1/setup", { ...FIRST, role: "admin" }), 422, "validation_failed");
    expectProblem(await api(env.SETUP_TOKEN).post("/v1/setup"), 415, "unsupported_media_type");
    expect(await countRows("users")).toBe(0);
  });

  it("makes one admin, however many race, and none ever after", async () => {
    const setup = api(env.SETUP_TOKEN);
    const answers = await Promise.all([
      setup.post<User>("/v1/setup", { ...FIRST, username: "root", password: "a long enough password" }),
      setup.post<User>("/v1/setup", { ...FIRST, username: "root", password: "a long enough password" }),
    ]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, 409, "conflict");
    const made = answers.find(({ status }) => status === 201)?.body;
    expect(made).toMatchObject({ username: "root", role: "admin", store_ids: [], active: true });
    expect(JSON.stringify(made)).not.toMatch(/password_hash|scrypt/);
    expectProblem(await setup.post("/v1/setup", { ...FIRST, username: "second" }), 409, "conflict");
    expect([await countRows("users"), await countRows("audit_entries")]).toEqual([1, 1]);
    expectStatus(await (await signIn("root", "a long enough password")).get("/v1/auth/me"), 200);
  });

  it("does not work where the first user is gone and another is there", async () => {
    await env.DB.prepare("UPDATE users SET arrival = 77").run();
    expectProblem(await api(env.SETUP_TOKEN).post("/v1/setup", { ...FIRST, username: "second" }), 409, "conflict");
    await env.DB.prepare("UPDATE users SET arrival = 1").run();
  });
});

describe("users", () => {
  let main: StoreBody;
  let admin: Awaited<ReturnType<typeof signIn>>;

  beforeAll(async () => {
    admin = await signIn("root", "a long enough password");
    const answer = await admin.post<StoreBody>("/v1/stores", { code: "MAIN", name: "Main", currency: "GBP" });
    main = answer.body;
  });

  it("are added by an admin, sign in with their password and see their stores", async () => {
    const input = inputOf({ store_ids: [main.id] });
    const answer = await admin.post<User>("/v1/users", input);
    expectStatus(answer, 201);
    const { password, ...told } = input;
    expect(answer.body).toMatchObject({ ...told, active: true });
    expect(Object.keys(answer.body).toSorted()).toEqual([
      "active",
      "created_at",
      "email",
      "full_name",
      "id",
      "must_change_password",
      "pin_store_ids",
      "role",
      "store_ids",
      "updated_at",
      "username",
      "version",
    ]);
    const read = await admin.get(`/v1/users/${answer.body.id}`);
    expect(read.body).toEqual(answer.body);
    expect([answer.headers.get("ETag"), read.headers.get("ETag")]).toEqual([`"v1"`, `"v1"`]);
    expectStatus(await admin.get(`/v1/users/${answer.body.id}`, { "If-None-Match": `"v1"` }), 304);
    const signedIn = await signIn(answer.body.username, String(password), "MAIN");
    expectStatus(await signedIn.get(`/v1/stores/${main.id}`), 200);
  });

  it("are written with their audit entry, the password as a hash, and neither it nor a contact in the log", async () => {
    const input = inputOf({ email: "private@regal.test", password: "ein sehr langes Kennwort" });
    const { body } = await admin.post<User>("/v1/users", input);
    const row = await env.DB.prepare(
      `SELECT u.password_hash, a.action, a.actor_id, a.after
       FROM users u JOIN audit_entries a ON a.entity_id = u.id WHERE u.id = ?1`,
    )
      .bind(body.id)
      .first<{ password_hash: string; action: string; actor_id: string; after: string }>();
    expect(row).toMatchObject({ action: "user.create", actor_id: admin.user.id });
    expect(row?.password_hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
    expect(row?.after).not.toMatch(/Kennwort|private@|scrypt/);
  });

  it("of the role admin work in every store, whatever is named", async () => {
    const { body } = await admin.post<User>("/v1/users", inputOf({ role: "admin", store_ids: [main.id] }));
    expect(body.store_ids).toEqual([]);
    expect((await admin.get<User>(`/v1/users/${body.id}`)).body.store_ids).toEqual([]);
  });

  it("are listed in the order of their arrival, page by page", async () => {
    for (let count = 0; count < 3; count += 1) expectStatus(await admin.post("/v1/users", inputOf()), 201);
    const all = (await admin.get<{ data: User[] }>("/v1/users")).body.data;
    const seen: User[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/v1/users?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`;
      const page: { data: User[]; next_cursor: string | null } = (
        await admin.get<{ data: User[]; next_cursor: string | null }>(path)
      ).body;
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(all);
    expect(all[0]?.username).toBe("root");
  });

  it("have names of their own, whatever the case", async () => {
    const before = await countRows("audit_entries");
    expectProblem(await admin.post("/v1/users", inputOf({ username: "ROOT" })), 409, "conflict");
    expect(await countRows("audit_entries")).toBe(before);
  });

  it.each([
    ["a short password", { password: "elevenchars" }, "/password"],
    ["a password too long", { password: "x".repeat(129) }, "/password"],
    ["an unknown role", { role: "owner" }, "/role"],
    ["no email", { email: "not an address" }, "/email"],
    ["a name of one letter", { username: "a" }, "/username"],
    ["control characters", { full_name: "a\u0007b" }, "/full_name"],
    ["a store that is no id", { store_ids: ["MAIN"] }, "/store_ids/0"],
    ["a store that does not exist", { store_ids: ["019c0000-0000-7000-8000-000000000000"] }, "/store_ids/0"],
    ["a common password", { password: "Password2024!" }, "/password"],
    ["a password of the alphabet", { password: "abcdefghijklmnop" }, "/password"],
    ["their own name in the password", { full_name: "Ann Archer", password: "a fine archer's words" }, "/password"],
    ["an id of their own", { id: "019c0000-0000-7000-8000-000000000000" }, "/id"],
    ["a hash", { password_hash: "$scrypt$ln=14,r=8,p=5$a$b" }, "/password_hash"],
    ["a version", { version: 7 }, "/version"],
    ["no activity", { active: false }, "/active"],
    ["an unknown field", { permissions: ["users:manage"] }, "/permissions"],
  ])("are not added with %s", async (_, over, pointer) => {
    const before = [await countRows("users"), await countRows("user_stores"), await countRows("audit_entries")];
    const problem = expectProblem(await admin.post("/v1/users", inputOf(over)), 422, "validation_failed");
    expect(problem.errors?.map((one) => one.pointer)).toEqual([pointer]);
    expect([await countRows("users"), await countRows("user_stores"), await countRows("audit_entries")]).toEqual(
      before,
    );
  });

  it("take a password of 12 and of 128 characters, of any kind", async () => {
    expectStatus(await admin.post("/v1/users", inputOf({ password: "  tide & kelp" })), 201);
    expectStatus(await admin.post("/v1/users", inputOf({ password: "🦊🐻🐼🦁🐯🐨🐸🐵".repeat(16) })), 201);
  });

  it("take no password with the name of their store in it; an admin's has none of any store", async () => {
    const store = await admin.post<StoreBody>("/v1/stores", { code: "HARB", name: "Saltmarsh Quay", currency: "GBP" });
    const over = { password: "the saltmarsh at dawn", store_ids: [store.body.id] };
    for (const input of [inputOf(over), inputOf({ ...over, role: "admin" })]) {
      const problem = expectProblem(await admin.post("/v1/users", input), 422, "validation_failed");
      expect(problem.errors?.map((one) => one.pointer)).toEqual(["/password"]);
    }
    expectStatus(await admin.post("/v1/users", inputOf({ ...over, store_ids: [] })), 201);
  });

  it("take a role that an admin made, and not one that is no longer in use", async () => {
    await env.DB.prepare(
      `INSERT INTO roles (name, id, arrival, permissions, max_discount_ppm) VALUES ('packer', ?1, 50, '["stock:read"]', 0)`,
    )
      .bind(uuid())
      .run();
    const { body } = await admin.post<User>("/v1/users", inputOf({ role: "packer" }));
    expect(body.role).toBe("packer");
    await env.DB.prepare("UPDATE users SET active = 0, version = version + 1 WHERE role = 'packer'").run();
    await env.DB.prepare("UPDATE roles SET active = 0, version = version + 1 WHERE name = 'packer'").run();
    expectProblem(await admin.post("/v1/users", inputOf({ role: "packer" })), 409, "conflict");
    expectProblem(await admin.post(`/v1/users/${body.id}/reactivate`), 409, "conflict");
  });

  it("are found by role, by activity and by store", async () => {
    const store = await admin.post<StoreBody>("/v1/stores", { code: "FIND", name: "Find", currency: "GBP" });
    const store_ids = [store.body.id];
    const cashier = (await admin.post<User>("/v1/users", inputOf({ store_ids }))).body.id;
    const gone = (await admin.post<User>("/v1/users", inputOf({ store_ids }))).body.id;
    const employee = (await admin.post<User>("/v1/users", inputOf({ role: "employee", store_ids }))).body.id;
    expectStatus(await admin.post(`/v1/users/${gone}/deactivate`), 200);
    const find = async (query: string) =>
      (await admin.get<{ data: User[] }>(`/v1/users?${query}`)).body.data.map(({ id }) => id);
    const at = `store_id=${store.body.id}`;
    expect(await find(at)).toEqual([cashier, gone, employee]);
    expect(await find(`${at}&active=true`)).toEqual([cashier, employee]);
    expect(await find(`${at}&active=false`)).toEqual([gone]);
    expect(await find(`${at}&role=employee`)).toEqual([employee]);
    expect(await find(`store_id=${uuid()}`)).toEqual([]);
    expect(await find("role=owner")).toEqual([]);
    const admins = (await admin.get<{ data: User[] }>("/v1/users?role=admin")).body.data;
    expect(new Set(admins.map(({ role }) => role))).toEqual(new Set(["admin"]));
    const page = await admin.get<{ data: User[]; next_cursor: string }>(`/v1/users?${at}&limit=2`);
    expect(await find(`${at}&limit=2&cursor=${page.body.next_cursor}`)).toEqual([employee]);
  });

  it("do not take a store twice", async () => {
    expectProblem(await admin.post("/v1/users", inputOf({ store_ids: [main.id, main.id] })), 422, "validation_failed");
  });

  it("are not there under an id that nobody has, or that is none", async () => {
    expectProblem(await admin.get(`/v1/users/${uuid()}`), 404, "not_found");
    expectProblem(await admin.get("/v1/users/root"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/users?limit=0"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/users?cursor=x"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/users?active=yes"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/users?store_id=MAIN"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/users?username=root"), 422, "validation_failed");
  });

  it.each(["employee", "cashier"] as const)("are no business of a %s", async (role) => {
    const user = await asUser(role, [main.id]);
    expectProblem(await user.get("/v1/users"), 403, "forbidden");
    expectProblem(await user.get(`/v1/users/${user.user.id}`), 403, "forbidden");
    expectProblem(await user.post("/v1/users", inputOf()), 403, "forbidden");
    expectProblem(await api(null).get("/v1/users"), 401, "unauthenticated");
  });
});
