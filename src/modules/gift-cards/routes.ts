import { declareRoute } from "../../http/route.ts";
import { storeOf } from "../shifts/index.ts";
import { giftCardCreateSchema, giftCardParams, giftCardSaleSchema, giftCardSchema } from "./schemas.ts";
import { readGiftCard, sellGiftCard } from "./service.ts";

const tag = "Gift cards";

export const giftCardRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/gift-cards",
    tag,
    summary: "Sell a gift card",
    description:
      "Paid in money. What the card is worth is owed to whoever holds it, and is no revenue until it is spent: a sale names " +
      "the card's code in `reference` of a payment with method `gift_card`.",
    permission: "sales:write",
    rate_class: "write",
    without_gate: "serve",
    // 1 when the store and its till are warm, 2 when they are cold, 3 when the till has to say the store; more where the till's
    // shift was closed meanwhile.
    budget: { d1: 4, do: 1 },
    idempotent: true,
    body: giftCardCreateSchema,
    status: 201,
    response: giftCardSaleSchema,
    problems: ["not_found", "conflict", "payment_short", "shift_closed"],
    handle: async (ctx, { body }) => sellGiftCard(ctx, { ...body, store_id: await storeOf(ctx, body) }),
  }),
  declareRoute({
    method: "get",
    path: "/v1/gift-cards/{code}",
    tag,
    summary: "Read what is left on a gift card",
    description: "A card is good in every store.",
    permission: "sales:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: giftCardParams,
    status: 200,
    response: giftCardSchema,
    problems: ["not_found"],
    handle: (ctx, { params }) => readGiftCard(ctx, params.code),
  }),
];
