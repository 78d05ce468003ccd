import { barcodeKeys, barcodeKey } from "regal-pos/pricing";
import { IN_THE_BACKGROUND } from "./client.ts";
import { type Database, inTransaction, readFact, writeFact } from "./database.ts";
import { expectDone, type Session } from "./session.ts";
import type { Page, Product } from "./wire.ts";

/** The products as the till last heard of them, on disk, so that it sells by them when it is offline. */

/** A product that a code names, and whether by the code as it stands or by the one a printed code carries. */
export type Found = { product: Product; matched_whole: boolean };

type Heard = {
  /** Changes up to here are known, by the server's clock; null where it told none, and everything is read again. */
  until: string | null;
  /** When the till last asked, by its own clock. */
  asked_at: string;
};

const FACT = "catalogue";
const PAGE = 200;
/** A change bears the time at which its request came; it may be there to be seen only later. */
const OVERLAP_MS = 120_000;

export class Catalogue {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** When the till last asked for changes; null before the first time. */
  get askedAt(): string | null {
    return readFact<Heard>(this.#database, FACT)?.asked_at ?? null;
  }

  get count(): number {
    return Number(this.#database.prepare("SELECT count(*) AS n FROM products").get()?.["n"]);
  }

  /**
   * Reads what has changed since the last time, or everything the first time, a page at a time. A page that was read stays
   * read; the time is moved on only at the end, so that a cut loses nothing.
   */
  async refresh(session: Session, onProgress: (count: number) => void = () => undefined): Promise<void> {
    const since = readFact<Heard>(this.#database, FACT)?.until ?? null;
    const asked_at = new Date().toISOString();
    let until: string | null = null;
    let cursor: string | null = null;
    let count = 0;
    do {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (since !== null) query.set("updated_since", since);
      if (cursor !== null) query.set("cursor", cursor);
      const call = { method: "GET", path: `/v1/products?${query.toString()}` } as const;
      const outcome = await session.ask<Page<Product>>(call, IN_THE_BACKGROUND);
      const page: Page<Product> = expectDone(outcome, "Reading the catalogue");
      if (cursor === null && outcome.kind === "done") until = earlier(outcome.server_time);
      inTransaction(this.#database, () => {
        for (const product of page.data) this.#put(product);
      });
      count += page.data.length;
      onProgress(count);
      cursor = page.next_cursor;
    } while (cursor !== null);
    writeFact(this.#database, FACT, { until, asked_at } satisfies Heard);
  }

  #put(product: Product): void {
    const database = this.#database;
    // A SKU or barcode can pass from one product to another.
    database.prepare("DELETE FROM products WHERE id = ? OR sku = ?").run(product.id, product.sku);
    database
      .prepare("INSERT INTO products (id, sku, name, content) VALUES (?, ?, ?, ?)")
      .run(product.id, product.sku, product.name, JSON.stringify(product));
    const name = database.prepare(
      "INSERT INTO barcodes (key, product_id) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET product_id = excluded.product_id",
    );
    for (const barcode of product.barcodes) name.run(barcodeKey(barcode), product.id);
  }

  /** By barcode, else by SKU. Null for what is unknown or not sold any more. */
  find(code: string): (Found & { by: "barcode" | "sku" }) | null {
    const byBarcode = this.findByBarcode(code);
    if (byBarcode) return { ...byBarcode, by: "barcode" };
    const product = this.#one("SELECT content FROM products WHERE sku = ?", code);
    return product?.active ? { product, matched_whole: true, by: "sku" } : null;
  }

  findByBarcode(barcode: string): Found | null {
    const sql = "SELECT content FROM products WHERE id = (SELECT product_id FROM barcodes WHERE key = ?)";
    for (const [index, key] of barcodeKeys(barcode).entries()) {
      const product = this.#one(sql, key);
      if (product?.active) return { product, matched_whole: index === 0 };
    }
    return null;
  }

  product(id: string): Product | null {
    return this.#one("SELECT content FROM products WHERE id = ?", id);
  }

  /** Products on sale whose names have these words, the first so many by name. */
  search(words: string, most: number): Product[] {
    const patterns = words.split(/\s+/).map((word) => `%${word.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`);
    const where = patterns.map(() => String.raw`name LIKE ? ESCAPE '\'`).join(" AND ");
    const sql = `SELECT content FROM products WHERE content ->> 'active' = 1 AND ${where} ORDER BY name LIMIT ?`;
    return this.#all(sql, ...patterns, most);
  }

  /** Every product on sale, by SKU. */
  all(): Product[] {
    return this.#all("SELECT content FROM products WHERE content ->> 'active' = 1 ORDER BY sku");
  }

  #one(sql: string, ...params: string[]): Product | null {
    return this.#all(sql, ...params)[0] ?? null;
  }

  #all(sql: string, ...params: (string | number)[]): Product[] {
    const rows = this.#database.prepare(sql).all(...params) as { content: string }[];
    return rows.map(({ content }) => JSON.parse(content) as Product);
  }
}

function earlier(time: string | null): string | null {
  return time === null ? null : new Date(Date.parse(time) - OVERLAP_MS).toISOString();
}
