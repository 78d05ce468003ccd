import { createRandom, type Random } from "../../support/random.ts";
import type { Action, PlannedBasket, PlannedTender, TillPlan } from "./actions.ts";
import { type Beyond, drawBasket, type Goods } from "./draw-basket.ts";
import { byCard, drawLast, drawTenders } from "./draw-tenders.ts";
import { Returns } from "./returns.ts";
import { drawSpells } from "./spells.ts";

/** A day of a shop, drawn from a seed: the same seed and shelf give the same day. Pure. */

export type DayOptions = {
  seed: number;
  tills: number;
  sales: number;
  offline: number;
  refunds: number;
  chaos: boolean;
};

/** Each till has so many cashiers and customers of its own. */
export const CASHIERS_PER_TILL = 2;
export const CUSTOMERS_PER_TILL = 2;

export function planDay(options: DayOptions, shelf: readonly Goods[]): TillPlan[] {
  const random = createRandom(options.seed);
  const refundsOf = spread(Math.round(options.sales * options.refunds), options.tills);
  return spread(options.sales, options.tills).map((sales, place) => {
    const chance = createRandom(random.below(2 ** 31));
    const refunds = refundsOf[place] ?? 0;
    return { place, actions: planTill(chance, { ...options, sales, refunds, place }, shelf) };
  });
}

/** As evenly as whole numbers go, the first ones more. */
function spread(total: number, places: number): number[] {
  return Array.from({ length: places }, (_, place) => Math.floor(total / places) + (place < total % places ? 1 : 0));
}

type TillDay = DayOptions & { place: number };

function planTill(random: Random, day: TillDay, shelf: readonly Goods[]): Action[] {
  const actions: Action[] = [
    { do: "sign_in", cashier: 0 },
    { do: "open", opening_float: 5000 + 100 * random.below(100) },
  ];
  const returns = new Returns(random, { ...day, customers: CUSTOMERS_PER_TILL });
  const till: PlannedTill = { day, shelf, returns, parked: [], cards: [], cards_sold: 0 };
  let wasOffline = false;
  for (const [sale, isOffline] of drawSpells(random, day.sales, day.offline).entries()) {
    if (isOffline !== wasOffline) actions.push({ do: isOffline ? "offline" : "online" });
    wasOffline = isOffline;
    actions.push(
      ...switchCashier(sale, day, isOffline),
      ...finishParked(random, till, sale),
      ...planSale(random, till, sale, isOffline),
      ...returns.draw(sale, isOffline, shelf),
      ...drawAside(random, till, sale, isOffline),
    );
  }
  if (wasOffline) actions.push({ do: "online" });
  actions.push(...finishParked(random, till, Infinity), ...returns.rest(shelf));
  return [...actions, { do: "sign_in", cashier: 0 }, { do: "x_report" }, ...planClosing(random, day, shelf)];
}

/** The second cashier takes over for the middle of the day, at a till that is online. */
function switchCashier(sale: number, { sales, place }: TillDay, isOffline: boolean): Action[] {
  if (isOffline || place % 2 === 1) return [];
  if (sale === Math.floor(sales / 3)) return [{ do: "sign_in", cashier: 1 }];
  return sale === Math.floor((2 * sales) / 3) ? [{ do: "sign_in", cashier: 0 }] : [];
}

/** What a till's day has come to so far. */
type PlannedTill = {
  day: TillDay;
  shelf: readonly Goods[];
  returns: Returns;
  /** Sales that are parked, and before which other sale each is finished. */
  parked: { sale: number; until: number }[];
  /** Gift cards that were sold here and have not been spent. */
  cards: number[];
  cards_sold: number;
};

function finishParked(random: Random, till: PlannedTill, before: number): Action[] {
  const due = till.parked.filter(({ until }) => until <= before);
  till.parked = till.parked.filter(({ until }) => until > before);
  return due.map(({ sale }) => ({ do: "complete", sale, tenders: drawTenders(random) }));
}

/** One sale: sold at once, or parked now and finished a few sales later. What needs a manager is done online. */
function planSale(random: Random, till: PlannedTill, sale: number, isOffline: boolean): Action[] {
  const { shelf, returns } = till;
  const beyond: Beyond = !isOffline && random.chance(0.01) ? (random.chance(0.5) ? "discount" : "price") : null;
  const basket = drawBasket(random, shelf, beyond);
  const sell = (tenders: PlannedTender[], customer: number | null): Action[] => [
    { do: "sell", sale, basket, tenders, customer, held: false },
  ];
  if (beyond === null && random.chance(0.04)) {
    till.parked.push({ sale, until: sale + 1 + random.below(6) });
    return [{ do: "park", sale, basket }];
  }
  const credit = returns.spend();
  if (credit) return sell(credit.tenders, credit.customer);
  const card = spendCard(random, till);
  if (card) return sell(card, null);
  if (random.chance(0.02)) return sell(drawOnAccount(random), random.below(CUSTOMERS_PER_TILL));
  returns.note(sale, basket);
  return sell(drawTenders(random), null);
}

function drawOnAccount(random: Random): PlannedTender[] {
  const some: PlannedTender = { method: "card", share_ppm: 400_000, note: false, source: null };
  return [...(random.chance(0.5) ? [some] : []), { method: "on_account", share_ppm: 0, note: false, source: null }];
}

/** A gift card is spent once, as far as it goes. */
function spendCard(random: Random, till: PlannedTill): PlannedTender[] | null {
  const [card] = till.cards;
  if (card === undefined || !random.chance(0.3)) return null;
  till.cards = till.cards.slice(1);
  return [{ method: "gift_card", share_ppm: 1_000_000, note: false, source: card }, drawLast(random)];
}

/** What else happens at a till. */
function drawAside(random: Random, till: PlannedTill, sale: number, isOffline: boolean): Action[] {
  const actions: Action[] = [];
  if (random.chance(0.025)) actions.push(drawCash(random));
  if (random.chance(0.01)) actions.push({ do: "x_report" });
  if (random.chance(0.02)) actions.push({ do: "bill", sale: random.below(sale + 1) });
  if (random.chance(0.006)) {
    const card = till.cards_sold;
    const method = random.chance(0.5) ? "cash" : "card";
    actions.push({ do: "gift_card", card, amount: 500 * (1 + random.below(8)), method });
    till.cards.push(card);
    till.cards_sold += 1;
  }
  if (!isOffline && random.chance(0.004)) {
    const method = random.chance(0.5) ? "cash" : "bank_transfer";
    actions.push({
      do: "pay_off",
      customer: random.below(CUSTOMERS_PER_TILL),
      amount: 100 + random.below(900),
      method,
    });
  }
  return actions;
}

function drawCash(random: Random): Action {
  const movements = [
    { type: "paid_in", amount: 500 + random.below(2000), reason: "coins from the bank" },
    { type: "paid_out", amount: 50 + random.below(300), reason: "stamps" },
    { type: "drop", amount: 100 + random.below(900), reason: "to the safe" },
    { type: "no_sale", amount: 0, reason: "change for a customer" },
  ] as const;
  return { do: "cash", ...(random.pick(movements) ?? movements[3]) };
}

/** The second till counts wrong. With chaos a sale of each till comes after its Z report, and a second shift numbers it. */
function planClosing(random: Random, day: TillDay, shelf: readonly Goods[]): Action[] {
  const off_by = day.place === 1 ? -(1 + random.below(200)) : 0;
  if (!day.chaos) return [{ do: "close", off_by }];
  const basket: PlannedBasket = drawBasket(random, shelf, null);
  return [
    { do: "offline" },
    { do: "sell", sale: day.sales, basket, tenders: byCard(), customer: null, held: true },
    { do: "close", off_by: 0 },
    { do: "online" },
    { do: "open", opening_float: 1000 },
    { do: "close", off_by },
  ];
}
