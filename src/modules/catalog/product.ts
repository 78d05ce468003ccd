/** A product as the service knows it; on the wire it has the same names. Amounts in minor units, rates in ppm. */
export interface Product {
  id: string;
  sku: string;
  name: string;
  description: string;
  barcodes: string[];
  unit: "each" | "g" | "ml";
  price_quantity: number;
  unit_price: number;
  cost_price: number | null;
  tax_rate_ppm: number;
  discount_ppm: number;
  category_id: string | null;
  brand_id: string | null;
  max_per_sale: number | null;
  track_stock: boolean;
  attributes: Record<string, string | number | boolean>;
  image_url: string | null;
  active: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

/** What a caller may say of a product. */
export type ProductFields = Omit<Product, "id" | "version" | "created_at" | "updated_at">;

/** Fields as a request names them; what it does not name is absent or undefined. */
export type NamedFields = { [K in keyof ProductFields]?: ProductFields[K] | undefined };

/** A product before and after one write; `before` is null for a new one. */
export interface ProductChange {
  before: Product | null;
  after: Product;
  /** The fields that differ: all of them for a new product. */
  changed: (keyof ProductFields)[];
}

/** What a new product has of what is not named. */
export const DEFAULTS = {
  description: "",
  barcodes: [],
  unit: "each",
  price_quantity: 1,
  cost_price: null,
  tax_rate_ppm: 0,
  discount_ppm: 0,
  category_id: null,
  brand_id: null,
  max_per_sale: null,
  track_stock: true,
  attributes: {},
  image_url: null,
  active: true,
} satisfies Partial<ProductFields>;

/** A new product: version 1, and the defaults of the schema for what is not named. */
export function draftProduct(
  named: NamedFields & Pick<ProductFields, "sku" | "name" | "unit_price">,
  id: string,
  now: string,
): ProductChange {
  const fields: ProductFields = {
    ...DEFAULTS,
    ...dropUnnamed(named),
    sku: named.sku,
    name: named.name,
    unit_price: named.unit_price,
  };
  const after = { id, ...fields, version: 1, created_at: now, updated_at: now };
  return { before: null, after, changed: keysOf(fields) };
}

/** A product with the named fields in place of the old ones, one version on. `updated_at` never stands still. */
export function reviseProduct(before: Product, named: NamedFields, now: Date): ProductChange {
  const fields = dropUnnamed(named);
  const updatedAt = Math.max(now.getTime(), Date.parse(before.updated_at) + 1);
  const after = {
    ...before,
    ...fields,
    version: before.version + 1,
    updated_at: new Date(updatedAt).toISOString(),
  };
  const changed = keysOf(fields).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return { before, after, changed };
}

/** The changed fields of one side of a change, for the audit log. */
export function pickFields(product: Product, fields: readonly (keyof ProductFields)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, product[field]]));
}

function dropUnnamed(named: NamedFields): Partial<ProductFields> {
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function keysOf(fields: Partial<ProductFields>): (keyof ProductFields)[] {
  return Object.keys(fields) as (keyof ProductFields)[];
}
