import type { Random } from "../../support/random.ts";
import type { Method } from "../wire.ts";
import type { PlannedTender } from "./actions.ts";

/** How customers pay, by chance: one way or several, in cash often with a note above what is due. */

const LAST: readonly Method[] = ["cash", "cash", "cash", "card", "card", "mobile_wallet", "bank_transfer"];
const BEFORE: readonly Method[] = ["card", "mobile_wallet", "bank_transfer"];
const SHARES = [100_000, 250_000, 333_333, 500_000];

export function drawTenders(random: Random): PlannedTender[] {
  const tenders: PlannedTender[] = [];
  for (let chance = 0.2; random.chance(chance); chance /= 3) {
    const method = random.pick(BEFORE) ?? "card";
    tenders.push({ method, share_ppm: random.pick(SHARES) ?? 0, note: false, source: null });
  }
  return [...tenders, drawLast(random)];
}

export function drawLast(random: Random): PlannedTender {
  const method = random.pick(LAST) ?? "cash";
  return { method, share_ppm: 0, note: method === "cash" && random.chance(0.6), source: null };
}

/** Of what gives no drawer anything to do. */
export function byCard(): PlannedTender[] {
  return [{ method: "card", share_ppm: 0, note: false, source: null }];
}
