import { expectStatus, uuid } from "../../support/api.ts";
import { saleOf, type Shop } from "./shop.ts";
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

const posted = ({ admin }: Shop, path: string, body: object): Call => ({
  path,
  token: admin.token,
  body,
  headers: once(),
});

/** Someone with credit. */
async function newCustomer(shop: Shop): Promise<string> {
  return (await make(shop, "/v1/customers", { name: "Cleo Carter", credit_limit: 1_000_000 })).id;
}

/** A sale that somebody has on account. */
async function newDebt(shop: Shop): Promise<{ customer_id: string; sale_id: string }> {
  const customer_id = await newCustomer(shop);
  const payments = [{ method: "on_account", amount: 300 }];
  const { id: sale_id } = await make(shop, "/v1/sales", { ...saleOf(shop, 3), customer_id, payments });
  return { customer_id, sale_id };
}

/** Somebody who has paid money in. */
async function newPayer(shop: Shop): Promise<string> {
  const customer_id = await newCustomer(shop);
  const payment = { store_id: shop.store.id, payments: [{ method: "card", amount: 300 }] };
  await make(shop, `/v1/customers/${customer_id}/payments`, payment);
  return customer_id;
}

const order = ({ store, customer_id, products }: Shop) => ({
  store_id: store.id,
  customer_id,
  items: products.slice(0, 2).map(({ id }) => ({ product_id: id, quantity: 1 })),
  fields: { engraving: "With love" },
  due_date: "2027-02-14",
  note: "Call before it is done",
});

interface OrderBody {
  id: string;
  deposits: { id: string }[];
}

async function newOrder(shop: Shop): Promise<string> {
  return (await make(shop, "/v1/orders", order(shop))).id;
}

const deposit = ({ terminal }: Shop) => ({
  terminal_id: terminal.id,
  payments: [{ method: "cash", amount: 100 }],
});

/** An order that holds a deposit of half of what it comes to. */
async function newDeposit(shop: Shop): Promise<OrderBody> {
  return make<OrderBody>(shop, `/v1/orders/${await newOrder(shop)}/deposits`, deposit(shop));
}

export const ACCOUNT_EXAMPLES: Record<string, (shop: Shop) => Call | Promise<Call>> = {
  "post /v1/gift-cards": (shop) => posted(shop, "/v1/gift-cards", giftCard(shop)),
  "get /v1/gift-cards/{code}": async (shop) => {
    const { code } = await make<{ code: string }>(shop, "/v1/gift-cards", giftCard(shop));
    return { path: `/v1/gift-cards/${code}`, token: shop.admin.token };
  },

  "patch /v1/customers/{id}": async (shop) => ({
    path: `/v1/customers/${await newCustomer(shop)}`,
    token: shop.admin.token,
    body: { phone: "0171 555", note: "Regular" },
    headers: { "If-Match": '"v1"' },
  }),
  "get /v1/customers/{id}/ledger": async (shop) => ({
    path: `/v1/customers/${await newPayer(shop)}/ledger?ledger=account`,
    token: shop.admin.token,
  }),
  "get /v1/customers/{id}/statement": async (shop) => ({
    path: `/v1/customers/${await newPayer(shop)}/statement?from=2026-01-01&to=2036-12-31`,
    token: shop.admin.token,
  }),
  "post /v1/customers/{id}/payments": async (shop) => {
    const { customer_id } = await newDebt(shop);
    const { store, terminal } = shop;
    return posted(shop, `/v1/customers/${customer_id}/payments`, {
      store_id: store.id,
      terminal_id: terminal.id,
      payments: [{ method: "cash", amount: 400 }],
      note: "By post",
    });
  },
  "post /v1/sales/{sale_id}/payments": async (shop) => {
    const { sale_id } = await newDebt(shop);
    return posted(shop, `/v1/sales/${sale_id}/payments`, {
      terminal_id: shop.terminal.id,
      payments: [{ method: "cash", amount: 300 }],
    });
  },

  "get /v1/orders": ({ admin, store }) => ({
    path: `/v1/orders?store_id=${store.id}&status=pending`,
    token: admin.token,
  }),
  "post /v1/orders": (shop) => ({ path: "/v1/orders", token: shop.admin.token, body: order(shop) }),
  "get /v1/orders/{id}": async (shop) => ({
    path: `/v1/orders/${(await newDeposit(shop)).id}`,
    token: shop.admin.token,
  }),
  "patch /v1/orders/{id}": async (shop) => {
    const { items, fields } = order(shop);
    return {
      path: `/v1/orders/${await newOrder(shop)}`,
      token: shop.admin.token,
      body: { status: "in_progress", items, fields },
      headers: { "If-Match": '"v1"' },
    };
  },
  "post /v1/orders/{id}/deposits": async (shop) =>
    posted(shop, `/v1/orders/${await newOrder(shop)}/deposits`, deposit(shop)),
  "post /v1/orders/{id}/deposit-refunds": async (shop) => {
    const { id, deposits } = await newDeposit(shop);
    const body = { deposit_id: deposits[0]?.id, terminal_id: shop.terminal.id };
    return posted(shop, `/v1/orders/${id}/deposit-refunds`, body);
  },
  "post /v1/orders/{id}/complete": async (shop) =>
    posted(shop, `/v1/orders/${(await newDeposit(shop)).id}/complete`, {
      terminal_id: shop.terminal.id,
      salesperson_id: shop.salesperson_id,
      payments: [{ method: "card", amount: 100 }],
      total: 200,
    }),
};
