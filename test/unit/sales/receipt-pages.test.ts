import { createHash } from "node:crypto";
import { encode } from "uqr";
import { describe, expect, test } from "vitest";
import { renderPage } from "../../../src/modules/sales/receipt-pages.ts";
import { receiptStyleSource } from "../../../src/modules/sales/receipt-style.ts";
import { billOf, lineOf, manyNames, NAMES, paid, saleOf } from "./receipt-samples.ts";

/** What a page says, cell by cell and line by line. */
function wordsOf(page: string): string[] {
  const body = page.slice(page.indexOf("<main>"), page.indexOf("</main>"));
  const text = body.replaceAll(/<\/?(?:bdi|time)[^>]*>/g, "").replaceAll(/<[^>]*>/g, "\n");
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

describe("the page to print", () => {
  test("says what the bill says, in order", async () => {
    expect(wordsOf(await renderPage(billOf()))).toEqual([
      "Corner shop",
      "1 High Street",
      "VAT 123",
      "Invoice",
      "MAIN-01-000042",
      "Date",
      "2026-07-02 09:05",
      "Till",
      "01",
      "Cashier",
      "Amina",
      "What was sold",
      "Tea",
      "3 × 1.00",
      "3.00",
      "Discount",
      "-0.30",
      "Cheddar, matured for twenty-four months",
      "345 g × 15.90 per kg",
      "5.49",
      "Total and payments",
      "Subtotal",
      "8.49",
      "Discount",
      "-0.30",
      "Rounding",
      "0.01",
      "TOTAL GBP",
      "8.20",
      "Card ****4242",
      "0.20",
      "Cash",
      "10.00",
      "Change",
      "2.00",
      "Tax by rate",
      "Tax rate",
      "Net",
      "Tax",
      "8.875 %",
      "5.04",
      "0.45",
      "20 %",
      "2.25",
      "0.45",
      "Thank you",
      "MAIN-01-000042",
    ]);
  });

  test("leaves out what there is none of", async () => {
    const bill = billOf(saleOf({ invoice_no: null, status: "parked", payments: [], change_due: 0 }), {
      terminal_code: null,
      receipt_header: "",
      receipt_footer: "",
    });
    const page = await renderPage(bill);
    const words = wordsOf(page);
    expect(words.slice(0, 5)).toEqual(["NOT A BILL", "Corner shop", "Date", "2026-07-02 09:05", "Cashier"]);
    for (const word of ["Invoice", "Till", "Change", "Balance due"]) expect(words).not.toContain(word);
    expect(page).not.toContain("<svg");
    expect(page).toContain("<title>Corner shop</title>");
  });

  test("says that it is void, a duplicate, and what is left to pay", async () => {
    const payments = [paid("gift_card", 320, { reference: "GIFT-9F3A-77QX" }), paid("on_account", 500)];
    const sale = saleOf({ status: "voided", payments, change_due: 0, balance_due: 500, due: 500 });
    const page = await renderPage(billOf(sale, {}, 3));
    const words = wordsOf(page);
    expect(words.slice(0, 2)).toEqual(["VOID", "DUPLICATE 2"]);
    expect(words.slice(words.indexOf("TOTAL GBP") + 2).slice(0, 6)).toEqual([
      "Gift card ****77QX",
      "3.20",
      "On account",
      "5.00",
      "Balance due",
      "5.00",
    ]);
    expect(page).not.toContain("9F3A");
  });

  test("says what came back, what was paid later, and the price of a label alone", async () => {
    const label = { barcode: "2512345005230", unit: "g", unit_price: 999, price_quantity: 1000 } as const;
    const lines = [lineOf({ ...label, quantity: 582, subtotal: 523, refunded_quantity: 82 })];
    const payments = [paid("on_account", 523), paid("cash", 100)];
    const sale = saleOf({ status: "partially_refunded", lines, payments, change_due: 0, balance_due: 423, due: 423 });
    const page = await renderPage(billOf(sale, { tendered: 1, tendered_in_cash: 0 }));
    const words = wordsOf(page);
    expect(words[0]).toBe("PARTLY REFUNDED");
    expect(page).toContain('<p class="mark">PARTLY REFUNDED</p>');
    const at = words.indexOf("What was sold");
    expect(words.slice(at + 1, at + 6)).toEqual(["Tea", "582 g", "5.23", "Returned 82 g", "Total and payments"]);
    const total = words.indexOf("TOTAL GBP");
    expect(words.slice(total - 2, total)).toEqual(["Adjustment", "0.01"]);
    expect(words.slice(total + 2, total + 8)).toEqual([
      "On account",
      "5.23",
      "Paid later: Cash",
      "1.00",
      "Balance due",
      "4.23",
    ]);
  });

  test("is a document in English that lets each name run its own way", async () => {
    const page = await renderPage(
      billOf(manyNames(), { store_name: "مخبز الأمل", cashier: "דנה", receipt_header: "لا" }),
    );
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(page).toContain('<meta charset="utf-8" />');
    expect(page).toContain('<h1 lang="" dir="auto">مخبز الأمل</h1>');
    expect(page).toContain('<p lang="" dir="auto">لا</p>');
    for (const name of ["דנה", ...NAMES]) expect(page).toContain(`<bdi lang="">${name}</bdi>`);
  });

  test("brings all that it shows: no script, no address, no style but the one that its policy names", async () => {
    const page = await renderPage(billOf(manyNames()));
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    expect(style.length).toBeGreaterThan(500);
    const source = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
    expect(receiptStyleSource()).toBe(source);
    const policy = `default-src 'none'; style-src ${source}; base-uri 'none'; form-action 'none'`;
    const [, said = ""] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page) ?? [];
    expect(said.replaceAll("&#39;", "'")).toBe(policy);
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<form|<a |\bstyle=|\bsrc=|\bhref=|\bon\w+=|url\(|@import|https?:/i,
    );
  });

  test("draws the code of the invoice number", async () => {
    const page = await renderPage(billOf());
    const [, size = ""] = /<svg viewBox="0 0 (\d+) \1"/.exec(page) ?? [];
    const [, path = ""] = /<path d="([^"]+)"/.exec(page) ?? [];
    const drawn = Array.from({ length: Number(size) }, () => Array.from({ length: Number(size) }, () => false));
    const box = /M(\d+) (\d+)h(\d+)v1h-\3z/g;
    for (const [, x = "", y = "", width = ""] of path.matchAll(box)) {
      for (let at = Number(x); at < Number(x) + Number(width); at += 1) {
        const row = drawn[Number(y)];
        if (row) row[at] = true;
      }
    }
    expect(path.replaceAll(box, "")).toBe("");
    expect(drawn).toEqual(encode("MAIN-01-000042", { ecc: "M", border: 4 }).data);
    expect(drawn.slice(0, 4).flat()).not.toContain(true);
    expect(page).toContain('role="img" aria-label="QR code of MAIN-01-000042"');
  });

  test("escapes every word of others", async () => {
    const evil = `</style><script>alert("1")</script><img src=x onerror='x'>&amp;`;
    const escaped =
      "&lt;/style&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;x&#39;&gt;&amp;amp;";
    const over = { store_name: evil, cashier: evil, receipt_header: evil, receipt_footer: evil, terminal_code: evil };
    const sale = saleOf({
      invoice_no: evil,
      lines: [lineOf({ name: evil })],
      payments: [paid(evil, 1), paid("card", 1, { card_last4: evil })],
    });
    const page = await renderPage(billOf(sale, over));
    expect(page).not.toMatch(/<script|<img/i);
    // Title, store, header, footer, cashier, till, line, two payments, and the number at its three places and the title.
    expect(page.split(escaped)).toHaveLength(14);
  });
});
