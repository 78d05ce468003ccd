import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BASE, cookiesOf, createPerson, type Person, request } from "./support/api.ts";
import { addAuthenticator, launchBrowser, openPage } from "./support/browser.ts";
import { signIn, SIGN_IN, signOut } from "./support/sign-in-page.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];
let person: Person;

beforeAll(async () => {
  [browser, person] = await Promise.all([launchBrowser(), createPerson("Carol Carter")]);
  context = await browser.newContext();
  ({ page, faults } = await openPage(context));
  await addAuthenticator(page);
});

afterAll(async () => {
  await browser.close();
});

const bySession = async () => {
  const { body } = await request("GET", "/v1/auth/sessions", await cookiesOf(context));
  return (body["data"] as { current: boolean; method: string }[]).find(({ current }) => current)?.method;
};

it("a passkey is registered, and signs its owner in without a name", async () => {
  await signIn(page, person);
  await page.getByRole("textbox", { name: "New passkey's name" }).fill("Test bench");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("The passkey Test bench is added").waitFor();
  expect(await bySession()).toBe("password");
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: person.full_name }).waitFor();
  expect(await bySession()).toBe("passkey");
  expect(await context.cookies(BASE)).toHaveLength(3);
  expect(faults).toEqual([]);
});

it("the authenticator that has one makes no second", async () => {
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("has a passkey of yours already");
});

it("a passkey that is removed signs nobody in", async () => {
  await page.getByRole("button", { name: "Remove the passkey Test bench" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  expect(await page.getByRole("button", { name: "Remove the passkey Test bench" }).count()).toBe(1);
  await page.getByRole("button", { name: "Remove the passkey Test bench" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("The passkey is removed.").waitFor();
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("This passkey is not known here");
});

it("where the address is a number, the page says why there are none", async () => {
  await page.goto(SIGN_IN.replace("localhost", "127.0.0.1"));
  const button = page.getByRole("button", { name: "Sign in with a passkey" });
  await button.waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(await page.locator("#passkey-note").textContent()).toContain(`Open ${SIGN_IN.slice(0, -1)} instead`);
});
