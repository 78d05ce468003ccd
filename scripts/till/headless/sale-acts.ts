import { newId } from "../../../src/core/ids.ts";
import { type Basket, type Item, priceSale } from "../basket.ts";
import { readFact } from "../database.ts";
import { checkSale } from "./second-opinion.ts";
import type { SaleRecord } from "../records.ts";
import { complete, type DeedOptions, park, parkedBasketFact, sell } from "../selling.ts";
import { storeOf, type Till } from "../till.ts";
import type { Tender } from "../wire.ts";
import type { Action, PlannedBasket, PlannedLine, PlannedTender } from "./actions.ts";
import { customerAt, type DayAtTill, withYes } from "./day-at-till.ts";
import { HELD } from "./chaos.ts";
import { type Source, tendersOf } from "./tenders.ts";

/** Selling as planned. Sales are known by their places in the plan: facts say which ids they got. */

const saleFact = (place: number) => `plan_sale:${String(place)}`;
export const cardFact = (card: number) => `plan_card:${String(card)}`;
export const refundFact = (refund: number) => `plan_refund:${String(refund)}`;

/** The sale that was made of a place of the plan; null where there is none yet. */
export function plannedSale({ database, books }: Till, place: number): SaleRecord | null {
  const id = readFact<string>(database, saleFact(place));
  return id === undefined ? null : books.sale(id);
}

export async function sellPlanned(
  day: DayAtTill,
  action: Extract<Action, { do: "sell" }>,
  options: DeedOptions,
): Promise<void> {
  const { till } = day;
  const basket = basketOf(till, action.basket);
  const payments = paymentsFor(till, basket, action.tenders);
  const customer_id = action.customer === null ? undefined : customerAt(day, action.customer);
  const named = namedOptions(options, action);
  const { sale } = await withYes(day, async (approval) =>
    sell(till, basket, payments, { ...named, customer_id, approval }),
  );
  checkSale(storeOf(till), basket, sale);
}

function namedOptions(options: DeedOptions, { sale, held }: { sale: number; held?: boolean }) {
  const id = newId();
  const idempotency_key = `${options.idempotency_key ?? id}${held === true ? HELD : ""}`;
  return { ...options, id, idempotency_key, facts: { ...options.facts, [saleFact(sale)]: id } };
}

export async function parkPlanned(
  till: Till,
  action: Extract<Action, { do: "park" }>,
  options: DeedOptions,
): Promise<void> {
  const { sale } = await park(till, basketOf(till, action.basket), namedOptions(options, action));
  if (sale.status !== "parked") throw new Error("a sale that is put aside is parked");
}

export async function completePlanned(
  till: Till,
  action: Extract<Action, { do: "complete" }>,
  options: DeedOptions,
): Promise<void> {
  const parked = plannedSale(till, action.sale);
  const kept = parked && readFact<Basket>(till.database, parkedBasketFact(parked.id));
  if (!parked || !kept) throw new Error(`sale ${String(action.sale)} was not parked here`);
  const basket = { ...kept, items: kept.items.map((item) => refreshed(till, item)) };
  const { sale } = await complete(till, parked, basket, paymentsFor(till, basket, action.tenders), options);
  checkSale(storeOf(till), basket, sale);
}

function refreshed({ catalogue }: Till, item: Item): Item {
  return { ...item, product: item.product && (catalogue.product(item.product.id) ?? item.product) };
}

/** A planned basket with the products as the till knows them. Throws an Error for one that is not sold here. */
export function basketOf(till: Till, { lines, discount }: PlannedBasket): Basket {
  return { items: lines.map((line) => itemOf(till, line)), ...(discount && { discount }) };
}

function itemOf({ catalogue }: Till, { barcode, sku, quantity, custom, override, discount }: PlannedLine): Item {
  const more = { ...(custom && { custom }), ...(override && { override }), ...(discount && { discount }) };
  if (custom) return { product: null, barcode: null, matched_whole: true, quantity, ...more };
  const found = catalogue.find(barcode ?? sku ?? "");
  if (!found) throw new Error(`nothing is sold under ${String(barcode ?? sku)}`);
  return { product: found.product, barcode, matched_whole: found.matched_whole, quantity, ...more };
}

function paymentsFor(till: Till, basket: Basket, planned: readonly PlannedTender[]): Tender[] {
  const rules = storeOf(till);
  return tendersOf(rules, priceSale(rules, basket).totals.total, planned, ({ method, source }) => {
    if (source === null) return null;
    if (method === "gift_card") return readFact<Source>(till.database, cardFact(source)) ?? null;
    return { amount: readFact<number>(till.database, refundFact(source)) ?? 0 };
  });
}
