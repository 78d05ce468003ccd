import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BASE, cookiesOf, createPerson, openSessions, type Person, request, signInByToken } from "./support/api.ts";
import { closeWindow, launchBrowser, openPage } from "./support/browser.ts";
import { expectChecked, fetchInPage, fillIn, signIn, SIGN_IN, signOut } from "./support/sign-in-page.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];
let person: Person;

beforeAll(async () => {
  [browser, person] = await Promise.all([launchBrowser(), createPerson("Ann Archer")]);
});

afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  ({ page, faults } = await openPage(context));
});

afterEach(async () => {
  await context.close();
});

describe("signing in by cookie", () => {
  it("leaves nothing that a script could read", async () => {
    await fillIn(page, person);
    const answered = page.waitForResponse(`${BASE}/v1/auth/login`);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const body = (await (await answered).json()) as object;
    expect(Object.keys(body).toSorted()).toEqual(["csrf_token", "expires_in", "token_type", "user"]);
    await page.getByRole("heading", { name: person.full_name }).waitFor();
    const cookies = await context.cookies(BASE);
    expect(cookies.map(({ name }) => name).toSorted()).toEqual([
      "__Host-regal_access",
      "__Host-regal_csrf",
      "__Host-regal_refresh",
    ]);
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict", path: "/", expires: -1 });
    }
    const readable = await page.evaluate<string>(
      "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])",
    );
    expect(JSON.parse(readable)).toEqual(["", { "regal-session": "leave" }, {}]);
    expect(faults).toEqual([]);
  });

  it("says what is wrong, and what to do", async () => {
    await fillIn(page, { ...person, password: "a wrong password" });
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("The name or the password is wrong");
    expect(await context.cookies(BASE)).toEqual([]);
  });

  it("changes nothing without the CSRF token, and changes it with the token", async () => {
    await signIn(page, person);
    const path = "/v1/auth/passkeys/options";
    const without = await fetchInPage(page, "POST", path);
    expect(without).toMatchObject({ status: 403, body: { code: "csrf_failed" } });
    const { body } = await fetchInPage(page, "GET", "/v1/auth/csrf");
    const csrf = String(body["csrf_token"]);
    const wrong = await fetchInPage(page, "POST", path, { "X-CSRF-Token": `${csrf}x` });
    expect(wrong).toMatchObject({ status: 403, body: { code: "csrf_failed" } });
    const right = await fetchInPage(page, "POST", path, { "X-CSRF-Token": csrf });
    expect(right.status).toBe(200);
  });

  it("lists the other sessions, and ends one", async () => {
    const elsewhere = await signInByToken(person);
    await signIn(page, person);
    await page
      .getByRole("button", { name: /^End the session of/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "End all others" }).click();
    await page.getByText("All your other sessions have ended.").waitFor();
    expect(await request("GET", "/v1/auth/me", elsewhere)).toMatchObject({
      status: 401,
      body: { code: "session_revoked" },
    });
    expect(await page.getByRole("button", { name: /^End the session of/ }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("changes the password, and says beside the field what is wrong with one", async () => {
    const other = await createPerson("Bob Baker");
    await signIn(page, other);
    const change = async (password: string) => {
      await page.getByRole("textbox", { name: "Current password" }).fill(other.password);
      await page.getByRole("textbox", { name: "New password", exact: true }).fill(password);
      await page.getByRole("textbox", { name: "New password again" }).fill(password);
      await page.getByRole("button", { name: "Change password" }).click();
    };
    await change("passwordpassword");
    await page.locator("#new-password-error").waitFor();
    expect(await page.getByRole("textbox", { name: "New password", exact: true }).getAttribute("aria-invalid")).toBe(
      "true",
    );
    await change("another long enough phrase");
    await page.getByText("Your password is changed").waitFor();
    await signInByToken({ ...other, password: "another long enough phrase" });
  });

  it("signs out", async () => {
    await signIn(page, person);
    const cookies = await cookiesOf(context);
    await signOut(page);
    expect(await context.cookies(BASE)).toEqual([]);
    expect(await request("GET", "/v1/auth/me", cookies)).toMatchObject({
      status: 401,
      body: { code: "session_revoked" },
    });
    await page.reload();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    expect(faults).toEqual([]);
  });
});

describe("a window that closes", () => {
  it("is signed out at once", async () => {
    const watcher = await signInByToken(person);
    const before = await openSessions(watcher);
    await context.newPage();
    await signIn(page, person);
    const cookies = await cookiesOf(context);
    expect(await request("GET", "/v1/auth/me", cookies)).toMatchObject({ status: 200 });
    expect(await openSessions(watcher)).toHaveLength(before.length + 1);
    await closeWindow(page);
    await expect
      .poll(async () => request("GET", "/v1/auth/me", cookies), { timeout: 3000, interval: 20 })
      .toMatchObject({ status: 401, body: { code: "session_revoked" } });
    expect(await openSessions(watcher)).toEqual(before);
  });

  it("takes the other windows of the session with it", async () => {
    await signIn(page, person);
    const second = await openPage(context);
    await second.page.goto(SIGN_IN);
    await second.page.getByRole("heading", { name: person.full_name }).waitFor();
    await closeWindow(page);
    await second.page.getByText("You were signed out in another window.").waitFor();
  });

  it("stays signed in over a reload where that was wanted, and is renewed when its token has expired", async () => {
    await signIn(page, person, { stay: true });
    await page.reload();
    await page.getByRole("heading", { name: person.full_name }).waitFor();
    await expectChecked(page.getByRole("checkbox", { name: "Shared computer" }), false);
    const before = await context.cookies(BASE);
    await context.clearCookies({ name: "__Host-regal_access" });
    await page.reload();
    await page.getByRole("heading", { name: person.full_name }).waitFor();
    const after = await context.cookies(BASE);
    expect(after).toHaveLength(3);
    const refreshOf = (cookies: typeof after) => cookies.find(({ name }) => name.endsWith("refresh"))?.value;
    expect(refreshOf(after)).not.toBe(refreshOf(before));
    await closeWindow(page);
    expect(await request("GET", "/v1/auth/me", await cookiesOf(context))).toMatchObject({ status: 200 });
  });
});
