import { expectStatus, uuid } from "../../support/api.ts";
import type { Shop } from "./shop.ts";
import type { Call } from "./watch.ts";

/** The examples of what is owed and held: gift cards, customers' accounts, orders. */

const once = () => ({ "Idempotency-Key": uuid() });

/** Makes something by the API, as the shop's admin. */
async function make<T extends object = { id: string }>({ admin }: Shop, path: string, body: object): Promise<T> {
  const answer = await admin.post<T>(path, body, once());
  expectStatus(answer, 201);
  return answer.body;
}

const giftCard = ({ store, terminal }: Shop) => ({
  store_id: store.id,
  terminal_id: terminal.id,
  amount: 2500,
  payments: [{ method: "cash", amount: 2500 }],
});

export const ACCOUNT_EXAMPLES: Record<string, (shop: Shop) => Call | Promise<Call>> = {
  "post /v1/gift-cards": (shop) => ({
    path: "/v1/gift-cards",
    token: shop.admin.token,
    body: giftCard(shop),
    headers: once(),
  }),
  "get /v1/gift-cards/{code}": async (shop) => {
    const { code } = await make<{ code: string }>(shop, "/v1/gift-cards", giftCard(shop));
    return { path: `/v1/gift-cards/${code}`, token: shop.admin.token };
  },
};
