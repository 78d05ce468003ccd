import { describe, expect, it } from "vitest";
import { findColumns } from "../../../scripts/import-sales/columns.ts";
import { groupInvoices, type Invoice, MAX_INVOICE_ROWS } from "../../../scripts/import-sales/invoices.ts";
import { toInstant } from "../../../scripts/import-sales/local-time.ts";
import { rowReader } from "../../../scripts/import-sales/row.ts";

const HEADER = ["invoice_no", "sku", "description", "quantity", "sold_at", "unit_price", "customer"];
const columns = findColumns(HEADER, {});
const readRow = rowReader({ columns, currency: "GBP", timezone: "Europe/London" });

type Given = Partial<Record<"invoice_no" | "sku" | "quantity" | "sold_at" | "unit_price" | "customer", string>>;

function fieldsOf(given: Given): string[] {
  const row = {
    invoice_no: "536365",
    sku: "85123A",
    description: "A mug",
    quantity: "6",
    sold_at: "2010-12-01T08:26:00",
    unit_price: "2.55",
    customer: "17850",
    ...given,
  };
  return HEADER.map((name) => row[name as keyof typeof row]);
}

describe("local time", () => {
  it.each([
    ["2010-12-01T08:26:00", "2010-12-01T08:26:00.000Z"],
    ["2010-12-01 08:26", "2010-12-01T08:26:00.000Z"],
    ["2010-07-01T08:26:00", "2010-07-01T07:26:00.000Z"],
    // The clock goes back at 02:00 BST, 01:00 UTC: the hour comes twice, and the first is BST.
    ["2010-10-31T00:30:00", "2010-10-30T23:30:00.000Z"],
    ["2010-10-31T01:30:00", "2010-10-31T00:30:00.000Z"],
    ["2010-10-31T02:30:00", "2010-10-31T02:30:00.000Z"],
    // It leaps from 01:00 GMT to 02:00 BST: 01:30 is not on it.
    ["2010-03-28T01:30:00", "2010-03-28T01:30:00.000Z"],
    ["2010-03-28T02:30:00", "2010-03-28T01:30:00.000Z"],
    // An offset says it all, also in the hour that comes twice.
    ["2010-10-31T01:30:00Z", "2010-10-31T01:30:00.000Z"],
    ["2010-10-31T01:30:00+01:00", "2010-10-31T00:30:00.000Z"],
    ["2010-07-01T08:26:00Z", "2010-07-01T08:26:00.000Z"],
    ["2010-07-01T08:26:00+05:00", "2010-07-01T03:26:00.000Z"],
  ])("%s in London is %s", (text, instant) => {
    expect(toInstant(text, "Europe/London")).toBe(instant);
  });

  it.each([
    "",
    "08:26",
    "2010",
    "2010-12",
    "2010-W48-3",
    "01/12/2010 08:26",
    "2010-02-30T10:00:00",
    "2010-12-01T25:00",
  ])("%j is none", (text) => {
    expect(toInstant(text, "Europe/London")).toBeNull();
  });
});

describe("a row", () => {
  it.each([
    ["6", "2.55", "sale", 6, 255],
    ["6", "0.0", "sale", 6, 0],
    ["6.0", "2.1", "sale", 6, 210],
    ["-6", "-2.55", "sale", 6, 255],
    ["-6", "2.55", "refund", 6, 255],
    ["1", "-11062.06", "refund", 1, 1_106_206],
    ["-6", "0", "adjustment", -6, 0],
  ])("of quantity %s at %s is a %s", (quantity, price, kind, pieces, unitPrice) => {
    expect(readRow(fieldsOf({ quantity, unit_price: price }))).toEqual({
      invoice_no: "536365",
      sold_at: "2010-12-01T08:26:00.000Z",
      customer: "17850",
      entry: { kind, sku: "85123A", description: "A mug", quantity: pieces, unit_price: unitPrice },
    });
  });

  it.each<[Given, RegExp]>([
    [{ quantity: "1.5" }, /its quantity "1\.5"/],
    [{ quantity: "six" }, /its quantity "six"/],
    [{ quantity: "" }, /its quantity ""/],
    [{ quantity: "1000000001" }, /its quantity/],
    [{ unit_price: "2.555" }, /its unit_price .* more decimals than GBP/],
    [{ unit_price: "1,000" }, /its unit_price "1,000" is not a decimal/],
    [{ unit_price: "10000000000" }, /too large/],
    [{ sold_at: "yesterday" }, /its sold_at "yesterday"/],
    [{ sku: " " }, /its sku is empty/],
    [{ sku: "x".repeat(65) }, /its sku is/],
    [{ customer: "x".repeat(201) }, /its customer/],
    [{ customer: "a\u202eb" }, /its customer/],
  ])("of %j holds its invoice back", (given, reason) => {
    expect(readRow(fieldsOf(given))).toMatchObject({
      invoice_no: "536365",
      reason: expect.stringMatching(reason) as string,
      holds_back: true,
    });
  });

  it("of quantity 0 is told of, and its invoice goes on", () => {
    expect(readRow(fieldsOf({ quantity: "0" }))).toMatchObject({ reason: "its quantity is 0", holds_back: false });
  });

  it("without an invoice, or of another width, is of no use", () => {
    expect(readRow(fieldsOf({ invoice_no: "" }))).toMatchObject({ invoice_no: null });
    expect(readRow(["536365", "85123A"])).toMatchObject({ reason: "has 2 fields, the header 7" });
  });
});

describe("groupInvoices", () => {
  async function group(rows: Given[]) {
    const faults: string[] = [];
    const invoices: Invoice[] = [];
    const records = (async function* () {
      yield { fields: HEADER, line: 1, bytes: 10 };
      for (const [index, row] of rows.entries()) yield { fields: fieldsOf(row), line: index + 2, bytes: 20 + index };
    })();
    const found = groupInvoices(records, readRow, (line, { reason }) => faults.push(`${String(line)}: ${reason}`));
    for await (const invoice of found) invoices.push(invoice);
    return { invoices, faults };
  }

  it("puts together what stands together, under the first row's time", async () => {
    const { invoices } = await group([
      { invoice_no: "1", sold_at: "2010-12-01T16:57:00", customer: "" },
      { invoice_no: "1", sold_at: "2010-12-01T16:58:00" },
      { invoice_no: "2" },
      { invoice_no: "1" },
    ]);
    expect(invoices.map(({ invoice_no, part, rows }) => [invoice_no, part, rows])).toEqual([
      ["1", 1, 2],
      ["2", 1, 1],
      ["1", 1, 1],
    ]);
    expect(invoices[0]).toMatchObject({ sold_at: "2010-12-01T16:57:00.000Z", customer: "17850", bytes: 21 });
  });

  it("cuts an invoice of more rows than a sale may have", async () => {
    const rows = Array.from({ length: MAX_INVOICE_ROWS * 2 + 1 }, () => ({}));
    const { invoices } = await group([...rows, { invoice_no: "next" }]);
    expect(invoices.map(({ part, rows: count }) => [part, count])).toEqual([
      [1, MAX_INVOICE_ROWS],
      [2, MAX_INVOICE_ROWS],
      [3, 1],
      [1, 1],
    ]);
  });

  it("holds back an invoice with a row that can't be read, and reports by line", async () => {
    const { invoices, faults } = await group([
      { invoice_no: "1" },
      { invoice_no: "1", quantity: "x" },
      { invoice_no: "" },
      { invoice_no: "2" },
      { invoice_no: "2", quantity: "0" },
    ]);
    expect(invoices.map(({ held_back, rows, entries }) => [held_back, rows, entries.length])).toEqual([
      [true, 2, 1],
      [false, 2, 1],
    ]);
    expect(faults.map((fault) => fault.slice(0, 2))).toEqual(["3:", "4:", "6:"]);
  });
});
