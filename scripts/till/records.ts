import type { Method, Refund, Sale, Shift } from "./wire.ts";

/** What the till keeps of its own doings, in the shapes of the API. */

/** A sale as the till made it, before the server gave its lines their ids. */
export type SaleRecord = Omit<Sale, "lines"> & { lines: SaleRecordLine[] };
export type SaleRecordLine = Omit<Sale["lines"][number], "id"> & { id?: string };

export type RefundRecord = Omit<Refund, "lines" | "refund_no"> & {
  lines: RefundRecordLine[];
  /** Null where the till does not know how far its numbers have come; the server gives one. */
  refund_no: string | null;
};
export type RefundRecordLine = Omit<Refund["lines"][number], "id"> & { id?: string };

/** Notes and coins into the drawer (above 0) or out of it (below 0); `no_sale` is 0: it was only opened. */
export type DrawerEvent = {
  shift_id: string;
  what:
    | "float"
    | "tendered"
    | "change"
    | "refund"
    | "void"
    | "deposit"
    | "account_payment"
    | "paid_in"
    | "paid_out"
    | "drop"
    | "no_sale";
  amount: number;
  /** What caused it; with `what` it names the event once. */
  source_id: string;
};

/** Money that is no sale's: for a gift card, or off what was owed. Tenders are without what was given back as change. */
export type ReceivedRecord = {
  id: string;
  kind: "gift_card" | "account";
  shift_id: string;
  tenders: { method: Method; amount: number }[];
};

/** What a deed changes in the till's own books, once it has been done. */
export type Effects = {
  sales?: SaleRecord[];
  refund?: RefundRecord;
  received?: ReceivedRecord;
  shift?: Shift;
  drawer?: DrawerEvent[];
  /** Facts to be written with it, by name. */
  facts?: Record<string, unknown>;
};
