import { roundToMultiple } from "regal-pos/pricing";
import { Failure } from "../../support/failure.ts";
import type { Rules } from "../basket.ts";
import type { Tender } from "../wire.ts";
import type { PlannedTender } from "./actions.ts";

/** What a planned way of paying comes to for a total. */

const PPM = 1_000_000;
const NOTES = [500, 1000, 2000, 5000];

/** What a ledger tender has to give, and the code it is named by. */
export type Source = { amount: number; reference?: string };

export function tendersOf(
  rules: Rules,
  total: number,
  planned: readonly PlannedTender[],
  sourceOf: (tender: PlannedTender) => Source | null,
): Tender[] {
  const tenders: Tender[] = [];
  let left = total;
  for (const [index, one] of planned.entries()) {
    const isLast = index === planned.length - 1;
    const source = sourceOf(one);
    const amount = isLast ? left : Math.min(left, source?.amount ?? Math.floor((total * one.share_ppm) / PPM));
    if (amount <= 0) continue;
    left -= amount;
    if (one.method === "cash") tenders.push(cash(rules, amount, one.note));
    else tenders.push({ method: one.method, amount, ...detailsOf(one, source) });
  }
  return tenders;
}

/** In the coins there are; with a note, the smallest that covers it, so that change goes back. */
function cash({ cash_rounding, rounding }: Rules, amount: number, note: boolean): Tender {
  const inCoins = roundToMultiple(amount, cash_rounding, rounding.mode);
  if (!note) return { method: "cash", amount: inCoins };
  const largest = NOTES.at(-1) ?? 1;
  const whole = Math.floor(inCoins / largest) * largest;
  const smallest = NOTES.find((value) => value >= inCoins - whole);
  if (smallest === undefined) throw new Failure("The rest is below the largest note.");
  return { method: "cash", amount: inCoins === whole ? whole : whole + smallest };
}

function detailsOf({ method }: PlannedTender, source: Source | null): Partial<Tender> {
  if (source?.reference !== undefined) return { reference: source.reference };
  return method === "card" ? { card_last4: "4242", reference: "terminal receipt" } : {};
}
