import { businessDate } from "../../../src/core/business-day.ts";
import { priceSale } from "../basket.ts";
import { countDrawer } from "../reckoning.ts";
import { priceRefund, refundGoods, refundSale, totalOfRefund, voidSale } from "../refunding.ts";
import type { DeedOptions } from "../selling.ts";
import { openShiftOf, storeOf, type Till } from "../till.ts";
import type { Method } from "../wire.ts";
import type { Action } from "./actions.ts";
import { customerAt, type DayAtTill, withYes } from "./day-at-till.ts";
import { basketOf, plannedSale, refundFact } from "./sale-acts.ts";

/** Giving back as planned. */

export async function refundPlanned(
  day: DayAtTill,
  action: Extract<Action, { do: "refund" }>,
  options: DeedOptions,
): Promise<void> {
  const { till } = day;
  const sale = plannedSale(till, action.sale);
  if (!sale) throw new Error(`sale ${String(action.sale)} was not made here`);
  const lines = action.lines.map(({ line_no, quantity, restock }) => {
    const line = sale.lines.find((one) => one.line_no === line_no);
    const left = (line?.quantity ?? 0) - (line?.refunded_quantity ?? 0);
    return { line_no, quantity: quantity ?? left, restock };
  });
  const total = totalOfRefund(priceRefund(till, sale, lines));
  const payments = total === 0 ? [] : [{ method: methodFor(till, action.method, total), amount: total }];
  const customer = action.customer === null ? {} : { customer_id: customerAt(day, action.customer) };
  const request = { lines, payments, reason: "brought back", ...customer };
  const facts = { ...options.facts, [refundFact(action.refund)]: total };
  await refundSale(till, sale, request, { ...options, facts });
}

export async function refundGoodsPlanned(
  day: DayAtTill,
  action: Extract<Action, { do: "refund_goods" }>,
  options: DeedOptions,
): Promise<void> {
  const { till } = day;
  const basket = basketOf(till, action.basket);
  const { total } = priceSale(storeOf(till), basket).totals;
  const payments = total === 0 ? [] : [{ method: action.method, amount: total }];
  const request = { payments, reason: "brought back without a bill" };
  await withYes(day, async (approval) => refundGoods(till, basket, request, { ...options, approval }));
}

/** A sale of a business day that is over can't be voided any more: then it stays. */
export async function voidPlanned(
  day: DayAtTill,
  action: Extract<Action, { do: "void" }>,
  options: DeedOptions,
): Promise<void> {
  const { till } = day;
  const sale = plannedSale(till, action.sale);
  if (!sale) throw new Error(`sale ${String(action.sale)} was not made here`);
  const { timezone, day_cutoff } = storeOf(till);
  if (sale.business_date !== businessDate(new Date(), timezone, day_cutoff)) return;
  await withYes(day, async (approval) => voidSale(till, sale, "rung up by mistake", { ...options, approval }));
}

/** Cash that is not there can't be given back. */
function methodFor(till: Till, method: Method, total: number): Method {
  if (method !== "cash") return method;
  return countDrawer(till.books.drawerOf(openShiftOf(till).id)) >= total ? "cash" : "card";
}
