import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE, cookiesOf, createPerson, openSessions, type Person, request, signInByToken } from "./support/api.ts";
import { launchBrowser } from "./support/browser.ts";
import { signIn } from "./support/sign-in-page.ts";

let browser: Browser;
let context: BrowserContext;
let evil: Server;
let port = 0;
let person: Person;
let watcher: { Authorization: string };

beforeAll(async () => {
  evil = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>Another site</title>");
  });
  await new Promise<void>((resolve) => {
    // On every address, so that it is `localhost` and `127.0.0.1` both.
    evil.listen(0, () => {
      resolve();
    });
  });
  ({ port } = evil.address() as AddressInfo);
  [browser, person] = await Promise.all([launchBrowser(), createPerson("Dora Draper")]);
  watcher = await signInByToken(person);
  context = await browser.newContext();
  await signIn(await context.newPage(), person);
});

afterAll(async () => {
  await browser.close();
  evil.close();
});

/** A page of another port is another origin, but the same site: the cookies go with what it sends. */
describe.each([
  ["of the same site", "localhost", 403],
  ["of another site", "127.0.0.1", 401],
])("a page of another origin %s", (_, host, refusal) => {
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`http://${host}:${String(port)}/`);
    return page;
  };

  /** Whether a script of the page gets an answer that it can read. */
  const canRead = async (page: Page, path: string, init: { method: string; headers?: Record<string, string> }) =>
    page.evaluate<boolean>(`
      fetch(${JSON.stringify(`${BASE}${path}`)}, { ...${JSON.stringify(init)}, credentials: "include" })
        .then((response) => response.text())
        .then((text) => text.length > 0, () => false)`);

  const expectUntouched = async () => {
    expect(await request("GET", "/v1/auth/me", await cookiesOf(context))).toMatchObject({
      status: 200,
      body: { full_name: person.full_name },
    });
    expect(await openSessions(watcher)).toHaveLength(2);
  };

  it("reads nothing", async () => {
    const page = await open();
    for (const path of ["/v1/auth/me", "/v1/auth/csrf", "/v1/auth/sessions", "/v1/users", "/health", "/sign-in/"]) {
      expect(await canRead(page, path, { method: "GET" })).toBe(false);
    }
    await page.close();
  });

  it("changes nothing by fetch", async () => {
    const page = await open();
    const token = { "X-CSRF-Token": "guessed" };
    expect(await canRead(page, "/v1/auth/sessions", { method: "DELETE", headers: token })).toBe(false);
    expect(await canRead(page, "/v1/auth/logout", { method: "POST", headers: token })).toBe(false);
    expect(await canRead(page, "/v1/auth/logout", { method: "POST" })).toBe(false);
    // Sent without asking first; the answer is kept from the page.
    const answered = await page.evaluate<boolean>(`
      fetch(${JSON.stringify(`${BASE}/v1/auth/logout`)}, {
        method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({ csrf_token: "guessed" }),
      }).then(() => true, () => false)`);
    expect(answered).toBe(false);
    await expectUntouched();
    await page.close();
  });

  it.each([
    ["/v1/auth/logout", "application/x-www-form-urlencoded", { csrf_token: "guessed" }, refusal],
    ["/v1/auth/logout", "multipart/form-data", { csrf_token: "guessed" }, refusal],
    ["/v1/auth/passkeys/options", "text/plain", { '{"purpose":"register","x":"': '"}' }, refusal === 403 ? 403 : 415],
  ])("changes nothing by a form that posts to %s as %s", async (path, enctype, fields, status) => {
    const page = await open();
    const answered = page.waitForResponse(`${BASE}${path}`);
    await page.evaluate(`{
      const form = document.createElement("form");
      Object.assign(form, ${JSON.stringify({ method: "post", action: `${BASE}${path}`, enctype })});
      for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
        const input = document.createElement("input");
        Object.assign(input, { name, value });
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    }`);
    expect((await answered).status()).toBe(status);
    await expectUntouched();
    await page.close();
  });

  it("shows our pages in no frame, holds no window of ours and runs no answer as a script", async () => {
    const page = await open();
    await page.evaluate(`{
      const frame = document.createElement("iframe");
      frame.src = ${JSON.stringify(`${BASE}/sign-in/`)};
      document.body.append(frame);
    }`);
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/);
    const popup = context.waitForEvent("page");
    await page.evaluate(`window.opened = window.open(${JSON.stringify(`${BASE}/sign-in/`)})`);
    await (await popup).waitForLoadState();
    await expect.poll(async () => page.evaluate("window.opened.closed")).toBe(true);
    expect(await (await popup).evaluate("window.opener")).toBeNull();
    const loaded = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement("script");
      script.onload = () => resolve("loaded");
      script.onerror = () => resolve("refused");
      script.src = ${JSON.stringify(`${BASE}/sign-in/words.js`)};
      document.body.append(script);
    })`);
    expect(loaded).toBe("refused");
    await (await popup).close();
    await page.close();
  });
});
