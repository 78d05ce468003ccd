import { randomUUID } from "node:crypto";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE, createPerson, request, signInByToken } from "./support/api.ts";
import { launchBrowser, openPage, type WatchedPage } from "./support/browser.ts";

/** The bill as a browser shows and prints it, under the policy that it is sent with. */

const RECEIPT_PAGE = `${BASE}/receipt-of-a-test`;
const ATTACK = `<script>document.title="x"</script><img src=x onerror='document.title="x"'><style>*{display:none}</style>`;
const NAMES = ["قهوة عربية مع الهيل", "宇治抹茶 特選 🍵", "x".repeat(200), ATTACK];

let browser: Browser;
let headers: { Authorization: string };
let saleId: string;

beforeAll(async () => {
  browser = await launchBrowser();
  headers = await signInByToken(await createPerson("Cara Cashier"));
  const code = randomUUID().slice(0, 8).toUpperCase();
  const store = await created("/v1/stores", { code, name: `مخبز الأمل ${ATTACK}`.slice(0, 200), currency: "GBP" });
  saleId = await created("/v1/sales", {
    store_id: store,
    lines: NAMES.map((name) => ({ custom: { name, unit_price: 1250, tax_rate_ppm: 200_000 }, quantity: 3 })),
    payments: [{ method: "cash", amount: 20_000 }],
  });
});

afterAll(async () => {
  await browser.close();
});

async function created(path: string, body: unknown): Promise<string> {
  const answer = await request("POST", path, { ...headers, "Idempotency-Key": randomUUID() }, body);
  if (answer.status !== 201) throw new Error(`${path} was answered ${JSON.stringify(answer.body)}`);
  return String(answer.body["id"]);
}

/** Opens the bill as if it stood at an address: its body and its headers are the answer's own. */
async function openReceipt(context: BrowserContext): Promise<WatchedPage> {
  const watched = await openPage(context);
  await watched.page.route(RECEIPT_PAGE, async (route) => {
    const response = await route.fetch({
      url: `${BASE}/v1/sales/${saleId}/receipts`,
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      postData: JSON.stringify({ format: "html" }),
    });
    await route.fulfill({ response });
  });
  await watched.page.goto(RECEIPT_PAGE);
  return watched;
}

describe("the bill as a page", () => {
  it.each([320, 360, 1280])("looks as it should under its policy, at %i pixels", async (width) => {
    const context = await browser.newContext({ viewport: { width, height: 740 } });
    const { page, faults } = await openReceipt(context);
    expect(faults).toEqual([]);
    // Styled, so its style was let in; and as wide as a bill, whatever the screen.
    const style = await page.evaluate<string>("getComputedStyle(document.querySelector('.total td')).fontWeight");
    expect(style).toBe("700");
    const box = await page.locator("main").boundingBox();
    expect(box?.width).toBeLessThanOrEqual(Math.min(width, 330));
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
    const code = await page.getByRole("img", { name: /^QR code of / }).boundingBox();
    expect(code?.width).toBeGreaterThan(90);
    await context.close();
  });

  it("shows text as text: no element of it, and every amount at the right of its line", async () => {
    const context = await browser.newContext();
    const { page } = await openReceipt(context);
    expect(await page.title()).toMatch(/^[A-Z0-9]+-00-\d{6} - /);
    expect(await page.locator("script, img, iframe, body style").count()).toBe(0);
    for (const name of NAMES) expect(await page.getByText(name, { exact: true }).count()).toBe(1);
    const edges = await page.evaluate<number[]>(
      "[...document.querySelectorAll('td:last-child')].map((cell) => Math.round(cell.getBoundingClientRect().right))",
    );
    expect(edges.length).toBeGreaterThan(8);
    expect(new Set(edges).size).toBe(1);
    await context.close();
  });

  it.each([
    ["paper of 80 mm", { width: "80mm", height: "297mm" }],
    ["a sheet", { format: "A4" }],
  ])("prints on one page of %s", async (_, paper) => {
    const context = await browser.newContext();
    const { page } = await openReceipt(context);
    const pdf = (await page.pdf(paper)).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
    await context.close();
  });
});
