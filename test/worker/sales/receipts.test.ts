import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ReceiptFormat } from "../../../src/modules/sales/schemas.ts";
import { type Answer, asUser, expectProblem, expectStatus, openShift, uuid } from "../../support/api.ts";
import { linesOf, type PrinterCommand, qrTextsOf, readPrinterBytes } from "../../support/escpos.ts";
import { complete, deposited, openOrderShop, ordered, type OrderShop } from "../orders/shop.ts";
import { closeShift } from "../payments/books.ts";
import { newCustomer, settle, soldOnAccount } from "../payments/credit.ts";
import { openShop, type Payment, refunded, type Sale, type Shop, sold, stockProduct } from "./shop.ts";

interface Receipt {
  store: { name: string; code: string };
  header: string;
  footer: string;
  terminal_code: string | null;
  cashier: string;
  sale: Sale;
  tax_summary: { tax_rate_ppm: number; taxable: number; tax: number }[];
  copy: number;
  duplicate: boolean;
}

async function issue<T>(shop: Shop, sale_id: string, format: ReceiptFormat, by = shop.admin): Promise<Answer<T>> {
  const answer = await by.post<T>(`/v1/sales/${sale_id}/receipts`, { format });
  expectStatus(answer, 201);
  return answer;
}

async function print<T>(shop: Shop, sale_id: string, format: ReceiptFormat, by = shop.admin): Promise<T> {
  return (await issue<T>(shop, sale_id, format, by)).body;
}

const TEA = { custom: { name: "Tea", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };

describe("POST /v1/sales/{sale_id}/receipts", () => {
  it("gives out the bill as data", async () => {
    const shop = await openShop({ name: "Corner shop", receipt: { header: "1 High Street", footer: "Thank you" } });
    const product = await stockProduct(shop, { unit_price: 1200, tax_rate_ppm: 200_000 });
    const sale = await sold(shop, {
      lines: [
        { product_id: product.id, quantity: 1 },
        { custom: { name: "Bread", unit_price: 210, tax_rate_ppm: 50_000 }, quantity: 2, discount: { amount: 20 } },
      ],
    });
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    expect(await print<Receipt>(shop, sale.id, "json", cashier)).toEqual({
      store: { name: "Corner shop", code: shop.store.code },
      header: "1 High Street",
      footer: "Thank you",
      terminal_code: "01",
      // Who sold it, not who prints it.
      cashier: shop.admin.user.full_name,
      sale,
      tax_summary: [
        { tax_rate_ppm: 50_000, taxable: 381, tax: 19 },
        { tax_rate_ppm: 200_000, taxable: 1000, tax: 200 },
      ],
      copy: 1,
      duplicate: false,
    });
  });

  it("counts its copies, whatever their form, and audits each", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [TEA] });
    expect(await print<string>(shop, sale.id, "text")).not.toContain("DUPLICATE");
    expect(await print<Receipt>(shop, sale.id, "json")).toMatchObject({ copy: 2, duplicate: true });
    expect((await print<string>(shop, sale.id, "text")).split("\n")[0]?.trim()).toBe("*** DUPLICATE 2 ***");
    expect(await print<string>(shop, sale.id, "html")).toContain('<p class="mark">DUPLICATE 3</p>');
    const [first] = linesOf(readPrinterBytes(await print<Uint8Array>(shop, sale.id, "escpos")));
    expect(first?.trim()).toBe("*** DUPLICATE 4 ***");
    const { results } = await env.DB.prepare(
      "SELECT actor_id, after FROM audit_entries WHERE action = 'receipt.issue' AND entity_id = ? ORDER BY seq",
    )
      .bind(sale.id)
      .all();
    expect(results).toEqual(
      ["text", "json", "text", "html", "escpos"].map((format) => ({
        actor_id: shop.admin.user.id,
        after: JSON.stringify({ format }),
      })),
    );
  });

  it("prints text in the store's width, and what has come back since", async () => {
    const shop = await openShop({ receipt: { width: 32 }, timezone: "Asia/Karachi", currency: "PKR" });
    const sale = await sold(shop, {
      lines: [{ custom: { name: "Tea", unit_price: 150, tax_rate_ppm: 0 }, quantity: 2 }],
      sold_at: "2026-03-02T20:30:00Z",
      payments: [{ method: "cash", amount: 500 }],
    });
    await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }]);
    const answer = await shop.admin.post<string>(`/v1/sales/${sale.id}/receipts`, { format: "text" });
    expect(answer.headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
    const lines = answer.body.split("\n");
    expect(lines).toContain("TOTAL PKR                   3.00");
    expect(lines).toContain("Change                      2.00");
    expect(lines[0]?.trim()).toBe("*** PARTLY REFUNDED ***");
    expect(lines).toContain("  Returned 1");
    expect(lines.some((line) => /^2026-03-03 01:30 +Till 01$/.test(line))).toBe(true);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(32);
    expect((await print<Receipt>(shop, sale.id, "json")).sale).toMatchObject({
      status: "partially_refunded",
      lines: [{ refunded_quantity: 1 }],
    });
  });

  it("is a page to print, under a policy that lets in its one style and nothing else", async () => {
    const shop = await openShop({ name: "مخبز <Al Amal> & Co", receipt: { footer: "Thank you" } });
    const sale = await sold(shop, {
      lines: [{ custom: { name: `Tea "x" <b>1</b>`, unit_price: 150, tax_rate_ppm: 0 }, quantity: 2 }],
    });
    const { headers, body } = await issue<string>(shop, sale.id, "html");
    expect(headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(body).toContain('<h1 lang="" dir="auto">مخبز &lt;Al Amal&gt; &amp; Co</h1>');
    expect(body).toContain("Tea &quot;x&quot; &lt;b&gt;1&lt;/b&gt;");
    expect(body).toContain(`aria-label="QR code of ${sale.invoice_no}"`);
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(body) ?? [];
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style)));
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        `style-src 'sha256-${btoa(String.fromCharCode(...digest))}'`,
    );
  });

  it.each<ReceiptFormat>(["json", "text", "escpos"])("lets in nothing at all as %s", async (format) => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [TEA] });
    // After a page, whose style is let in for that answer alone.
    await issue(shop, sale.id, "html");
    const { headers } = await issue(shop, sale.id, format);
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it("is what a receipt printer prints and cuts, with the drawer opened for cash", async () => {
    const shop = await openShop({ name: "Café Zürich", receipt: { width: 48 } });
    const sale = await sold(shop, {
      lines: [
        { custom: { name: "Чёрный хлеб", unit_price: 350, tax_rate_ppm: 0 }, quantity: 1 },
        { custom: { name: "לחם", unit_price: 1200, tax_rate_ppm: 0 }, quantity: 1 },
      ],
      payments: [{ method: "cash", amount: 2000 }],
    });
    const { headers, body } = await issue<Uint8Array>(shop, sale.id, "escpos");
    expect(headers.get("Content-Type")).toBe("application/octet-stream");
    const commands = readPrinterBytes(body);
    const lines = linesOf(commands);
    expect(lines[0]?.trim()).toBe("Café Zürich");
    expect(lines).toContain("Чёрный хлеб");
    expect(lines).toContain("םחל");
    expect(lines).toContain(`  1 x 12.00${" ".repeat(32)}12.00`);
    expect(lines).toContain(`Change${" ".repeat(38)}4.50`);
    expect(qrTextsOf(commands)).toEqual([sale.invoice_no]);
    expect(commands.at(-1)).toEqual({ command: "cut", full: false, feed: 0 });
    expect(commands.filter(isDrawer)).toHaveLength(1);
  });

  it("opens the drawer for no copy, whatever form the first had, and not for a card", async () => {
    const shop = await openShop();
    const byCash = await sold(shop, { lines: [TEA] });
    await issue(shop, byCash.id, "json");
    const byCard = await sold(shop, { lines: [TEA], payments: [{ method: "card", amount: 100 }] });
    for (const { id } of [byCash, byCard]) {
      const commands = readPrinterBytes(await print<Uint8Array>(shop, id, "escpos"));
      expect(commands.filter(isDrawer)).toEqual([]);
    }
  });

  describe("as the first for a printer, opens the drawer", () => {
    const CASH = [{ method: "cash", amount: 500 }];
    const CARD = [{ method: "card", amount: 100 }];
    const opensDrawer = async (shop: Shop, sale_id: string) =>
      readPrinterBytes(await print<Uint8Array>(shop, sale_id, "escpos")).some(isDrawer);

    it("for cash that was taken with the sale, in a shift or that day in none", async () => {
      const shop = await openShop();
      const lines = [{ custom: { name: "Tea", unit_price: 300, tax_rate_ppm: 0 }, quantity: 1 }];
      const both = await sold(shop, { lines, payments: [...CARD, ...CASH] });
      expect(await opensDrawer(shop, both.id)).toBe(true);
      const noShift = await sold(shop, { terminal_id: undefined, lines, payments: CASH });
      expect(noShift.shift_id).toBeNull();
      expect(await opensDrawer(shop, noShift.id)).toBe(true);
      const order = await orderedWithDeposit(CARD);
      expect(await opensDrawer(order.shop, await completed(order, CASH))).toBe(true);
    });

    it("not once its shift is closed, nor for one of another day in no shift", async () => {
      const shop = await openShop();
      const before = await sold(shop, { lines: [TEA], payments: CASH });
      await closeShift(shop.admin, shop.shift.id);
      await openShift(shop.terminal.id);
      expect(await opensDrawer(shop, before.id)).toBe(false);
      const request = { terminal_id: undefined, lines: [TEA], payments: CASH };
      const old = await sold(shop, { ...request, sold_at: "2026-03-02T20:30:00Z" });
      expect(await opensDrawer(shop, old.id)).toBe(false);
    });

    it("not for what came back, whole or in part", async () => {
      const shop = await openShop();
      for (const quantity of [1, 2]) {
        const sale = await sold(shop, { lines: [{ ...TEA, quantity: 2 }], payments: CASH });
        await refunded(shop, sale.id, [{ line_no: 1, quantity }]);
        expect(await opensDrawer(shop, sale.id)).toBe(false);
      }
    });

    it("not for a deposit in cash, nor for cash that paid off an account later", async () => {
      const order = await orderedWithDeposit([{ method: "cash", amount: 100 }]);
      expect(await opensDrawer(order.shop, await completed(order, CARD))).toBe(false);
      const shop = await openShop();
      const sale = await soldOnAccount(shop, (await newCustomer()).id, 900);
      expectStatus(await settle(shop, sale.id, CASH), 201);
      const commands = readPrinterBytes(await print<Uint8Array>(shop, sale.id, "escpos"));
      expect(commands.filter(isDrawer)).toEqual([]);
      const lines = linesOf(commands).map((line) => line.replaceAll(/ +/g, " "));
      expect(lines.slice(lines.indexOf("On account 9.00")).slice(0, 3)).toEqual([
        "On account 9.00",
        "Paid later: Cash 5.00",
        "Balance due 4.00",
      ]);
    });

    /** An order of 2.00 on which this was paid. */
    async function orderedWithDeposit(payments: Payment[]): Promise<{ shop: OrderShop; order_id: string }> {
      const shop = await openOrderShop();
      const { id } = await ordered(shop);
      await deposited(shop, id, payments);
      return { shop, order_id: id };
    }

    /** The sale that the order became, and what was paid with it. */
    async function completed({ shop, order_id }: { shop: OrderShop; order_id: string }, payments: Payment[]) {
      const answer = await complete(shop, order_id, { payments });
      expectStatus(answer, 200);
      return answer.body.sale.id;
    }
  });

  it("shows the price that a label has, not the catalogue's", async () => {
    const shop = await openShop();
    await stockProduct(shop, { name: "Cake", unit_price: 1000, barcodes: ["2577007000008"] });
    const sale = await sold(shop, { lines: [{ barcode: "2577007005232" }] });
    const lines = (await print<string>(shop, sale.id, "text")).split("\n").map((line) => line.replaceAll(/ +/g, " "));
    expect(lines).toContain(" 1 x 5.23 5.23");
  });

  it("says that a sale was voided, and opens no drawer for it", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [TEA] });
    const key = { "Idempotency-Key": uuid() };
    expectStatus(await shop.admin.post(`/v1/sales/${sale.id}/void`, { reason: "Changed their mind" }, key), 200);
    const commands = readPrinterBytes(await print<Uint8Array>(shop, sale.id, "escpos"));
    expect(linesOf(commands)[0]?.trim()).toBe("*** VOID ***");
    expect(commands.filter(isDrawer)).toEqual([]);
    const page = await print<string>(shop, sale.id, "html");
    expect(page).toContain('<p class="mark">VOID</p><p class="mark">DUPLICATE 1</p>');
  });

  it.each<ReceiptFormat>(["json", "text", "html", "escpos"])(
    "is not to be had of a parked sale, as %s",
    async (format) => {
      const shop = await openShop();
      const parked = await sold(shop, { status: "parked", lines: [TEA], payments: [] });
      const answer = await shop.admin.post(`/v1/sales/${parked.id}/receipts`, { format });
      expectProblem(answer, 409, "conflict");
      const counted = env.DB.prepare("SELECT count(*) AS n FROM receipt_counts WHERE sale_id = ?").bind(parked.id);
      expect(await counted.first("n")).toBe(0);
    },
  );

  it("is for who works in the sale's store, and of a form it knows", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const sale = await sold(shop, { lines: [TEA] });
    const stranger = await asUser("cashier", [other.store.id], other.store.code);
    expectProblem(await stranger.post(`/v1/sales/${sale.id}/receipts`, { format: "text" }), 404, "not_found");
    expectProblem(await shop.admin.post(`/v1/sales/${uuid()}/receipts`, { format: "text" }), 404, "not_found");
    expectProblem(await shop.admin.post(`/v1/sales/${sale.id}/receipts`, { format: "poem" }), 422, "validation_failed");
    expectProblem(await shop.admin.post("/v1/sales/first/receipts", { format: "text" }), 422, "validation_failed");
    expect(await print<Receipt>(shop, sale.id, "json")).toMatchObject({ copy: 1 });
  });
});

function isDrawer({ command }: PrinterCommand): boolean {
  return command === "drawer";
}
