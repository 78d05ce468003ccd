import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { LedgerEntryAnswer, Statement } from "../../../src/modules/customers/schemas.ts";
import { asUser, type Client, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { newCustomer, paid, readCustomer, soldOnAccount } from "../payments/credit.ts";
import { openShop, refund, type Shop, sold } from "../sales/shop.ts";

interface Page {
  data: LedgerEntryAnswer[];
  next_cursor: string | null;
}

let shop: Shop;
let customer_id: string;
let sale_ids: string[];

beforeAll(async () => {
  shop = await openShop();
  ({ id: customer_id } = await newCustomer());
  const sales = [];
  for (const amount of [700, 500, 300]) sales.push(await soldOnAccount(shop, customer_id, amount));
  sale_ids = sales.map(({ id }) => id);
  await paid(shop, customer_id, [{ method: "card", amount: 900 }]);
  const request = { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "store_credit", amount: 300 }] };
  const goods = { custom: { name: "Goods", unit_price: 300, tax_rate_ppm: 0 }, quantity: 1 };
  const { id } = await sold(shop, { lines: [goods], customer_id });
  expectStatus(await refund(shop, id, request), 201);
});

async function ledger(query = "", by: Client = shop.admin): Promise<Page> {
  const answer = await by.get<Page>(`/v1/customers/${customer_id}/ledger${query}`);
  expectStatus(answer, 200);
  return answer.body;
}

async function statement(id: string, query: string): Promise<Statement> {
  const answer = await shop.admin.get<Statement>(`/v1/customers/${id}/statement?${query}`);
  expectStatus(answer, 200);
  return answer.body;
}

const today = () => new Date().toISOString().slice(0, 10);

describe("GET /v1/customers/{id}/ledger", () => {
  it("lists the account in the order of arrival, and sums to the balance", async () => {
    const { data, next_cursor } = await ledger();
    expect(next_cursor).toBeNull();
    expect(data.map(({ kind, amount, balance_after }) => [kind, amount, balance_after])).toEqual([
      ["sale", 700, 700],
      ["sale", 500, 1200],
      ["sale", 300, 1500],
      ["payment", -900, 600],
    ]);
    expect(data.slice(0, 3).map(({ source_id }) => source_id)).toEqual(sale_ids);
    expect(data[0]).toEqual({
      seq: expect.any(Number) as number,
      ledger: "account",
      kind: "sale",
      amount: 700,
      balance_after: 700,
      currency: "GBP",
      source_id: sale_ids[0],
      occurred_at: expect.any(String) as string,
      created_at: expect.any(String) as string,
    });
    expect((await readCustomer(customer_id)).balance).toBe(600);
  });

  it("lists the store credit apart", async () => {
    const { data } = await ledger("?ledger=store_credit");
    expect(data).toMatchObject([{ ledger: "store_credit", kind: "refund", amount: 300, balance_after: 300 }]);
    expect((await readCustomer(customer_id)).store_credit).toBe(300);
  });

  it("is paged", async () => {
    const first = await ledger("?limit=3");
    expect(first.data).toHaveLength(3);
    const rest = await ledger(`?limit=3&cursor=${first.next_cursor ?? ""}`);
    expect(rest).toMatchObject({ data: [{ kind: "payment" }], next_cursor: null });
  });

  it("is told in every store, without a word of which", async () => {
    const stranger = await asUser("cashier", [(await createStore()).id]);
    const told = await ledger("", stranger);
    expect(told).toEqual(await ledger());
    expect(JSON.stringify(told)).not.toContain(shop.store.id);
  });

  it.each(["ledger=gift_card", "limit=0", "cursor=x", "store_id=1"])("refuses ?%s", async (query) => {
    const answer = await shop.admin.get(`/v1/customers/${customer_id}/ledger?${query}`);
    expectProblem(answer, 422, "validation_failed");
  });

  it("is empty where nothing was booked, and knows nobody else", async () => {
    const { id } = await newCustomer();
    const answer = await shop.admin.get<Page>(`/v1/customers/${id}/ledger`);
    expect(answer.body).toEqual({ data: [], next_cursor: null });
    expectProblem(await shop.admin.get(`/v1/customers/${uuid()}/ledger`), 404, "not_found");
  });
});

describe("GET /v1/customers/{id}/statement", () => {
  it("opens at nothing, and closes at the balance", async () => {
    const day = today();
    const whole = await statement(customer_id, `from=2026-01-01&to=${day}`);
    expect(whole).toMatchObject({
      customer_id,
      ledger: "account",
      currency: "GBP",
      from: "2026-01-01",
      to: day,
      opening: 0,
      closing: 600,
    });
    expect(whole.entries).toEqual((await ledger()).data);
  });

  it("runs on day by day, as it happened and not as it arrived", async () => {
    const { id } = await newCustomer();
    const entry = (amount: number, occurred_at: string, balance_after: number) =>
      env.DB.prepare(
        `INSERT INTO ledger_entries (ledger, holder_id, currency, kind, amount, balance_after, source_id, source_no,
           store_id, user_id, occurred_at, created_at)
         VALUES ('account', ?1, 'GBP', 'payment', ?2, ?3, ?4, 1, ?5, ?6, ?7, ?7)`,
      ).bind(id, amount, balance_after, uuid(), shop.store.id, shop.admin.user.id, occurred_at);
    await env.DB.batch([
      entry(-100, "2026-02-27T23:59:59.999Z", -100),
      entry(-20, "2026-02-28T23:59:59.999Z", -120),
      entry(-3, "2026-03-01T00:00:00.000Z", -123),
      // Of an offline till, which came late.
      entry(-4000, "2026-02-28T00:00:00.000Z", -4123),
    ]);
    const day = await statement(id, "from=2026-02-28&to=2026-02-28");
    expect([day.opening, day.closing]).toEqual([-100, -4120]);
    expect(day.entries.map(({ amount, balance_after }) => [amount, balance_after])).toEqual([
      [-4000, -4100],
      [-20, -4120],
    ]);
    expect(await statement(id, "from=2026-03-01&to=9999-12-31")).toMatchObject({ opening: -4120, closing: -4123 });
    const store_credit = await statement(id, "ledger=store_credit&from=2026-03-01&to=2026-03-02");
    expect(store_credit).toMatchObject({ currency: null, opening: 0, entries: [], closing: 0 });
  });

  it("lists a thousand entries and no more", async () => {
    const { id } = await newCustomer();
    await env.DB.prepare(
      `INSERT INTO ledger_entries (ledger, holder_id, currency, kind, amount, balance_after, source_id, source_no,
         store_id, user_id, occurred_at, created_at)
       SELECT 'account', ?1, 'GBP', 'payment', -1, -value, 'many-' || ?1, value, ?2, ?3, '2026-04-' || (CASE value WHEN 1001 THEN '02' ELSE '01' END) || 'T10:00:00.000Z',
         '2026-04-01T10:00:00.000Z'
       FROM json_each(?4)`,
    )
      .bind(id, shop.store.id, shop.admin.user.id, JSON.stringify(Array.from({ length: 1001 }, (_, i) => i + 1)))
      .run();
    const answer = await shop.admin.get(`/v1/customers/${id}/statement?from=2026-04-01&to=2026-04-02`);
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe("#query/to");
    const day = await statement(id, "from=2026-04-01&to=2026-04-01");
    expect([day.entries.length, day.closing]).toEqual([1000, -1000]);
  });

  it.each([
    ["to=2026-01-01", "#query/from"],
    ["from=2026-01-01", "#query/to"],
    ["from=2026-01-02&to=2026-01-01", "#query/to"],
    ["from=2026-02-30&to=2026-03-01", "#query/from"],
    ["from=2026-01-01&to=2026-01-02&limit=5", "#query/limit"],
  ])("refuses ?%s", async (query, pointer) => {
    const answer = await shop.admin.get(`/v1/customers/${customer_id}/statement?${query}`);
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe(pointer);
  });

  it("knows nobody else", async () => {
    const path = `/v1/customers/${uuid()}/statement?from=2026-01-01&to=2026-01-02`;
    expectProblem(await shop.admin.get(path), 404, "not_found");
  });
});
