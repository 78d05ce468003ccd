import bidiFactory from "bidi-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { widthOf } from "../../src/core/columns.ts";
import { printerText } from "../../src/core/output.ts";
import { renderEscPos } from "../../src/modules/sales/receipt-escpos.ts";
import { renderPage } from "../../src/modules/sales/receipt-pages.ts";
import { renderText } from "../../src/modules/sales/receipt-text.ts";
import type { Bill } from "../../src/modules/sales/receipt-words.ts";
import { linesOf, readPrinterBytes } from "../support/escpos.ts";
import { billOf, lineOf, paid, saleOf } from "../unit/sales/receipt-samples.ts";

/** Any text at all, and such as is made of what a printer, a browser or the order of a line takes for more than text. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...Array.from("<>&\"'/= \n\r\t\u0000\u0007\u0010\u001b\u001c\u001d\u007f\u0085\u009b@!aV0")),
    maxLength: 40,
  }),
  fc.string({
    unit: fc.constantFrom(
      ...Array.from("אבجقa1٢ (),.-\u200e\u200f\u202e\u2066\u2067\u2069\u0600\u0301\u0903茶🍵👩\u200d\ufe0f"),
    ),
    maxLength: 60,
  }),
);

const width = fc.integer({ min: 24, max: 80 });
const amount = fc.integer({ min: 0, max: 999_999_999_999_999 });

/** A bill in which every word of others is `text`. */
function billWith(text: string, subtotal = 123_456): Bill {
  const sale = saleOf({
    lines: [lineOf({ name: text, subtotal }), lineOf({ name: "Tea" })],
    payments: [paid("gift_card", 100, { reference: text.padStart(8, "#") }), paid("cash", 720)],
  });
  const shop = { store_name: text, cashier: text, receipt_header: text, receipt_footer: `Thank you\n\n${text}` };
  return billOf(sale, shop, 2);
}

const bidi = bidiFactory();

/** A line as it stands on a screen that orders it by Unicode's algorithm. */
function asShown(line: string): string {
  return bidi.getReorderedString(line, bidi.getEmbeddingLevels(line, "auto")).replaceAll(/[\u200e\u2066-\u2069]/g, "");
}

describe("a bill as text", () => {
  it("keeps within its columns, and holds no control character but the ends of its lines", () => {
    fc.assert(
      fc.property(anyText, width, (text, columns) => {
        const printed = renderText(billWith(text), columns);
        for (const line of printed.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(printed).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it("closes each isolate in the line that opens it", () => {
    fc.assert(
      fc.property(anyText, width, (text, columns) => {
        for (const line of renderText(billWith(text), columns).split("\n")) {
          expect(line.replaceAll(/[^\u2066-\u2069]/g, "")).toMatch(/^(?:[\u2066\u2067]\u2069)*$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("shows the amounts at the right, whatever stands beside them", () => {
    fc.assert(
      fc.property(anyText, amount, width, (text, subtotal, columns) => {
        const [first = ""] = billWith(text, subtotal).lines.map((line) => line.amount);
        const lines = renderText(billWith(text, subtotal), columns).split("\n");
        const rows = lines.filter((line) => line.endsWith(` ${first}`));
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(asShown(row).endsWith(` ${first}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a bill for a receipt printer", () => {
  const commands = (bill: Bill, columns: number) =>
    readPrinterBytes(renderEscPos(bill, { width: columns, opens_drawer: false }));
  const isFixed = ({ command }: { command: string }) => command !== "line" && command !== "code_page";

  it("holds the commands of any other bill, and lines that fit", () => {
    fc.assert(
      fc.property(anyText, width, (text, columns) => {
        const read = commands(billWith(text), columns);
        expect(read.filter(isFixed)).toEqual(commands(billWith("Tea"), columns).filter(isFixed));
        for (const line of linesOf(read)) expect(line.length).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a bill as a page", () => {
  const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

  it("is the page of another bill, but for its words, which are escaped", async () => {
    const NAME = "xxNAMExx";
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const over = { store_name: text, cashier: text };
        const page = await renderPage(billOf(saleOf({ lines: [lineOf({ name: text })] }), over));
        const other = billOf(saleOf({ lines: [lineOf({ name: NAME })] }), { store_name: NAME, cashier: NAME });
        expect(page).toBe((await renderPage(other)).replaceAll(NAME, () => escapeHtml(printerText(text))));
      }),
      { numRuns: 500 },
    );
  });
});
