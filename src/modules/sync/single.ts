import type { Context } from "../../context.ts";
import { splitApprovals } from "../../http/approvals.ts";
import { RawBody } from "../../http/route.ts";
import { payOffAccount } from "../customers/index.ts";
import { sellGiftCard } from "../gift-cards/index.ts";
import { createOrder, giveDepositBack, sellOrder, takeDeposit } from "../orders/index.ts";
import { completeSale, type HappenedSale, parkSale, voidSale } from "../sales/index.ts";
import { settleSale } from "../settlements/index.ts";
import { closeShift, type Happened, moveCash, openShift } from "../shifts/index.ts";
import type { DraftedCommand, NumberedCommand } from "./commands.ts";
import { type About, flagger, type Findings, IN_SUPPLEMENT } from "./findings.ts";
import { numbering } from "./numbering.ts";
import { requirePermission } from "./permission.ts";
import { refuseOtherPlace, tillNamed } from "./prepare.ts";
import type { Command } from "./schemas.ts";
import { drawerOf, shiftOf, type Till, type TillDrawer } from "./till.ts";
import { heardOf, tillStatements } from "./till-statements.ts";

/** Commands that go through the service of their endpoint, one by one, with the time at which they happened. */

export type SingleCommand = Exclude<Command, DraftedCommand> | Extract<Command, { type: "sale" }>;

/** What came of one: its answer as JSON text, whether it is a repeat, and whether someone will have to look at it. */
export interface SingleOutcome {
  answer: string;
  replayed: boolean;
  flagged: boolean;
}

/** Throws Problem and Violation for a command that is rejected. */
export async function carryOut(
  request: Context,
  till: Till,
  one: NumberedCommand & { command: SingleCommand },
): Promise<SingleOutcome> {
  const { command } = one;
  const findings = flagger(request, till, one, aboutSingle(one));
  const alongside = {
    statements: () => tillStatements(request, till, heardOf(till, [one]), [findings]),
    rows: [],
  };
  const ctx: Context = {
    ...request,
    idempotency_key: one.key,
    approvals: splitApprovals(command.approval),
    answer_headers: new Headers(),
    alongside,
  };
  const { text } = await run(ctx, till, command, findings);
  const replayed = ctx.answer_headers.has("Idempotency-Replayed");
  const cameTrue = (alongside.rows[0] as unknown[] | undefined)?.length ?? 0;
  return { answer: text, replayed, flagged: !replayed && (findings.exceptions.length > 0 || cameTrue > 0) };
}

/** By the id that the till has given it, or by what it names. */
function aboutSingle({ key, command }: NumberedCommand & { command: SingleCommand }): About {
  const named = (what: string, id: string | undefined) => `${what} ${id ?? `with the key ${key}`}`;
  const about = (resource: string): About => ({ sale_id: null, resource });
  switch (command.type) {
    case "complete":
    case "payment":
      return { sale_id: command.body.sale_id, resource: null };
    case "void":
      // A basket that was put aside is no sale.
      return { sale_id: command.body.sale_id, resource: `sale ${command.body.sale_id}` };
    case "sale":
      return about(named("parked sale", command.body.id));
    case "shift_open":
      return about(named("shift", command.body.id));
    case "shift_close":
      return about(`shift ${command.body.shift_id}`);
    case "cash_movement":
      return about(`${named("cash movement", command.body.id)} in shift ${command.body.shift_id}`);
    case "gift_card":
      return about(named("gift card", command.body.id));
    case "customer_payment":
      return about(`a payment of customer ${command.body.customer_id}`);
    case "order":
      return about(named("order", command.body.id));
    case "deposit":
    case "deposit_refund":
    case "order_complete":
      return about(`order ${command.body.order_id}`);
  }
}

async function run(ctx: Context, till: Till, command: SingleCommand, findings: Findings): Promise<RawBody> {
  const { occurred_at } = command;
  switch (command.type) {
    case "sale": {
      requirePermission(ctx, "sales:write");
      refuseOtherPlace(till, command.body);
      const { invoice_no: _invoiceNo, ...input } = command.body;
      const place = { store_id: till.store_id, terminal_id: tillNamed(till, command.body) };
      return parkSale(ctx, { ...input, ...place, sold_at: occurred_at }, true);
    }
    case "complete": {
      requirePermission(ctx, "sales:write");
      const { sale_id, invoice_no: _invoiceNo, ...completion } = command.body;
      const happened = happenedSale(till, command, findings);
      const past = { store_id: till.store_id, sold_at: occurred_at, happened };
      return completeSale(ctx, sale_id, completion, past);
    }
    case "void": {
      requirePermission(ctx, "sales:write");
      const { sale_id, ...input } = command.body;
      const past = { store_id: till.store_id, voided_at: occurred_at, before_sale: findings.beforeSale };
      return voidSale(ctx, sale_id, input, past);
    }
    case "shift_open": {
      requirePermission(ctx, "shifts:write");
      refuseOtherPlace(till, command.body);
      return openShift(ctx, { ...command.body, terminal_id: till.terminal_id }, occurred_at);
    }
    case "shift_close": {
      requirePermission(ctx, "shifts:write");
      const { shift_id, ...input } = command.body;
      shiftOf(till, shift_id, occurred_at);
      return closeShift(ctx, shift_id, input, occurred_at);
    }
    case "cash_movement": {
      requirePermission(ctx, "shifts:write");
      const { shift_id, ...input } = command.body;
      shiftOf(till, shift_id, occurred_at);
      const id = input.id ?? ctx.newId();
      findings.movedCash(id);
      return moveCash(ctx, shift_id, input, { at: occurred_at, id });
    }
    case "payment": {
      requirePermission(ctx, "sales:write");
      const { sale_id, ...input } = command.body;
      return settleSale(ctx, sale_id, input, happenedAt(till, input, occurred_at, findings));
    }
    case "gift_card": {
      requirePermission(ctx, "sales:write");
      const input = { ...command.body, store_id: till.store_id };
      return sellGiftCard(ctx, input, happenedAt(till, command.body, occurred_at, findings));
    }
    case "customer_payment": {
      requirePermission(ctx, "sales:write");
      const { customer_id, ...body } = command.body;
      const input = { ...body, store_id: till.store_id };
      return payOffAccount(ctx, customer_id, input, happenedAt(till, body, occurred_at, findings));
    }
    case "order": {
      requirePermission(ctx, "orders:write");
      refuseOtherPlace(till, command.body);
      const order = await createOrder(ctx, { ...command.body, store_id: till.store_id });
      return order instanceof RawBody ? order : new RawBody(JSON.stringify(order));
    }
    case "deposit": {
      requirePermission(ctx, "orders:write");
      const { order_id, ...input } = command.body;
      return takeDeposit(ctx, order_id, input, happenedAt(till, input, occurred_at, findings));
    }
    case "deposit_refund": {
      requirePermission(ctx, "orders:write");
      const { order_id, ...input } = command.body;
      return giveDepositBack(ctx, order_id, input, happenedAt(till, input, occurred_at, findings));
    }
    case "order_complete": {
      requirePermission(ctx, "orders:write");
      const { order_id, invoice_no: _invoiceNo, ...completion } = command.body;
      const { sale } = await sellOrder(ctx, order_id, completion, {
        store_id: till.store_id,
        sold_at: occurred_at,
        happened: happenedSale(till, command, findings),
      });
      return sale;
    }
  }
}

/** Where a sale happened that is made of what is kept here, and its number. */
function happenedSale(
  till: Till,
  command: Extract<SingleCommand, { type: "complete" | "order_complete" }>,
  findings: Findings,
): HappenedSale {
  refuseOtherPlace(till, command.body);
  const drawer = drawerOf(till, command.body, command.occurred_at);
  findings.closedShift(drawer);
  return { drawer, number: numbering(till, command, findings), tell: findings.sold };
}

/** When and where money was received that is no sale's. */
function happenedAt(
  till: Till,
  body: { store_id?: string | undefined; terminal_id?: string | undefined; shift_id?: string | undefined },
  at: string,
  findings: Findings,
): Happened {
  refuseOtherPlace(till, body);
  const { terminal, shift_id } = flagClosed(drawerOf(till, body, at), findings);
  return { at, place: { store: till.shelf.store, terminal, shift_id } };
}

/** The drawer of money that is no sale's; a closed one is told of. */
function flagClosed(drawer: TillDrawer, findings: Findings): TillDrawer {
  if (drawer.closed) {
    findings.flag(
      "closed_shift",
      drawer.shift_id === null ? "No shift of the till was open when it happened." : IN_SUPPLEMENT,
    );
  }
  return drawer;
}
