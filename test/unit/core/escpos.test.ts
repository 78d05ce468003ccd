import { describe, expect, test } from "vitest";
import { PrinterBytes } from "../../../src/core/escpos.ts";
import { linesOf, qrTextsOf, readPrinterBytes } from "../../support/escpos.ts";

const START = "1b40 1c2e 1b5200 1b7410";

function hex(printer: PrinterBytes): string {
  return Array.from(printer.toBytes(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes as Epson's reference has them, beside what we send after the start. */
test.each<[string, (printer: PrinterBytes) => PrinterBytes, string]>([
  ["nothing", (printer) => printer, ""],
  ["a line", (printer) => printer.line("Tea"), "546561 0a"],
  ["an empty line", (printer) => printer.line(""), "0a"],
  ["bold", (printer) => printer.strong(true).strong(false), "1b4501 1b4500"],
  ["sides", (printer) => printer.align("centre").align("left"), "1b6101 1b6100"],
  ["the drawer", (printer) => printer.openDrawer(), "1b7000 19 fa"],
  ["the knife", (printer) => printer.cut(), "1d564200"],
  [
    "a QR code",
    (printer) => printer.qrCode("A-1"),
    "1d286b0400314132 00 1d286b03003143 06 1d286b03003145 31 1d286b0600315030 412d31 1d286b0300315130",
  ],
  [
    "another table and back",
    (printer) => printer.line("é я").line("Tea").line("é"),
    "e920 1b7411 ef0a 546561 0a 1b7410 e90a",
  ],
])("%s", (_, write, expected) => {
  expect(hex(write(new PrinterBytes()))).toBe((START + expected).replaceAll(" ", ""));
});

describe("a QR code", () => {
  test("says its length in two bytes", () => {
    const text = "x".repeat(300);
    const commands = readPrinterBytes(new PrinterBytes().qrCode(text).toBytes());
    expect(qrTextsOf(commands)).toEqual([text]);
  });

  test("takes what a printer takes, and no more", () => {
    expect(() => new PrinterBytes().qrCode("x".repeat(7089))).not.toThrow();
    expect(() => new PrinterBytes().qrCode("é".repeat(3545))).toThrow("does not hold 7090 bytes");
  });
});

test("text is no command, whatever it holds", () => {
  const bytes = new PrinterBytes().line("\u001b@\u001dV\u0000\n\u0010\u0014\u009b é 茶 \u007f").toBytes();
  expect(linesOf(readPrinterBytes(bytes))).toEqual(["?@?V????? é ? ?"]);
});

describe("the reader", () => {
  const read = (bytes: string) => () =>
    readPrinterBytes(
      Uint8Array.from(bytes.replaceAll(" ", "").match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
    );

  test.each([
    ["a command it does not know", "1b21 30", "no command"],
    ["a control character", "07", "no command"],
    ["a command that is cut off", "1b 70 00", "end within"],
    ["a table that is none", "1b74 ff", "no table"],
    ["a byte that its table has not", "1b7410 81 0a", "no character"],
    ["bytes above ASCII without a table", "1b40 e9 0a", "no character"],
    ["a line that is not ended", "54", "not ended"],
    ["a cut within a line", "54 1d564200", "within a line"],
  ])("refuses %s", (_, bytes, message) => {
    expect(read(bytes)).toThrow(message);
  });
});
