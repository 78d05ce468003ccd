import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE, createPerson, type Person } from "./support/api.ts";
import { launchBrowser, openPage } from "./support/browser.ts";
import { signIn, SIGN_IN } from "./support/sign-in-page.ts";

let browser: Browser;
let person: Person;

const PHONE = { width: 360, height: 740 };

beforeAll(async () => {
  [browser, person] = await Promise.all([launchBrowser(), createPerson("Eve Edwards")]);
});

afterAll(async () => {
  await browser.close();
});

describe.each([
  ["/sign-in", "Sign in"],
  ["/docs", "POST"],
  ["/problems", "csrf_failed"],
  ["/problems/rate_limited", "Retry-After"],
])("%s", (path, text) => {
  it("loads with no error and nothing that its policy held back, and fits a phone", async () => {
    const context = await browser.newContext({ viewport: PHONE });
    const { page, faults } = await openPage(context);
    const answer = await page.goto(`${BASE}${path}`);
    expect(answer?.status()).toBe(200);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
    await page.getByText(text).first().waitFor();
    await page.waitForLoadState("networkidle");
    expect(faults).toEqual([]);
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
    await context.close();
  });
});

describe("the sign-in page", () => {
  it("is used by keyboard alone", async () => {
    const context = await browser.newContext();
    const { page, faults } = await openPage(context);
    await page.goto(SIGN_IN);
    await expect.poll(async () => page.evaluate("document.activeElement.id")).toBe("username");
    await page.keyboard.type(person.username);
    await page.keyboard.press("Tab");
    await page.keyboard.type(person.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: person.full_name }).waitFor();
    await expect.poll(async () => page.evaluate("document.activeElement.id")).toBe("account-title");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("You are signed out.").waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it("has a name for all that is used, and fits a phone when signed in", async () => {
    const context = await browser.newContext({ viewport: PHONE });
    const { page } = await openPage(context);
    await signIn(page, person);
    const nameless = await page.evaluate<string[]>(
      `[...document.querySelectorAll("input:not([type=hidden]), button")]
        .filter((one) => !(one.labels?.length || one.textContent.trim() || one.getAttribute("aria-label")))
        .map((one) => one.outerHTML)`,
    );
    expect(nameless).toEqual([]);
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
    await context.close();
  });
});
