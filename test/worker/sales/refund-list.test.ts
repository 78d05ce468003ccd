import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, asUser, type Client, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { openShop, PLENTY, type Refund, refund, refunded, type Sale, type Shop, sold } from "./shop.ts";

const LINE = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 3 };

type Page = { data: Omit<Refund, "lines" | "payments">[]; next_cursor: string | null };

async function list(client: Client, query: string): Promise<Page> {
  const answer: Answer<Page> = await client.get(`/v1/refunds?${query}`);
  expectStatus(answer, 200);
  return answer.body;
}

let shop: Shop;
let [first, second]: Sale[] = [];
let refunds: Refund[];

beforeAll(async () => {
  shop = await openShop();
  [first, second] = [
    await sold(shop, { lines: [LINE], sold_at: "2026-03-01T10:00:00Z" }),
    await sold(shop, { lines: [LINE] }),
  ];
  const piece = [{ line_no: 1, quantity: 1 }];
  const cash = [{ method: "cash", amount: 100 }];
  const asked = { lines: piece, payments: cash, terminal_id: shop.terminal.id, refunded_at: "2026-03-02T10:00:00Z" };
  const unlinked = await shop.admin.post<Refund>(
    "/v1/refunds",
    { store_id: shop.store.id, lines: [LINE], payments: [{ method: "cash", amount: 300 }], reason: "No bill" },
    { "Idempotency-Key": uuid() },
  );
  expectStatus(unlinked, 201);
  const earlier = await refund(shop, first?.id ?? "", asked);
  expectStatus(earlier, 201);
  refunds = [unlinked.body, earlier.body, await refunded(shop, second?.id ?? "", piece)];
  refunds.push(await refunded(shop, first?.id ?? "", piece));
});

describe("GET /v1/refunds", () => {
  it("shows a store's refunds in the order they came, without lines and payments", async () => {
    const { data, next_cursor } = await list(shop.admin, `store_id=${shop.store.id}`);
    expect(next_cursor).toBeNull();
    expect(data).toEqual(refunds.map(({ lines: _lines, payments: _payments, ...header }) => header));
  });

  it.each<[string, () => string, number[]]>([
    ["sale", () => `sale_id=${first?.id ?? ""}`, [1, 3]],
    ["day", () => "business_date=2026-03-02", [1]],
    ["shift", () => `shift_id=${shop.shift.id}`, [1]],
    ["sale and day", () => `sale_id=${second?.id ?? ""}&business_date=2026-03-02`, []],
    ["number", () => `refund_no=${refunds[2]?.refund_no ?? ""}`, [2]],
    ["number in small letters", () => `refund_no=${refunds[2]?.refund_no.toLowerCase() ?? ""}`, [2]],
    ["number of none", () => "refund_no=X-01-R000009", []],
  ])("finds them by %s", async (_, query, expected) => {
    const { data } = await list(shop.admin, `store_id=${shop.store.id}&${query()}`);
    expect(data.map(({ id }) => id)).toEqual(expected.map((place) => refunds[place]?.id));
  });

  it("pages through them", async () => {
    const page = await list(shop.admin, `store_id=${shop.store.id}&limit=3`);
    const rest = await list(shop.admin, `store_id=${shop.store.id}&limit=3&cursor=${page.next_cursor ?? ""}`);
    expect([...page.data, ...rest.data].map(({ id }) => id)).toEqual(refunds.map(({ id }) => id));
    expect(rest.next_cursor).toBeNull();
  });

  it("shows nobody another store's", async () => {
    const other = await openShop();
    const cashier = await asUser("cashier", [other.store.id], other.store.code);
    const { id } = await sold(other, { lines: [LINE], payments: PLENTY });
    const own = await refunded(other, id, [{ line_no: 1, quantity: 1 }]);
    expect((await list(cashier, "")).data.map((one) => one.id)).toEqual([own.id]);
    expect((await list(cashier, `sale_id=${first?.id ?? ""}`)).data).toEqual([]);
    expectProblem(await cashier.get(`/v1/refunds?store_id=${shop.store.id}`), 404, "not_found");
    expect((await list(shop.admin, "")).data.length).toBeGreaterThan(refunds.length);
    const third = await openShop();
    await refunded(third, (await sold(third, { lines: [LINE] })).id, [{ line_no: 1, quantity: 1 }]);
    const both = await asUser("cashier", [other.store.id, shop.store.id], other.store.code);
    const all = [...refunds.map((one) => one.id), own.id];
    expect((await list(both, "")).data.map((one) => one.id)).toEqual(all);
    const numbered = await list(both, `refund_no=${own.refund_no}`);
    expect(numbered.data.map((one) => one.id)).toEqual([own.id]);
    expectProblem(await both.get(`/v1/refunds?store_id=${third.store.id}`), 404, "not_found");
  });

  it.each(["status=sealed", "sale_id=7", "business_date=2026-02-30", "limit=201", "cursor=x"])(
    "refuses ?%s",
    async (query) => {
      expectProblem(await shop.admin.get(`/v1/refunds?${query}`), 422, "validation_failed");
    },
  );
});
