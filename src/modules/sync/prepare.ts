import { actorOf, type Context } from "../../context.ts";
import { fingerprintOf, type OnceRecord } from "../../http/idempotency.ts";
import { Problem } from "../../http/problem.ts";
import { type Customer, newCustomer } from "../customers/index.ts";
import {
  CLOCK_SKEW_MS,
  type Draft,
  type DraftOptions,
  draftRefundOf,
  draftRefundWithout,
  draftSale,
  readSale,
  refundFingerprint,
  type SaleInput,
  saleFingerprint,
  type SoldBasket,
  takeBasket,
  unlinkedRefundFingerprint,
  type UnlinkedRefundInput,
} from "../sales/index.ts";
import type { NumberedCommand } from "./commands.ts";
import type { NewException } from "./queries.ts";
import type { Command, ExceptionType } from "./schemas.ts";
import { ownNumberOf, type Till } from "./till.ts";

/** A command turned into rows, ready to be committed with its group. */
export interface Prepared {
  index: number;
  seq: number;
  key: string;
  type: Command["type"];
  once: OnceRecord;
  draft: Draft | null;
  customer: Customer | null;
  /** Whom it names, to say who is unknown. */
  people: { customer_id: string | undefined; salesperson_id: string | undefined };
  /** What someone will have to look at; the command is kept all the same. */
  exceptions: NewException[];
}

/** Throws Problem for a command that is rejected. */
export async function prepareCommand(ctx: Context, till: Till, one: NumberedCommand): Promise<Prepared> {
  const { index, seq, key, command } = one;
  const once = { ...preparedOnce(till, command, key), resource_id: command.body.id ?? ctx.newId() };
  const exceptions: NewException[] = [];
  const flag = (type: ExceptionType, detail: string) => {
    exceptions.push({
      id: ctx.newId(),
      type,
      store_id: till.store_id,
      terminal_id: till.terminal_id,
      seq,
      seq_to: null,
      sale_id: command.type === "sale" ? once.resource_id : null,
      detail,
    });
  };
  if (Date.parse(command.occurred_at) > ctx.now.getTime() + CLOCK_SKEW_MS) {
    flag("clock_skew", `The till's clock said ${command.occurred_at}.`);
  }
  const holder = till.holders.get(seq) ?? till.claims.get(seq) ?? key;
  const seqTaken = holder !== key;
  if (seqTaken) flag("number_repeat", `Command number ${String(seq)} was used before.`);
  const { customer_id, salesperson_id } = command.body as { customer_id?: string; salesperson_id?: string };
  const people = { customer_id, salesperson_id };
  const prepared = { index, seq, key, type: command.type, once, people, exceptions };
  if (command.type === "customer") {
    if (!actorOf(ctx).permissions.has("customers:write")) {
      throw new Problem("forbidden", "This needs the permission customers:write.");
    }
    return { ...prepared, draft: null, customer: newCustomer(ctx, { ...command.body, id: once.resource_id }) };
  }
  const options = numbering(till, command, { once, happened: true }, seqTaken, flag);
  const draft = await draftCommand(ctx, till, command, options, flag);
  if (options.own_number) till.taken_numbers.add(options.own_number.text);
  return { ...prepared, draft, customer: null };
}

/** The key's record; its resource is known only when the command is new. */
export function preparedOnce(till: Till, command: Command, key: string): OnceRecord {
  const [operation, fingerprint] = fingerprintCommand(till, command);
  return { store_id: till.store_id, key, operation, fingerprint, resource_id: "" };
}

function fingerprintCommand(till: Till, command: Command): [string, string] {
  if (command.type === "customer") return ["customer.create", fingerprintOf("customer.create", command.body)];
  if (command.type === "sale") return ["sale.create", saleFingerprint(saleOf(till, command))];
  const { body } = command;
  if ("sale_id" in body) {
    const { sale_id, refund_no: _refundNo, ...input } = body;
    return ["refund.create", refundFingerprint(sale_id, { ...input, terminal_id: till.terminal_id })];
  }
  return ["refund.create_unlinked", unlinkedRefundFingerprint(unlinkedRefundOf(till, command.occurred_at, body))];
}

type SaleCommand = Extract<Command, { type: "sale" }>;
type RefundBody = Extract<Command, { type: "refund" }>["body"];

/** The sale a command tells of: of this till and its store, at the time it happened. */
function saleOf(till: Till, { body, occurred_at }: SaleCommand): SaleInput {
  const { invoice_no: _invoiceNo, ...input } = body;
  refuseOtherPlace(till, body);
  return { ...input, store_id: till.store_id, terminal_id: till.terminal_id, sold_at: occurred_at };
}

function unlinkedRefundOf(
  till: Till,
  occurredAt: string,
  body: Exclude<RefundBody, { sale_id: string }>,
): UnlinkedRefundInput {
  const { refund_no: _refundNo, ...input } = body;
  refuseOtherPlace(till, body);
  return { ...input, store_id: till.store_id, terminal_id: till.terminal_id, refunded_at: occurredAt };
}

function refuseOtherPlace(till: Till, body: { store_id?: string | undefined; terminal_id?: string | undefined }): void {
  for (const field of ["store_id", "terminal_id"] as const) {
    if (body[field] === undefined || body[field] === till[field]) continue;
    const pointer = `/${field}`;
    throw new Problem("validation_failed", `${pointer} is not this till's.`, {
      errors: [{ pointer, detail: "is not this till's; leave it out" }],
    });
  }
}

/** The number the command brings, or, where that is taken, one of the store's own. */
function numbering(
  till: Till,
  command: Command,
  options: DraftOptions,
  seqTaken: boolean,
  flag: (type: ExceptionType, detail: string) => void,
): DraftOptions {
  const own = ownNumberOf(command);
  if (own === undefined) return { ...options, number_from_store: seqTaken };
  const field = command.type === "sale" ? "invoice_no" : "refund_no";
  const prefix = `${till.store_code}-${till.terminal_code}-${command.type === "sale" ? "" : "R"}`;
  const digits = own.startsWith(prefix) ? own.slice(prefix.length) : "";
  if (!/^(?:\d{6}|[1-9]\d{6,7})$/.test(digits) || Number(digits) === 0) {
    throw new Problem("validation_failed", `/${field} is not a number of this till.`, {
      errors: [{ pointer: `/${field}`, detail: `must be ${prefix} and six digits, from 000001` }],
    });
  }
  if (till.taken_numbers.has(own)) {
    if (!seqTaken) flag("number_repeat", `${own} was used before.`);
    return { ...options, number_from_store: true };
  }
  if (seqTaken) return { ...options, number_from_store: true };
  return { ...options, own_number: { text: own, number: Number(digits) } };
}

async function draftCommand(
  ctx: Context,
  till: Till,
  command: Exclude<Command, { type: "customer" }>,
  options: DraftOptions,
  flag: (type: ExceptionType, detail: string) => void,
): Promise<Draft> {
  const { shelf } = till;
  const flagStalePrices = (stale: SoldBasket["stale_prices"]) => {
    for (const { pointer, claimed, current } of stale) {
      const now = current === null ? "is not on sale any more" : `is ${String(current)} now`;
      flag("stale_price", `${pointer} was sold at ${String(claimed)}, and ${now}.`);
    }
  };
  if (command.type === "sale") {
    const input = saleOf(till, command);
    const sold = takeBasket(input, shelf, { actor: actorOf(ctx), happened: true });
    flagStalePrices(sold.stale_prices);
    const draft = draftSale(ctx, input, shelf, sold, options);
    if (draft.charged_otherwise) {
      const { charged, books } = draft.charged_otherwise;
      flag("stale_price", `The till charged ${String(charged)}; by today's prices and taxes it is ${String(books)}.`);
    }
    return draft;
  }
  if (!actorOf(ctx).permissions.has("refunds:write")) {
    throw new Problem("forbidden", "This needs the permission refunds:write.");
  }
  const { body, occurred_at } = command;
  if ("sale_id" in body) {
    refuseOtherPlace(till, body);
    const { sale_id, refund_no: _refundNo, ...rest } = body;
    const sale = await readSale(ctx, sale_id);
    if (sale.header["store_id"] !== till.store_id) throw new Problem("not_found", "There is no such sale.");
    const input = { ...rest, terminal_id: till.terminal_id, refunded_at: occurred_at };
    return draftRefundOf(ctx, sale, input, shelf, options);
  }
  const refund = draftRefundWithout(ctx, unlinkedRefundOf(till, occurred_at, body), shelf, options);
  flagStalePrices(refund.stale_prices);
  return refund.draft;
}
