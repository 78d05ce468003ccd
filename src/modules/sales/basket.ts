import type { Actor } from "../../context.ts";
import type { ShelfProduct, ShelfStore } from "../../db/catalog-cache.ts";
import { MAX_AMOUNT, mulDiv } from "../../core/money.ts";
import { type InputError, Problem, invalidInput } from "../../http/problem.ts";
import type { Basket } from "./as-charged.ts";
import { findLinesAboveLimit, greatestDiscountPpm } from "./discount-limit.ts";
import { findAboveMaxPerSale } from "./max-per-sale.ts";
import { measureLine } from "./measure.ts";
import {
  type BasketLine,
  type Discount,
  type PricedBasket,
  type PricedLine,
  priceBasket,
  PricingError,
} from "./pricing.ts";
import type { SaleLineInput } from "./schemas.ts";
import { refsOf, type Shelf } from "./shelf.ts";

/** A basket as the request names it, turned into lines the pricing engine takes, and priced. */

export interface BasketInput {
  lines: SaleLineInput[];
  discount?: { amount?: number | undefined; ppm?: number | undefined } | undefined;
  /** What was charged, where it has happened and the till says so. */
  total?: number | undefined;
  sold_at?: string | undefined;
}

/** How strictly a basket is taken. */
export interface BasketRules {
  actor: Actor;
  /** It has already happened at an offline till: prices that have changed since are kept, and told of. */
  happened: boolean;
  /** The goods are brought back, perhaps of several sales at once: `max_per_sale` is not about them. */
  coming_back?: boolean;
}

/** A line as it will be sold: what was asked, what it is, and what it comes to. */
export interface SoldLine {
  line_no: number;
  product: ShelfProduct | null;
  barcode: string | null;
  name: string;
  unit: "each" | "g" | "ml";
  price_quantity: number;
  list_price: number | null;
  unit_price: number;
  override_reason: string | null;
  quantity: number;
  tax_rate_ppm: number;
  discount_reason: string | null;
  note: string | null;
  priced: PricedLine;
}

/** What of a basket is more than a role may do alone. */
export interface LeaveWanted {
  action: "price" | "discount";
  /**
   * Of a price, what the overrides take off in all, or, of goods that come back, put on, in minor units; of a discount, the
   * greatest of a line, in ppm.
   */
  size: number;
  why: string;
  errors: InputError[];
}

export interface SoldBasket {
  lines: SoldLine[];
  /** What it was priced from. */
  basket: Basket;
  totals: PricedBasket;
  leave_wanted: LeaveWanted[];
  /**
   * Lines of an offline sale whose price was not the one in force; `current` is null where the product is not on sale any
   * more, `claimed` where nobody says what was charged and the product has changed since.
   */
  stale_prices: { pointer: string; claimed: number | null; current: number | null }[];
}

/**
 * Prices a basket from the shelf, and tells what of it wants leave. Throws Problem: `validation_failed` (unknown or
 * inactive product, quantity missing, discount above what it applies to), `price_changed`, `limit_per_sale_exceeded`.
 */
export function takeBasket(input: BasketInput, shelf: Shelf, rules: BasketRules): SoldBasket {
  const errors: InputError[] = [];
  const stale: SoldBasket["stale_prices"] = [];
  const chosen = input.lines.map((line, index) =>
    chooseLine(line, index, shelf, {
      errors,
      stale,
      happened: rules.happened,
      unsaid_since: unsaidSince(input, rules),
    }),
  );
  if (errors.length > 0) throw invalidInput(errors);
  const lines = chosen.filter((line) => line !== null);
  if (stale.length > 0 && !rules.happened) {
    throw new Problem("price_changed", "A price is not the one in force any more.", {
      errors: stale.map(({ pointer, current }) => ({ pointer, current, detail: `is ${String(current)} now` })),
    });
  }
  if (!rules.happened && !rules.coming_back) refuseAboveMaxPerSale(lines);
  const orderDiscount = toDiscount(input.discount);
  const basket = basketOf(shelf.store, lines, orderDiscount);
  const totals = price(basket);
  return {
    basket,
    lines: lines.map((line, index) => ({ ...line, priced: pricedLineAt(totals, index) })),
    totals,
    leave_wanted: [
      ...wantOverrides(lines, totals, shelf.store, rules.coming_back ?? false),
      ...wantDiscounts(lines, totals, orderDiscount, rules.actor),
    ],
    stale_prices: stale,
  };
}

type ChosenLine = Omit<SoldLine, "priced"> & { discount: Discount | undefined; printed_price: number | undefined };

interface Findings {
  errors: InputError[];
  stale: SoldBasket["stale_prices"];
  happened: boolean;
  /** When it happened, where nobody says what was charged in all. */
  unsaid_since: string | null;
}

function unsaidSince({ total, sold_at }: BasketInput, { happened, coming_back }: BasketRules): string | null {
  return happened && !coming_back && total === undefined ? (sold_at ?? null) : null;
}

function chooseLine(line: SaleLineInput, index: number, shelf: Shelf, findings: Findings): ChosenLine | null {
  const pointer = `/lines/${String(index)}`;
  const common = {
    line_no: index + 1,
    barcode: line.barcode ?? null,
    discount: toDiscount(line.discount),
    discount_reason: line.discount?.reason ?? null,
    note: line.note ?? null,
  };
  if (line.custom) {
    if (line.quantity === undefined) {
      findings.errors.push({ pointer: `${pointer}/quantity`, detail: "is missing" });
      return null;
    }
    const { name, unit_price, tax_rate_ppm } = line.custom;
    return {
      ...common,
      product: null,
      name,
      unit: "each",
      price_quantity: 1,
      list_price: null,
      unit_price,
      override_reason: null,
      quantity: line.quantity,
      tax_rate_ppm,
      printed_price: undefined,
    };
  }
  const ref = refsOf(line).find((one) => shelf.product(one));
  const product = ref && shelf.product(ref);
  const field = line.product_id === undefined ? (line.sku === undefined ? "barcode" : "sku") : "product_id";
  if (!ref || !product || (!product.active && !findings.happened)) {
    findings.errors.push({
      pointer: `${pointer}/${field}`,
      detail: product ? "names a product that is not sold any more" : "names no product",
    });
    return null;
  }
  const claimed = line.unit_price;
  // By the price that was claimed, as an offline till measured it: another quantity could not be refunded as it was sold.
  const charged = { ...product, unit_price: claimed ?? product.unit_price };
  const measured = measureLine(line, charged, ref === refsOf(line)[0]);
  if (typeof measured === "string") {
    findings.errors.push({ pointer: `${pointer}/quantity`, detail: measured });
    return null;
  }
  if (!product.active) {
    findings.stale.push({ pointer: `${pointer}/${field}`, claimed: claimed ?? product.unit_price, current: null });
  }
  if (claimed !== undefined && claimed !== product.unit_price) {
    findings.stale.push({ pointer: `${pointer}/unit_price`, claimed, current: product.unit_price });
  }
  if (claimed === undefined && !line.override && hasChangedSince(product, findings.unsaid_since)) {
    findings.stale.push({ pointer, claimed: null, current: product.unit_price });
  }
  const unitPrice = line.override?.unit_price ?? claimed ?? product.unit_price;
  return {
    ...common,
    product,
    name: product.name,
    unit: product.unit,
    price_quantity: product.price_quantity,
    list_price: line.override ? product.unit_price : null,
    unit_price: unitPrice,
    override_reason: line.override?.reason ?? null,
    quantity: measured.quantity,
    tax_rate_ppm: product.tax_rate_ppm,
    printed_price: line.override ? undefined : measured.printed_price,
  };
}

/** Whether its price may have been another one then. */
function hasChangedSince({ active, version, updated_at }: ShelfProduct, at: string | null): boolean {
  return at !== null && active && version > 1 && updated_at > at;
}

function basketOf(store: ShelfStore, lines: ChosenLine[], discount: Discount | undefined): Basket {
  return {
    rules: { tax_mode: store.tax_mode, rounding: { mode: store.rounding_mode, scope: store.rounding_scope } },
    lines: lines.map((line): BasketLine => ({
      unit_price: line.unit_price,
      price_quantity: line.price_quantity,
      quantity: line.quantity,
      tax_rate_ppm: line.tax_rate_ppm,
      discount_ppm: line.product?.discount_ppm ?? 0,
      discount: line.discount,
      printed_price: line.printed_price,
    })),
    discount,
  };
}

function price({ rules, lines, discount }: Basket): PricedBasket {
  try {
    return priceBasket(rules, lines, discount);
  } catch (error) {
    if (error instanceof PricingError) throw invalidInput([describePricingError(error)]);
    throw error;
  }
}

const TOO_LARGE = `comes to more than ${String(MAX_AMOUNT)} minor units`;

function describePricingError({ code, line_index }: PricingError): InputError {
  const line = line_index === null ? "" : `/lines/${String(line_index)}`;
  switch (code) {
    case "discount_above_line":
      return { pointer: `${line}/discount/amount`, detail: "is more than the line comes to" };
    case "discount_above_order":
      return { pointer: "/discount/amount", detail: "is more than the lines come to" };
    case "amount_too_large":
      return { pointer: line === "" ? "/lines" : line, detail: TOO_LARGE };
  }
}

/** Another price than the catalogue's wants leave, whoever charges it: of what it costs the shop, a lower one when it sells. */
function wantOverrides(
  chosen: ChosenLine[],
  totals: PricedBasket,
  store: ShelfStore,
  comingBack: boolean,
): LeaveWanted[] {
  const overridden = chosen.flatMap((line, index) => (line.list_price === null ? [] : [{ line, index }]));
  if (overridden.length === 0) return [];
  const size = overridden.reduce((sum, { line, index }) => {
    const less = listedAt(line, store) - pricedLineAt(totals, index).subtotal;
    return sum + Math.max(0, comingBack ? -less : less);
  }, 0);
  return [
    {
      action: "price",
      size,
      why: "Charging another price needs the permission approve:price, or a manager's approval.",
      errors: overridden.map(({ line }) => ({
        pointer: `/lines/${String(line.line_no - 1)}/override`,
        detail: "needs approval",
      })),
    },
  ];
}

/** What a line comes to at its list price. Throws Problem `validation_failed` where no line may come to that. */
function listedAt({ line_no, list_price, quantity, price_quantity }: ChosenLine, store: ShelfStore): number {
  const most = BigInt(MAX_AMOUNT) * BigInt(price_quantity);
  if (BigInt(list_price ?? 0) * BigInt(quantity) > most) {
    throw invalidInput([{ pointer: `/lines/${String(line_no - 1)}`, detail: `${TOO_LARGE} at its list price` }]);
  }
  return mulDiv(list_price ?? 0, quantity, price_quantity, store.rounding_mode);
}

/** Line plus order discount of each line against what the role may give; a product's own discount does not count. */
function wantDiscounts(
  chosen: ChosenLine[],
  totals: PricedBasket,
  order: Discount | undefined,
  actor: Actor,
): LeaveWanted[] {
  const lines = chosen.map(({ discount }, index) => ({ ...pricedLineAt(totals, index), discount }));
  const above = findLinesAboveLimit(lines, order, actor.max_discount_ppm);
  if (above.length === 0) return [];
  const percent = String(actor.max_discount_ppm / 10_000);
  return [
    {
      action: "discount",
      size: greatestDiscountPpm(lines, order),
      why: `A discount above ${percent} % needs the permission approve:discount, or a manager's approval.`,
      errors: above.map((index) => ({
        pointer: `/lines/${String(index)}`,
        detail: `is discounted by more than ${percent} %`,
      })),
    },
  ];
}

function refuseAboveMaxPerSale(lines: ChosenLine[]): void {
  const above = findAboveMaxPerSale(
    lines.map(({ product, quantity }) => ({
      product_id: product?.id ?? null,
      max_per_sale: product?.max_per_sale ?? null,
      quantity,
    })),
  );
  const [first] = above;
  if (!first) return;
  const name = lines[first.index]?.name ?? "it";
  throw new Problem("limit_per_sale_exceeded", `One sale may have at most ${String(first.max_per_sale)} of ${name}.`, {
    errors: above.map(({ index, max_per_sale }) => ({
      pointer: `/lines/${String(index)}/quantity`,
      detail: `is more than ${String(max_per_sale)}`,
      max_per_sale,
    })),
  });
}

function toDiscount(
  given: { amount?: number | undefined; ppm?: number | undefined } | undefined,
): Discount | undefined {
  if (given?.amount !== undefined) return { amount: given.amount };
  if (given?.ppm !== undefined) return { ppm: given.ppm };
  return undefined;
}

function pricedLineAt(totals: PricedBasket, index: number): PricedLine {
  const priced = totals.lines[index];
  if (!priced) throw new Error("the engine prices every line");
  return priced;
}
