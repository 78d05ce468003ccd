import type { Discount, PricingRules } from "regal-pos/pricing";

/**
 * The golden table: baskets worked out by hand, or taken from what tax authorities, central banks and others publish.
 * Amounts are minor units, rates parts per million, quantities base units. Nothing here is computed: a row is what
 * somebody would write on paper, and the engine, the API and the bill are held to it.
 */

export interface Source {
  /** Who says so, and where in it. */
  title: string;
  url: string;
  /** `figures`: the amounts are published there. `rule`: the rule is, and the amounts were worked out by hand under it. */
  gives: "figures" | "rule";
}

/** The published rule or example that a row follows; or our own arithmetic under the order of calculation. */
export type RowSource = Source | "by hand";

export interface StoreRules extends PricingRules {
  currency: string;
  /** Minor units of the smallest coin; 1 for none. */
  cash_rounding: number;
}

export interface GoldenLine {
  name: string;
  /** What is sold is a product, unless it is a custom line. */
  custom?: true;
  unit?: "each" | "g" | "ml";
  unit_price: number;
  price_quantity?: number;
  /** Left out where the barcode carries it. */
  quantity?: number;
  /** A printed in-store code; its product carries `carrier`. */
  barcode?: string;
  carrier?: string;
  tax_rate_ppm?: number;
  /** The product's own discount. */
  discount_ppm?: number;
  /** What the line names. */
  discount?: Discount;
  /** Another price, with approval. */
  override?: number;
}

/** What a line comes to, in the order of calculation. */
export type LineFigures = [
  subtotal: number,
  line_discount: number,
  order_discount: number,
  tax_total: number,
  total: number,
];

export type TaxFigures = [tax_rate_ppm: number, taxable: number, tax: number];

export type Payment = [method: "cash" | "card" | "mobile_wallet" | "bank_transfer", amount: number];

/** The refunds of one line, in the order in which its pieces come back. */
export interface RefundSplit {
  line_no: number;
  pieces: [quantity: number, subtotal: number, discount_total: number, tax_total: number, total: number][];
}

export interface GoldenBasket {
  name: string;
  source: RowSource;
  /** The arithmetic, in a line or two. */
  working: string;
  store: StoreRules;
  lines: GoldenLine[];
  discount?: Discount;
  payments: Payment[];
  expected: {
    lines: LineFigures[];
    /** The lowest rate first. */
    tax: TaxFigures[];
    subtotal: number;
    discount_total: number;
    tax_total: number;
    rounding_adjustment: number;
    total: number;
    change_due: number;
  };
  refunds?: RefundSplit[];
  /** What a line's printed code was read as. */
  measured?: { line_no: number; quantity: number }[];
}

type Rest = Partial<Pick<StoreRules, "cash_rounding">> & Partial<PricingRules["rounding"]>;

/** A store's rules: half-up by line without cash rounding, unless told otherwise. */
export function store(
  currency: string,
  tax_mode: StoreRules["tax_mode"],
  { cash_rounding = 1, mode = "half_up", scope = "line" }: Rest = {},
): StoreRules {
  return { currency, tax_mode, rounding: { mode, scope }, cash_rounding };
}
