import type { Parts, Rules } from "../arithmetic.ts";
import type { Calendar } from "./clock.ts";
import { Ledgers } from "./ledgers.ts";

/** The books as the model keeps them: plain records, nothing of the Worker's. */

export interface ModelProduct {
  id: string;
  sku: string;
  unit_price: number;
  price_quantity: number;
  tax_rate_ppm: number;
  discount_ppm: number;
  category: { id: string; name: string } | null;
  tracked: boolean;
  max_per_sale: number | null;
  version: number;
  updated_at: string;
}

export interface ModelStore extends Calendar {
  id: string;
  code: string;
  currency: string;
  rules: Rules;
  drawer_tolerance: number;
  allow_oversell: boolean;
  tills: ModelTill[];
  stock: Map<string, number>;
  /** The last number of each sequence, by till code ("00" for none) and kind: `01 sale`. */
  sequences: Map<string, number>;
  /** Invoice and refund numbers that stand in the books. */
  numbers: Set<string>;
  /** Those that a till has passed over with a number of its own, and that have not come. */
  skipped: Set<string>;
}

export interface ModelTill {
  id: string;
  code: string;
  store: ModelStore;
  /** In the order in which they came. */
  shifts: ModelShift[];
  zs: ModelZ[];
  /** Who holds each number of its commands; null for one that was heard without effect. */
  heard: Map<number, string | null>;
}

export interface ModelShift {
  id: string;
  till: ModelTill;
  opening_float: number;
  business_date: string;
  opened_at: string;
  opened_by: string;
  closed_at: string | null;
  closed_by: string | null;
}

/** A Z report as it must be, but for its hash. */
export interface ModelZ {
  number: number;
  shift_id: string;
  net: number;
  report: Record<string, unknown>;
}

/** In which drawer money moved. `late`: it came for a shift that was closed; `z` is the supplement in which it stands. */
export interface Posted {
  store: ModelStore;
  shift: ModelShift | null;
  late: boolean;
  z: number | null;
}

export interface ModelPayment {
  method: string;
  amount: number;
  /** A gift card's code. */
  reference?: string;
  /** It was received before, for the order that became the sale. */
  deposit?: true;
}

export interface ModelLine extends Parts {
  product: ModelProduct | null;
  tax_rate_ppm: number;
  quantity: number;
  refunded: number;
}

export interface ModelSale extends Posted {
  id: string;
  till: ModelTill | null;
  customer: ModelCustomer | null;
  invoice_no: string;
  sold_at: string;
  business_date: string;
  voided: boolean;
  lines: ModelLine[];
  payments: ModelPayment[];
  total: number;
  rounding_adjustment: number;
  change: number;
  /** What of it was paid off later, and what came back of it on account. */
  received: number;
  taken_off_account: number;
}

export interface ModelRefund extends Posted {
  refund_no: string;
  business_date: string;
  lines: (Parts & { product: ModelProduct | null; tax_rate_ppm: number; quantity: number })[];
  payments: ModelPayment[];
  total: number;
}

export interface ModelReceived extends Posted {
  kind: "deposit" | "gift_card" | "account";
  business_date: string;
  method: string;
  amount: number;
}

export interface ModelMovement extends Posted {
  id: string;
  shift: ModelShift;
  type: "paid_in" | "paid_out" | "drop" | "no_sale";
  amount: number;
  reason: string;
  user_id: string;
  moved_at: string;
}

export interface ModelCustomer {
  id: string;
  credit_limit: number;
  version: number;
}

export interface ModelCard {
  id: string;
  code: string;
  currency: string;
}

/** A basket put aside, as it was sent. */
export interface ModelParked<Basket> {
  id: string;
  store: ModelStore;
  customer: ModelCustomer | null;
  basket: Basket;
  state: "parked" | "completed" | "voided";
}

export type ModelExceptionType =
  | "oversold"
  | "stale_price"
  | "closed_shift"
  | "credit_exceeded"
  | "clock_skew"
  | "number_repeat";

/** A custom order: what is wanted, and the deposits that it holds. */
export interface ModelOrder<Basket> {
  id: string;
  store: ModelStore;
  customer: ModelCustomer;
  basket: Basket;
  state: "open" | "completed" | "cancelled";
  version: number;
  deposits: { method: string; amount: number; given_back: boolean }[];
}

/** What someone has to look at, but for holes in a till's numbers, which follow from what was heard. */
export interface ModelException {
  type: ModelExceptionType;
  terminal_id: string;
  seq: number;
  sale_id: string | null;
}

export class Books<Basket> {
  readonly stores: ModelStore[] = [];
  readonly products: ModelProduct[] = [];
  readonly customers: ModelCustomer[] = [];
  readonly cards: ModelCard[] = [];
  readonly sales: ModelSale[] = [];
  readonly refunds: ModelRefund[] = [];
  readonly received: ModelReceived[] = [];
  readonly movements: ModelMovement[] = [];
  readonly parked: ModelParked<Basket>[] = [];
  readonly orders: ModelOrder<Basket>[] = [];
  readonly exceptions: ModelException[] = [];
  readonly ledgers = new Ledgers();

  get tills(): ModelTill[] {
    return this.stores.flatMap(({ tills }) => tills);
  }
}

export function openShiftOf(till: ModelTill): ModelShift | null {
  return till.shifts.find(({ closed_at }) => closed_at === null) ?? null;
}

export function onHand(store: ModelStore, product: ModelProduct): number {
  return store.stock.get(product.id) ?? 0;
}

/** Moves stock where it is counted; the level it leaves. */
export function moveStock(store: ModelStore, product: ModelProduct | null, quantity: number): number {
  if (!product?.tracked) return 0;
  const left = onHand(store, product) + quantity;
  store.stock.set(product.id, left);
  return left;
}

/** The next number of a sequence, or the one that a till brings. */
export function takeNumber(store: ModelStore, code: string, kind: "sale" | "refund", own?: number): string {
  const key = `${code} ${kind}`;
  const last = store.sequences.get(key) ?? 0;
  const number = own ?? last + 1;
  store.sequences.set(key, Math.max(last, number));
  for (let between = last + 1; between < number; between += 1) {
    store.skipped.add(numberText(store, code, kind, between));
  }
  const text = numberText(store, code, kind, number);
  store.numbers.add(text);
  store.skipped.delete(text);
  return text;
}

export function numberText(store: ModelStore, code: string, kind: "sale" | "refund", number: number): string {
  return `${store.code}-${code}-${kind === "refund" ? "R" : ""}${String(number).padStart(6, "0")}`;
}

export function statusOf({ voided, lines }: ModelSale): string {
  if (voided) return "voided";
  if (lines.every(({ refunded }) => refunded === 0)) return "completed";
  return lines.every(({ refunded, quantity }) => refunded === quantity) ? "refunded" : "partially_refunded";
}

/** What is on account of a sale and may still be paid off. */
export function dueOf(sale: ModelSale): number {
  if (sale.voided) return 0;
  const owed = sale.payments.filter(({ method }) => method === "on_account");
  return owed.reduce((total, { amount }) => total + amount, 0) - sale.received - sale.taken_off_account;
}
