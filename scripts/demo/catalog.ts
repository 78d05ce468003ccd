import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { checkDigit } from "../../src/core/barcode.ts";

/** A product of the demo as products.csv has it: money in minor units, quantities in base units. */
export type DemoProduct = {
  sku: string;
  name: string;
  /** The categories from the root down. */
  category_path: string[];
  /** Null for what is sold loose. */
  brand: string | null;
  unit: "each" | "g";
  price_quantity: number;
  unit_price: number;
  cost_price: number;
  tax_rate_ppm: number;
  max_per_sale: number | null;
  opening_stock: number;
  barcode: string;
};

// GS1 prefix 50 with a company number of our own choosing: valid codes, and the same ones each time.
const PACKED_PREFIX = "5099910";
// In-store codes of 21 carry the grams that the scale printed.
const WEIGHED_PREFIX = "21";

/** The demo's grocer, read from products.csv. */
export function readDemoCatalog(): DemoProduct[] {
  const csv = readFileSync(join(import.meta.dirname, "products.csv"), "utf8");
  const rows: Record<string, string>[] = parse(csv, { columns: true, skip_empty_lines: true });
  return rows.map(toProduct);
}

function toProduct(row: Record<string, string>): DemoProduct {
  const text = (name: string) => row[name] ?? "";
  const integer = (name: string) => {
    const value = Number(text(name));
    if (text(name) === "" || !Number.isSafeInteger(value))
      throw new Error(`products.csv: ${text("item_no")} has a bad ${name}`);
    return value;
  };
  const unit = text("unit");
  if (unit !== "each" && unit !== "g") throw new Error(`products.csv: ${text("item_no")} has a bad unit`);
  return {
    // A prefix, because other shops number their goods with five digits too.
    sku: `RM-${text("item_no")}`,
    name: text("name"),
    category_path: text("category").split("/"),
    brand: text("brand") || null,
    unit,
    price_quantity: integer("price_quantity"),
    unit_price: integer("unit_price"),
    cost_price: integer("cost_price"),
    tax_rate_ppm: integer("tax_rate_ppm"),
    max_per_sale: text("max_per_sale") === "" ? null : integer("max_per_sale"),
    opening_stock: integer("opening_stock"),
    barcode: makeBarcode(unit, text("item_no")),
  };
}

/** An EAN-13 from an item number of five digits. */
function makeBarcode(unit: "each" | "g", itemNo: string): string {
  const body = unit === "g" ? `${WEIGHED_PREFIX}${itemNo}00000` : `${PACKED_PREFIX}${itemNo}`;
  return `${body}${String(checkDigit(body))}`;
}
