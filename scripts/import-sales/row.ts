import { parseAmount } from "../../src/core/currency.ts";
import { MAX_QUANTITY, MAX_UNIT_PRICE } from "../../src/core/money.ts";
import { hasForbiddenCharacters, normalizeText } from "../../src/core/text.ts";
import type { Columns } from "./columns.ts";
import { toInstant } from "./local-time.ts";
import type { Field } from "./options.ts";

/** What a row is to the books: goods sold, goods taken back, or a correction of the stock at no price. */
export type Kind = "sale" | "refund" | "adjustment";

export type Entry = {
  kind: Kind;
  sku: string;
  description: string;
  /** Above 0 for a sale and a refund; below 0 for an adjustment, which takes it away. */
  quantity: number;
  /** Minor units, never below 0. */
  unit_price: number;
};

export type Row = { invoice_no: string; sold_at: string; customer: string | null; entry: Entry };

/** Why a row is not brought in. A row that says nothing leaves its invoice whole; one that can't be read does not. */
export type RowFault = { invoice_no: string | null; reason: string; holds_back: boolean };

export type RowRules = { columns: Columns; currency: string; timezone: string };

const WHOLE_NUMBER = /^[+-]?\d{1,15}(?:\.0+)?$/;
const MAX_SKU = 64;
const MAX_NAME = 200;

/** Makes the reader of one file's rows. */
export function rowReader({ columns, currency, timezone }: RowRules): (fields: readonly string[]) => Row | RowFault {
  const timeOf = rememberLast((text) => toInstant(text, timezone));
  return (fields) => {
    const field = (name: Field) => {
      const at = columns[name];
      return at === null ? "" : normalizeText(fields[at] ?? "");
    };
    const invoiceNo = field("invoice_no");
    const fault = (reason: string, holdsBack = true): RowFault => ({
      invoice_no: invoiceNo === "" ? null : invoiceNo,
      reason,
      holds_back: holdsBack,
    });
    if (fields.length !== columns.width) {
      return fault(`has ${String(fields.length)} fields, the header ${String(columns.width)}`);
    }
    if (!isName(invoiceNo, MAX_NAME)) return fault("its invoice_no is empty, too long or has control characters");
    const sku = field("sku");
    if (!isName(sku, MAX_SKU))
      return fault(`its sku is empty, longer than ${String(MAX_SKU)} or has control characters`);
    const customer = field("customer");
    if (customer !== "" && !isName(customer, MAX_NAME))
      return fault("its customer is too long or has control characters");
    const soldAt = timeOf(field("sold_at"));
    if (soldAt === null) return fault(`its sold_at "${field("sold_at")}" is not a date and time of ISO 8601`);
    const quantity = readQuantity(field("quantity"));
    if (quantity === null) return fault(`its quantity "${field("quantity")}" is not a whole number a line can have`);
    const price = readPrice(field("unit_price"), currency);
    if (typeof price === "string") return fault(price);
    if (quantity === 0) return fault("its quantity is 0", false);
    const entry = classify(quantity, price, sku, field("description"));
    return { invoice_no: invoiceNo, sold_at: soldAt, customer: customer === "" ? null : customer, entry };
  };
}

/** By the sign of the amount; a price of nothing makes a sale of what goes out and an adjustment of what does not. */
function classify(quantity: number, price: number, sku: string, description: string): Entry {
  if (price === 0 && quantity < 0) return { kind: "adjustment", sku, description, quantity, unit_price: 0 };
  const comesBack = price !== 0 && quantity < 0 !== price < 0;
  return {
    kind: comesBack ? "refund" : "sale",
    sku,
    description,
    quantity: Math.abs(quantity),
    unit_price: Math.abs(price),
  };
}

function readQuantity(text: string): number | null {
  const quantity = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
  return Math.abs(quantity) <= MAX_QUANTITY ? quantity : null;
}

function readPrice(text: string, currency: string): number | string {
  try {
    const price = parseAmount(text, currency);
    return Math.abs(price) <= MAX_UNIT_PRICE ? price : `its unit_price "${text}" is too large`;
  } catch (error) {
    if (error instanceof RangeError) return `its unit_price ${error.message}`;
    throw error;
  }
}

function isName(text: string, most: number): boolean {
  return text !== "" && text.length <= most && !hasForbiddenCharacters(text);
}

/** The rows of an invoice bear one time, and to read a local one is most of the work of a row. */
function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { text: string; value: T } | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}
