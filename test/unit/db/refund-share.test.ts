import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { refundLine } from "../../../src/modules/sales/refund-shares.ts";
import { readMigrations, readSchema } from "../../support/schema.ts";
import { buildWorld, copyWorld, openSchema, runBatch } from "./fixture.ts";
import { insertOf } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { NEW_REFUND, NEW_SALE } from "./ids.ts";

/** The greatest amount that the schema takes: a sale of before ADR 0026 may have it. */
const GREATEST = 999_999_999_999_999;
/** The greatest quantity of a line, in its base unit. */
const MOST = 1_000_000_000;

const lines = [
  { subtotal: GREATEST, discount_total: 0, tax_total: 0, quantity: MOST },
  { subtotal: GREATEST, discount_total: 333_333_333_333_333, tax_total: 111_111_111_111_111, quantity: MOST },
  { subtotal: GREATEST, discount_total: GREATEST - 10 * MOST, tax_total: 1, quantity: MOST - 1 },
  { subtotal: GREATEST, discount_total: 1, tax_total: GREATEST - 1, quantity: 999_999_937 },
  { subtotal: GREATEST, discount_total: 7, tax_total: 3, quantity: 7 },
  // On both sides of the product that no longer fits 64 bits.
  { subtotal: 18_446_744_072, discount_total: 9_223_372_036, tax_total: 9_223_372_036, quantity: MOST },
  { subtotal: 18_446_744_074, discount_total: 9_223_372_037, tax_total: 9_223_372_037, quantity: MOST },
  { subtotal: 3, discount_total: 1, tax_total: 1, quantity: MOST },
  { subtotal: 3, discount_total: 1, tax_total: 1, quantity: 2 },
  // The second of seven pieces carries a unit of discount and none of the subtotal.
  { subtotal: 4, discount_total: 3, tax_total: 0, quantity: 7 },
];
const modes = ["half_up", "half_even"] as const;
const cases = lines.flatMap((line) => modes.map((mode) => ({ ...line, mode })));

const schema = readSchema();
let whole: DatabaseSync;

beforeAll(() => {
  whole = openSchema(readMigrations());
  buildWorld(whole);
});

afterAll(() => {
  whole.close();
});

describe("refund_lines_share", () => {
  test.each(cases)("lets $subtotal of $quantity come back by any split ($mode)", ({ mode, ...line }) => {
    const splits = splitsOf(line.quantity);
    expect(splits.length).toBeGreaterThan(2);
    for (const split of splits) {
      const db = sell(line);
      runBatch(db, [insertOf("refunds", { sale_id: NEW_SALE }), ...takeBack(line, split, mode)]);
      const sold = db.prepare("SELECT refunded_quantity, refunded_total FROM sale_lines WHERE sale_id = ?");
      expect(sold.get(NEW_SALE)).toEqual({
        refunded_quantity: line.quantity,
        refunded_total: line.subtotal - line.discount_total,
      });
      db.close();
    }
  });

  test.each([4, -4])("still sees %i units among the greatest amounts", (wrong) => {
    const line = { subtotal: GREATEST, discount_total: 0, tax_total: 0, quantity: MOST };
    const [first] = takeBack(line, [MOST / 2, MOST / 2], "half_up", wrong);
    const db = sell(line);
    runBatch(db, [insertOf("refunds", { sale_id: NEW_SALE })]);
    expect(() => runBatch(db, first ? [first] : [])).toThrow("refund_share");
    db.close();
  });
});

type Line = (typeof lines)[number];

/** A database in which this line has been sold, alone and in a completed sale. */
function sell({ quantity, ...money }: Line): DatabaseSync {
  const db = copyWorld(whole, schema);
  const total = money.subtotal - money.discount_total;
  runBatch(db, [
    insertOf("sales", { ...money, total, paid_total: total }),
    insertOf("sale_lines", {
      ...money,
      sale_id: NEW_SALE,
      line_no: 1,
      quantity,
      total,
      order_discount: money.discount_total,
    }),
    insertOf("sale_payments", { sale_id: NEW_SALE, amount: total }),
    { sql: "UPDATE sales SET status = 'completed' WHERE id = ?", values: [NEW_SALE] },
  ]);
  return db;
}

/** The refund's lines by which the sold one comes back in these pieces, each worth `wrong` units too much. */
function takeBack(line: Line, split: number[], mode: (typeof modes)[number], wrong = 0): Statement[] {
  let before = 0;
  return split.map((quantity, index) => {
    const worth = refundLine(line, before, quantity, { tax_mode: "inclusive", mode });
    const share = { ...worth, subtotal: worth.subtotal + wrong, total: worth.total + wrong };
    const place = { refund_id: NEW_REFUND, line_no: index + 1, sale_id: NEW_SALE, sale_line_no: 1 };
    const taken = insertOf("refund_lines", { ...place, ...share, quantity, refunded_before: before });
    before += quantity;
    return taken;
  });
}

/** Whole; all but one piece; one piece first; halves, thirds and sevenths as near as they come. */
function splitsOf(quantity: number): number[][] {
  const parts = [2, 3, 7].filter((count) => count <= quantity);
  return [[quantity], [quantity - 1, 1], [1, quantity - 1], ...parts.map((count) => nearlyEqual(quantity, count))];
}

function nearlyEqual(quantity: number, count: number): number[] {
  const sizes = Array.from({ length: count }, () => Math.floor(quantity / count));
  return [...sizes.slice(1), (sizes[0] ?? 0) + (quantity % count)];
}
