import { describe, expect, test } from "vitest";
import type { Bill } from "../../../src/modules/sales/receipt-words.ts";
import { renderEscPos } from "../../../src/modules/sales/receipt-escpos.ts";
import { renderText } from "../../../src/modules/sales/receipt-text.ts";
import { linesOf, type PrinterCommand, qrTextsOf, readPrinterBytes } from "../../support/escpos.ts";
import { billOf, FACTS, lineOf, manyNames, paid, saleOf } from "./receipt-samples.ts";

function print(bill: Bill, options: { width?: number; opens_drawer?: boolean } = {}): PrinterCommand[] {
  return readPrinterBytes(renderEscPos(bill, { width: 32, opens_drawer: false, ...options }));
}

const DRAWER: PrinterCommand = { command: "drawer", pin: 2, on_ms: 50, off_ms: 500 };
const kindsOf = (commands: PrinterCommand[]) => commands.filter(({ command }) => command !== "line");

describe("the bytes for a receipt printer", () => {
  test("print the bill as its text has it", () => {
    const bill = billOf();
    const text = renderText(bill, 32).trimEnd().split("\n");
    // The feed before and after the code are lines too.
    expect(linesOf(print(bill))).toEqual([...text, "", ""]);
  });

  test("set the printer up, print the code of the invoice number in the middle, and cut the paper last", () => {
    const commands = print(billOf());
    expect(commands.slice(0, 4)).toEqual([
      { command: "initialize" },
      { command: "cancel_kanji" },
      { command: "character_set", country: 0 },
      { command: "code_page", page: 16 },
    ]);
    expect(qrTextsOf(commands)).toEqual(["MAIN-01-000042"]);
    expect(kindsOf(commands).slice(8)).toEqual([
      { command: "align", side: "centre" },
      { command: "qr", fn: 65, parameters: [50, 0] },
      { command: "qr", fn: 67, parameters: [6] },
      { command: "qr", fn: 69, parameters: [49] },
      { command: "qr", fn: 80, parameters: [48, ...new TextEncoder().encode("MAIN-01-000042")] },
      { command: "qr", fn: 81, parameters: [48] },
      { command: "align", side: "left" },
      { command: "cut", full: false, feed: 0 },
    ]);
  });

  test("open the drawer where they are told to, and first", () => {
    expect(print(billOf(), { opens_drawer: true })[4]).toEqual(DRAWER);
    expect(print(billOf())).not.toContainEqual(DRAWER);
  });

  test("print bold what marks it, whose it is, and what is to be paid", () => {
    const bold = (bill: Bill) =>
      print(bill).flatMap((one) => (one.command === "line" && one.strong ? [one.text.trim()] : []));
    expect(bold(billOf())).toEqual(["Corner shop", "TOTAL GBP                   8.20"]);
    expect(bold(billOf(saleOf({ status: "refunded", balance_due: 9, due: 5 }), {}, 3))).toEqual([
      "*** REFUNDED ***",
      "*** DUPLICATE 2 ***",
      "Corner shop",
      "TOTAL GBP                   8.20",
      "Balance due                 0.05",
    ]);
  });

  test("say what came back, and what was paid later", () => {
    const payments = [paid("on_account", 820), paid("茶券", 100)];
    const sale = saleOf({ status: "refunded", lines: [lineOf({ refunded_quantity: 1 })], payments, change_due: 0 });
    const lines = linesOf(print(billOf(sale, { tendered: 1 })));
    expect(lines[0]?.trim()).toBe("*** REFUNDED ***");
    expect(lines).toContain("  Returned 1");
    expect(lines).toContain("Paid later: ??              1.00");
  });

  test("have no code where there is no number", () => {
    const commands = print(billOf(saleOf({ invoice_no: null, status: "parked" })));
    expect(commands.some(({ command }) => command === "qr" || command === "align")).toBe(false);
    expect(linesOf(commands)[0]?.trim()).toBe("*** NOT A BILL ***");
    expect(commands.at(-1)).toEqual({ command: "cut", full: false, feed: 0 });
  });

  test("have each name in the order of the columns, and a question mark for what can't be shown", () => {
    const lines = linesOf(print(billOf(manyNames(), { cashier: "דנה לוי", store_name: "お茶屋" }), { width: 42 }));
    expect(lines[0]).toBe("                   ???");
    expect(lines.slice(7, 18)).toEqual([
      "Cashier                            יול הנד",
      "------------------------------------------",
      "?? ?? ?",
      "  1 x 1.00                         1234.56",
      "(غ 250) ليهلا عم ةيبرع ةوهق",
      "  1 x 1.00                         1234.56",
      "g 500 תצמחמ םחל",
      "  1 x 1.00                         1234.56",
      "Æbleskiver – crème brûlée, Łódź żurek,",
      "Чёрный хлеб",
      "  1 x 1.00                         1234.56",
    ]);
  });

  test("have a question mark in the place of what can't be shown, so that what stands beside it stays", () => {
    const payments = [paid("茶券", 820)];
    const shop = { receipt_header: "茶茶", receipt_footer: "お茶", terminal_code: "茶", cashier: "茶茶" };
    const lines = linesOf(print(billOf(saleOf({ payments, change_due: 0 }), shop)));
    expect(lines[1]).toBe("               ??");
    expect(lines).toContain("2026-07-02 09:05          Till ?");
    expect(lines).toContain("Cashier                       ??");
    expect(lines).toContain("??                          8.20");
    expect(lines.slice(-3)).toEqual(["               ??", "", ""]);
  });

  test.each([24, 32, 42, 48, 80])("keep within %i columns", (width) => {
    const commands = print(billOf(manyNames(), { store_name: "x".repeat(200), cashier: "お茶 ".repeat(50) }), {
      width,
    });
    for (const line of linesOf(commands)) expect(line.length).toBeLessThanOrEqual(width);
  });

  test("let no text command the printer", () => {
    const evil = "Tea\u001b@\u001dV\u0000\nTOTAL\u202e\r\u0007\u001bp\u0000\u0019\u00fa";
    const bill = billOf(saleOf({ lines: [lineOf({ name: evil })], invoice_no: evil }), {
      store_name: evil,
      receipt_header: evil,
      receipt_footer: evil,
      cashier: evil,
      terminal_code: evil,
    });
    const harmless = billOf(saleOf({ lines: [lineOf({ name: "Tea" })] }), { ...FACTS });
    const plain = ({ command }: PrinterCommand) => command !== "line";
    expect(
      print(bill)
        .filter(plain)
        .map(({ command }) => command),
    ).toEqual(
      print(harmless)
        .filter(plain)
        .map(({ command }) => command),
    );
  });
});
