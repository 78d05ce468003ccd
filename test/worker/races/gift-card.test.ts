import { expect, it } from "vitest";
import { expectStatus } from "../../support/api.ts";
import { refund, type Sale } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { balanceOf, goods, openTwoTills, post, reportOf } from "./tills.ts";

const WORTH = 1000;
const PRICE = 300;
const TRIES = 6;

it("one gift card at two tills buys what it is worth, and no more", { timeout: TIMEOUT_MS }, async ({ annotate }) => {
  const { shop, tills } = await openTwoTills();
  const { admin, store } = shop;
  const tally = new Tally();
  let sales = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const card = await post<{ id: string; code: string }>(admin, "/v1/gift-cards", {
      store_id: store.id,
      amount: WORTH,
      payments: [{ method: "card", amount: WORTH }],
    });
    expectStatus(card, 201);
    const { id, code } = card.body;
    const answers = await Promise.all(
      Array.from({ length: TRIES }, async (_, i) =>
        post<Sale>(admin, "/v1/sales", {
          store_id: store.id,
          terminal_id: tills[i % 2]?.terminal.id,
          lines: [goods(PRICE)],
          payments: [{ method: "gift_card", amount: PRICE, reference: code }],
        }),
      ),
    );
    for (const answer of answers) tally.add(answer);
    const bought = answers.filter(isFresh);
    expect(bought).toHaveLength(Math.floor(WORTH / PRICE));
    const left = WORTH % PRICE;
    expect(await balanceOf("gift_card", id)).toEqual({ balance: left, ledger: left });
    sales += bought.length;

    // All of it comes back at once, from each of the sales twice.
    const back = {
      lines: [{ line_no: 1, quantity: 1 }],
      payments: [{ method: "gift_card", amount: PRICE, reference: code }],
    };
    const returns = await Promise.all([...bought, ...bought].map(async ({ body }) => refund(shop, body.id, back)));
    for (const answer of returns) tally.add(answer);
    expect(returns.filter(isFresh)).toHaveLength(bought.length);
    expect(await balanceOf("gift_card", id)).toEqual({ balance: WORTH, ledger: WORTH });
  }
  await annotate(tally.toString());
  expect(tally.outcomes).toEqual(["201", "409 insufficient_balance", "409 over_refund"]);
  const reports = await Promise.all(tills.map(async ({ shift }) => reportOf(shop, shift.id)));
  expect(reports.reduce((sum, { gross }) => sum + gross, 0)).toBe(sales * PRICE);
});
