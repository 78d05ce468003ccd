import { expect, it } from "vitest";
import { uuid } from "../../support/api.ts";
import { balanceOf, even } from "../../support/ledgers.ts";
import { newCustomer, settle, soldOnAccount } from "../payments/credit.ts";
import { openShop, readSale } from "../sales/shop.ts";
import { reportOf } from "../shifts/day.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";

const OWED = 1000;

it(
  "a balance that is paid off at several places at once is paid off once",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop();
    const tally = new Tally();
    let taken = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const customer = await newCustomer();
      const sale = await soldOnAccount(shop, customer.id, OWED);
      const key = uuid();
      const pay = async (amount: number, own = uuid()) =>
        settle(shop, sale.id, [{ method: "card", amount }], {}, { key: own });
      // All of it three times, two of them under one key, and parts of it; another goes first in each round.
      const tries = [[OWED, key], [400], [OWED], [600]] as const;
      const turned = [
        ...tries.slice(round % tries.length),
        ...tries.slice(0, round % tries.length),
        [OWED, key],
      ] as const;
      const answers = await Promise.all(turned.map(async ([amount, own]) => pay(amount, own)));
      for (const answer of answers) tally.add(answer);

      const paid = answers.filter(isFresh).reduce((sum, { body }) => sum + (body.payments.at(-1)?.amount ?? 0), 0);
      expect(paid).toBeGreaterThan(0);
      expect(paid).toBeLessThanOrEqual(OWED);
      taken += paid;
      const left = OWED - paid;
      expect(await readSale(shop, sale.id)).toMatchObject({ paid_total: paid, balance_due: left });
      expect(await balanceOf("account", customer.id)).toEqual(even(left));
    }
    await annotate(tally.toString());
    for (const outcome of tally.outcomes) {
      expect(["201", "201 replayed", "409 conflict", "422 validation_failed"]).toContain(outcome);
    }
    const { by_method } = await reportOf(shop);
    expect(by_method).toMatchObject([
      { method: "card", sales: 0, expected: taken },
      { method: "cash", expected: 0 },
      { method: "on_account", sales: ROUNDS * OWED },
    ]);
  },
);
