import { expect, it } from "vitest";
import { countRows, expectStatus, uuid } from "../../support/api.ts";
import { readSale, type Sale, stockOf, stockProduct } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { openTwoTills, post, reportOf } from "./tills.ts";

const PRICE = 250;

it(
  "two tills that finish one parked sale, each twice, and a third that throws it away: one of them has it",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const { shop, tills } = await openTwoTills();
    const { admin, store } = shop;
    const product = await stockProduct(shop, { unit_price: PRICE }, ROUNDS);
    const tally = new Tally();
    const won = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = [{ product_id: product.id, quantity: 1 }];
      const parked = await post<Sale>(admin, "/v1/sales", { store_id: store.id, status: "parked", lines });
      expectStatus(parked, 201);
      const { id } = parked.body;
      const complete = tills.map(({ terminal }) => {
        const body = { terminal_id: terminal.id, payments: [{ method: "cash", amount: 300 }] };
        const key = uuid();
        return { who: terminal.id, send: async () => post<Sale>(admin, `/v1/sales/${id}/complete`, body, key) };
      });
      const discard = { who: "nobody", send: async () => post<Sale>(admin, `/v1/sales/${id}/void`, {}) };
      const racers = [...complete, ...complete, ...(round % 3 === 0 ? [discard] : [])];
      // Each round begins with another of them.
      const turned = racers.map((_, i) => racers[(i + round) % racers.length] ?? discard);
      const answers = await Promise.all(turned.map(async ({ who, send }) => ({ who, answer: await send() })));
      for (const { answer } of answers) tally.add(answer);

      const winners = answers.filter(({ answer }) => isFresh(answer));
      expect(winners).toHaveLength(1);
      const [{ who, answer } = { who: "", answer: parked }] = winners;
      won.set(who, (won.get(who) ?? 0) + 1);
      for (const one of answers.filter((other) => other.who === who)) expect(one.answer.body).toEqual(answer.body);
      for (const one of answers.filter((other) => other.who !== who)) expect(one.answer.status).toBe(409);
      expect(await readSale(shop, id)).toEqual(answer.body);
      const sold = who === "nobody" ? 0 : 1;
      expect(await countRows(`sales WHERE id = '${id}'`)).toBe(sold);
      expect(await countRows(`sale_payments WHERE sale_id = '${id}'`)).toBe(sold);
    }
    await annotate(tally.toString());
    expect(tally.outcomes).toEqual(["200", "200 replayed", "409 already_resumed"]);

    const done = ROUNDS - (won.get("nobody") ?? 0);
    expect(await stockOf(store.id, product.id)).toEqual({ on_hand: ROUNDS - done, moved: ROUNDS - done });
    for (const { terminal, shift } of tills) {
      const { sales_count, gross, cash } = await reportOf(shop, shift.id);
      const count = won.get(terminal.id) ?? 0;
      expect(count).toBeGreaterThan(0);
      expect({ sales_count, gross, expected: cash.expected }).toEqual({
        sales_count: count,
        gross: count * PRICE,
        expected: count * PRICE,
      });
    }
  },
);
