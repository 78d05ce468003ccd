import { hasForbiddenCharacters } from "../../src/core/text.ts";
import { foldSku } from "../../src/modules/catalog/batch.ts";
import type { ProductFacts } from "./amounts.ts";
import { type Api, expectBody } from "./client.ts";
import type { Entry } from "./row.ts";

const MAX_PRODUCTS = 1000;
const MAX_NAME = 200;

type Listed = { id: string; sku: string; track_stock: boolean; tax_rate_ppm: number; price_quantity: number };
type NewProduct = { sku: string; name: string; unit_price: number; track_stock: false };

/** Shared by nearly every product of an import, so that a large catalogue stays small in memory. */
const PLAIN: ProductFacts = Object.freeze({ tax_rate_ppm: 0, price_quantity: 1, tracked_id: null });

/** The server's products by SKU, as far as an import needs them, and those it has yet to make. */
export class Catalogue {
  readonly #api: Api;
  readonly #known = new Map<string, ProductFacts>();
  /** By folded SKU; they go out before the commands that need them. */
  #missing = new Map<string, NewProduct>();
  created = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Reads all products once, a page at a time. */
  async load(): Promise<void> {
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: "200", ...(cursor === null ? {} : { cursor }) });
      const page: { data: Listed[]; next_cursor: string | null } = await this.#api.get(
        `/v1/products?${query.toString()}`,
      );
      for (const product of page.data) this.#known.set(foldSku(product.sku), factsOfListed(product));
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /** What is known of a product; one that the import makes is plain. */
  factsOf = (sku: string): ProductFacts => this.#known.get(foldSku(sku)) ?? PLAIN;

  /** Notes products that the server has not: named by the first description that says something. */
  need(entries: readonly Entry[]): void {
    for (const { sku, description, unit_price } of entries) {
      const folded = foldSku(sku);
      if (this.#known.has(folded)) continue;
      const name = toName(description);
      const noted = this.#missing.get(folded);
      if (!noted) {
        this.#missing.set(folded, { sku, name: name === "" ? sku : name, unit_price, track_stock: false });
      } else if (noted.name === noted.sku && name !== "") {
        noted.name = name;
      }
    }
  }

  /** Makes the products that were noted. Throws a Failure with what the server said. */
  async createMissing(): Promise<void> {
    const products = [...this.#missing.values()];
    for (let start = 0; start < products.length; start += MAX_PRODUCTS) {
      const chunk = products.slice(start, start + MAX_PRODUCTS);
      const call = { method: "POST", path: "/v1/products/batch", body: { products: chunk } } as const;
      expectBody(await this.#api.ask(call), "Making the products that are new");
      this.created += chunk.length;
    }
    for (const folded of this.#missing.keys()) this.#known.set(folded, PLAIN);
    this.#missing = new Map();
  }
}

function factsOfListed({ id, track_stock, tax_rate_ppm, price_quantity }: Listed): ProductFacts {
  if (!track_stock && tax_rate_ppm === 0 && price_quantity === 1) return PLAIN;
  return { tax_rate_ppm, price_quantity, tracked_id: track_stock ? id : null };
}

/** A description as a product's name: without what a name may not have, and no longer than it may be. */
export function toName(description: string): string {
  const characters = Array.from(description, (one) => (hasForbiddenCharacters(one) ? " " : one));
  let name = "";
  for (const one of characters) {
    if (name.length + one.length > MAX_NAME) break;
    name += one;
  }
  return name.trim();
}
