import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api, asAdmin, asUser, countRows, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";

interface Salesperson {
  id: string;
  code: string;
  name: string;
  commission_ppm: number;
  created_at: string;
}

const PATH = "/v1/salespeople";
const NOBODY = `${PATH}/01890a5d-ac96-774b-bcce-b302099a8057`;

async function asStaff(role: "employee" | "cashier") {
  const store = await createStore();
  return asUser(role, [store.id]);
}

describe("POST /v1/salespeople", () => {
  it("adds a salesperson, who can then be read", async () => {
    const employee = await asStaff("employee");
    const body = { id: uuid(), code: "SAM", name: "Sam Seller", commission_ppm: 25_000 };
    const answer = await employee.post<Salesperson>(PATH, body);
    expectStatus(answer, 201);
    expect(answer.body).toEqual({ ...body, created_at: expect.any(String) as string });
    const read = await (await asStaff("cashier")).get<Salesperson>(`${PATH}/${body.id}`);
    expectStatus(read, 200);
    expect(read.body).toEqual(answer.body);
  });

  it("gives out an id and writes an audit entry", async () => {
    const admin = await asAdmin();
    const answer = await admin.post<Salesperson>(PATH, { code: "ida", name: "Ida", commission_ppm: 0 });
    expectStatus(answer, 201);
    const entry = await env.DB.prepare("SELECT action, actor_id, after FROM audit_entries WHERE entity_id = ?")
      .bind(answer.body.id)
      .first();
    expect(entry).toEqual({
      action: "salesperson.create",
      actor_id: admin.user.id,
      after: '{"code":"ida","name":"Ida","commission_ppm":0}',
    });
  });

  it.each([
    ["code", { code: "dUp", name: "Other", commission_ppm: 0 }],
    ["id", { id: "01890a5d-ac96-774b-bcce-b302099a8000", code: "new", name: "Other", commission_ppm: 0 }],
  ])("refuses a %s that is taken and writes nothing", async (what, body) => {
    const admin = await asAdmin();
    await admin.post(PATH, {
      id: "01890a5d-ac96-774b-bcce-b302099a8000",
      code: "DUP",
      name: "One",
      commission_ppm: 0,
    });
    const before = [await countRows("salespeople"), await countRows("audit_entries")];
    expect(expectProblem(await admin.post(PATH, body), 409, "conflict").detail).toContain(what);
    expect([await countRows("salespeople"), await countRows("audit_entries")]).toEqual(before);
  });

  it.each([
    [{ code: undefined }, "/code"],
    [{ code: "" }, "/code"],
    [{ code: "C".repeat(21) }, "/code"],
    [{ name: "n".repeat(201) }, "/name"],
    [{ commission_ppm: -1 }, "/commission_ppm"],
    [{ commission_ppm: 1_000_001 }, "/commission_ppm"],
    [{ commission_ppm: 0.5 }, "/commission_ppm"],
    [{ commission_ppm: "5" }, "/commission_ppm"],
    [{ id: "x" }, "/id"],
    [{ phone: "123" }, "/phone"],
  ])("refuses %j at %s", async (fields, pointer) => {
    const body = { code: uuid().slice(-12), name: "Valid", commission_ppm: 0, ...fields };
    const before = await countRows("salespeople");
    const problem = expectProblem(await (await asAdmin()).post(PATH, body), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect(await countRows("salespeople")).toBe(before);
  });

  it("is not for a cashier", async () => {
    const cashier = await asStaff("cashier");
    const before = await countRows("salespeople");
    expectProblem(await cashier.post(PATH, { code: "CASH", name: "Cash", commission_ppm: 0 }), 403, "forbidden");
    expect(await countRows("salespeople")).toBe(before);
  });
});

describe("GET /v1/salespeople", () => {
  it("pages in the order of arrival", async () => {
    const admin = await asAdmin();
    for (const code of ["P1", "P2", "P3"]) await admin.post(PATH, { code, name: code, commission_ppm: 1 });
    const first = await admin.get<{ data: Salesperson[]; next_cursor: string | null }>(`${PATH}?limit=2`);
    expectStatus(first, 200);
    expect(first.body.data).toHaveLength(2);
    const rest = await admin.get<{ data: Salesperson[]; next_cursor: string | null }>(
      `${PATH}?limit=200&cursor=${first.body.next_cursor ?? ""}`,
    );
    expect(rest.body.next_cursor).toBeNull();
    expect(first.body.data.length + rest.body.data.length).toBe(await countRows("salespeople"));
    expect(rest.body.data.slice(-3).map(({ code }) => code)).toContain("P3");
  });

  it("says when there is none", async () => {
    expectProblem(await (await asAdmin()).get(NOBODY), 404, "not_found");
  });

  it.each([PATH, NOBODY])("%s needs a signed-in user", async (path) => {
    expectProblem(await api(null).get(path), 401, "unauthenticated");
  });
});
