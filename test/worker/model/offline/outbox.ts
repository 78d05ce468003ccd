import type { CardSale } from "../online/accounts.ts";
import type { Drawn } from "../online/basket.ts";
import type { ModelCustomer, ModelPayment, ModelTill } from "../books/books.ts";
import type { WantedLine } from "../online/refunding.ts";

/** What a till keeps while it is offline: what it goes by, and the commands that it will bring. */

/** What the model knows of a command beside what is sent. */
export type Facts =
  | {
      type: "sale";
      id: string;
      basket: Drawn;
      customer: ModelCustomer | null;
      payments: ModelPayment[];
      /** What the till charged, where it says so. */
      total: number | undefined;
    }
  | { type: "park"; id: string; basket: Drawn; customer: ModelCustomer | null }
  | {
      type: "complete";
      sale_id: string;
      /** Lines in place of those that were parked. */
      other: Drawn | null;
      customer: ModelCustomer | null;
      payments: ModelPayment[];
    }
  | {
      type: "refund";
      sale_id: string;
      wanted: WantedLine[];
      customer: ModelCustomer | null;
      payments: ModelPayment[];
    }
  | {
      type: "refund_without";
      basket: Drawn;
      restock: string[];
      customer: ModelCustomer | null;
      payments: ModelPayment[];
    }
  | { type: "void"; sale_id: string }
  | { type: "shift_open"; id: string; opening_float: number }
  | {
      type: "shift_close";
      shift_id: string;
      counted: { method: string; amount: number }[];
      faults: string[];
    }
  | {
      type: "cash_movement";
      id: string;
      shift_id: string;
      kind: "paid_in" | "paid_out" | "drop" | "no_sale";
      amount: number;
      reason: string;
    }
  | { type: "customer"; id: string }
  | { type: "gift_card"; card: CardSale }
  | { type: "customer_payment"; customer: ModelCustomer; payments: ModelPayment[] }
  | { type: "order"; id: string; basket: Drawn; customer: ModelCustomer }
  | { type: "deposit"; order_id: string; payments: ModelPayment[] }
  | { type: "order_complete"; order_id: string; payments: ModelPayment[] }
  | { type: "payment"; sale_id: string; payments: ModelPayment[] }
  | { type: "nonsense" };

export interface Command {
  /** As it is sent. */
  sent: {
    seq: number;
    idempotency_key: string;
    type: string;
    occurred_at: string;
    body: Record<string, unknown>;
  };
  facts: Facts;
  /** The number that the till gave, what it counts to. */
  own: number | undefined;
  /** How the drawer is named. */
  names: { shift_id?: string; terminal_id?: string };
  /** It came back as rejected because of what had not come yet, and is brought again. */
  again: boolean;
}

/**
 * Of each store one till numbers its bills while it is offline and the other leaves that to the books: where a till did
 * both, which sale gets which of the books' numbers would hang on how they are grouped.
 */
export function numbersItself({ code }: ModelTill): boolean {
  return code === "01";
}

export class Outbox {
  offline = false;
  /** The prices at the time the connection was lost. */
  prices: ReadonlyMap<string, number> = new Map();
  next_seq = 1;
  next_invoice = 1;
  next_refund = 1;
  /** The shift that the till goes by. */
  shift_id: string | null = null;
  readonly queue: Command[] = [];
  readonly brought: Command[] = [];
}
