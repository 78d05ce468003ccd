import { expect, it } from "vitest";
import { asUser, countRows } from "../../support/api.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { openShop } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { goods, post } from "./tills.ts";

const TRIES = 5;

it(
  "one approval that is used at many places at once is good for one of them",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop();
    const { store, terminal } = shop;
    const [cashier, manager] = [await asUser("cashier", [store.id], store.code), await createManager(store.id)];
    const tally = new Tally();
    const body = {
      store_id: store.id,
      terminal_id: terminal.id,
      lines: [goods(100)],
      payments: [{ method: "cash", amount: 100 }],
      reason: "No receipt",
    };
    const discounted = {
      ...body,
      reason: undefined,
      discount: { ppm: 500_000 },
      payments: [{ method: "cash", amount: 50 }],
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const [path, request, action] =
        round % 2 === 0
          ? (["/v1/refunds", body, "refund_unlinked"] as const)
          : (["/v1/sales", discounted, "discount"] as const);
      const token = await approved(cashier, manager, { action });
      const [kept, spent] = [await countRows("idempotency_keys"), await countRows("spent_approvals")];
      const answers = await Promise.all(
        Array.from({ length: TRIES }, async () => post(cashier, path, request, undefined, token)),
      );
      for (const answer of answers) tally.add(answer);
      expect(answers.filter(isFresh)).toHaveLength(1);
      expect(await countRows("idempotency_keys")).toBe(kept + 1);
      expect(await countRows("spent_approvals")).toBe(spent + 1);
    }
    await annotate(tally.toString());
    expect(tally.outcomes).toEqual(["201", "403 approval_required"]);
  },
);
