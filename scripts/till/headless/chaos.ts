import type { Random } from "../../support/random.ts";
import type { Courier } from "../delivery.ts";
import type { Command, NumberedCommand, Outbox } from "../outbox.ts";

/** A line that loses order: what may be swapped is swapped, batches come twice, and a sale comes after its shift. */

const MOST_IN_HAND = 120;
const MOST_IN_BATCH = 50;

/** Marks the key of a sale that is held back until its shift has been closed. */
export const HELD = ":held";

export function chaoticCourier(random: Random): Courier {
  return async (send, outbox, report) => {
    for (;;) {
      const hand = outbox.nextBatch(MOST_IN_HAND).filter((command) => !isHeld(command, outbox));
      if (hand.length === 0) return;
      for (const batch of cutBatches(random, hand)) {
        report.stopped = await send(batch);
        if (report.stopped !== null) return;
        if (!random.chance(0.3)) continue;
        // Half heard, it is thought, and so sent again; what has been settled is replayed.
        report.stopped = await send(batch);
        if (report.stopped !== null) return;
      }
    }
  };
}

/** As long as the close of its shift waits, the sale is on its way. */
function isHeld({ idempotency_key }: Command, outbox: Outbox): boolean {
  if (!idempotency_key.endsWith(HELD)) return false;
  return outbox.waiting().some(({ type }) => type === "shift_close");
}

/** Sales and movements of cash that follow one another may come in any order, and some of them twice in one batch. */
function cutBatches(random: Random, hand: readonly NumberedCommand[]): NumberedCommand[][] {
  const batches: NumberedCommand[][] = [];
  let run: NumberedCommand[] = [];
  const close = () => {
    const shuffled = shuffle(random, run);
    for (let start = 0; start < shuffled.length; start += MOST_IN_BATCH - 1) {
      const batch = shuffled.slice(start, start + MOST_IN_BATCH - 1);
      const twice = random.chance(0.3) ? random.pick(batch) : undefined;
      batches.push(twice ? [...batch, twice] : batch);
    }
    run = [];
  };
  for (const command of hand) {
    if (isFree(command)) {
      run.push(command);
      continue;
    }
    close();
    batches.push([command]);
  }
  close();
  return batches;
}

function isFree({ type, body }: NumberedCommand): boolean {
  return type === "cash_movement" || (type === "sale" && body["status"] !== "parked");
}

function shuffle<T>(random: Random, list: readonly T[]): T[] {
  const shuffled = [...list];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [one, two] = [shuffled[at], shuffled[other]];
    if (one !== undefined && two !== undefined) [shuffled[at], shuffled[other]] = [two, one];
  }
  return shuffled;
}
