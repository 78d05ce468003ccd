import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asUser,
  type Client,
  createProduct,
  expectProblem,
  expectStatus,
  type ProductBody,
  receiveStock,
  uuid,
} from "../../support/api.ts";
import {
  changeUnseen,
  everyRow,
  openShop,
  type Payment,
  type Quote,
  type SaleRequest,
  sell,
  type Shop,
  stockProduct,
} from "./shop.ts";

async function quote(shop: Shop, request: Record<string, unknown>, by: Client = shop.admin) {
  return by.post<Quote>("/v1/sales/quote", { store_id: shop.store.id, ...request });
}

/** Products of every kind: rates, own discounts, weights, prices so low that rounding matters. */
const KINDS = [
  { unit_price: 1, tax_rate_ppm: 200_000 },
  { unit_price: 199, tax_rate_ppm: 50_000, discount_ppm: 125_000 },
  { unit_price: 1249, tax_rate_ppm: 200_000 },
  { unit_price: 1590, price_quantity: 1000, unit: "g", tax_rate_ppm: 88_750 },
  { unit_price: 0 },
];

const discount = fc.option(
  fc.oneof(
    fc.record({ ppm: fc.integer({ min: 0, max: 1_000_000 }) }),
    fc.record({ amount: fc.integer({ min: 0, max: 300 }) }),
  ),
  { nil: undefined },
);
const amounts = { quantity: fc.integer({ min: 1, max: 40 }), discount };
const line = fc.oneof(
  fc.record({ kind: fc.nat(KINDS.length - 1), ...amounts }),
  fc.record({
    custom: fc.record({
      name: fc.constant("Goods"),
      unit_price: fc.integer({ min: 0, max: 100_000 }),
      tax_rate_ppm: fc.constantFrom(0, 50_000, 200_000, 1_000_000),
    }),
    ...amounts,
  }),
);
const basket = fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 6 }), discount });

type Basket = typeof basket extends fc.Arbitrary<infer T> ? T : never;

/** The basket as a request of this shop, which sells `products`. */
function requestOf({ lines, discount: order }: Basket, products: ProductBody[]): SaleRequest {
  return {
    lines: lines.map((one) => {
      const { discount: given, quantity } = one;
      const goods = "kind" in one ? { sku: products[one.kind]?.sku } : { custom: one.custom };
      return { ...goods, quantity, ...(given ? { discount: given } : {}) };
    }),
    ...(order ? { discount: order } : {}),
  };
}

describe("POST /v1/sales/quote", () => {
  it("comes to what the sale of the same basket comes to, and refuses what the sale refuses", async () => {
    const products = await Promise.all(KINDS.map(createProduct));
    const shops = await Promise.all(
      [
        { tax_mode: "inclusive", rounding: { mode: "half_up", scope: "line" } },
        { tax_mode: "exclusive", rounding: { mode: "half_even", scope: "line" }, cash_rounding: 5 },
        { tax_mode: "inclusive", rounding: { mode: "half_even", scope: "invoice" }, cash_rounding: 10 },
        { tax_mode: "exclusive", rounding: { mode: "half_up", scope: "invoice" } },
      ].map(openShop),
    );
    for (const { store } of shops) {
      await receiveStock(
        store.id,
        products.map(({ id }) => ({ product_id: id, quantity: 1_000_000 })),
      );
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...shops), basket, fc.boolean(), async (shop, chosen, inCash) => {
        const request = requestOf(chosen, products);
        const first = await quote(shop, request);
        if (first.status !== 200) {
          const refused = await sell(shop, request);
          expect([refused.status, refused.body]).toMatchObject([
            first.status,
            { code: (first.body as unknown as { code: string }).code },
          ]);
          return;
        }
        const payments = paymentsOf(first.body.total, inCash);
        const told = await quote(shop, { ...request, payments });
        expectStatus(told, 200);
        const answer = await sell(shop, { ...request, payments, total: told.body.total });
        expectStatus(answer, 201);
        const { approvals_needed, ...shown } = told.body;
        expect(approvals_needed).toEqual([]);
        expect(answer.body).toMatchObject({
          ...shown,
          lines: told.body.lines.map((quoted) => expect.objectContaining(quoted) as unknown),
        });
        expectSums(told.body);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps nothing", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const before = await everyRow();
    const answer = await quote(shop, {
      terminal_id: shop.terminal.id,
      lines: [{ product_id: product.id, quantity: 2 }],
    });
    expect(answer.body).toMatchObject({ store_id: shop.store.id, currency: "GBP", total: 200, rounding_adjustment: 0 });
    expect(await everyRow()).toEqual(before);
  });

  it("is of the price in force, whatever this isolate remembers", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 100 });
    const request = { lines: [{ product_id: product.id, quantity: 1, unit_price: 110 }] };
    expect(expectProblem(await quote(shop, request), 409, "price_changed").errors).toMatchObject([{ current: 100 }]);
    await changeUnseen(product.id, "unit_price = 110");
    expect((await quote(shop, request)).body).toMatchObject({ total: 110 });
  });

  it("prices what needs a manager, and says what to ask for", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const goods = { product_id: product.id, quantity: 2 };
    const ask = async (request: Record<string, unknown>, by: Client = cashier) =>
      (await quote(shop, { lines: [goods], ...request }, by)).body;
    expect(await ask({})).toMatchObject({ total: 200, approvals_needed: [] });
    expect(await ask({ discount: { ppm: 100_000 } })).toMatchObject({ total: 180, approvals_needed: [] });
    const discounted = { discount: { ppm: 100_001 } };
    const asked = { action: "discount", limit: 100_001 };
    expect(await ask(discounted)).toMatchObject({ total: 180, approvals_needed: [asked] });
    const both = { ...discounted, lines: [{ ...goods, override: { unit_price: 40, reason: "x" } }] };
    expect(await ask(both)).toMatchObject({ total: 72, approvals_needed: [{ action: "price", limit: 120 }, asked] });
    expect(await ask(both, shop.admin)).toMatchObject({ total: 72, approvals_needed: [] });
    // It is what the sale itself asks for.
    const refused = expectProblem(await sell(shop, both, { by: cashier }), 403, "approval_required");
    expect(refused).toMatchObject({ approvals_needed: (await ask(both)).approvals_needed });
  });

  it("refuses what a sale would", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const product = await stockProduct(shop, { max_per_sale: 2 });
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const goods = { product_id: product.id, quantity: 1 };
    const ask = async (request: Record<string, unknown>) => quote(shop, { lines: [goods], ...request }, cashier);
    expectProblem(await ask({ lines: [{ ...goods, quantity: 3 }] }), 409, "limit_per_sale_exceeded");
    expect(expectProblem(await ask({ total: 99 }), 409, "total_mismatch")).toMatchObject({ expected_total: 100 });
    expectProblem(await ask({ payments: [{ method: "cash", amount: 99 }] }), 409, "payment_short");
    expectProblem(await ask({ lines: [{ ...goods, product_id: uuid() }] }), 422, "validation_failed");
    expectProblem(await ask({ terminal_id: other.terminal.id }), 404, "not_found");
    expectProblem(await ask({ store_id: other.store.id }), 404, "not_found");
  });
});

function paymentsOf(total: number, inCash: boolean): Payment[] {
  if (total === 0) return [];
  return [inCash ? { method: "cash", amount: total + 1000 } : { method: "card", amount: total }];
}

/** The parts of a basket sum to its totals. */
function expectSums({ lines, tax_mode, ...totals }: Quote): void {
  const sum = (name: "subtotal" | "discount_total" | "tax_total" | "total") =>
    lines.reduce((total, one) => total + one[name], 0);
  const { subtotal, discount_total, tax_total, rounding_adjustment, total } = totals;
  expect([sum("subtotal"), sum("discount_total"), sum("tax_total")]).toEqual([subtotal, discount_total, tax_total]);
  expect(sum("total") + rounding_adjustment).toBe(total);
  const tax = tax_mode === "exclusive" ? tax_total : 0;
  expect(total).toBe(subtotal - discount_total + tax + rounding_adjustment);
}
