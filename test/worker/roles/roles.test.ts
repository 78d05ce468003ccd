import { beforeAll, describe, expect, it } from "vitest";
import { GRANTABLE_PERMISSIONS } from "../../../src/modules/auth/permissions.ts";
import {
  asAdmin,
  asUser,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";

interface RoleBody {
  id: string;
  name: string;
  description: string;
  permissions: string[];
  max_discount_ppm: number;
  built_in: boolean;
  active: boolean;
  version: number;
}

let admin: SignedIn;
let main: StoreBody;

beforeAll(async () => {
  admin = await asAdmin();
  main = await createStore();
});

const nameOf = () => `role-${uuid().slice(-12)}`;

async function createRole(over: Record<string, unknown> = {}): Promise<RoleBody> {
  const answer = await admin.post<RoleBody>("/v1/roles", { name: nameOf(), permissions: ["stores:read"], ...over });
  expectStatus(answer, 201);
  return answer.body;
}

async function changeRole(role: RoleBody, body: object, version = role.version) {
  return admin.patch<RoleBody>(`/v1/roles/${role.id}`, body, { "If-Match": `"v${String(version)}"` });
}

describe("roles", () => {
  it("are listed with the built-in ones first, which can't be changed", async () => {
    const own = await createRole({ description: "Looks after the shelves" });
    const list = await admin.get<{ data: RoleBody[] }>("/v1/roles");
    expectStatus(list, 200);
    expect(list.body.data.slice(0, 3).map(({ name, built_in }) => [name, built_in])).toEqual([
      ["admin", true],
      ["employee", true],
      ["cashier", true],
    ]);
    expect(list.body.data.at(-1)).toEqual(own);
    const [, employee, cashier] = list.body.data;
    expect(employee?.permissions).toContain("approve:price");
    expect(cashier).toMatchObject({ max_discount_ppm: 100_000, version: 1 });
    if (!cashier) throw new Error("there is no cashier");
    expectProblem(await changeRole(cashier, { max_discount_ppm: 1_000_000 }), 409, "conflict");
    expectProblem(await admin.post(`/v1/roles/${cashier.id}/deactivate`), 409, "conflict");
  });

  it("permit what they name, and nothing else", async () => {
    const role = await createRole({ permissions: ["stores:read", "customers:write"], max_discount_ppm: 50_000 });
    const user = await asUser(role.name, [main.id], main.code);
    const me = await user.get<{ permissions: string[]; max_discount_ppm: number }>("/v1/auth/me");
    expect(me.body).toMatchObject({ permissions: ["stores:read", "customers:write"], max_discount_ppm: 50_000 });
    expectStatus(await user.get(`/v1/stores/${main.id}`), 200);
    expectStatus(await user.post("/v1/customers", { name: "Cleo" }), 201);
    expectProblem(await user.get("/v1/products"), 403, "forbidden");
    expectProblem(await user.get("/v1/users"), 403, "forbidden");
  });

  it.each(["users:manage", "roles:manage", "stores:manage", "terminals:manage"])(
    "never permit %s",
    async (permission) => {
      const answer = await admin.post("/v1/roles", { name: nameOf(), permissions: ["stores:read", permission] });
      const problem = expectProblem(answer, 422, "validation_failed");
      expect(problem.errors?.[0]).toMatchObject({ pointer: "/permissions/1" });
      expect(problem.errors?.[0]?.detail).toMatch(/admin's alone/);
    },
  );

  it.each([
    ["no name", { permissions: [] }],
    ["a name in capitals", { name: "Keeper", permissions: [] }],
    ["a name of one letter", { name: "k", permissions: [] }],
    ["a name of 41", { name: "k".repeat(41), permissions: [] }],
    ["a name with a space", { name: "shift lead", permissions: [] }],
    ["no permissions", { name: "keeper" }],
    ["an unknown permission", { name: "keeper", permissions: ["sales:all"] }],
    ["one permission twice", { name: "keeper", permissions: ["sales:read", "sales:read"] }],
    ["a discount above all", { name: "keeper", permissions: [], max_discount_ppm: 1_000_001 }],
    ["a discount of parts", { name: "keeper", permissions: [], max_discount_ppm: 0.5 }],
    ["what is not its own to say", { name: "keeper", permissions: [], built_in: true }],
  ])("are refused with %s", async (_, body) => {
    const before = await countRows("roles");
    expectProblem(await admin.post("/v1/roles", body), 422, "validation_failed");
    expect(await countRows("roles")).toBe(before);
  });

  it("have names of their own, whoever races", async () => {
    const name = nameOf();
    const body = { name, permissions: [...GRANTABLE_PERMISSIONS] };
    const answers = await Promise.all(Array.from({ length: 5 }, async () => admin.post("/v1/roles", body)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    expectProblem(await admin.post("/v1/roles", { name: "cashier", permissions: [] }), 409, "conflict");
  });

  it("are changed by version, and then everyone who has one signs in anew", async () => {
    const role = await createRole();
    const [here, hq, other] = [
      await asUser(role.name, [main.id], main.code),
      await asUser(role.name, [main.id]),
      await asUser("cashier", [main.id], main.code),
    ];
    expectProblem(await admin.patch(`/v1/roles/${role.id}`, { description: "x" }), 428, "precondition_required");
    expectProblem(await changeRole(role, {}), 422, "validation_failed");
    expectProblem(await changeRole(role, { name: "another" }), 422, "validation_failed");
    const answer = await changeRole(role, { permissions: ["stores:read", "sales:read"] });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ version: 2, permissions: ["stores:read", "sales:read"] });
    expectProblem(await changeRole(role, { permissions: [] }), 412, "stale_version");
    expectProblem(await here.get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await hq.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await other.get("/v1/auth/me"), 200);
  });

  it("go out of use when nobody active has them, and come back", async () => {
    const role = await createRole();
    const user = await asUser(role.name, [main.id]);
    const path = `/v1/roles/${role.id}`;
    expectProblem(await admin.post(`${path}/deactivate`), 409, "conflict");
    expectStatus(await user.get("/v1/auth/me"), 200);
    const spare = await createRole();
    const gone = await admin.post<RoleBody>(`/v1/roles/${spare.id}/deactivate`);
    expect(gone.body).toMatchObject({ active: false, version: 2 });
    expectStatus(await admin.post(`/v1/roles/${spare.id}/deactivate`), 200);
    const person = { full_name: "Someone", email: "x@regal.test", password: "a long enough password" };
    const hired = { ...person, username: `u-${uuid()}`, role: spare.name, store_ids: [main.id] };
    expect((await admin.post("/v1/users", hired)).status).toBeGreaterThanOrEqual(409);
    expect((await admin.post<RoleBody>(`/v1/roles/${spare.id}/reactivate`)).body).toMatchObject({ active: true });
    expectStatus(await admin.post("/v1/users", hired), 201);
  });

  it("are the admin's to see and to make", async () => {
    const employee = await asUser("employee", [main.id]);
    expectProblem(await employee.get("/v1/roles"), 403, "forbidden");
    expectProblem(await employee.post("/v1/roles", { name: nameOf(), permissions: [] }), 403, "forbidden");
    expectProblem(await admin.get(`/v1/roles/${uuid()}`), 404, "not_found");
  });
});
