import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Basket, type Item, leftToPay, priceSale, settle, wireLines } from "../../../scripts/till/basket.ts";
import { checkDigit } from "../../../src/core/barcode.ts";
import { priceBasket } from "../../../src/modules/sales/pricing.ts";
import { price } from "../../worker/model/arithmetic.ts";
import { product, STORE } from "./shop.ts";

const coded = (item: string, value: number) => {
  const body = item + String(value).padStart(5, "0");
  return body + String(checkDigit(body));
};

const thing = product({ sku: "A", name: "Thing", unit_price: 250, max_per_sale: 5 });
const apples = product({
  sku: "APPLES",
  barcodes: [coded("2112345", 0)],
  unit: "g",
  unit_price: 199,
  price_quantity: 1000,
});
const cake = product({ sku: "CAKE", barcodes: [coded("2512345", 0)], unit_price: 300, discount_ppm: 100_000 });

const item = (fields: Partial<Item>): Item => ({
  product: thing,
  barcode: null,
  matched_whole: true,
  quantity: 1,
  ...fields,
});
const printed = (of: typeof apples, barcode: string): Item =>
  item({ product: of, barcode, matched_whole: false, quantity: null });

describe("a basket at the till", () => {
  it("takes weights and prices that are printed in codes", () => {
    const { totals, lines } = priceSale(STORE, {
      items: [printed(apples, coded("2112345", 345)), printed(cake, coded("2512345", 499))],
    });
    expect(lines.map(({ quantity, subtotal, total }) => [quantity, subtotal, total])).toEqual([
      [345, 69, 69],
      [1, 499, 499],
    ]);
    expect(totals.total).toBe(568);
    expect(wireLines({ items: [printed(apples, coded("2112345", 345))] })).toEqual([
      { barcode: coded("2112345", 345), unit_price: 199 },
    ]);
  });

  it("names what it charges, so that another price is noticed", () => {
    const override = { unit_price: 100, reason: "dented" };
    expect(wireLines({ items: [item({ quantity: 2 }), item({ override, note: "n" })] })).toEqual([
      { sku: "A", quantity: 2, unit_price: 250 },
      { sku: "A", quantity: 1, override, note: "n" },
    ]);
  });

  it("tells what is more than a cashier may give", () => {
    const generous: Basket = {
      items: [item({ discount: { ppm: 100_000 } }), item({ override: { unit_price: 200, reason: "old" } })],
      discount: { ppm: 50_000 },
    };
    expect(priceSale(STORE, generous)).toMatchObject({ greatest_discount_ppm: 145_000, overridden: 50 });
    expect(priceSale(STORE, { items: [item({})] })).toMatchObject({ greatest_discount_ppm: 0, overridden: null });
  });

  it("refuses what the API would refuse, in the cashier's words", () => {
    expect(() => priceSale(STORE, { items: [item({ quantity: 3 }), item({ quantity: 3 })] })).toThrow(
      "at most 5 of Thing",
    );
    expect(() => priceSale(STORE, { items: [item({ discount: { amount: 251 } })] })).toThrow(
      "Line 1: the discount is more",
    );
    expect(() => priceSale(STORE, { items: [item({})], discount: { amount: 251 } })).toThrow("more than the basket");
    const both = item({ product: apples, barcode: coded("2112345", 345), matched_whole: false, quantity: 3 });
    expect(() => priceSale(STORE, { items: [both] })).toThrow("must be left out");
  });

  it("rounds what is left to pay in cash, and nothing else", () => {
    const coins = { ...STORE, cash_rounding: 5 };
    expect(leftToPay(coins, 1003, [])).toEqual({ due: 1003, in_cash: 1005 });
    expect(leftToPay(coins, 1003, [{ method: "card", amount: 1000 }])).toEqual({ due: 3, in_cash: 5 });
    expect(leftToPay(coins, 1002, [{ method: "cash", amount: 1000 }])).toEqual({ due: 0, in_cash: 0 });
    expect(leftToPay(coins, 2, [{ method: "cash", amount: 0 }])).toEqual({ due: 0, in_cash: 0 });
    expect(settle(coins, 2, [{ method: "cash", amount: 0 }])).toMatchObject({ total: 0, paid_total: 0 });
    expect(settle(coins, 1003, [{ method: "cash", amount: 2000 }])).toMatchObject({ total: 1005, change_due: 995 });
  });

  it("comes to what the edge's engine and the second arithmetic say", () => {
    const amount = fc.integer({ min: 0, max: 100_000 });
    const line = fc.record({
      unit_price: amount,
      price_quantity: fc.constantFrom(1, 100, 1000),
      quantity: fc.integer({ min: 1, max: 5000 }),
      tax_rate_ppm: fc.constantFrom(0, 50_000, 88_750, 200_000),
      discount_ppm: fc.constantFrom(0, 33_333, 500_000),
      own: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
    });
    const rules = fc.record({
      tax_mode: fc.constantFrom("inclusive" as const, "exclusive" as const),
      mode: fc.constantFrom("half_up" as const, "half_even" as const),
      scope: fc.constantFrom("line" as const, "invoice" as const),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        rules,
        fc.integer({ min: 0, max: 1_000_000 }),
        (lines, by, order) => {
          const store = { ...STORE, tax_mode: by.tax_mode, rounding: { mode: by.mode, scope: by.scope } };
          const items = lines.map(({ own, quantity, ...fields }) =>
            item({
              product: product({ ...fields, unit: "g" }),
              quantity,
              ...(own !== undefined && { discount: { ppm: own } }),
            }),
          );
          const { totals } = priceSale(store, { items, discount: { ppm: order } });
          const asked = lines.map(({ own, ...one }) => ({
            ...one,
            discount: own === undefined ? undefined : { ppm: own },
          }));
          expect(totals).toEqual(priceBasket(store, asked, { ppm: order }));
          const second = price(
            { ...by, cash_rounding: 1 },
            asked.map((one) => ({ ...one, own_discount_ppm: one.discount_ppm })),
            { ppm: order },
          );
          expect(
            totals.lines.map(({ subtotal, discount_total, tax_total, total }) => ({
              subtotal,
              discount_total,
              tax_total,
              total,
            })),
          ).toEqual(second);
        },
      ),
    );
  });
});
