import { expect, it } from "vitest";
import { uuid } from "../../support/api.ts";
import { newCustomer, settle, soldOnAccount } from "../payments/credit.ts";
import { openShop, readSale } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { balanceOf, reportOf } from "./tills.ts";

const OWED = 1000;

it(
  "a balance that is paid off at several places at once is paid off once",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop();
    const tally = new Tally();
    for (let round = 0; round < ROUNDS; round += 1) {
      const customer = await newCustomer();
      const sale = await soldOnAccount(shop, customer.id, OWED);
      const key = uuid();
      const pay = async (amount: number, own = uuid()) =>
        settle(shop, sale.id, [{ method: "card", amount }], {}, { key: own });
      // All of it three times, two of them under one key, and parts of it; another goes first in each round.
      const tries = [async () => pay(OWED, key), async () => pay(400), async () => pay(OWED), async () => pay(600)];
      const turned = tries.map((_, i) => tries[(i + round) % tries.length] ?? (async () => pay(OWED, key)));
      const answers = await Promise.all([...turned, async () => pay(OWED, key)].map(async (attempt) => attempt()));
      for (const answer of answers) tally.add(answer);

      const paid = answers.filter(isFresh).reduce((sum, { body }) => sum + (body.payments.at(-1)?.amount ?? 0), 0);
      expect(paid).toBeGreaterThan(0);
      expect(paid).toBeLessThanOrEqual(OWED);
      const left = OWED - paid;
      expect(await readSale(shop, sale.id)).toMatchObject({ paid_total: paid, balance_due: left });
      expect(await balanceOf("account", customer.id)).toEqual({ balance: left, ledger: left });
    }
    await annotate(tally.toString());
    for (const outcome of tally.outcomes) {
      expect(["201", "201 replayed", "409 conflict", "422 validation_failed"]).toContain(outcome);
    }
    const { by_method } = await reportOf(shop, shop.shift.id);
    const card = by_method.find(({ method }) => method === "card");
    const account = by_method.find(({ method }) => method === "on_account");
    expect(account?.sales).toBe(ROUNDS * OWED);
    expect(card?.expected).toBeGreaterThan(0);
  },
);
