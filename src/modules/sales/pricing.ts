import { allocateByLargestRemainder, MAX_AMOUNT, mulDiv, type RoundingMode } from "../../core/money.ts";

/** The pricing engine: pure, and the one order of calculation that sales, quotes and tills share. */

const PPM = 1_000_000;

export interface PricingRules {
  tax_mode: "inclusive" | "exclusive";
  rounding: { mode: RoundingMode; scope: "line" | "invoice" };
}

/** An amount in minor units, or parts per million of what it applies to. */
export type Discount = { amount: number } | { ppm: number };

export interface BasketLine {
  /** Minor units for `price_quantity` base units. */
  unit_price: number;
  price_quantity: number;
  quantity: number;
  tax_rate_ppm: number;
  /** The product's own discount, where the line names none and its price is not a printed one. */
  discount_ppm: number;
  discount?: Discount | undefined;
  /** The line's subtotal as an in-store barcode prints it. */
  printed_price?: number | undefined;
}

export interface PricedLine {
  subtotal: number;
  line_discount: number;
  order_discount: number;
  discount_total: number;
  tax_total: number;
  total: number;
}

export interface PricedBasket {
  lines: PricedLine[];
  subtotal: number;
  discount_total: number;
  tax_total: number;
  total: number;
}

export class PricingError extends Error {
  readonly code: "discount_above_line" | "discount_above_order" | "amount_too_large";
  readonly line_index: number | null;
  constructor(code: PricingError["code"], lineIndex: number | null, options?: ErrorOptions) {
    super(code, options);
    this.name = "PricingError";
    this.code = code;
    this.line_index = lineIndex;
  }
}

/**
 * Prices a basket. Each step rounds once: subtotals, line discounts, the order discount shared by largest remainder
 * over the discounted lines, tax by line or by rate. Throws PricingError; RangeError for a number that is not a whole
 * one of its unit, or is below 0.
 */
export function priceBasket(rules: PricingRules, lines: readonly BasketLine[], orderDiscount?: Discount): PricedBasket {
  const { mode } = rules.rounding;
  for (const line of lines) requireUnits(line);
  const subtotals = lines.map((line, index) => subtotalOf(line, index, mode));
  const lineDiscounts = lines.map((line, index) => {
    const discount = line.discount ?? { ppm: ownDiscountOf(line) };
    const subtotal = at(subtotals, index);
    const given = discountOf(discount, subtotal, mode);
    if (given > subtotal) throw new PricingError("discount_above_line", index);
    return given;
  });
  const afterLine = subtotals.map((subtotal, index) => subtotal - at(lineDiscounts, index));
  const orderShares = shareOrderDiscount(orderDiscount, afterLine, mode);
  const nets = afterLine.map((amount, index) => amount - at(orderShares, index));
  const taxes = rules.rounding.scope === "line" ? taxByLine(rules, lines, nets) : taxByRate(rules, lines, nets);
  const priced = lines.map((_line, index): PricedLine => {
    const lineDiscount = at(lineDiscounts, index);
    const orderShare = at(orderShares, index);
    const tax = at(taxes, index);
    return {
      subtotal: at(subtotals, index),
      line_discount: lineDiscount,
      order_discount: orderShare,
      discount_total: lineDiscount + orderShare,
      tax_total: tax,
      total: at(nets, index) + (rules.tax_mode === "exclusive" ? tax : 0),
    };
  });
  return { lines: priced, ...sumLines(priced) };
}

function sumLines(lines: readonly PricedLine[]): Omit<PricedBasket, "lines"> {
  const sums = { subtotal: 0, discount_total: 0, tax_total: 0, total: 0 };
  for (const [index, line] of lines.entries()) {
    if (line.total > MAX_AMOUNT) throw new PricingError("amount_too_large", index);
    sums.subtotal += line.subtotal;
    sums.discount_total += line.discount_total;
    sums.tax_total += line.tax_total;
    sums.total += line.total;
  }
  if (sums.subtotal > MAX_AMOUNT || sums.total > MAX_AMOUNT) throw new PricingError("amount_too_large", null);
  return sums;
}

/** The API's schemas refuse these before; a till's own code may bring them, and half a unit would spread in silence. */
function requireUnits(line: BasketLine): void {
  const { unit_price, price_quantity, quantity, tax_rate_ppm, discount_ppm, printed_price } = line;
  for (const value of [unit_price, quantity, tax_rate_ppm, discount_ppm, printed_price ?? 0]) requireWhole(value, 0);
  requireWhole(price_quantity, 1);
}

function requireWhole(value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${String(value)} is no whole number of ${String(least)} or more`);
}

function subtotalOf(line: BasketLine, index: number, mode: RoundingMode): number {
  if (line.printed_price !== undefined) return line.printed_price;
  let subtotal: number;
  try {
    subtotal = mulDiv(line.unit_price, line.quantity, line.price_quantity, mode);
  } catch (cause) {
    // Of a price and quantities within their bounds, mulDiv refuses only what passes 2^53.
    throw new PricingError("amount_too_large", index, { cause });
  }
  if (subtotal > MAX_AMOUNT) throw new PricingError("amount_too_large", index);
  return subtotal;
}

/** A printed price is charged as printed: the scale's label has the product's own discount in it already. */
function ownDiscountOf(line: BasketLine): number {
  return line.printed_price === undefined ? line.discount_ppm : 0;
}

function discountOf(discount: Discount, base: number, mode: RoundingMode): number {
  requireWhole("amount" in discount ? discount.amount : discount.ppm, 0);
  return "amount" in discount ? discount.amount : mulDiv(base, discount.ppm, PPM, mode);
}

function shareOrderDiscount(discount: Discount | undefined, amounts: number[], mode: RoundingMode): number[] {
  if (!discount) return amounts.map(() => 0);
  const base = amounts.reduce((sum, amount) => sum + amount, 0);
  if (base > MAX_AMOUNT) throw new PricingError("amount_too_large", null);
  const given = discountOf(discount, base, mode);
  if (given > base) throw new PricingError("discount_above_order", null);
  return allocateByLargestRemainder(given, amounts);
}

function taxOf(rules: PricingRules, net: number, ratePpm: number): number {
  const divisor = rules.tax_mode === "exclusive" ? PPM : PPM + ratePpm;
  return mulDiv(net, ratePpm, divisor, rules.rounding.mode);
}

function taxByLine(rules: PricingRules, lines: readonly BasketLine[], nets: number[]): number[] {
  return lines.map((line, index) => taxOf(rules, at(nets, index), line.tax_rate_ppm));
}

/** Once for each rate, shared back over the lines of that rate. */
function taxByRate(rules: PricingRules, lines: readonly BasketLine[], nets: number[]): number[] {
  const taxes = nets.map(() => 0);
  const byRate = Map.groupBy(lines.keys(), (index) => lines[index]?.tax_rate_ppm ?? 0);
  for (const [rate, indexes] of byRate) {
    const amounts = indexes.map((index) => at(nets, index));
    const net = amounts.reduce((sum, amount) => sum + amount, 0);
    if (net > MAX_AMOUNT) throw new PricingError("amount_too_large", null);
    for (const [i, share] of allocateByLargestRemainder(taxOf(rules, net, rate), amounts).entries()) {
      taxes[at(indexes, i)] = share;
    }
  }
  return taxes;
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is no line ${String(index)}`);
  return value;
}
