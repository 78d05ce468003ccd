import { beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  asUser,
  type Client,
  expectProblem,
  expectStatus,
  type SignedIn,
  uuid,
} from "../../support/api.ts";
import { openShop, readSale, refunded, type Sale, type Shop, sold } from "./shop.ts";

const line = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 2 };

type Page = Answer<{ data: Omit<Sale, "lines" | "payments">[]; next_cursor: string | null }>;

async function list(client: Client, query: string): Promise<Page["body"]> {
  const answer: Page = await client.get(`/v1/sales?${query}`);
  expectStatus(answer, 200);
  return answer.body;
}

let shop: Shop;
let sales: Sale[];
let customer_id: string;
let salesperson_id: string;
let cashier: SignedIn;

beforeAll(async () => {
  shop = await openShop();
  const customer = await shop.admin.post<{ id: string }>("/v1/customers", { name: "Amina" });
  customer_id = customer.body.id;
  const salesperson = await shop.admin.post<{ id: string }>("/v1/salespeople", {
    code: "L1",
    name: "Sam",
    commission_ppm: 0,
  });
  salesperson_id = salesperson.body.id;
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  sales = [
    await sold(shop, { lines: [line], sold_at: "2026-03-01T10:00:00Z" }),
    await sold(shop, { lines: [line], sold_at: "2026-03-02T10:00:00Z", customer_id }, { by: cashier }),
    await sold(shop, { lines: [line], sold_at: "2026-03-02T11:00:00Z", salesperson_id }),
    await sold(shop, { lines: [line], sold_at: "2026-03-03T10:00:00Z", customer_id }),
  ];
  const [first, , third] = sales;
  await refunded(shop, first?.id ?? "", [{ line_no: 1, quantity: 2 }]);
  await refunded(shop, third?.id ?? "", [{ line_no: 1, quantity: 1 }]);
});

describe("GET /v1/sales", () => {
  it("shows a store's sales in the order they came, without lines and payments", async () => {
    const { data, next_cursor } = await list(shop.admin, `store_id=${shop.store.id}`);
    expect(next_cursor).toBeNull();
    const statuses = ["refunded", "completed", "partially_refunded", "completed"];
    expect(data).toEqual(
      sales.map(({ lines: _lines, payments: _payments, ...sale }, i) => ({ ...sale, status: statuses[i] })),
    );
  });

  it.each<[string, () => string, number[]]>([
    ["day", () => "business_date=2026-03-02", [1, 2]],
    ["status", () => "status=completed", [1, 3]],
    ["customer", () => `customer_id=${customer_id}`, [1, 3]],
    ["customer and day", () => `customer_id=${customer_id}&business_date=2026-03-03`, [3]],
    ["number", () => `invoice_no=${shop.store.code}-01-000003`, [2]],
    ["number in small letters", () => `invoice_no=${shop.store.code.toLowerCase()}-01-000003`, [2]],
    ["days", () => "from=2026-03-02&to=2026-03-03", [1, 2, 3]],
    ["first day", () => "from=2026-03-03", [3]],
    ["last day", () => "to=2026-03-01", [0]],
    ["days and customer", () => `from=2026-03-01&to=2026-03-02&customer_id=${customer_id}`, [1]],
    ["till", () => `terminal_id=${shop.terminal.id}`, [0, 1, 2, 3]],
    ["other till", () => `terminal_id=${uuid()}`, []],
    ["salesperson", () => `salesperson_id=${salesperson_id}`, [2]],
    ["cashier", () => `user_id=${cashier.user.id}`, [1]],
    ["cashier and day", () => `user_id=${cashier.user.id}&business_date=2026-03-01`, []],
    ["other cashier and shift", () => `user_id=${shop.admin.user.id}&shift_id=${shop.shift.id}`, [0, 2, 3]],
    ["number of no sale", () => `invoice_no=${shop.store.code}-01-000009`, []],
  ])("finds them by %s", async (_, query, expected) => {
    const { data } = await list(shop.admin, `store_id=${shop.store.id}&${query()}`);
    expect(data.map(({ id }) => id)).toEqual(expected.map((i) => sales[i]?.id));
  });

  it("finds what is put aside by day and customer too, and by nothing that it has not", async () => {
    const park = async (over: object) => {
      const body = { store_id: shop.store.id, status: "parked", lines: [line], ...over };
      const answer = await shop.admin.post<Sale>("/v1/sales", body, { "Idempotency-Key": uuid() });
      expectStatus(answer, 201);
      return answer.body.id;
    };
    const [first, second] = [
      await park({ sold_at: "2026-03-02T10:00:00Z" }),
      await park({ sold_at: "2026-03-03T10:00:00Z", customer_id }),
    ];
    const idsOf = async (query: string) => {
      const { data } = await list(shop.admin, `store_id=${shop.store.id}&status=parked${query}`);
      return data.map(({ id }) => id);
    };
    expect(await idsOf("")).toEqual([first, second]);
    expect(await idsOf("&business_date=2026-03-02")).toEqual([first]);
    expect(await idsOf(`&customer_id=${customer_id}`)).toEqual([second]);
    expect(await idsOf(`&customer_id=${customer_id}&business_date=2026-03-02`)).toEqual([]);
    expect(await idsOf("&from=2026-03-03&to=2026-03-03")).toEqual([second]);
    const third = await park({ terminal_id: shop.terminal.id, salesperson_id, sold_at: "2026-03-04T10:00:00Z" });
    expect(await idsOf(`&terminal_id=${shop.terminal.id}`)).toEqual([third]);
    expect(await idsOf(`&salesperson_id=${salesperson_id}`)).toEqual([third]);
    expect(await idsOf(`&user_id=${shop.admin.user.id}`)).toEqual([first, second, third]);
    expect(await idsOf(`&user_id=${cashier.user.id}`)).toEqual([]);
    expect(await idsOf(`&shift_id=${shop.shift.id}`)).toEqual([]);
    expect(await idsOf(`&invoice_no=${shop.store.code}-01-000001`)).toEqual([]);
  });

  it("pages so that a late sale with an old id is never skipped", async () => {
    const store = `store_id=${shop.store.id}&limit=3`;
    const first = await list(shop.admin, store);
    expect(first.data).toHaveLength(3);
    // A till that was offline brings what it sold years ago, under an id it made then.
    const old = { id: "01000000-0000-7000-8000-000000000001", sold_at: "2020-01-01T09:00:00Z" };
    const late = await sold(shop, { lines: [line], ...old });
    const second = await list(shop.admin, `${store}&cursor=${first.next_cursor ?? ""}`);
    expect(second.data.map(({ id }) => id)).toEqual([sales[3]?.id, late.id]);
    expect(second.next_cursor).toBeNull();
  });

  it("refuses what it does not know", async () => {
    for (const query of [
      "business_date=2026-03-02&from=2026-03-01",
      "business_date=2026-03-02&to=2026-03-03",
      "from=2026-03-02&to=2026-03-01",
      "status=parked&from=2026-03-02&to=2026-03-01",
      "user_id=me",
      "status=sold",
      "colour=red",
      "limit=0",
      "limit=201",
      "cursor=x",
      "business_date=2026-02-30",
    ]) {
      expectProblem(await shop.admin.get(`/v1/sales?${query}`), 422, "validation_failed");
    }
  });

  it("shows nobody another store's sales", async () => {
    const other = await openShop();
    const own = await sold(other, { lines: [line] });
    const stranger = await asUser("cashier", [other.store.id], other.store.code);
    expect((await list(stranger, "")).data.map(({ id }) => id)).toEqual([own.id]);
    expectProblem(await stranger.get(`/v1/sales?store_id=${shop.store.id}`), 404, "not_found");
    expectProblem(await stranger.get(`/v1/sales/${sales[0]?.id ?? ""}`), 404, "not_found");
    expectProblem(await stranger.get(`/v1/sales/${uuid()}`), 404, "not_found");
    expect((await list(shop.admin, "")).data.length).toBeGreaterThan(4);
  });

  it("shows who works in several stores those of all of them, and of no other", async () => {
    const [other, third] = [await openShop(), await openShop()];
    const own = await sold(other, { lines: [line], customer_id, sold_at: "2026-03-02T10:00:00Z" });
    await sold(third, { lines: [line], customer_id, sold_at: "2026-03-02T10:00:00Z" });
    const both = await asUser("cashier", [other.store.id, shop.store.id], other.store.code);
    const idsOf = async (query: string) => (await list(both, query)).data.map(({ id }) => id);
    const here = (await list(shop.admin, `store_id=${shop.store.id}`)).data.map(({ id }) => id);
    expect(await idsOf("")).toEqual([...here, own.id]);
    expect(await idsOf("business_date=2026-03-02")).toEqual([sales[1]?.id, sales[2]?.id, own.id]);
    expect(await idsOf("from=2026-03-01&to=2026-03-02")).toEqual([...[0, 1, 2].map((i) => sales[i]?.id), own.id]);
    expect(await idsOf(`customer_id=${customer_id}`)).toEqual([sales[1]?.id, sales[3]?.id, own.id]);
    expect(await idsOf(`invoice_no=${own.invoice_no?.toLowerCase() ?? ""}`)).toEqual([own.id]);
    const pages = [
      await list(both, "limit=3"),
      await list(both, `limit=200&cursor=${(await list(both, "limit=3")).next_cursor ?? ""}`),
    ];
    expect(pages.flatMap(({ data }) => data.map(({ id }) => id))).toEqual([...here, own.id]);
    expectProblem(await both.get(`/v1/sales?store_id=${third.store.id}`), 404, "not_found");
    const aside = { store_id: other.store.id, status: "parked", lines: [line] };
    const parked = await both.post<Sale>("/v1/sales", aside, { "Idempotency-Key": uuid() });
    expectStatus(parked, 201);
    expect(await idsOf("status=parked")).toContain(parked.body.id);
    const nowhere = await asUser("cashier", [third.store.id], third.store.code);
    expect((await list(nowhere, "status=parked")).data).toEqual([]);
    // An admin's number is found without the store it is of.
    const found = await list(shop.admin, `invoice_no=${own.invoice_no ?? ""}`);
    expect(found.data.map(({ id }) => id)).toEqual([own.id]);
  });

  it("and GET /v1/sales/{id} show what has come back of each line", async () => {
    const sale = await readSale(shop, sales[2]?.id ?? "");
    expect(sale).toMatchObject({ status: "partially_refunded", lines: [{ quantity: 2, refunded_quantity: 1 }] });
  });
});
