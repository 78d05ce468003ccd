import { type Discount, type Goods, type Parts, price } from "../arithmetic.ts";
import type { ModelLine, ModelProduct, ModelStore } from "../books/books.ts";
import type { Dice } from "../dice.ts";
import type { Person, World } from "../world.ts";

/** Baskets: drawn as a till would send them, and worked out as the books must. */

export interface DrawnLine {
  /** Null for a custom line. */
  product: ModelProduct | null;
  custom: { name: string; unit_price: number; tax_rate_ppm: number } | null;
  quantity: number;
  discount: Discount | undefined;
  /** The price that the till takes for the one in force. */
  claim: number | undefined;
  override: number | undefined;
}

export interface Drawn {
  lines: DrawnLine[];
  discount: Discount | undefined;
}

/** What may be wrong about a basket on purpose. */
interface Style {
  /** The prices a till goes by; those in force where it asks for none. */
  known_prices?: ReadonlyMap<string, number>;
  by: Person;
}

const RATES = [0, 50_000, 88_750, 200_000];
/** Line plus order discount that a cashier may give; where both are given, the unit tests tell what it is. */
const CASHIERS_LIMIT_PPM = 100_000;

export function drawBasket(world: World, { known_prices, by }: Style): Drawn {
  const { dice } = world;
  const lines = Array.from({ length: dice.int(1, 4) }, () => drawLine(world, known_prices));
  const discount = dice.onceIn(4) ? drawDiscount(dice) : undefined;
  if (!by.is_cashier) return { lines, discount };
  // What a cashier gives is either plainly within the limit or plainly above it.
  for (const line of lines) {
    if (!dice.onceIn(8)) line.override = undefined;
    line.discount = line.discount && {
      ppm: dice.onceIn(4) ? dice.int(150_000, 400_000) : dice.int(0, CASHIERS_LIMIT_PPM),
    };
  }
  return { lines, discount: undefined };
}

function drawDiscount(dice: Dice): Discount {
  return dice.onceIn(2) ? { ppm: dice.int(0, 400_000) } : { amount: dice.int(0, 60) };
}

function drawLine({ books, dice }: World, known: ReadonlyMap<string, number> | undefined): DrawnLine {
  const product = dice.onceIn(5) ? null : dice.pick(books.products);
  const discount = dice.onceIn(4) ? drawDiscount(dice) : undefined;
  const quantity = product && product.price_quantity > 1 ? dice.int(1, 2500) : dice.pick([1, 1, 2, 2, 3, 4, 5, 7]);
  if (!product) {
    const custom = { name: "Goods", unit_price: dice.int(0, 3000), tax_rate_ppm: dice.pick(RATES) };
    return { product, custom, quantity, discount, claim: undefined, override: undefined };
  }
  const override = dice.onceIn(15) ? dice.int(0, 2000) : undefined;
  const claim = known ? known.get(product.id) : dice.onceIn(3) ? product.unit_price : undefined;
  // Now and then what the price has never been.
  const wrong = claim !== undefined && !known && dice.onceIn(25) ? claim + 1 : claim;
  return { product, custom: null, quantity, discount, claim: wrong, override };
}

/** The basket as it is sent. */
export function bodyOf({ lines, discount }: Drawn): Record<string, unknown> {
  return { lines: lines.map(lineBody), ...(discount ? { discount } : {}) };
}

export function lineBody({ product, custom, quantity, discount, claim, override }: DrawnLine): Record<string, unknown> {
  return {
    ...(product ? { sku: product.sku } : { custom }),
    quantity,
    ...(discount ? { discount } : {}),
    ...(claim === undefined ? {} : { unit_price: claim }),
    ...(override === undefined ? {} : { override: { unit_price: override, reason: "Shop-soiled" } }),
  };
}

export interface Worked {
  faults: string[];
  /** Null where a discount is more than what it is of. */
  parts: Parts[] | null;
  /** How many lines claim another price than the one in force. */
  stale: number;
}

/** Works a basket out. What has happened already is not refused for its prices or for how much it sells of a product. */
export function workOut(store: ModelStore, { lines, discount }: Drawn, by: Person, happened: boolean): Worked {
  const goods = lines.map(goodsOf);
  const parts = price(store.rules, goods, discount);
  const stale = lines.filter(({ product, claim }) => claim !== undefined && claim !== product?.unit_price).length;
  const faults: string[] = [];
  if (!parts) faults.push("validation_failed");
  if (!happened && stale > 0) faults.push("price_changed");
  if (!happened && isAboveMost(lines)) faults.push("limit_per_sale_exceeded");
  if (by.is_cashier && needsManager(lines, parts)) faults.push("approval_required");
  return { faults, parts, stale };
}

/** The basket with another discount of the order, or with no product's own discount; null as of `workOut`. */
export function workOutAgain(
  store: ModelStore,
  { lines, discount }: Drawn,
  again: { amount?: number; plain?: true },
): Parts[] | null {
  const goods = lines.map(goodsOf).map((one) => (again.plain ? { ...one, own_discount_ppm: 0 } : one));
  return price(store.rules, goods, again.amount === undefined ? discount : { amount: again.amount });
}

function goodsOf({ product, custom, quantity, discount, claim, override }: DrawnLine): Goods {
  return {
    unit_price: override ?? claim ?? product?.unit_price ?? custom?.unit_price ?? 0,
    price_quantity: product?.price_quantity ?? 1,
    quantity,
    tax_rate_ppm: product?.tax_rate_ppm ?? custom?.tax_rate_ppm ?? 0,
    own_discount_ppm: product?.discount_ppm ?? 0,
    discount,
  };
}

function isAboveMost(lines: readonly DrawnLine[]): boolean {
  const sold = new Map<ModelProduct, number>();
  for (const { product, quantity } of lines) if (product) sold.set(product, (sold.get(product) ?? 0) + quantity);
  return [...sold].some(([{ max_per_sale }, quantity]) => max_per_sale !== null && quantity > max_per_sale);
}

/** Whether it is plain what a cashier needs a manager for: rates of single lines, and no discount shared by all. */
export function isPlain({ lines, discount }: Drawn): boolean {
  return !discount && lines.every((line) => !line.discount || "ppm" in line.discount);
}

function needsManager(lines: readonly DrawnLine[], parts: readonly Parts[] | null): boolean {
  return lines.some(({ discount, override }, index) => {
    if (override !== undefined) return true;
    const given = discount && "ppm" in discount ? discount.ppm : 0;
    return given > CASHIERS_LIMIT_PPM && (parts?.[index]?.subtotal ?? 0) > 0;
  });
}

/** The lines as they stand in the books. */
export function linesOf({ lines }: Drawn, parts: readonly Parts[]): ModelLine[] {
  return lines.map(({ product, custom, quantity }, index) => {
    const part = parts[index];
    if (!part) throw new Error("every line is priced");
    const tax_rate_ppm = product?.tax_rate_ppm ?? custom?.tax_rate_ppm ?? 0;
    return { ...part, product, tax_rate_ppm, quantity, refunded: 0 };
  });
}
