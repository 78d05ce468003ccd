import { type Api, listAll, type Listed } from "./api.ts";
import { type DemoProduct, readDemoCatalog } from "./catalog.ts";
import { CUSTOMERS, SALESPEOPLE, STAFF } from "./people.ts";
import { type StoreCode, STORES, TERMINAL } from "./stores.ts";

const LINES_PER_MOVEMENT = 100;

export type Report = (line: string) => void;

/**
 * Fills the shop through its API. Each step looks before it creates, or is a repeat that changes nothing, so a run cut
 * off anywhere is completed by running again.
 */
export async function fillShop(api: Api, password: string, report: Report): Promise<void> {
  const stores = await fillStores(api);
  report("  stores MAIN and NORTH with a till each");
  await fillStaff(api, stores, password);
  const products = readDemoCatalog();
  const ids = await fillCatalog(api, products);
  report(`  ${String(products.length)} products with their categories and brands`);
  for (const { code } of STORES) await fillStock(api, storeId(stores, code), code, products, ids);
  report("  opening stock in both stores");
  await fillByKey(api, "/v1/customers", "name", CUSTOMERS);
  await fillByKey(api, "/v1/salespeople", "code", SALESPEOPLE);
  report(`  ${String(CUSTOMERS.length)} customers and ${String(SALESPEOPLE.length)} salespeople`);
}

async function fillStores(api: Api): Promise<Map<string, string>> {
  const stores = await fillByKey(api, "/v1/stores", "code", STORES);
  const tills = await listAll(api, "/v1/terminals");
  for (const store_id of stores.values()) {
    if (tills.some((till) => till["store_id"] === store_id && till["code"] === TERMINAL.code)) continue;
    await api({ method: "POST", path: "/v1/terminals", body: { store_id, ...TERMINAL } });
  }
  return stores;
}

async function fillStaff(api: Api, stores: Map<string, string>, password: string): Promise<void> {
  const users = STAFF.map(({ store_codes, ...user }) => ({
    ...user,
    password,
    store_ids: store_codes.map((code) => storeId(stores, code)),
  }));
  await fillByKey(api, "/v1/users", "username", users);
}

/** SKU -> product id. */
async function fillCatalog(api: Api, products: DemoProduct[]): Promise<Map<string, string>> {
  const categories = await fillCategories(api, products);
  const names = [...new Set(products.map(({ brand }) => brand))].filter((brand) => brand !== null);
  const brands = await fillByKey(
    api,
    "/v1/brands",
    "name",
    names.map((name) => ({ name })),
  );
  const entries = products.map(({ category_path, brand, barcode, ...product }) => ({
    ...toFields(product),
    barcodes: [barcode],
    category_id: categories.get(category_path.join("/")) ?? null,
    brand_id: brand === null ? null : (brands.get(brand) ?? null),
  }));
  const { body } = await api({ method: "POST", path: "/v1/products/batch", body: { products: entries } });
  const { data } = body as { data: { id: string; sku: string }[] };
  return new Map(data.map(({ id, sku }) => [sku, id]));
}

/** The fields of the demo that the API takes under the same names. */
function toFields(product: Omit<DemoProduct, "category_path" | "brand" | "barcode">) {
  const { sku, name, unit, price_quantity, unit_price, cost_price, tax_rate_ppm, max_per_sale } = product;
  return { sku, name, unit, price_quantity, unit_price, cost_price, tax_rate_ppm, max_per_sale };
}

/** Path from the root, joined by "/" -> category id. A parent is created before its children. */
async function fillCategories(api: Api, products: DemoProduct[]): Promise<Map<string, string>> {
  const known = await listAll(api, "/v1/categories");
  const ids = new Map<string, string>();
  for (const { category_path } of products) {
    for (const [depth, name] of category_path.entries()) {
      const path = category_path.slice(0, depth + 1).join("/");
      if (ids.has(path)) continue;
      const parent_id = ids.get(category_path.slice(0, depth).join("/")) ?? null;
      const found = known.find((one) => one["name"] === name && (one["parent_id"] ?? null) === parent_id);
      ids.set(path, found?.id ?? (await create(api, "/v1/categories", parent_id ? { name, parent_id } : { name })));
    }
  }
  return ids;
}

async function fillStock(
  api: Api,
  store_id: string,
  code: StoreCode,
  products: DemoProduct[],
  ids: Map<string, string>,
): Promise<void> {
  for (let start = 0; start < products.length; start += LINES_PER_MOVEMENT) {
    const lines = products
      .slice(start, start + LINES_PER_MOVEMENT)
      .map(({ sku, opening_stock, price_quantity, cost_price }) => ({
        product_id: ids.get(sku),
        quantity: opening_stock,
        // The cost of one base unit: a gram's would be a fraction of a penny.
        ...(price_quantity === 1 ? { unit_cost: cost_price } : {}),
      }));
    await api({
      method: "POST",
      path: "/v1/stock/movements",
      idempotency_key: `demo-opening-stock-${code}-${String(start)}`,
      body: { store_id, reason: "received", lines, note: "Opening stock" },
    });
  }
}

/** Creates what a list does not have yet by the value of one field. That value -> id. */
async function fillByKey<Key extends string>(
  api: Api,
  path: string,
  key: Key,
  wanted: readonly Record<Key, unknown>[],
): Promise<Map<string, string>> {
  const known = new Map((await listAll(api, path)).map((one: Listed) => [String(one[key]), one.id]));
  for (const one of wanted) {
    const value = String(one[key]);
    if (!known.has(value)) known.set(value, await create(api, path, one));
  }
  return known;
}

async function create(api: Api, path: string, body: unknown): Promise<string> {
  const answer = await api({ method: "POST", path, body });
  return (answer.body as { id: string }).id;
}

function storeId(stores: Map<string, string>, code: StoreCode): string {
  const id = stores.get(code);
  if (id === undefined) throw new Error(`Store ${code} was not created`);
  return id;
}
