import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { readSale, openShop, refund, refunded, sold, stockOf, stockProduct } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";

const PRICE = 99;
const BOUGHT = 5;
/** More than twice what was bought. */
const WANTED = [2, 1, 3, 2, 1, 2, 5, 1];

it(
  "refunds of one line that race take back what was bought, and no more",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: PRICE, tax_rate_ppm: 175_000 }, BOUGHT * ROUNDS);
    const tally = new Tally();
    for (let round = 0; round < ROUNDS; round += 1) {
      const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: BOUGHT }] });
      const { on_hand } = await stockOf(shop.store.id, product.id);
      const answers = await Promise.all(
        WANTED.map(async (quantity) => ({
          quantity,
          answer: await refund(shop, sale.id, {
            lines: [{ line_no: 1, quantity }],
            payments: [{ method: "cash", amount: quantity * PRICE }],
          }),
        })),
      );
      for (const { answer } of answers) tally.add(answer);

      const taken = answers.filter(({ answer }) => isFresh(answer)).reduce((sum, { quantity }) => sum + quantity, 0);
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThanOrEqual(BOUGHT);
      // Who was refused would not fit, even after all the others.
      for (const { quantity, answer } of answers)
        if (!isFresh(answer)) expect(quantity).toBeGreaterThan(BOUGHT - taken);
      expect((await readSale(shop, sale.id)).lines[0]?.refunded_quantity).toBe(taken);
      expect((await stockOf(shop.store.id, product.id)).on_hand).toBe(on_hand + taken);

      if (taken < BOUGHT) await refunded(shop, sale.id, [{ line_no: 1, quantity: BOUGHT - taken }]);
      expect(await returnedOf(sale.id)).toEqual({ total: sale.total, tax_total: sale.tax_total, paid: sale.total });
      expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: on_hand + BOUGHT, moved: on_hand + BOUGHT });
    }
    await annotate(tally.toString());
    expect(tally.outcomes).toEqual(["201", "409 over_refund"]);
  },
);

/** All refunds of a sale together. */
async function returnedOf(saleId: string): Promise<unknown> {
  return env.DB.prepare(
    `SELECT sum(total) AS total, sum(tax_total) AS tax_total,
       (SELECT sum(p.amount) FROM refunds f JOIN refund_payments p ON p.refund_id = f.id WHERE f.sale_id = ?1) AS paid
     FROM refunds WHERE sale_id = ?1 AND sealed = 1`,
  )
    .bind(saleId)
    .first();
}
