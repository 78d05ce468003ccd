import { describe, expect, it } from "vitest";
import { createTerminal, openShift, expectStatus } from "../../support/api.ts";
import { openShop, refunded, sell, sold, stockProduct } from "./shop.ts";

const line = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };

/** The numbers of a till from the first to the `count`th. */
function numbersTo(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, i) => prefix + String(i + 1).padStart(6, "0"));
}

describe("the number of a sale", () => {
  it("runs by till, and apart for what is sold without one", async () => {
    const shop = await openShop();
    const { code } = shop.store;
    const second = await createTerminal(shop.store.id, { code: "K2" });
    await openShift(second.id);
    const numbers: (string | null)[] = [];
    for (const terminal_id of [shop.terminal.id, second.id, undefined, shop.terminal.id, undefined]) {
      numbers.push((await sold(shop, { lines: [line], terminal_id })).invoice_no);
    }
    expect(numbers).toEqual([
      `${code}-01-000001`,
      `${code}-K2-000001`,
      `${code}-00-000001`,
      `${code}-01-000002`,
      `${code}-00-000002`,
    ]);
  });

  it("runs on by one however many race, and refusals among them take none", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 20);
    const short = { payments: [{ method: "cash", amount: 1 }] };
    const answers = await Promise.all(
      Array.from({ length: 45 }, async (_, i) =>
        sell(shop, { lines: [{ product_id: product.id, quantity: 1 }], ...(i % 3 === 2 ? short : {}) }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 201);
    // Thirty could pay, for twenty there was stock.
    expect(taken).toHaveLength(20);
    expect(taken.map(({ body }) => String(body.invoice_no)).toSorted()).toEqual(
      numbersTo(20, `${shop.store.code}-01-`),
    );
    expect((await sold(shop, { lines: [line] })).invoice_no).toBe(`${shop.store.code}-01-000021`);
  });

  it("of a refund runs apart from those of sales", async () => {
    const shop = await openShop();
    const { code } = shop.store;
    const sale = await sold(shop, { lines: [{ ...line, quantity: 3 }] });
    const first = await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }]);
    expect([first.refund_no, first.terminal_id]).toEqual([`${code}-00-R000001`, null]);
    const atTill = await shop.admin.post<{ refund_no: string }>(
      `/v1/sales/${sale.id}/refunds`,
      {
        lines: [{ line_no: 1, quantity: 1 }],
        payments: [{ method: "cash", amount: 100 }],
        reason: "Torn",
        terminal_id: shop.terminal.id,
      },
      { "Idempotency-Key": "refund at the till" },
    );
    expectStatus(atTill, 201);
    expect(atTill.body.refund_no).toBe(`${code}-01-R000001`);
    expect((await sold(shop, { lines: [line] })).invoice_no).toBe(`${code}-01-000002`);
  });
});
