import * as z from "zod";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import {
  amount,
  businessDay,
  codeText,
  component,
  email,
  id,
  later,
  LOOKS_LIKE_CARD_NUMBER,
  named,
  newId,
  type OutputOf,
  pageOf,
  pageQuery,
  storeIfNeeded,
  text,
  unitPrice,
} from "../../http/schemas.ts";
import { moneyTenders, shownTender } from "../payments/index.ts";

/** The wire shapes of customers. Contacts are kept as written. Amounts are minor units. */

const name = text(200);
// As if it began with +, which some leave out: a number to call may have the length of a card's, and begin alike.
const phone = codeText(40, { min: 3 }).refine((value) => !looksLikeCardNumber(`+${value}`), {
  error: LOOKS_LIKE_CARD_NUMBER,
});

const optionalFields = {
  phone: phone.nullish(),
  email: email.nullish(),
  address: text(1000, { multiline: true }).nullish(),
  note: text(1000, { multiline: true }).nullish(),
  credit_limit: unitPrice.optional().meta({
    description: "How much may be owed on account, in minor units; needs the permission customers:credit",
  }),
};

/** A customer as it is brought in; also the body of a till's command that brings one in. */
export const customerSchema = z.strictObject({ id: newId, name, ...optionalFields });

export type CustomerInput = z.output<typeof customerSchema>;

export const customerChange = named(
  "CustomerChange",
  z
    .strictObject({ name: name.optional(), ...optionalFields })
    .refine((change) => Object.values(change).some((value) => value !== undefined), {
      error: "Names no field to change",
    })
    .meta({ description: "What is named changes; null empties a field" }),
);

export type CustomerChange = z.output<typeof customerChange>;

const LEDGERS = ["account", "store_credit"] as const;

export const customerAnswer = component("Customer", () =>
  z.object({
    id,
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    address: z.string().nullable(),
    note: z.string().nullable(),
    credit_limit: z.int().meta({ description: "In the currency of the account" }),
    balance: z.int().meta({ description: "What is owed on account; below 0 it has been paid ahead" }),
    store_credit: z.int().meta({ description: "What may be spent" }),
    accounts: z
      .array(z.object({ ledger: z.enum(LEDGERS), currency: z.string(), balance: z.int() }))
      .meta({ description: "The same with their currencies, once anything has been booked" }),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export type Customer = OutputOf<typeof customerAnswer>;

export const customerPage = pageOf(customerAnswer);

/** What is looked for: exactly one of the three. In the body, because a URL is kept by logs on its way. */
export const customerSearch = z
  .strictObject({
    phone: phone.optional().meta({ description: "As it was written down" }),
    name: name.optional().meta({ description: "How the name begins; a-z and A-Z are the same" }),
    email: email.optional().meta({ description: "a-z and A-Z are the same" }),
  })
  .refine((search) => Object.values(search).filter((value) => value !== undefined).length === 1, {
    error: "Needs exactly one of phone, name and email",
  });

export type CustomerSearch = z.output<typeof customerSearch>;

export const customerMatches = later(() =>
  z.object({
    data: z.array(customerAnswer()).meta({ description: "At most 50; by name, or else in the order of their arrival" }),
  }),
);

const ledger = z
  .enum(LEDGERS)
  .default("account")
  .meta({ description: "The account, where what is owed is above 0, or the store credit, where what may be spent is" });

export const ledgerQuery = z.strictObject({ ledger, ...pageQuery });

export type LedgerQuery = z.output<typeof ledgerQuery>;

const entry = () => ({
  seq: z.int().meta({ description: "The order of arrival" }),
  ledger: z.enum(LEDGERS),
  kind: z.enum(["sale", "refund", "void", "payment", "issue"]),
  amount: z.int().meta({ description: "Signed: of the account, what is owed more" }),
  balance_after: z.int(),
  currency: z.string(),
  source_id: z.string().meta({ description: "The sale, refund or payment" }),
  occurred_at: z.string(),
  created_at: z.string(),
});

/** It names no store: customers are shared by all of them, and who works in one need not know of the others. */
export const ledgerEntrySchema = component("LedgerEntry", () => z.object(entry()));

export type LedgerEntryAnswer = OutputOf<typeof ledgerEntrySchema>;

export const ledgerPage = pageOf(ledgerEntrySchema);

/** What one statement may list. */
export const MOST_STATED = 1000;

export const statementQuery = z
  .strictObject({
    ledger,
    from: businessDay.meta({ description: "The first day, by UTC" }),
    to: businessDay.meta({ description: "The last day, by UTC" }),
  })
  .refine(({ from, to }) => from <= to, { error: "Is before `from`", path: ["to"] });

export type StatementQuery = z.output<typeof statementQuery>;

export const statementSchema = component("CustomerStatement", () =>
  z.object({
    customer_id: z.string(),
    ledger: z.enum(LEDGERS),
    currency: z.string().nullable().meta({ description: "Null where nothing has been booked yet" }),
    from: z.string(),
    to: z.string(),
    opening: z.int(),
    entries: z.array(z.object(entry())).meta({
      description: `At most ${String(MOST_STATED)}, as they happened; \`balance_after\` runs on from \`opening\``,
    }),
    closing: z.int(),
  }),
);

export type Statement = OutputOf<typeof statementSchema>;

export const accountPaymentSchema = named(
  "CustomerPaymentCreate",
  z.strictObject({
    store_id: storeIfNeeded,
    payments: moneyTenders,
    terminal_id: id.optional().meta({ description: "The till; alone it means that till's open shift" }),
    shift_id: id.optional().meta({ description: "The shift whose drawer the money goes to; it must be open" }),
    note: text(500).optional(),
  }),
);

export type AccountPaymentInput = z.output<typeof accountPaymentSchema> & { store_id: string };

export const accountPaymentAnswer = component("CustomerPayment", () =>
  z.object({
    id: z.string(),
    customer_id: z.string(),
    store_id: z.string(),
    terminal_id: z.string().nullable(),
    shift_id: z.string().nullable(),
    business_date: z.string(),
    user_id: z.string(),
    currency: z.string(),
    amount: z.int(),
    payments: z.array(shownTender()),
    settled: z
      .array(z.object({ sale_id: z.string(), amount }))
      .meta({ description: "What it pays of the store's open sales, oldest first; the rest is for the account alone" }),
    balance: z.int().meta({ description: "What the customer owes after it" }),
    note: z.string().nullable(),
    created_at: z.string(),
  }),
);

export type AccountPayment = OutputOf<typeof accountPaymentAnswer>;
