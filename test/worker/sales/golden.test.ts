import { beforeAll, describe, expect, it } from "vitest";
import { GOLDEN_BASKETS } from "../../golden/baskets.ts";
import { figuresOf } from "../../golden/price.ts";
import type { GoldenBasket, GoldenLine, LineFigures, TaxFigures } from "../../golden/row.ts";
import { asAdmin, createStore, expectStatus, type SignedIn, uuid } from "../../support/api.ts";
import type { Quote, Refund, Sale } from "./shop.ts";

// Every row of the golden table goes over the wire: quoted, sold without a till, read back from the books, printed as
// data and as text, and where the row says so taken back piece by piece.

let admin: SignedIn;
/** A row's store rules -> the store that has them. */
const stores = new Map<string, string>();

beforeAll(async () => {
  admin = await asAdmin();
  const products = GOLDEN_BASKETS.flatMap((row, index) =>
    row.lines.flatMap((line, i) => (line.custom ? [] : [toProduct(line, skuOf(index, i))])),
  );
  expectStatus(await admin.post("/v1/products/batch", { products }), 200);
  for (const { store } of GOLDEN_BASKETS) {
    const key = JSON.stringify(store);
    if (!stores.has(key)) stores.set(key, (await createStore({ ...store })).id);
  }
});

const ROWS = GOLDEN_BASKETS.map((row, index) => ({ name: row.name, row, index }));

describe.each(ROWS)("$name", ({ row, index }) => {
  const { expected } = row;

  it("is quoted as in the table", async () => {
    const answer = await admin.post<Quote>("/v1/sales/quote", requestOf(row, index));
    expectStatus(answer, 200);
    const { subtotal, discount_total, tax_total, rounding_adjustment, total } = expected;
    expect(answer.body).toMatchObject({ subtotal, discount_total, tax_total, rounding_adjustment, total });
    expect(lineFigures(answer.body)).toEqual(expected.lines);
  });

  it("is sold and kept as in the table", async () => {
    const answered = await sellRow(row, index);
    const sale = await readSale(answered.id);
    expect(sale).toEqual(answered);
    const { lines, tax: _tax, ...totals } = expected;
    expect(sale).toMatchObject({ status: "completed", balance_due: 0, ...totals });
    expect(lineFigures(sale)).toEqual(lines);
    expect(sale.lines.map(({ quantity }) => quantity)).toEqual(figuresOf(row).quantities);
    expect(sale.paid_total - sale.change_due).toBe(expected.total);
  });

  it("is on the bill as in the table", async () => {
    const path = `/v1/sales/${(await sellRow(row, index)).id}/receipts`;
    const data = await admin.post<{ tax_summary: { tax_rate_ppm: number; taxable: number; tax: number }[] }>(path, {
      format: "json",
    });
    expectStatus(data, 201);
    const summary = data.body.tax_summary.map(({ tax_rate_ppm, taxable, tax }): TaxFigures => [
      tax_rate_ppm,
      taxable,
      tax,
    ]);
    expect(summary).toEqual(expected.tax);
    const text = await admin.post<string>(path, { format: "text" });
    expectStatus(text, 201);
    expectShown(text.body, expected);
  });
});

describe.each(ROWS.filter(({ row }) => row.refunds))("$name", ({ row, index }) => {
  it("comes back as in the table", async () => {
    const { id } = await sellRow(row, index);
    const path = `/v1/sales/${id}/refunds`;
    for (const { line_no, pieces } of row.refunds ?? []) {
      for (const [quantity, subtotal, discount_total, tax_total, total] of pieces) {
        const worth = { subtotal, discount_total, tax_total, total };
        const lines = [{ line_no, quantity }];
        const quote = await admin.post<Refund>(`${path}/quote`, { lines });
        expect(quote.body).toMatchObject({ ...worth, lines: [worth] });
        const body = { lines, reason: "Brought back", payments: [{ method: "cash", amount: total }] };
        const answer = await admin.post<Refund>(path, body, { "Idempotency-Key": uuid() });
        expectStatus(answer, 201);
        expect(answer.body).toMatchObject({ ...worth, lines: [{ ...worth, sale_line_no: line_no, quantity }] });
      }
    }
    const after = await readSale(id);
    const isWhole = after.lines.every((line) => line.refunded_quantity === line.quantity);
    expect(after.status).toBe(isWhole ? "refunded" : "partially_refunded");
  });
});

async function sellRow(row: GoldenBasket, index: number): Promise<Sale> {
  const answer = await admin.post<Sale>("/v1/sales", requestOf(row, index), { "Idempotency-Key": uuid() });
  expectStatus(answer, 201);
  return answer.body;
}

async function readSale(id: string): Promise<Sale> {
  const answer = await admin.get<Sale>(`/v1/sales/${id}`);
  expectStatus(answer, 200);
  return answer.body;
}

function skuOf(row: number, line: number): string {
  return `GOLDEN-${String(row)}-${String(line)}`;
}

function toProduct(line: GoldenLine, sku: string): Record<string, unknown> {
  const { name, unit = "each", unit_price, price_quantity = 1, carrier, tax_rate_ppm = 0, discount_ppm = 0 } = line;
  const barcodes = carrier === undefined ? [] : [carrier];
  return { sku, name, unit, unit_price, price_quantity, barcodes, tax_rate_ppm, discount_ppm, track_stock: false };
}

function requestOf(row: GoldenBasket, index: number): Record<string, unknown> {
  return {
    store_id: stores.get(JSON.stringify(row.store)),
    lines: row.lines.map((line, i) => ({
      ...goodsOf(line, skuOf(index, i)),
      ...(line.quantity === undefined ? {} : { quantity: line.quantity }),
      ...(line.discount ? { discount: line.discount } : {}),
      ...(line.override === undefined ? {} : { override: { unit_price: line.override, reason: "Dented" } }),
    })),
    ...(row.discount ? { discount: row.discount } : {}),
    payments: row.payments.map(([method, amount]) => ({ method, amount })),
    total: row.expected.total,
  };
}

function goodsOf(line: GoldenLine, sku: string): Record<string, unknown> {
  const { name, unit_price, tax_rate_ppm = 0, barcode } = line;
  if (line.custom) return { custom: { name, unit_price, tax_rate_ppm } };
  return barcode === undefined ? { sku } : { barcode };
}

function lineFigures({ lines }: Pick<Quote, "lines">): LineFigures[] {
  return lines.map((line) => {
    expect(line.discount_total).toBe(line.line_discount + line.order_discount);
    return [line.subtotal, line.line_discount, line.order_discount, line.tax_total, line.total];
  });
}

/** Figures are read off the bill as digits, so that it may write its amounts as it likes. */
function expectShown(text: string, expected: GoldenBasket["expected"]): void {
  const rows = text.split("\n");
  const figuresIn = (row: string) => row.split(/\s+/).map((word) => Number(word.replaceAll(/[^\d-]/g, "")));
  const lastOf = (label: RegExp) => rows.filter((row) => label.test(row)).map((row) => figuresIn(row).at(-1));
  const unlessNone = (amount: number) => (amount === 0 ? [] : [amount]);
  expect(lastOf(/^subtotal\b/i)).toEqual([expected.subtotal]);
  expect(lastOf(/^discount\b/i)).toEqual(unlessNone(-expected.discount_total));
  expect(lastOf(/^rounding\b/i)).toEqual(unlessNone(expected.rounding_adjustment));
  expect(lastOf(/^total\b/i)).toEqual([expected.total]);
  expect(lastOf(/^change\b/i)).toEqual(unlessNone(expected.change_due));
  for (const [, taxable, tax] of expected.tax) {
    const shown = rows.filter((row) => row.includes("%")).map(figuresIn);
    expect(shown.filter((figures) => figures.includes(taxable) && figures.at(-1) === tax)).not.toEqual([]);
  }
  for (const [subtotal] of expected.lines) {
    expect(rows.map((row) => figuresIn(row).at(-1))).toContain(subtotal);
  }
}
