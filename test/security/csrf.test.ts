import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/app.ts";
import { Probe, probeDatabase } from "../bench/probe.ts";
import { api, asAdmin, countRows, createUser, expectProblem, expectStatus, fetchWith } from "../support/api.ts";
import { Browser, openBrowser, OWN_ORIGIN } from "../support/browser.ts";
import { sendTo } from "../support/matrix.ts";
import { EXAMPLES, SETUP } from "../worker/budget/examples.ts";
import { openShop, type Shop } from "../worker/budget/shop.ts";
import { nameOf } from "../worker/budget/tour.ts";

/** What another site can make the browser of someone send who is signed in by cookie. */

const LISTED = "https://till.example";

let shop: Shop;
let browser: Browser;

beforeAll(async () => {
  await asAdmin();
  shop = await openShop();
  browser = await openBrowser();
});

const customer = { name: "Forged" };

async function refuse(headers: Record<string, string>, by = browser): Promise<void> {
  const before = await countRows("customers");
  expectProblem(await by.send("POST", "/v1/customers", { body: customer, headers }), 403, "csrf_failed");
  expect(await countRows("customers")).toBe(before);
}

async function take(headers: Record<string, string>): Promise<void> {
  expectStatus(await browser.send("POST", "/v1/customers", { body: customer, headers }), 201);
}

describe("API2:2023 broken authentication / ASVS 3.5.1: the CSRF token", () => {
  it("lets a page of our own write, so that each refusal below is for its own reason", async () => {
    await take({ "X-CSRF-Token": browser.csrf_token, Origin: OWN_ORIGIN, "Sec-Fetch-Site": "same-origin" });
  });

  it("can't be left out, guessed, changed, or sent elsewhere than in its header field", async () => {
    const { csrf_token } = browser;
    const [head = "", ...tail] = csrf_token;
    for (const token of [
      "",
      "null",
      "0",
      csrf_token.slice(1),
      `${csrf_token}x`,
      `${head === "A" ? "B" : "A"}${tail.join("")}`,
    ]) {
      await refuse({ "X-CSRF-Token": token });
    }
    await refuse({});
    await refuse({ Cookie: `${browser.cookies()}; X-CSRF-Token=${csrf_token}` });
    const inQuery = await browser.send("POST", `/v1/customers?csrf_token=${csrf_token}`, { body: customer });
    expectProblem(inQuery, 403, "csrf_failed");
  });

  it("of another session is refused: of another's, of one's own other one, and with the cookie to match", async () => {
    const thief = await openBrowser();
    await refuse({ "X-CSRF-Token": thief.csrf_token });
    // A cookie that another host of the domain could have tossed in: its pair is right, but it is not this session's.
    const tossed = new Map(browser.jar).set("__Host-regal_csrf", thief.cookie("csrf"));
    const Cookie = Array.from(tossed, ([name, value]) => `${name}=${value}`).join("; ");
    await refuse({ "X-CSRF-Token": thief.csrf_token, Cookie });
    const person = await createUser("admin");
    const [first, second] = [new Browser(), new Browser()];
    await first.signIn(person);
    await second.signIn(person);
    await refuse({ "X-CSRF-Token": first.csrf_token }, second);
    await first.send("POST", "/v1/auth/logout", { headers: { "X-CSRF-Token": first.csrf_token } });
    await refuse({ "X-CSRF-Token": first.csrf_token }, second);
  });

  it("is not asked of a bearer token, which no browser sends by itself", async () => {
    const { admin } = shop;
    for (const Origin of ["https://evil.example", LISTED, "null"]) {
      expectStatus(await admin.post("/v1/customers", customer, { Origin, "Sec-Fetch-Site": "cross-site" }), 201);
    }
    expectProblem(await browser.asBearer().post("/v1/customers", customer), 401, "unauthenticated");
  });

  const unsafe = ROUTES.map(({ declaration }) => declaration)
    .filter(({ method, permission }) => method !== "get" && !["public", "anyone"].includes(permission))
    .map((declaration) => ({ name: nameOf(declaration), declaration }));

  it.each(unsafe)("is asked by $name", async ({ name, declaration }) => {
    const call = await EXAMPLES[name]?.(shop);
    if (!call || declaration.path === SETUP.path) throw new Error(`${name} needs an example`);
    const probe = new Probe();
    const fetcher = fetchWith({ DB: probeDatabase(env.DB, probe) });
    const headers = { ...call.headers, Cookie: browser.cookies() };
    const answer = await sendTo({ declaration }, { ...call, token: null, headers }, fetcher);
    expectProblem(answer, 403, "csrf_failed");
    expect(probe.rows_written).toBe(0);
  });
});

describe("API8:2023 security misconfiguration / ASVS 3.5.3: where a request comes from", () => {
  it.each<[string, Record<string, string>]>([
    ["another site", { Origin: "https://evil.example" }],
    ["a page without an origin", { Origin: "null" }],
    ["our own host, but not in TLS as it is listed", { Origin: "http://till.example" }],
    ["a host that begins like ours", { Origin: `${OWN_ORIGIN}.evil.example` }],
    ["a host that ends like one listed", { Origin: "https://eviltill.example" }],
    ["another site, by Sec-Fetch-Site alone", { "Sec-Fetch-Site": "cross-site" }],
    ["another host of the site, by Sec-Fetch-Site alone", { "Sec-Fetch-Site": "same-site" }],
    ["another site that names ours", { Origin: OWN_ORIGIN, "Sec-Fetch-Site": "cross-site" }],
  ])("is refused from %s, with the right token", async (_, headers) => {
    await refuse({ ...headers, "X-CSRF-Token": browser.csrf_token });
  });

  it.each<[string, Record<string, string>]>([
    ["our own pages", { Origin: OWN_ORIGIN, "Sec-Fetch-Site": "same-origin" }],
    ["an origin of the settings", { Origin: LISTED, "Sec-Fetch-Site": "same-site" }],
    ["what tells neither", {}],
  ])("is taken from %s", async (_, headers) => {
    await take({ ...headers, "X-CSRF-Token": browser.csrf_token });
  });

  it.each(["https://evil.example", "null"])("keeps %s from signing anyone in or on by cookie", async (Origin) => {
    const { username, password } = await createUser("admin");
    const headers = { Origin, "X-Session-Transport": "cookie", "CF-Connecting-IP": username };
    const answer = await api(null).post("/v1/auth/login", { username, password }, headers);
    expectProblem(answer, 403, "csrf_failed");
    expect(answer.headers.getSetCookie()).toEqual([]);
    const refresh = { body: {}, headers: { Origin, "X-CSRF-Token": browser.csrf_token } };
    expectProblem(await browser.send("POST", "/v1/auth/refresh", refresh), 403, "csrf_failed");
  });
});

describe("API8:2023 security misconfiguration / ASVS 3.5.2: what a form can send", () => {
  it.each(["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])(
    "is not taken as JSON: %s",
    async (type) => {
      const before = await countRows("customers");
      const headers = { "Content-Type": type, "X-CSRF-Token": browser.csrf_token };
      const answer = await browser.send("POST", "/v1/customers", { body: JSON.stringify(customer), headers });
      expectProblem(answer, 415, "unsupported_media_type");
      expect(await countRows("customers")).toBe(before);
    },
  );

  it("signs a window out as it closes, by the token in the form of a beacon, and by nothing less", async () => {
    const window = await openBrowser();
    const beacon = (body: string, headers: Record<string, string> = {}) =>
      window.send("POST", "/v1/auth/logout", {
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", ...headers },
      });
    expectProblem(await beacon(""), 403, "csrf_failed");
    expectProblem(await beacon(`csrf_token=${browser.csrf_token}`), 403, "csrf_failed");
    const token = `csrf_token=${encodeURIComponent(window.csrf_token)}`;
    expectProblem(await beacon(token, { Origin: "https://evil.example" }), 403, "csrf_failed");
    expectStatus(await window.send("GET", "/v1/auth/me"), 200);
    const access = window.cookies();
    expectStatus(await beacon(token), 204);
    expect([...window.jar]).toEqual([]);
    expectProblem(await api(null).get("/v1/auth/me", { Cookie: access }), 401, "session_revoked");
  });

  it("has no other way to do what a method says: reading changes nothing", async () => {
    for (const { declaration } of ROUTES.filter((route) => route.declaration.method === "get")) {
      const call = await EXAMPLES[nameOf(declaration)]?.(shop);
      const probe = new Probe();
      const fetcher = fetchWith({ DB: probeDatabase(env.DB, probe) });
      await api(null, fetcher).get(call?.path ?? "", { Cookie: browser.cookies() });
      expect(probe.rows_written).toBe(0);
    }
  });
});
