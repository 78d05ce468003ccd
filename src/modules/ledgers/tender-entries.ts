import type { LedgerEntry } from "./queries.ts";

/** What tenders that are kept in a ledger write into it. */

export interface Tender {
  payment_no: number;
  method: string;
  amount: number;
  reference: string | null;
}

/** What the tenders belong to. */
export interface TenderSource {
  kind: "sale" | "refund" | "void";
  source_id: string;
  customer_id: string | null;
  currency: string;
  store_id: string;
  user_id: string;
  occurred_at: string;
  happened: 0 | 1;
}

const LEDGERS: Record<string, LedgerEntry["ledger"]> = {
  on_account: "account",
  store_credit: "store_credit",
  gift_card: "gift_card",
};

/**
 * A sale takes from gift card and store credit, and adds to what the customer owes; a refund or void does the reverse.
 * A tender that names neither customer nor card is for the caller to refuse.
 */
export function tenderEntries(tenders: readonly Tender[], source: TenderSource): LedgerEntry[] {
  const { customer_id, ...common } = source;
  const taken = source.kind === "sale";
  return tenders.flatMap(({ method, amount, reference, payment_no }) => {
    const ledger = LEDGERS[method];
    if (ledger === undefined) return [];
    const adds = ledger === "account" ? taken : !taken;
    return [
      {
        ...common,
        ledger,
        holder_id: ledger === "gift_card" ? null : (customer_id ?? ""),
        gift_card_code: ledger === "gift_card" ? (reference ?? "") : null,
        amount: adds ? amount : -amount,
        source_no: payment_no,
      },
    ];
  });
}
