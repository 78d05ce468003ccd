import { describe, expect, it } from "vitest";
import type { Customer } from "../../../src/modules/customers/index.ts";
import {
  type Answer,
  asAdmin,
  asUser,
  type Client,
  createStore,
  expectProblem,
  expectStatus,
  uuid,
} from "../../support/api.ts";
import { auditOf } from "../payments/books.ts";
import { newCustomer, paid, readCustomer, soldOnAccount } from "../payments/credit.ts";
import { everyRow, openShop } from "../sales/shop.ts";

async function change(
  customer: Pick<Customer, "id" | "version">,
  fields: Record<string, unknown>,
  by?: Client,
  tag = `"v${String(customer.version)}"`,
): Promise<Answer<Customer>> {
  const client = by ?? (await asAdmin());
  return client.patch<Customer>(`/v1/customers/${customer.id}`, fields, { "If-Match": tag });
}

async function changed(customer: Customer, fields: Record<string, unknown>): Promise<Customer> {
  const answer = await change(customer, fields);
  expectStatus(answer, 200);
  return answer.body;
}

async function clerk(): Promise<Client> {
  return asUser("employee", [(await createStore()).id]);
}

describe("PATCH /v1/customers/{id}", () => {
  it("changes what is named, and empties what is null", async () => {
    const admin = await asAdmin();
    const fields = { name: "Ann", phone: "0171 555", email: "ann@example.org", address: "Hill 1", note: "Regular" };
    const { body: before } = await admin.post<Customer>("/v1/customers", fields);
    const after = await changed(before, { name: "Anna", phone: null, note: null, credit_limit: 50_000 });
    expect(after).toEqual({
      ...before,
      name: "Anna",
      phone: null,
      note: null,
      credit_limit: 50_000,
      version: 2,
      updated_at: expect.any(String) as string,
    });
    expect(after.updated_at >= before.updated_at).toBe(true);
    expect(await readCustomer(before.id)).toEqual(after);
  });

  it("tells the audit log which fields changed, and of the credit limit from what to what", async () => {
    const customer = await newCustomer(500);
    await changed(customer, { name: "Another", email: "secret@example.org", credit_limit: 700 });
    const entries = await auditOf(customer.id);
    expect(entries.at(0)).toMatchObject({ after: '{"credit_limit":500,"changed":["name"]}' });
    expect(entries.at(-1)).toEqual({
      action: "customer.update",
      before: '{"credit_limit":500}',
      after: '{"credit_limit":700,"changed":["name","email"]}',
    });
    for (const text of ["secret@", "Ann", "Another"]) expect(JSON.stringify(entries)).not.toContain(text);
  });

  it("is stale after another change, and of two at once one wins", async () => {
    const customer = await newCustomer();
    await changed(customer, { note: "First" });
    expectProblem(await change(customer, { note: "Second" }), 412, "stale_version");
    const now = await readCustomer(customer.id);
    const answers = await Promise.all(["a", "b", "c", "d"].map(async (note) => change(now, { note })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
    expect((await readCustomer(customer.id)).version).toBe(3);
  });

  it("needs If-Match", async () => {
    const { id } = await newCustomer();
    const answer = await (await asAdmin()).patch(`/v1/customers/${id}`, { note: "x" });
    expectProblem(answer, 428, "precondition_required");
  });

  it.each([
    [{}, "/"],
    [{ name: null }, "/name"],
    [{ credit_limit: null }, "/credit_limit"],
    [{ credit_limit: -1 }, "/credit_limit"],
    [{ credit_limit: 1_000_000_000_000 }, "/credit_limit"],
    [{ balance: 5 }, "/balance"],
    [{ id: uuid() }, "/id"],
    [{ email: "none" }, "/email"],
  ])("refuses %j at %s and writes nothing", async (fields, pointer) => {
    const customer = await newCustomer();
    const before = await everyRow();
    const problem = expectProblem(await change(customer, fields), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await everyRow()).toEqual(before);
  });

  it("says when there is none", async () => {
    expectProblem(await change({ id: uuid(), version: 1 }, { note: "x" }), 404, "not_found");
  });
});

describe("credit", () => {
  it("is given and changed by those who may, and by nobody else", async () => {
    const employee = await clerk();
    const given = await employee.post("/v1/customers", { name: "Ann", credit_limit: 1 });
    expect(expectProblem(given, 403, "forbidden").errors?.[0]?.pointer).toBe("/credit_limit");
    const none = await employee.post<Customer>("/v1/customers", { name: "Ann", credit_limit: 0 });
    expectStatus(none, 201);
    const raised = await change(none.body, { credit_limit: 1 }, employee);
    expect(expectProblem(raised, 403, "forbidden").errors?.[0]?.pointer).toBe("/credit_limit");
    // The limit that is there already is no change.
    expectStatus(await change(none.body, { note: "Regular", credit_limit: 0 }, employee), 200);
    const { credit_limit, version } = await readCustomer(none.body.id);
    expect([credit_limit, version]).toEqual([0, 2]);
  });

  it("is changed by no cashier, who may not change customers at all", async () => {
    const cashier = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await change(await newCustomer(), { note: "x" }, cashier), 403, "forbidden");
  });
});

describe("GET /v1/customers/{id}", () => {
  it("answers 304 as long as neither the customer nor the balances change", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const path = `/v1/customers/${id}`;
    const tagOf = async () => (await shop.admin.get(path)).headers.get("ETag") ?? "";
    const first = await tagOf();
    expect(first).toBe('"v1"');
    expectStatus(await shop.admin.get(path, { "If-None-Match": first }), 304);
    await soldOnAccount(shop, id, 700);
    expectStatus(await shop.admin.get(path, { "If-None-Match": first }), 200);
    const owing = await tagOf();
    expectStatus(await shop.admin.get(path, { "If-None-Match": owing }), 304);
    await paid(shop, id, [{ method: "card", amount: 700 }]);
    expectStatus(await shop.admin.get(path, { "If-None-Match": owing }), 200);
    // What was booked is no change of the customer: the tag of an earlier balance is good for one.
    expectStatus(await change({ id, version: 1 }, { note: "x" }, shop.admin, owing), 200);
  });
});
