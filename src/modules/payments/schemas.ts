import * as z from "zod";
import { normalizeGiftCardCode } from "../../core/gift-card-code.ts";
import { amount, later, positiveAmount, text } from "../../http/schemas.ts";

/** The wire shapes of tenders: how money is handed over. Amounts are minor units. */

/** Tenders that are money; the others are kept in a ledger of ours. */
export const MONEY_METHODS = ["cash", "card", "mobile_wallet", "bank_transfer"] as const;
export const METHODS = [...MONEY_METHODS, "store_credit", "gift_card", "on_account"] as const;

/** A wallet's receipt names the card that stands behind it. */
const CARD_METHODS: ReadonlySet<string> = new Set(["card", "mobile_wallet"]);

/** A tender of one of these methods. */
export function tender<M extends readonly [string, ...string[]]>(methods: M, handedOver = positiveAmount) {
  return z
    .strictObject({
      method: z.enum(methods),
      amount: handedOver.meta({ description: "What was handed over" }),
      reference: text(100)
        .optional()
        .meta({ description: "The provider's token or receipt number; the code of a gift card" }),
      card_last4: z
        .string()
        .regex(/^\d{4}$/, "is the last four digits of a card")
        .optional(),
    })
    .refine((one) => one.card_last4 === undefined || CARD_METHODS.has(one.method), {
      error: "has `card_last4`, which only a card and a mobile wallet have",
      path: ["card_last4"],
    })
    .refine((one) => one.method !== "gift_card" || one.reference !== undefined, {
      error: "is missing: it is the gift card's code",
      path: ["reference"],
    })
    .overwrite((one) =>
      one.method === "gift_card" ? { ...one, reference: normalizeGiftCardCode(one.reference ?? "") } : one,
    );
}

const MOST_TENDERS = 20;

/** Tenders of a refund: any mix. */
export const tenders = z.array(tender(METHODS)).max(MOST_TENDERS);
/** Tenders of a sale: cash of 0 says that the rest is paid in cash, where that rounds to nothing. */
export const saleTenders = z
  .array(
    tender(METHODS, amount).refine((one) => one.amount > 0 || one.method === "cash", {
      error: "must be at least 1 (in cash 0 will do: the rest is paid in coins, and rounds to nothing)",
      path: ["amount"],
    }),
  )
  .max(MOST_TENDERS);
/** Tenders of what is paid in money alone. */
export const moneyTenders = z.array(tender(MONEY_METHODS)).min(1).max(MOST_TENDERS);

export type TenderInput = z.output<typeof tenders>[number];
export type MoneyTenderInput = z.output<typeof moneyTenders>[number];

/** A tender as it is shown. */
export const shownTender = later(() =>
  z.object({
    payment_no: z.int(),
    method: z.enum(METHODS),
    amount: z.int(),
    reference: z.string().nullable(),
    card_last4: z.string().nullable(),
  }),
);
