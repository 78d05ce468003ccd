import type { Context } from "../../context.ts";
import { CLOCK_SKEW_MS } from "../../core/clock.ts";
import { type Draft, type KeptAs, type SoldBasket } from "../sales/index.ts";
import type { NumberedCommand } from "./commands.ts";
import type { Candidate, NewException, NewGap } from "./queries.ts";
import type { ExceptionType } from "./schemas.ts";
import type { NumberKind, Till, TillDrawer } from "./till.ts";

/** What of a command someone will have to look at. It is kept all the same. */
export interface Findings {
  /** Its number in the till's sequence belongs to another command. */
  seq_taken: boolean;
  exceptions: NewException[];
  /** It bears a number that the till gave it. */
  own_number: boolean;
  /** Holes that its own number leaves; they are no fault of its own. */
  gaps: NewGap[];
  /** What only the commit can tell. */
  candidates: Candidate[];
  flag: (type: ExceptionType, detail: string) => void;
  numberGap: (gap: NumberGap) => void;
  beforeSale: (soldAt: string) => void;
  closedShift: (drawer: TillDrawer) => void;
  stalePrices: (stale: SoldBasket["stale_prices"]) => void;
  sold: (sold: SoldBasket, draft: Draft) => void;
  drafted: (draft: Draft) => void;
  /** It moves cash in a shift that may be closed by the time of the commit. */
  movedCash: (movementId: string) => void;
}

export const IN_SUPPLEMENT = "The shift was closed before it came; it stands in a supplement Z report.";

/** How a total is kept that today's prices do not come to. */
const KEPT_AS: Record<KeptAs, string> = {
  discount: "The lines bear the rest as a discount of the order, for which no leave was asked.",
  without_own_discounts: "The lines are kept without the discounts that products have of their own now.",
  unrounded: "It is kept without rounding for coins.",
  adjustment: "The rest stands as the sale's rounding adjustment; a refund does not give it back.",
};

/** Numbers that are missing, the first to the last. */
export interface NumberGap {
  number_kind: NumberKind;
  first: number;
  last: number;
}

/** What a command is about, for who looks at it later: a sale, and what else has no member of its own. */
export interface About {
  sale_id: string | null;
  /** `refund 0199...`; null where the sale says it all. */
  resource: string | null;
}

/** Begins with what every command is looked at for: its clock and its number. */
export function flagger(ctx: Context, till: Till, one: NumberedCommand, { sale_id, resource }: About): Findings {
  const { seq, key, command } = one;
  let about = sale_id;
  const found = (type: ExceptionType, what: string): NewException => ({
    id: ctx.newId(),
    type,
    store_id: till.store_id,
    terminal_id: till.terminal_id,
    seq,
    sale_id: about,
    detail: resource === null ? what : `${what} It is about ${resource}.`,
  });
  const holder = till.holders.get(seq) ?? till.claims.get(seq) ?? key;
  const findings: Findings = {
    seq_taken: holder !== key,
    exceptions: [],
    own_number: false,
    gaps: [],
    candidates: [],
    flag: (type, detail) => {
      findings.exceptions.push(found(type, detail));
    },
    numberGap: (gap) => {
      const { store_id, terminal_id } = till;
      findings.gaps.push({ id: ctx.newId(), store_id, terminal_id, seq, sale_id: about, ...gap });
    },
    beforeSale: (soldAt) => {
      const what = `The till's clock said ${command.occurred_at}, which is before the sale`;
      findings.flag("clock_skew", `${what}; it stands at the time of the sale, ${soldAt}.`);
    },
    closedShift: ({ shift_id, closed }) => {
      // A shift that is named tells of itself when the record comes late for it.
      if (closed && shift_id === null) findings.flag("closed_shift", "No shift of the till was open when it happened.");
    },
    stalePrices: (stale) => {
      for (const { pointer, claimed, current } of stale) {
        if (claimed === null) {
          const kept = `it is kept at the price of now, ${String(current)}.`;
          findings.flag(
            "stale_price",
            `${pointer} does not say what was charged, and its product has changed since; ${kept}`,
          );
          continue;
        }
        const now = current === null ? "is not on sale any more" : `is ${String(current)} now`;
        findings.flag("stale_price", `${pointer} was sold at ${String(claimed)}, and ${now}.`);
      }
    },
    sold: (sold, draft) => {
      about = draft.id;
      // Where it is worked out once more, what was found before is of no sale. What was found of the command itself is of
      // this one, which had no name till now.
      findings.exceptions = findings.exceptions
        .filter(({ type }) => type !== "stale_price")
        .map((exception) => ({ ...exception, sale_id: draft.id }));
      findings.gaps = findings.gaps.map((gap) => ({ ...gap, sale_id: draft.id }));
      findings.candidates = [];
      findings.stalePrices(sold.stale_prices);
      if (draft.charged_otherwise) {
        const { charged, books, kept_as } = draft.charged_otherwise;
        const what = `The till charged ${String(charged)}; by today's prices and taxes it is ${String(books)}.`;
        findings.flag("stale_price", `${what} ${KEPT_AS[kept_as]}`);
      }
      findings.drafted(draft);
    },
    drafted: (draft) => {
      const record = { record_kind: draft.kind, record_id: draft.id };
      const candidate = (type: ExceptionType, detail: string) => {
        findings.candidates.push({ ...found(type, detail), ...record });
      };
      candidate("closed_shift", IN_SUPPLEMENT);
      if (draft.kind === "refund") return;
      if (draft.movements.length > 0) candidate("oversold", "More was sold than was on hand.");
      if (draft.entries.length > 0) candidate("credit_exceeded", "A ledger was taken further than it goes.");
    },
    movedCash: (movementId) => {
      const record = { record_kind: "cash_movement", record_id: movementId } as const;
      findings.candidates.push({ ...found("closed_shift", IN_SUPPLEMENT), ...record });
    },
  };
  if (Date.parse(command.occurred_at) > ctx.now.getTime() + CLOCK_SKEW_MS) {
    findings.flag("clock_skew", `The till's clock said ${command.occurred_at}.`);
  }
  if (findings.seq_taken) findings.flag("number_repeat", `Command number ${String(seq)} was used before.`);
  return findings;
}
