import { FAR_TOO_MUCH, NOT_RFC, NOT_V7, TOO_MUCH, batch, byId, erase, insert, update } from "./attack.ts";
import type { Attack, Attacks } from "./attack.ts";
import {
  CREDIT_REFUND,
  CREDIT_SALE,
  CUSTOMER,
  GIFT_CARD,
  GIFT_CODE,
  NEW_REFUND,
  NEW_SALE,
  NOWHERE,
  OTHER_CUSTOMER,
  VOIDED,
  idOf,
} from "./ids.ts";
import type { Row } from "./rows.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { sell } from "./till-day.ts";

const ofAccount = `ledger = 'account' AND holder_id = '${CUSTOMER}'`;
/** Rows of the gift card that holds 50, and of the store credit that holds 100. */
const card = { ledger: "gift_card", holder_id: GIFT_CARD };
const credit = { ledger: "store_credit", holder_id: CUSTOMER };
/** A card's issue raises what is on it. */
const topUp = { ...card, kind: "issue", amount: 10, balance_after: 60 };
const ofSale = { kind: "sale", source_id: NEW_SALE };
/** A sale of 100 on account: the account stands at 60 before. */
const onAccount = { ...ofSale, amount: 100, balance_after: 160 };
const sold = `SELECT 1 FROM sales WHERE id = '${NEW_SALE}' AND status = 'completed'`;
const spent = { amount: -10, balance_after: 40 };
/** A refund of 100 as store credit. */
const refunded = { ...credit, kind: "refund", source_id: CREDIT_REFUND, amount: 100, balance_after: 200 };
const refundByCard = [insertOf("refunds"), insertOf("refund_payments", { refund_id: NEW_REFUND, payment_no: 1 })];

/** Writes a sale for this amount by this tender, and this row of a ledger for it. */
function tender(amount: number, payment: Row, ...entries: Row[]): Attack[] {
  return entries.flatMap((entry) => enter(tendered(amount, payment), { ...ofSale, ...entry }));
}

/** A sale that takes this amount by this tender; on account it is owed. */
function tendered(amount: number, payment: Row, header: Row = {}): Statement[] {
  const worth = { subtotal: amount, total: amount };
  const paid = payment === byAccount ? { paid_total: 0, balance_due: amount } : { paid_total: amount };
  return [
    insertOf("sales", { ...worth, ...paid, ...header }),
    insertOf("sale_payments", { sale_id: NEW_SALE, payment_no: 1, ...payment, amount }),
  ];
}

/** Writes a row of a ledger after this. */
function enter(before: Statement[], entry: Row): Attack[] {
  const [attack] = insert("ledger_entries", entry);
  return attack ? [{ ...attack, statements: [...before, ...attack.statements] }] : [];
}

const byCard = { method: "gift_card", reference: GIFT_CODE };
const byAccount = { method: "on_account" };
const byCredit = { method: "store_credit" };

/** Attacks on the guards of gift cards and of the ledgers of customers and cards. */
export const ledgerAttacks: Attacks = {
  customers_credit_limit_bounds: insert("customers", { credit_limit: -1 }, { credit_limit: TOO_MUCH }),
  customers_version_advances: update(
    "customers",
    byId(CUSTOMER),
    { credit_limit: 900 },
    { name: "Else", version: 3 },
    { name: "Else", version: 0 },
  ),

  "gift_cards (id) UNIQUE": insert("gift_cards", { id: GIFT_CARD }),
  "gift_cards (code) UNIQUE": insert("gift_cards", { code: GIFT_CODE }),
  "gift_cards (user_id) REFERENCES users": insert("gift_cards", { user_id: NOWHERE }),
  gift_cards_id_is_uuid7: insert("gift_cards", { id: "card" }, { id: NOT_V7 }, { id: NOT_RFC }),
  gift_cards_code_form: insert(
    "gift_cards",
    { code: "GIFT123" },
    { code: "9".repeat(33) },
    { code: "gift00000099" },
    { code: "GIFT 0000099" },
  ),
  gift_cards_frozen: update("gift_cards", byId(GIFT_CARD), { code: "GIFT00000051" }, { currency: "EUR" }),
  // The world's card is held by what was paid for it; this one by its ledger alone.
  gift_cards_no_delete: batch(
    [
      insertOf("gift_cards", { id: NOWHERE }),
      insertOf("ledger_entries", { ...topUp, holder_id: NOWHERE, balance_after: 10 }),
      plain(`DELETE FROM gift_cards WHERE id = '${NOWHERE}'`),
    ],
    "SELECT 1 FROM ledger_entries WHERE ledger = 'gift_card' AND holder_id NOT IN (SELECT id FROM gift_cards)",
  ),

  "ledger_entries (store_id) REFERENCES stores": insert("ledger_entries", { store_id: NOWHERE }),
  "ledger_entries (user_id) REFERENCES users": insert("ledger_entries", { user_id: NOWHERE }),
  "ledger_entries (source_id, source_no, kind) UNIQUE": [
    ...insert("ledger_entries", { source_id: idOf(64) }),
    // The void of the same sale, once more.
    ...insert("ledger_entries", { ...card, kind: "void", source_id: VOIDED, amount: 20, balance_after: 70 }),
  ],
  ledger_entries_ledger_known: insert("ledger_entries", {
    ...topUp,
    ledger: "points",
    holder_id: CUSTOMER,
    balance_after: 10,
  }),
  ledger_entries_kind_known: insert("ledger_entries", { kind: "gift" }),
  ledger_entries_amount_bounds: insert(
    "ledger_entries",
    { amount: 0, balance_after: 60 },
    { amount: -FAR_TOO_MUCH, balance_after: 60 - FAR_TOO_MUCH },
  ),
  ledger_entries_amount_sign: [
    // A payment that adds to what is owed, an issue to an account, a payment to what may be spent, an issue that takes.
    ...insert("ledger_entries", { amount: 10, balance_after: 70 }, { kind: "issue" }),
    ...insert("ledger_entries", { ...topUp, kind: "payment" }, { ...topUp, amount: -10, balance_after: 40 }),
    ...tender(100, byCard, { ...card, amount: 100, balance_after: 150 }),
    ...tender(100, byAccount, { amount: -100, balance_after: -40 }),
  ],
  ledger_entries_happened_boolean: insert("ledger_entries", { happened: 2 }),
  // A card of 50 and a credit of 100.
  insufficient_balance: [
    ...tender(51, byCard, { ...card, amount: -51, balance_after: -1 }),
    ...tender(101, byCredit, { ...credit, amount: -101, balance_after: -1 }),
  ],
  ledger_entries_gift_card: insert(
    "ledger_entries",
    { ...topUp, holder_id: NOWHERE, balance_after: 10 },
    { ...topUp, holder_id: CUSTOMER, balance_after: 10 },
  ),
  ledger_entries_customer: insert(
    "ledger_entries",
    { holder_id: NOWHERE, balance_after: -10 },
    { ...topUp, ledger: "store_credit", holder_id: GIFT_CARD, balance_after: 10 },
  ),
  ledger_entries_currency: insert("ledger_entries", { currency: "EUR" }),
  // 60 are owed of the 500 that may be.
  ledger_entries_credit: tender(441, byAccount, { amount: 441, balance_after: 501 }),
  ledger_entries_tendered: [
    // Another sale, amount, customer, payment or method, and another currency.
    ...insert("ledger_entries", onAccount),
    ...tender(
      100,
      byAccount,
      { amount: 101, balance_after: 161 },
      { amount: 100, holder_id: OTHER_CUSTOMER, balance_after: 100, happened: 1 },
      { amount: 100, source_no: 2, balance_after: 160 },
      { ...credit, amount: -100, balance_after: 0 },
    ),
    ...enter(tendered(50, byCard, { currency: "EUR" }), { ...ofSale, ...card, amount: -50, balance_after: 0 }),
    // A void of what is not voided, a refund that is not there, or not by this.
    ...insert("ledger_entries", { kind: "void", source_id: CREDIT_SALE, amount: -100, balance_after: -40 }),
    ...insert("ledger_entries", { ...refunded, source_id: NOWHERE }, { ...refunded, source_no: 2 }),
    ...enter(refundByCard, { ...refunded, source_id: NEW_REFUND }),
  ],
  // Goods for a card that nothing was taken from, on an account that says nothing of it, and a credit that is not given.
  "sales_parts_sum/sale_ledgers_sum": [
    ...batch(sell({}, [byCard]), sold),
    ...batch(
      sell(
        {},
        [
          { ...byCard, amount: 10 },
          { ...byCredit, amount: 90 },
        ],
        [{ ...card, ...spent }],
      ),
      sold,
    ),
    ...batch(sell({ paid_total: 0, balance_due: 100 }, [byAccount]), sold),
  ],
  refunds_ledgers_sum: batch(
    [
      insertOf("refunds"),
      insertOf("refund_lines", { refund_id: NEW_REFUND }),
      insertOf("refund_payments", { refund_id: NEW_REFUND, method: "store_credit" }),
      plain(`UPDATE refunds SET sealed = 1 WHERE id = '${NEW_REFUND}'`),
    ],
    `SELECT 1 FROM refunds WHERE id = '${NEW_REFUND}' AND sealed = 1`,
  ),
  ledger_entries_apply: batch(
    [insertOf("ledger_entries", { balance_after: 0 })],
    `SELECT 1 FROM ledger_entries WHERE ${ofAccount} AND amount = -10 AND balance_after = 0`,
    "CHECK constraint failed: balance_sum",
  ),
  ledger_entries_no_update: update("ledger_entries", "arrival = 1", { amount: 1 }, { holder_id: OTHER_CUSTOMER }),
  ledger_entries_no_delete: erase("ledger_entries", "arrival = 1"),

  // The account's own balance once more: it says what its entries sum to, so no trigger minds it.
  "balances (ledger, holder_id) PRIMARY KEY": batch(
    [insertOf("balances", { holder_id: CUSTOMER, balance: 60, ledger_balance: 60 })],
    "SELECT 1 FROM balances GROUP BY ledger, holder_id HAVING count(*) > 1",
  ),
  balance_sum: [
    ...update("balances", ofAccount, { balance: 0 }),
    ...insert("balances", { ledger_balance: 7 }),
    // An entry that claims more, or less, than it leaves.
    ...insert("ledger_entries", { balance_after: 51 }, { balance_after: 0 }),
  ],
  balances_born_of_entry: [
    ...insert("balances", { balance: 7, ledger_balance: 7 }),
    ...insert("ledger_entries", { ...topUp, ledger: "store_credit", holder_id: OTHER_CUSTOMER, balance_after: 1000 }),
  ],
  balances_follow_entries: [
    ...update("balances", ofAccount, { balance: 0, ledger_balance: 0 }),
    ...update("balances", `holder_id = '${GIFT_CARD}'`, { balance: 900, ledger_balance: 900 }),
  ],
  balances_stay: update("balances", ofAccount, { currency: "EUR" }),
  balances_no_delete: erase("balances", ofAccount),
};
