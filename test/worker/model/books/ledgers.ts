import type { ModelCard, ModelCustomer, ModelPayment } from "./books.ts";

/** What customers owe, their store credit, and what gift cards hold. */

export type LedgerName = "account" | "store_credit" | "gift_card";

interface Balance {
  ledger: LedgerName;
  holder_id: string;
  currency: string;
  balance: number;
}

export interface Entry {
  ledger: LedgerName;
  /** Null for a gift card that is not there. */
  holder_id: string | null;
  amount: number;
  /** How much may be owed; of an account alone. */
  limit: number;
}

const LEDGERS: Record<string, LedgerName> = {
  on_account: "account",
  store_credit: "store_credit",
  gift_card: "gift_card",
};

/** What tenders write: a sale takes from cards and store credit and adds to what is owed, anything else the reverse. */
export function entriesOf(
  payments: readonly ModelPayment[],
  kind: "sale" | "back",
  customer: ModelCustomer | null,
  cards: readonly ModelCard[],
): Entry[] {
  return payments.flatMap(({ method, amount, reference }) => {
    const ledger = LEDGERS[method];
    if (ledger === undefined) return [];
    const holder = ledger === "gift_card" ? cards.find(({ code }) => code === reference) : customer;
    const adds = (ledger === "account") === (kind === "sale");
    const limit = customer?.credit_limit ?? 0;
    return [{ ledger, holder_id: holder?.id ?? null, amount: adds ? amount : -amount, limit }];
  });
}

export class Ledgers {
  readonly #balances = new Map<string, Balance>();

  balanceOf(ledger: LedgerName, holderId: string): number {
    return this.#balances.get(`${ledger} ${holderId}`)?.balance ?? 0;
  }

  all(): Balance[] {
    return [...this.#balances.values()];
  }

  /** Why entries can't be taken in this currency, and whether one takes a ledger further than it goes. */
  judge(
    entries: readonly Entry[],
    currency: string,
    cards: readonly ModelCard[],
  ): { faults: string[]; beyond: string[] } {
    const faults = new Set<string>();
    const beyond = new Set<string>();
    const running = new Map<string, number>();
    for (const { ledger, holder_id, amount, limit } of entries) {
      const key = `${ledger} ${String(holder_id)}`;
      const known = this.#balances.get(key);
      const kept = known?.currency ?? cards.find(({ id }) => id === holder_id)?.currency ?? currency;
      if (holder_id === null || kept !== currency) faults.add("validation_failed");
      const left = (running.get(key) ?? known?.balance ?? 0) + amount;
      running.set(key, left);
      if (ledger === "account" && amount > 0 && left > limit) beyond.add("credit_exceeded");
      if (ledger !== "account" && amount < 0 && left < 0) beyond.add("insufficient_balance");
    }
    return { faults: [...faults], beyond: [...beyond] };
  }

  book(entries: readonly Entry[], currency: string): void {
    for (const { ledger, holder_id, amount } of entries) {
      const key = `${ledger} ${String(holder_id)}`;
      const balance = this.balanceOf(ledger, String(holder_id)) + amount;
      this.#balances.set(key, { ledger, holder_id: String(holder_id), currency, balance });
    }
  }
}
