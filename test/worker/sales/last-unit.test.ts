import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { expectProblem, uuid } from "../../support/api.ts";
import { openShop, sell, stockOf, stockProduct } from "./shop.ts";

const STOCK = 50;
const KEYS = 150;

it("the last unit is sold once: 300 sales over 150 keys, each sent twice, for a stock of 50", async () => {
  const shop = await openShop();
  const product = await stockProduct(shop, {}, STOCK);
  const keys = Array.from({ length: KEYS }, () => uuid());
  const request = { lines: [{ product_id: product.id, quantity: 1 }], payments: [{ method: "card", amount: 100 }] };
  const answers = await Promise.all(
    [...keys, ...keys].map(async (key) => ({ key, answer: await sell(shop, request, { key }) })),
  );

  const sales = answers.filter(({ answer }) => answer.status === 201);
  const fresh = sales.filter(({ answer }) => !answer.headers.has("Idempotency-Replayed"));
  expect(fresh).toHaveLength(STOCK);
  // Each key that was sold got one answer twice: one of the two was a replay.
  const sold = new Map(fresh.map(({ key, answer }) => [key, answer.body]));
  expect(sold.size).toBe(STOCK);
  expect(sales).toHaveLength(2 * STOCK);
  for (const { key, answer } of sales) expect(answer.body).toEqual(sold.get(key));
  const refused = answers.filter(({ answer }) => answer.status !== 201);
  expect(refused).toHaveLength(2 * (KEYS - STOCK));
  for (const { key, answer } of refused) {
    expectProblem(answer, 409, "insufficient_stock");
    expect(sold.has(key)).toBe(false);
  }

  expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 0, moved: 0 });
  const books = await env.DB.prepare(
    `SELECT
       (SELECT count(*) FROM sales WHERE store_id = ?1 AND status = 'completed') AS sales,
       (SELECT count(*) FROM stock_movements WHERE product_id = ?2 AND reason = 'sale') AS movements,
       (SELECT min(on_hand_after) FROM stock_movements WHERE product_id = ?2) AS lowest,
       (SELECT count(*) FROM idempotency_keys WHERE store_id = ?1 AND operation = 'sale.create') AS keys,
       (SELECT last FROM number_sequences WHERE store_id = ?1 AND kind = 'sale') AS last_number`,
  )
    .bind(shop.store.id, product.id)
    .first();
  expect(books).toEqual({ sales: STOCK, movements: STOCK, lowest: 0, keys: STOCK, last_number: STOCK });
});
