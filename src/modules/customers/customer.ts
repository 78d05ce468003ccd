import type { Context } from "../../context.ts";
import { tagAnswer } from "../../http/conditional.ts";
import type { CustomerRow } from "./queries.ts";
import type { Customer } from "./schemas.ts";

/** A customer as the API shows it. */

/** What is declared of a customer leaves, and nothing else. */
export function toCustomer(row: CustomerRow): Customer {
  const { id, name, phone, email, address, note, credit_limit, version, created_at, updated_at } = row;
  const balance = row.account_balance ?? 0;
  const store_credit = row.credit_balance ?? 0;
  const accounts: Customer["accounts"] = [
    ...accountOf("account", row.account_currency, balance),
    ...accountOf("store_credit", row.credit_currency, store_credit),
  ];
  return {
    id,
    name,
    phone,
    email,
    address,
    note,
    credit_limit,
    balance,
    store_credit,
    accounts,
    version,
    created_at,
    updated_at,
  };
}

function accountOf(ledger: "account" | "store_credit", currency: string | null, balance: number): Customer["accounts"] {
  return currency === null ? [] : [{ ledger, currency, balance }];
}

/** Tags the answer by the version and by what is shown of the ledgers, which no version counts. */
export function tagCustomer(ctx: Context, { version, accounts }: Customer): void {
  const state = accounts.map(({ ledger, currency, balance }) => `${ledger}.${currency}.${String(balance)}`);
  tagAnswer(ctx, version, state.length > 0 ? state.join("~") : undefined);
}
