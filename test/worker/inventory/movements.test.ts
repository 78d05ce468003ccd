import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/db/database.ts";
import { type StockMovement, stockMovementsStatement } from "../../../src/modules/inventory/index.ts";
import {
  movementPageStatement,
  productLevelsStatement,
  shelfStatement,
  storeLevelsStatement,
} from "../../../src/modules/inventory/queries.ts";
import { keepDocumentStatement } from "../../../src/modules/inventory/movement-queries.ts";
import { asAdmin, createStore, uuid } from "../../support/api.ts";

const NOW = "2026-05-01T09:00:00.000Z";

function prepare({ sql, params }: Statement): D1PreparedStatement {
  return env.DB.prepare(sql).bind(...params);
}

async function planOf({ sql, params }: Statement): Promise<string[]> {
  const { results } = await prepare({ sql: `EXPLAIN QUERY PLAN ${sql}`, params }).all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** As many products, all new, and a store. */
async function stage(count: number): Promise<{ store_id: string; products: string[] }> {
  const admin = await asAdmin();
  const store = await createStore();
  const products = Array.from({ length: count }, () => ({ sku: uuid(), name: "A", unit_price: 1 }));
  const saved = await admin.post<{ data: { id: string }[] }>("/v1/products/batch", { products });
  return { store_id: store.id, products: saved.body.data.map(({ id }) => id) };
}

function rowOf(
  store_id: string,
  product_id: string,
  quantity: number,
  over: Partial<StockMovement> = {},
): StockMovement {
  return {
    store_id,
    product_id,
    reason: quantity > 0 ? "received" : "sale",
    quantity,
    oversell: 0,
    unit_cost: null,
    batch: null,
    expires_on: null,
    note: null,
    source_id: uuid(),
    line_no: 1,
    occurred_at: NOW,
    ...over,
  };
}

describe("stockMovementsStatement", () => {
  it("works out the running balance over many documents, products and stores at once", async () => {
    const { store_id, products } = await stage(2);
    const other = await createStore();
    const [a = "", b = ""] = products;
    const moves: [string, string, number][] = [
      [store_id, a, 10],
      [store_id, b, 4],
      [store_id, a, -3],
      [other.id, a, 1],
      [store_id, a, -7],
      [store_id, b, -1],
      [store_id, a, 2],
    ];
    await prepare(
      stockMovementsStatement(
        moves.map(([store, product, quantity]) => rowOf(store, product, quantity)),
        NOW,
      ),
    ).run();
    const { results } = await env.DB.prepare(
      "SELECT on_hand_after FROM stock_movements WHERE product_id IN (?1, ?2) ORDER BY arrival",
    )
      .bind(a, b)
      .all<{ on_hand_after: number }>();
    expect(results.map(({ on_hand_after }) => on_hand_after)).toEqual([10, 4, 7, 1, 0, 3, 2]);
  });

  it("aborts whole by the constraint that says why", async () => {
    const { store_id, products } = await stage(1);
    const [product = ""] = products;
    const attempt = async (...rows: StockMovement[]) => prepare(stockMovementsStatement(rows, NOW)).run();
    await expect(attempt(rowOf(store_id, product, 2), rowOf(store_id, product, -3))).rejects.toThrow(
      /insufficient_stock/u,
    );
    await expect(attempt(rowOf(store_id, uuid(), 2))).rejects.toThrow(/FOREIGN KEY/u);
    const row = rowOf(store_id, product, 1);
    await expect(attempt(row, row)).rejects.toThrow(/stock_movements.source_id/u);
    const { results } = await env.DB.prepare("SELECT 1 FROM stock_movements WHERE product_id = ?1").bind(product).all();
    expect(results).toEqual([]);
    await attempt(rowOf(store_id, product, -3, { oversell: 1 }));
  });

  it("reaches each level by primary key, and reads at most five rows a line however many lines there are", async () => {
    const { store_id, products } = await stage(500);
    expect(await planOf(stockMovementsStatement([], NOW))).toContain(
      "SEARCH l USING PRIMARY KEY (store_id=? AND product_id=?)",
    );
    await prepare(
      stockMovementsStatement(
        products.map((product) => rowOf(store_id, product, 9)),
        NOW,
      ),
    ).run();
    for (const lines of [1, 50, 500]) {
      const rows = products.slice(0, lines).map((product) => rowOf(store_id, product, -1));
      const { meta } = await prepare(stockMovementsStatement(rows, NOW)).run();
      expect(meta.rows_read / lines).toBeLessThanOrEqual(5);
      expect(meta.rows_written / lines).toBeLessThanOrEqual(4);
    }
  });
});

describe("the plans of the stock lists", () => {
  const level = "SEARCH l USING PRIMARY KEY (store_id=? AND product_id=?) LEFT-JOIN";
  const byProduct = "SEARCH m USING INDEX stock_movements_by_product (store_id=? AND product_id=? AND arrival>?)";
  const document = { store_id: "x", key: "k", operation: "o", fingerprint: "f", id: "x", note: null, created_at: NOW };

  it.each<[string, Statement, string[]]>([
    ["a store's levels", storeLevelsStatement("x", 0, 50), ["SEARCH p USING INTEGER PRIMARY KEY (rowid>?)", level]],
    [
      "a product's levels",
      productLevelsStatement("x", "[]", 0, 50),
      ["SEARCH p USING INDEX sqlite_autoindex_products_1 (id=?)", level],
    ],
    [
      "the levels a document touches",
      shelfStatement("x", ["x"]),
      ["SEARCH p USING INDEX sqlite_autoindex_products_1 (id=?)", level],
    ],
    [
      "all movements",
      movementPageStatement({ storesJson: "[]" }, 0, 50),
      ["SEARCH m USING INTEGER PRIMARY KEY (rowid>?)"],
    ],
    ["a product's movements", movementPageStatement({ storesJson: null, product_id: "x" }, 0, 50), [byProduct]],
    [
      "a document's answer",
      keepDocumentStatement({ ...document, reason: "received" }),
      ["SEARCH stock_movements USING INDEX sqlite_autoindex_stock_movements_1 (source_id=?)"],
    ],
  ])("reach %s by an index", async (_what, query, steps) => {
    const plan = await planOf(query);
    for (const step of steps) expect(plan).toContain(step);
  });

  it("read a page of one store's movements of a product in order, without sorting", async () => {
    const plan = await planOf(movementPageStatement({ store_id: "x", storesJson: null, product_id: "x" }, 0, 50));
    expect(plan).toEqual([byProduct]);
  });
});
