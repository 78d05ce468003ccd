import type { ApiCall } from "../support/api-exchange.ts";
import type { Command } from "./outbox.ts";

/**
 * The request that does online what a command tells of: the same body, without what stands in the path, under the same
 * key, so that by whichever door it comes it is one. Null for what has no key online; that goes by sync alone.
 */
export function onlineCall(command: Pick<Command, "type" | "body" | "idempotency_key" | "approval">): ApiCall | null {
  const { type, body, idempotency_key, approval } = command;
  const post = (path: string, sent: object): ApiCall => ({
    method: "POST",
    path,
    body: sent,
    idempotency_key,
    ...(approval === null ? {} : { headers: { "X-Approval": approval } }),
  });
  const { sale_id, shift_id, customer_id, ...rest } = body;
  const ofSale = { ...rest, ...given({ shift_id, customer_id }) };
  switch (type) {
    case "sale":
      return post("/v1/sales", body);
    case "refund":
      return sale_id === undefined ? post("/v1/refunds", body) : post(`/v1/sales/${sale_id}/refunds`, ofSale);
    case "complete":
      return post(`/v1/sales/${String(sale_id)}/complete`, ofSale);
    case "void":
      return post(`/v1/sales/${String(sale_id)}/void`, ofSale);
    case "payment":
      return post(`/v1/sales/${String(sale_id)}/payments`, ofSale);
    case "shift_open":
      return post("/v1/shifts", body);
    case "shift_close":
      return post(`/v1/shifts/${String(shift_id)}/close`, rest);
    case "cash_movement":
      return post(`/v1/shifts/${String(shift_id)}/cash-movements`, rest);
    case "gift_card":
      return post("/v1/gift-cards", body);
    case "customer_payment":
      return post(`/v1/customers/${String(customer_id)}/payments`, { ...rest, ...given({ shift_id }) });
    case "customer":
      return null;
  }
}

function given(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
