import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { type Answer, type ProblemBody, uuid } from "../../support/api.ts";
import { balanceOf, even } from "../../support/ledgers.ts";
import { newCustomer, settle, soldOnAccount } from "../payments/credit.ts";
import { openShop, readSale, type Sale } from "../sales/shop.ts";
import { reportOf } from "../shifts/day.ts";

/** `RACE_ROUNDS=100 npx vitest run --project worker test/worker/races` plays a hundred rounds. */
const ROUNDS = Number(env.RACE_ROUNDS) || 5;
const TIMEOUT_MS = 30_000 + ROUNDS * 2000;
const OWED = 1000;
const NOTHING_LEFT = ["409 conflict", "422 validation_failed"];

function outcomeOf({ status, body, headers }: Answer): string {
  if (status >= 400) return `${String(status)} ${(body as ProblemBody).code}`;
  return headers.has("Idempotency-Replayed") ? "told again" : "paid";
}

it(
  "a balance that is paid off at several places at once is paid off once",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop();
    const tally = new Map<string, number>();
    let taken = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const customer = await newCustomer();
      const sale = await soldOnAccount(shop, customer.id, OWED);
      const key = uuid();
      const pay = async (amount: number, own = uuid()): Promise<Answer<Sale>> =>
        settle(shop, sale.id, [{ method: "card", amount }], {}, { key: own });
      // All of it three times, two of them under one key, and parts of it; another goes first in each round.
      const tries = [[OWED, key], [400], [OWED], [600]] as const;
      const turned = [
        ...tries.slice(round % tries.length),
        ...tries.slice(0, round % tries.length),
        [OWED, key],
      ] as const;
      const answers = await Promise.all(turned.map(async ([amount, own]) => pay(amount, own)));

      const outcomes = answers.map(outcomeOf);
      for (const outcome of outcomes) tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
      expect(outcomes).toContain("paid");
      expect(outcomes.filter((one) => !["paid", "told again", ...NOTHING_LEFT].includes(one))).toEqual([]);
      const paid = answers
        .filter((_, i) => outcomes[i] === "paid")
        .reduce((sum, { body }) => sum + (body.payments.at(-1)?.amount ?? 0), 0);
      expect(paid).toBeLessThanOrEqual(OWED);
      expect(await readSale(shop, sale.id)).toMatchObject({ paid_total: paid, balance_due: OWED - paid });
      expect(await balanceOf("account", customer.id)).toEqual(even(OWED - paid));
      taken += paid;
    }
    await annotate([...tally].map(([outcome, times]) => `${outcome}: ${String(times)}`).join("; "));
    const { by_method } = await reportOf(shop);
    expect(by_method).toMatchObject([
      { method: "card", sales: 0, expected: taken },
      { method: "cash", expected: 0 },
      { method: "on_account", sales: ROUNDS * OWED },
    ]);
  },
);
