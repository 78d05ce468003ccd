import { actorOf, type Context } from "../../context.ts";
import { splitApprovals } from "../../http/approvals.ts";
import { fingerprintOf, type OnceRecord } from "../../http/idempotency.ts";
import { Problem } from "../../http/problem.ts";
import { NO_LEAVE, takeLeave } from "../approvals/index.ts";
import { type Customer, newCustomer } from "../customers/index.ts";
import {
  type Draft,
  type DraftOptions,
  draftRefundOf,
  draftRefundWithout,
  draftSale,
  readSale,
  refundFingerprint,
  type SaleInput,
  saleFingerprint,
  type SaleRows,
  takeBasket,
  unlinkedRefundFingerprint,
  type UnlinkedRefundInput,
  wantedOf,
} from "../sales/index.ts";
import type { DraftedCommand, NumberedCommand } from "./commands.ts";
import { type About, flagger, type Findings } from "./findings.ts";
import { numbering, takeOwnNumber } from "./numbering.ts";
import { requirePermission } from "./permission.ts";
import { drawerOf, readShiftAt, type Till } from "./till.ts";

/** A command turned into rows, ready to be committed with its group. */
export interface Prepared {
  index: number;
  seq: number;
  key: string;
  type: DraftedCommand["type"];
  once: OnceRecord;
  draft: Draft | null;
  customer: Customer | null;
  /** Whom it names, to say who is unknown. */
  people: { customer_id: string | undefined; salesperson_id: string | undefined };
  /** What someone will have to look at; the command is kept all the same. */
  findings: Findings;
}

export type DraftedOne = NumberedCommand & { command: DraftedCommand };

/** Throws Problem for a command that is rejected. */
export async function prepareCommand(request: Context, till: Till, one: DraftedOne): Promise<Prepared> {
  const { index, seq, key, command } = one;
  const ctx = { ...request, approvals: splitApprovals(command.approval) };
  const once = { ...preparedOnce(till, command, key), resource_id: command.body.id ?? ctx.newId() };
  const findings = flagger(ctx, till, one, aboutDrafted(command, once.resource_id));
  const { customer_id, salesperson_id } = command.body as { customer_id?: string; salesperson_id?: string };
  const people = { customer_id, salesperson_id };
  const prepared = { index, seq, key, type: command.type, once, people, findings };
  if (command.type === "customer") {
    requirePermission(ctx, "customers:write");
    return { ...prepared, draft: null, customer: newCustomer(ctx, { ...command.body, id: once.resource_id }) };
  }
  requirePermission(ctx, command.type === "sale" ? "sales:write" : "refunds:write");
  const number = numbering(till, command, findings);
  const draft = await draftCommand(ctx, till, command, { once, happened: true, ...number }, findings);
  if (number.own_number) takeOwnNumber(till, command, number.own_number);
  return { ...prepared, draft, customer: null };
}

function aboutDrafted({ type, body }: DraftedCommand, id: string): About {
  if (type === "sale") return { sale_id: id, resource: null };
  return { sale_id: "sale_id" in body ? body.sale_id : null, resource: `${type} ${id}` };
}

/** The key's record; its resource is known only when the command is new. */
export function preparedOnce(till: Till, command: DraftedCommand, key: string): OnceRecord {
  const named = command.type === "customer" ? undefined : tillNamed(till, command.body);
  return onceOf(till, command, key, named);
}

/** The same where it was sent online with no till named, of which the till that brings it makes its own. */
export function onceAsSent(till: Till, command: DraftedCommand, key: string): OnceRecord {
  return onceOf(till, command, key, command.type === "customer" ? undefined : command.body.terminal_id);
}

function onceOf(till: Till, command: DraftedCommand, key: string, terminalId: string | undefined): OnceRecord {
  const [operation, fingerprint] = fingerprintCommand(till, command, terminalId);
  return { store_id: till.store_id, key, operation, fingerprint, resource_id: "" };
}

function fingerprintCommand(
  till: Till,
  command: DraftedCommand,
  terminal_id: string | undefined,
): [operation: string, fingerprint: string] {
  if (command.type === "customer") return ["customer.create", fingerprintOf("customer.create", command.body)];
  if (command.type === "sale") return ["sale.create", saleFingerprint({ ...saleOf(till, command), terminal_id })];
  const { body } = command;
  if ("sale_id" in body) {
    const { sale_id, refund_no: _refundNo, ...input } = body;
    return ["refund.create", refundFingerprint(sale_id, { ...input, terminal_id })];
  }
  const refund = unlinkedRefundOf(till, command.occurred_at, body);
  return ["refund.create_unlinked", unlinkedRefundFingerprint({ ...refund, terminal_id })];
}

type SaleCommand = Extract<DraftedCommand, { type: "sale" }>;
type RefundBody = Extract<DraftedCommand, { type: "refund" }>["body"];

/** The sale a command tells of: of this till and its store, at the time it happened. */
function saleOf(till: Till, { body, occurred_at }: SaleCommand): SaleInput {
  const { invoice_no: _invoiceNo, ...input } = body;
  refuseOtherPlace(till, body);
  return { ...input, store_id: till.store_id, terminal_id: tillNamed(till, body), sold_at: occurred_at };
}

function unlinkedRefundOf(
  till: Till,
  occurredAt: string,
  body: Exclude<RefundBody, { sale_id: string }>,
): UnlinkedRefundInput {
  const { refund_no: _refundNo, ...input } = body;
  refuseOtherPlace(till, body);
  return { ...input, store_id: till.store_id, terminal_id: tillNamed(till, body), refunded_at: occurredAt };
}

/**
 * The till as the same command names it online, so that its key stands for one command by either door: a shift says by
 * itself which till it is of.
 */
export function tillNamed(
  till: Till,
  { terminal_id, shift_id }: { terminal_id?: string | undefined; shift_id?: string | undefined },
): string | undefined {
  return terminal_id ?? (shift_id === undefined ? till.terminal_id : undefined);
}

/** Throws Problem `validation_failed` for a body that names another store or till than its own. */
export function refuseOtherPlace(
  till: Till,
  body: { store_id?: string | undefined; terminal_id?: string | undefined },
): void {
  for (const field of ["store_id", "terminal_id"] as const) {
    if (body[field] === undefined || body[field] === till[field]) continue;
    const pointer = `/${field}`;
    throw new Problem("validation_failed", `${pointer} is not this till's.`, {
      errors: [{ pointer, detail: "is not this till's; leave it out" }],
    });
  }
}

async function draftCommand(
  ctx: Context,
  till: Till,
  command: Exclude<DraftedCommand, { type: "customer" }>,
  options: Omit<DraftOptions, "leave">,
  findings: Findings,
): Promise<Draft> {
  const { body } = command;
  const back = "sale_id" in body ? await saleBack(ctx, till, body.sale_id, command.occurred_at, findings) : null;
  const occurred_at = back?.at ?? command.occurred_at;
  const drawer = drawerOf(till, body, occurred_at);
  const shelf = { ...till.shelf, shift_id: drawer.shift_id };
  findings.closedShift(drawer);
  if (command.type === "sale") {
    const input = saleOf(till, command);
    const sold = takeBasket(input, shelf, { actor: actorOf(ctx), happened: true });
    const leave = takeLeave(ctx, wantedOf(sold, till.store_id, input.id ?? null), new Date(occurred_at));
    const draft = draftSale(ctx, input, shelf, sold, { ...options, leave });
    findings.sold(sold, draft);
    return draft;
  }
  const draft = draftRefundCommand(ctx, till, command, back, shelf, options, findings);
  findings.drafted(draft);
  return draft;
}

/** A sale that something came back of, and when. That can't have been before the sale, whatever the till's clock said. */
interface SaleBack {
  sale: SaleRows;
  at: string;
}

async function saleBack(
  ctx: Context,
  till: Till,
  saleId: string,
  occurredAt: string,
  findings: Findings,
): Promise<SaleBack> {
  const sale = await readSale(ctx, saleId, till.store_id);
  const soldAt = String(sale.header["sold_at"]);
  if (occurredAt >= soldAt) return { sale, at: occurredAt };
  findings.beforeSale(soldAt);
  await readShiftAt(ctx, till, soldAt);
  return { sale, at: soldAt };
}

function draftRefundCommand(
  ctx: Context,
  till: Till,
  { body, occurred_at }: Extract<DraftedCommand, { type: "refund" }>,
  back: SaleBack | null,
  shelf: Till["shelf"],
  options: Omit<DraftOptions, "leave">,
  findings: Findings,
): Draft {
  if (back && "sale_id" in body) {
    refuseOtherPlace(till, body);
    const { sale_id: _saleId, refund_no: _refundNo, ...rest } = body;
    const input = { ...rest, refunded_at: back.at };
    return draftRefundOf(ctx, back.sale, input, shelf, { ...options, leave: NO_LEAVE });
  }
  const refund = draftRefundWithout(ctx, unlinkedRefundOf(till, occurred_at, body), shelf, options);
  findings.stalePrices(refund.stale_prices);
  return refund.draft;
}
