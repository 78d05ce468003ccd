import { linesOf, workOut } from "../online/basket.ts";
import { type ModelExceptionType, takeNumber } from "../books/books.ts";
import {
  backAt,
  type Bringing,
  type Drawer,
  drawerOf,
  type FactsOf,
  numberOf,
  type Outcome,
  rejected,
  taken,
} from "./brought.ts";
import { postRefund, postVoid } from "../books/posting.ts";
import { backLines, markRefunded, shareOf, totalOf, voidFaults } from "../online/refunding.ts";
import { judgeRefund } from "../online/tenders.ts";

/** What came back at a till that was offline: refunds and voids. */

export function applyRefund(bringing: Bringing, facts: FactsOf<"refund">): Outcome {
  const { world, till } = bringing;
  const { store } = till;
  const { sale_id, wanted, payments } = facts;
  const sale = world.books.sales.find(({ id }) => id === sale_id);
  if (sale?.store !== store) return rejected("not_found");
  const { at, flags } = backAt(bringing, sale);
  const drawer = drawerOf(bringing, at);
  const lines = shareOf(sale, wanted);
  const customer = sale.customer ?? facts.customer;
  const { faults } = judgeRefund(world, store, { total: totalOf(lines), payments, customer });
  const over = lines && !sale.voided ? [] : ["over_refund"];
  if (drawer.faults.length + over.length + faults.length > 0) return rejected(...drawer.faults, ...over, ...faults);
  markRefunded(sale, wanted);
  const number = numberOf(bringing, "refund");
  const refund_no = takeNumber(store, number.code, "refund", number.own);
  const posting = { store, till, shift: drawer.shift, at };
  postRefund(world, posting, { sale, customer, refund_no, lines: lines ?? [], payments });
  return refunded(drawer, [...flags, ...number.flags], refund_no, sale_id);
}

function refunded(
  drawer: Drawer,
  flags: ModelExceptionType[],
  refund_no: string,
  sale_id: string | null = null,
): Outcome {
  // Whoever brings it has named no id.
  const resource = { type: "refund", id: "", refund_no };
  return taken("refund", "", { flags: [...drawer.flags, ...flags], sale_id, resource });
}

export function applyRefundWithout(bringing: Bringing, facts: FactsOf<"refund_without">): Outcome {
  const { world, till, command, by } = bringing;
  const { store } = till;
  const { basket, restock, customer, payments } = facts;
  const drawer = drawerOf(bringing);
  const { faults, parts, stale } = workOut(store, basket, by, true);
  const leave = by.is_cashier ? ["approval_required"] : [];
  const judged = judgeRefund(world, store, { total: totalOf(parts), payments, customer });
  const all = [...drawer.faults, ...faults, ...leave, ...judged.faults];
  if (!parts || all.length > 0) return rejected(...all);
  const number = numberOf(bringing, "refund");
  const refund_no = takeNumber(store, number.code, "refund", number.own);
  const posting = { store, till, shift: drawer.shift, at: command.sent.occurred_at };
  const lines = backLines(linesOf(basket, parts), restock);
  postRefund(world, posting, { sale: null, customer, refund_no, lines, payments });
  const stales = Array.from({ length: stale }, () => "stale_price" as const);
  return refunded(drawer, [...stales, ...number.flags], refund_no);
}

export function applyVoid(bringing: Bringing, { sale_id }: FactsOf<"void">): Outcome {
  const { world, by } = bringing;
  const sale = world.books.sales.find(({ id }) => id === sale_id);
  if (sale) {
    const leave = by.is_cashier ? ["approval_required"] : [];
    const { at, flags } = backAt(bringing, sale);
    const faults = [...voidFaults(sale, at), ...leave];
    if (faults.length > 0) return rejected(...faults);
    postVoid(world, sale);
    const { invoice_no } = sale;
    return taken("sale", sale_id, { flags, sale_id, resource: { type: "sale", id: sale_id, invoice_no } });
  }
  const parked = world.books.parked.find(({ id }) => id === sale_id);
  if (!parked) return rejected("not_found");
  if (parked.state !== "parked") return rejected("already_resumed");
  parked.state = "voided";
  return taken("sale", sale_id);
}
