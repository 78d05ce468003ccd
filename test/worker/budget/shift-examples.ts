import { createTerminal, expectStatus, openShift, uuid } from "../../support/api.ts";
import { saleOf, type Shop } from "./shop.ts";
import type { Call } from "./watch.ts";

/** The happy paths of the till's day. */

const once = () => ({ "Idempotency-Key": uuid() });

let tills = 36 ** 2 - 1;

/** A till of the shop with a code that no other example has taken. */
async function anotherTill({ store }: Shop): Promise<string> {
  const code = tills.toString(36).toUpperCase();
  tills -= 1;
  return (await createTerminal(store.id, { code })).id;
}

async function newSale({ admin, ...shop }: Shop, over: object): Promise<string> {
  const answer = await admin.post<{ id: string }>("/v1/sales", { ...saleOf(shop, 2), ...over }, once());
  expectStatus(answer, 201);
  return answer.body.id;
}

function posted({ admin }: Shop, path: string, body: unknown): Call {
  return { path, token: admin.token, body, headers: once() };
}

export const SHIFT_EXAMPLES: Record<string, (shop: Shop) => Call | Promise<Call>> = {
  "post /v1/sales/{sale_id}/complete": async (shop) => {
    const sale_id = await newSale(shop, { status: "parked", payments: [] });
    const { payments } = saleOf(shop, 2);
    return posted(shop, `/v1/sales/${sale_id}/complete`, { terminal_id: shop.terminal.id, payments });
  },
  "post /v1/sales/{sale_id}/void": async (shop) =>
    posted(shop, `/v1/sales/${await newSale(shop, {})}/void`, { reason: "Rung up twice" }),

  "post /v1/shifts": async (shop) =>
    posted(shop, "/v1/shifts", { terminal_id: await anotherTill(shop), opening_float: 10_000 }),
  "get /v1/shifts": ({ admin, store }) => ({ path: `/v1/shifts?store_id=${store.id}`, token: admin.token }),
  "get /v1/shifts/{shift_id}": ({ admin, shift_id }) => ({ path: `/v1/shifts/${shift_id}`, token: admin.token }),
  "post /v1/shifts/{shift_id}/cash-movements": (shop) =>
    posted(shop, `/v1/shifts/${shop.shift_id}/cash-movements`, { type: "drop", amount: 500, reason: "To the safe" }),
  "post /v1/shifts/{shift_id}/close": async (shop) => {
    const { id } = await openShift(await anotherTill(shop), 10_000);
    return posted(shop, `/v1/shifts/${id}/close`, { counted: [{ method: "cash", amount: 10_000 }] });
  },
  "get /v1/shifts/{shift_id}/report": ({ admin, shift_id }) => ({
    path: `/v1/shifts/${shift_id}/report`,
    token: admin.token,
  }),
  "get /v1/z-reports": ({ admin, store }) => ({ path: `/v1/z-reports?store_id=${store.id}`, token: admin.token }),
};
