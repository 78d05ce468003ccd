import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Customer } from "../../../src/modules/customers/index.ts";
import {
  customersByEmailStatement,
  customersByNameStatement,
  customersByPhoneStatement,
} from "../../../src/modules/customers/queries.ts";
import { auditOf } from "../payments/books.ts";
import { api, asAdmin, asUser, countRows, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";

interface Page {
  data: Customer[];
  next_cursor: string | null;
}

const NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057";

async function asCashier() {
  const store = await createStore();
  return asUser("cashier", [store.id]);
}

async function addCustomer(fields: Record<string, unknown>): Promise<Customer> {
  const answer = await (await asAdmin()).post<Customer>("/v1/customers", fields);
  expectStatus(answer, 201);
  return answer.body;
}

describe("POST /v1/customers", () => {
  it("brings a customer in with all that is known of them", async () => {
    const cashier = await asCashier();
    const body = {
      id: uuid(),
      name: "Amélie Poulain",
      phone: "+33 1 42 54 20 11",
      email: "Amelie@deux-moulins.example",
      address: "15 rue Lepic\n75018 Paris",
      note: "Likes crème brûlée",
    };
    const answer = await cashier.post<Customer>("/v1/customers", body);
    expectStatus(answer, 201);
    expect(answer.body).toEqual({
      ...body,
      credit_limit: 0,
      balance: 0,
      store_credit: 0,
      accounts: [],
      version: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      updated_at: answer.body.created_at,
    });
    const read = await cashier.get<Customer>(`/v1/customers/${body.id}`);
    expectStatus(read, 200);
    expect(read.body).toEqual(answer.body);
  });

  it("needs no more than a name, trimmed and composed", async () => {
    const customer = await addCustomer({ name: "  Jose\u0301 ", phone: null });
    expect(customer).toMatchObject({ name: "José", phone: null, email: null, address: null, note: null });
  });

  it("writes an audit entry that says which fields were given and nothing of the person", async () => {
    const person = {
      name: "Carla",
      phone: "0171 555",
      email: "carla@example.org",
      address: "Hill 1",
      note: "Red hair",
    };
    const { id } = await addCustomer(person);
    const entry = await env.DB.prepare("SELECT * FROM audit_entries WHERE entity_id = ?").bind(id).first();
    expect(entry).toMatchObject({
      action: "customer.create",
      entity_type: "customer",
      before: null,
      after: '{"changed":["name","phone","email","address","note"]}',
    });
    for (const text of Object.values(person)) expect(JSON.stringify(entry)).not.toContain(text);
    const { id: other } = await addCustomer({ name: "Carla", phone: "0171 555", credit_limit: 500 });
    expect(await auditOf(other)).toMatchObject([{ after: '{"credit_limit":500,"changed":["name","phone"]}' }]);
  });

  it("refuses an id that is taken and writes nothing", async () => {
    const { id } = await addCustomer({ name: "First" });
    const [customers, entries] = [await countRows("customers"), await countRows("audit_entries")];
    const answer = await (await asAdmin()).post("/v1/customers", { id, name: "Second" });
    expect(expectProblem(answer, 409, "conflict").detail).toContain("customer");
    expect([await countRows("customers"), await countRows("audit_entries")]).toEqual([customers, entries]);
  });

  it.each([
    [{}, "/name"],
    [{ name: " " }, "/name"],
    [{ name: "n".repeat(201) }, "/name"],
    [{ name: "with\u0000null" }, "/name"],
    [{ name: 7 }, "/name"],
    [{ name: "N", phone: "12" }, "/phone"],
    [{ name: "N", phone: "1".repeat(41) }, "/phone"],
    [{ name: "N", email: "not an address" }, "/email"],
    [{ name: "N", email: `${"e".repeat(250)}@x.example` }, "/email"],
    [{ name: "N", address: "a".repeat(1001) }, "/address"],
    [{ name: "N", note: "n".repeat(1001) }, "/note"],
    [{ name: "N", id: "7" }, "/id"],
    [{ name: "N", id: "0e37df36-f698-41e6-8c85-0bbb6d4e0a1c" }, "/id"],
    [{ name: "N", credit: 5 }, "/credit"],
  ])("refuses %j at %s and writes nothing", async (body, pointer) => {
    const admin = await asAdmin();
    const before = await countRows("customers");
    const problem = expectProblem(await admin.post("/v1/customers", body), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await countRows("customers")).toBe(before);
  });
});

describe("GET /v1/customers", () => {
  it("pages through all of them in the order of their arrival, late old ids last", async () => {
    const admin = await asAdmin();
    const late = await addCustomer({ id: "01800000-0000-7000-8000-000000000001", name: "An old id" });
    await addCustomer({ name: "The last" });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const page = await admin.get<Page>(`/v1/customers?limit=2${query}`);
      expectStatus(page, 200);
      expect(page.body.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    const stored = await env.DB.prepare("SELECT id FROM customers ORDER BY arrival").all<{ id: string }>();
    expect(seen).toEqual(stored.results.map(({ id }) => id));
    expect(seen.at(-2)).toBe(late.id);
  });

  it.each(["limit=0", "limit=201", "limit=ten", "cursor=b7", "page=2"])("refuses ?%s", async (query) => {
    const answer = await (await asAdmin()).get(`/v1/customers?${query}`);
    const problem = expectProblem(answer, 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(`#query/${query.split("=")[0] ?? ""}`);
  });
});

describe("GET /v1/customers/{id}", () => {
  it("says when there is none", async () => {
    expectProblem(await (await asAdmin()).get(`/v1/customers/${NOBODY}`), 404, "not_found");
  });

  it("refuses what is no id", async () => {
    const answer = await (await asAdmin()).get("/v1/customers/seven");
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe("#path/id");
  });
});

describe("POST /v1/customers/search", () => {
  async function namesOf(search: Record<string, string>): Promise<string[]> {
    const answer = await (await asAdmin()).post<Page>("/v1/customers/search", search);
    expectStatus(answer, 200);
    return answer.body.data.map(({ name }) => name);
  }

  it("finds by phone, whole", async () => {
    await addCustomer({ name: "Phone One", phone: "020 7946 0001" });
    await addCustomer({ name: "Phone Two", phone: "020 7946 00012" });
    expect(await namesOf({ phone: "020 7946 0001" })).toEqual(["Phone One"]);
  });

  it("finds by e-mail in any case", async () => {
    await addCustomer({ name: "Mail", email: "Some.One@Mail.example" });
    expect(await namesOf({ email: "some.one@MAIL.example" })).toEqual(["Mail"]);
  });

  it("finds by how the name begins, in any case, by name", async () => {
    for (const name of ["Zoltan B", "zoltan a", "ZOLTAN", "Zolta", "A Zoltan"]) await addCustomer({ name });
    expect(await namesOf({ name: "zoLTan" })).toEqual(["ZOLTAN", "zoltan a", "Zoltan B"]);
  });

  it("gives % and _ no meaning", async () => {
    await addCustomer({ name: "100% Wool" });
    expect(await namesOf({ name: "%" })).toEqual([]);
    expect(await namesOf({ name: "1_0" })).toEqual([]);
    expect(await namesOf({ name: "100% w" })).toEqual(["100% Wool"]);
  });

  it("finds none without a word", async () => {
    expect(await namesOf({ name: "nobody is called this" })).toEqual([]);
  });

  it("answers 50 at most", async () => {
    const rows = Array.from({ length: 51 }, (_, i) => ({ id: uuid(), name: `Many ${String(i)}` }));
    await env.DB.prepare(
      `INSERT INTO customers (id, name, created_at)
       SELECT value ->> 'id', value ->> 'name', '2026-03-02T09:30:00.000Z' FROM json_each(?)`,
    )
      .bind(JSON.stringify(rows))
      .run();
    expect(await namesOf({ name: "many" })).toHaveLength(50);
  });

  it.each([
    [customersByPhoneStatement("020"), "customers_by_phone"],
    [customersByEmailStatement("a@b.example"), "customers_by_email"],
    [customersByNameStatement("a"), "customers_by_name"],
  ])("goes by an index: %o", async ({ sql, params }, index) => {
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    expect(plan.results[0]?.detail).toContain(`SEARCH customers USING INDEX ${index}`);
  });

  it.each([{}, { phone: "123", name: "Both" }, { name: "" }, { address: "Hill 1" }])("refuses %j", async (search) => {
    expectProblem(await (await asAdmin()).post("/v1/customers/search", search), 422, "validation_failed");
  });
});

describe("who may", () => {
  const paths = [
    ["get", "/v1/customers"],
    ["post", "/v1/customers"],
    ["post", "/v1/customers/search"],
    ["get", `/v1/customers/${NOBODY}`],
  ] as const;

  it.each(paths)("%s %s needs a signed-in user", async (method, path) => {
    const answer = method === "get" ? await api(null).get(path) : await api(null).post(path, { name: "N" });
    expectProblem(answer, 401, "unauthenticated");
  });
});
