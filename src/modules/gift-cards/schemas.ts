import * as z from "zod";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import { isGiftCardCode, normalizeGiftCardCode } from "../../core/gift-card-code.ts";
import { component, id, named, newId, type OutputOf, positiveAmount, storeIfNeeded } from "../../http/schemas.ts";
import { moneyTenders, shownTender } from "../payments/index.ts";

/** The wire shapes of gift cards. Amounts are minor units. */

const code = z
  .string()
  .max(100)
  .overwrite(normalizeGiftCardCode)
  .refine(isGiftCardCode, { error: "is not 8 to 32 letters (A to Z) and digits" })
  .refine((value) => !looksLikeCardNumber(value), { error: "looks like a card number, which is never accepted" })
  .meta({
    description: "8 to 32 of A-Z and 0-9; lower case, spaces and dashes are taken too",
    example: "GIFT2026XMAS",
  });

export const giftCardCreateSchema = named(
  "GiftCardCreate",
  z.strictObject({
    id: newId,
    store_id: storeIfNeeded,
    code: code.optional().meta({ description: "What is printed on the card; a new one is made when left out" }),
    amount: positiveAmount.meta({ description: "What the card is worth, in minor units of the store's currency" }),
    payments: moneyTenders.meta({ description: "They cover the amount; cash above it gives change" }),
    terminal_id: id.optional().meta({ description: "The till; alone it means that till's open shift" }),
    shift_id: id.optional().meta({ description: "The shift whose drawer the money goes to; it must be open" }),
  }),
);

export type GiftCardInput = z.output<typeof giftCardCreateSchema> & { store_id: string };

export const giftCardParams = z.object({ code });

const card = () => ({
  id: z.string(),
  code: z.string(),
  currency: z.string(),
  balance: z.int().meta({ description: "What may be spent with it, in minor units" }),
  created_at: z.string(),
});

/** A card is good in every store, so it tells of none. */
export const giftCardSchema = component("GiftCard", () => z.object(card()));

export type GiftCard = OutputOf<typeof giftCardSchema>;

export const giftCardSaleSchema = component("GiftCardSale", () =>
  z.object({
    ...card(),
    amount: z.int(),
    store_id: z.string(),
    terminal_id: z.string().nullable(),
    shift_id: z.string().nullable(),
    business_date: z.string(),
    user_id: z.string(),
    payments: z.array(shownTender()).meta({ description: "What was handed over" }),
    change_due: z.int(),
  }),
);

export type GiftCardSale = OutputOf<typeof giftCardSaleSchema>;
