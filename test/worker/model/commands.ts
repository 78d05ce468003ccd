import { expect } from "vitest";
import { expectStatus } from "../../support/api.ts";
import { giveCredit, payAccount, sellCard, settleSale } from "./online/accounts.ts";
import { bring } from "./offline/bringing.ts";
import { close, moveCash, openShift, passNight } from "./online/drawer.ts";
import { actOffline, loseOrFind } from "./offline/spell.ts";
import { cancelOrder, completeOrder, giveDepositBack, takeDeposit, takeOrder } from "./online/ordering.ts";
import { refund, refundWithout, voidSale } from "./online/refunding.ts";
import { complete, park, sell } from "./online/selling.ts";
import { adjust, patchStale, receive, reprice, stockUp } from "./online/stocking.ts";
import { note, type World } from "./world.ts";

/** The commands of the model test, and how often each comes. Each does one thing to the Worker and to the books. */

export const COMMANDS: Record<string, { weight: number; run: (world: World) => Promise<void> }> = {
  // Only the first.
  "stock up": { weight: 0, run: stockUp },
  sell: { weight: 34, run: sell },
  park: { weight: 4, run: park },
  complete: { weight: 6, run: complete },
  refund: { weight: 16, run: refund },
  "refund without sale": { weight: 3, run: refundWithout },
  void: { weight: 6, run: voidSale },
  "open shift": { weight: 5, run: openShift },
  "close shift": { weight: 5, run: close },
  "pass a night": { weight: 1, run: passNight },
  "move cash": { weight: 6, run: moveCash },
  "sell gift card": { weight: 4, run: sellCard },
  "give credit": { weight: 3, run: giveCredit },
  "pay account": { weight: 4, run: payAccount },
  "settle sale": { weight: 4, run: settleSale },
  "take order": { weight: 3, run: takeOrder },
  "take deposit": { weight: 4, run: takeDeposit },
  "give deposit back": { weight: 1, run: giveDepositBack },
  "cancel order": { weight: 1, run: cancelOrder },
  "complete order": { weight: 3, run: completeOrder },
  receive: { weight: 4, run: receive },
  adjust: { weight: 3, run: adjust },
  reprice: { weight: 2, run: reprice },
  "wrong version": { weight: 1, run: patchStale },
  repeat: { weight: 5, run: repeat },
  "lose or find the connection": { weight: 5, run: loseOrFind },
  "act offline": { weight: 40, run: actOffline },
  "bring what was kept": { weight: 9, run: bring },
};

async function repeat(world: World): Promise<void> {
  const { dice, done } = world;
  if (done.length === 0) return;
  const { path, body, key, by, answer: before } = dice.pick(dice.onceIn(2) ? done : done.slice(-10));
  const answer = await by.client.post(path, body, { "Idempotency-Key": key });
  expectStatus(answer, before.status);
  expect(answer.headers.get("Idempotency-Replayed")).toBe("true");
  expect(answer.body).toEqual(before.body);
  note(world, "repeat");
}
