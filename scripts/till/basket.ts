import {
  type BasketLine,
  findAboveMaxPerSale,
  greatestDiscountPpm,
  measureLine,
  priceBasket,
  type PricedBasket,
  PricingError,
  roundToMultiple,
  type Settlement,
  SettlementError,
  settlePayments,
} from "regal-pos/pricing";
import { Failure } from "../support/failure.ts";
import { mulDiv } from "../../src/core/money.ts";
import type { SaleRecordLine } from "./records.ts";
import type { Product, Store, Tender, WireDiscount } from "./wire.ts";

/** A basket at the till, priced by the engine that the edge prices with. Pure. */

export type Item = {
  /** What a line was scanned or keyed in as; null for a custom line. */
  product: Product | null;
  /** The code that was scanned, where the product was found by one. */
  barcode: string | null;
  matched_whole: boolean;
  /** Base units; null where a printed code carries it. */
  quantity: number | null;
  custom?: { name: string; unit_price: number; tax_rate_ppm: number };
  override?: { unit_price: number; reason: string };
  discount?: WireDiscount;
  note?: string;
};

export type Basket = { items: Item[]; discount?: WireDiscount; note?: string };

export type Rules = Pick<Store, "tax_mode" | "rounding" | "cash_rounding" | "currency">;

/** What of a basket needs a manager's yes. */
export type Leave = { action: "discount" | "price"; limit: number };

export type PricedSale = {
  totals: PricedBasket;
  lines: SaleRecordLine[];
  /** What the customer's basket is above what the cashier may give alone, by `max_discount_ppm`. */
  greatest_discount_ppm: number;
  /** What overrides take off the list prices in all; null where there is none. */
  overridden: number | null;
};

/** Prices a basket. Throws a Failure in the cashier's words. */
export function priceSale(rules: Rules, basket: Basket): PricedSale {
  const measured = basket.items.map(measure);
  refuseAboveLimit(basket.items, measured);
  const lines = basket.items.map((item, index) => engineLine(item, at(measured, index)));
  const totals = priceLines(rules, lines, basket.discount);
  const given = basket.items.map((item, index) => ({
    subtotal: at(totals.lines, index).subtotal,
    line_discount: at(totals.lines, index).line_discount,
    discount: item.discount && plain(item.discount),
  }));
  return {
    totals,
    lines: basket.items.map((item, index) => recordLine(item, index, at(lines, index), at(totals.lines, index))),
    greatest_discount_ppm: greatestDiscountPpm(given, basket.discount && plain(basket.discount)),
    overridden: sumOverrides(rules, basket.items, measured, totals),
  };
}

/** The lines of a request, naming each price that was charged as a claim. */
export function wireLines(basket: Basket): object[] {
  return basket.items.map(({ product, barcode, quantity, custom, override, discount, note }) => {
    const rest = { ...(discount && { discount }), ...(note !== undefined && { note }) };
    if (product === null) return { custom, quantity, ...rest };
    const claim = override ? { override } : { unit_price: product.unit_price };
    const named = barcode === null ? { sku: product.sku } : { barcode };
    return { ...named, ...(quantity === null ? {} : { quantity }), ...claim, ...rest };
  });
}

/** What tenders make of a total. Throws a Failure that says what is short or over. */
export function settle(rules: Rules, total: number, payments: readonly Tender[]): Settlement {
  try {
    return settlePayments({ total, payments, cash_rounding: rules.cash_rounding, mode: rules.rounding.mode });
  } catch (error) {
    if (!(error instanceof SettlementError)) throw error;
    if (error.code === "payment_short") throw new Failure(`${String(error.due)} is still due.`);
    if (error.code === "amount_too_large") throw new Failure("That is more than the books can hold.");
    throw new Failure("That is more than is due, and only cash gives change.");
  }
}

/** What is left to pay after tenders: as it is, and in coins. */
export function leftToPay(rules: Rules, total: number, payments: readonly Tender[]): { due: number; in_cash: number } {
  const paid = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum : sum + amount), 0);
  const cash = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum + amount : sum), 0);
  const due = total - paid;
  const inCash = roundToMultiple(due, rules.cash_rounding, rules.rounding.mode);
  const rounds = payments.some(({ method }) => method === "cash");
  return { due: Math.max(0, (rounds ? inCash : due) - cash), in_cash: Math.max(0, inCash - cash) };
}

type Measured = { quantity: number; printed_price: number | undefined };

function measure({ product, barcode, quantity, matched_whole }: Item): Measured {
  if (product === null) return { quantity: quantity ?? 1, printed_price: undefined };
  const line = { ...(barcode !== null && { barcode }), ...(quantity !== null && { quantity }) };
  const measured = measureLine(line, product, matched_whole);
  if (typeof measured === "string") throw new Failure(`${product.name}: the quantity ${measured}.`);
  return measured;
}

function engineLine({ product, custom, override, discount }: Item, { quantity, printed_price }: Measured): BasketLine {
  const priced = product ?? { price_quantity: 1, discount_ppm: 0, tax_rate_ppm: 0, unit_price: 0, ...custom };
  return {
    unit_price: override?.unit_price ?? priced.unit_price,
    price_quantity: priced.price_quantity,
    quantity,
    tax_rate_ppm: priced.tax_rate_ppm,
    discount_ppm: priced.discount_ppm,
    discount: discount && plain(discount),
    printed_price: override ? undefined : printed_price,
  };
}

function priceLines(rules: Rules, lines: BasketLine[], discount: WireDiscount | undefined): PricedBasket {
  try {
    return priceBasket(rules, lines, discount && plain(discount));
  } catch (error) {
    if (!(error instanceof PricingError)) throw error;
    const line = error.line_index === null ? "" : `Line ${String(error.line_index + 1)}: `;
    const why = {
      discount_above_line: "the discount is more than the line comes to.",
      discount_above_order: "The discount is more than the basket comes to.",
      amount_too_large: "that is more than the books can hold.",
    };
    throw new Failure(line + why[error.code]);
  }
}

function recordLine(
  { product, barcode, custom, override, discount, note }: Item,
  index: number,
  line: BasketLine,
  priced: PricedBasket["lines"][number],
): SaleRecordLine {
  return {
    line_no: index + 1,
    product_id: product?.id ?? null,
    sku: product?.sku ?? null,
    barcode,
    name: product?.name ?? custom?.name ?? "",
    unit: product?.unit ?? "each",
    price_quantity: line.price_quantity,
    list_price: override && product ? product.unit_price : null,
    unit_price: line.unit_price,
    override_reason: override?.reason ?? null,
    quantity: line.quantity,
    tax_rate_ppm: line.tax_rate_ppm,
    subtotal: priced.subtotal,
    line_discount: priced.line_discount,
    order_discount: priced.order_discount,
    discount_total: priced.discount_total,
    discount_reason: discount?.reason ?? null,
    tax_total: priced.tax_total,
    total: priced.total,
    note: note ?? null,
    refunded_quantity: 0,
  };
}

function refuseAboveLimit(items: readonly Item[], measured: readonly Measured[]): void {
  const limited = items.map(({ product }, index) => ({
    product_id: product?.id ?? null,
    max_per_sale: product?.max_per_sale ?? null,
    quantity: at(measured, index).quantity,
  }));
  const [above] = findAboveMaxPerSale(limited);
  if (!above) return;
  const name = items[above.index]?.product?.name ?? "it";
  throw new Failure(`One sale may have at most ${String(above.max_per_sale)} of ${name}.`);
}

function sumOverrides(
  rules: Rules,
  items: readonly Item[],
  measured: readonly Measured[],
  totals: PricedBasket,
): number | null {
  if (!items.some(({ override }) => override)) return null;
  return items.reduce((sum, { override, product }, index) => {
    if (!override || !product) return sum;
    const { quantity } = at(measured, index);
    const listed = mulDiv(product.unit_price, quantity, product.price_quantity, rules.rounding.mode);
    return sum + Math.max(0, listed - at(totals.lines, index).subtotal);
  }, 0);
}

/** A discount without its reason, as the engine takes it. */
function plain(discount: WireDiscount): { amount: number } | { ppm: number } {
  return "amount" in discount ? { amount: discount.amount } : { ppm: discount.ppm };
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`there is no line ${String(index)}`);
  return value;
}
