import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/app.ts";
import type { Route } from "../../src/http/route.ts";
import { api, fetchWith } from "../support/api.ts";
import { openBrowser } from "../support/browser.ts";
import { findPlaces, isText, replaceAt } from "../support/leaves.ts";
import { sendTo } from "../support/matrix.ts";
import { captureLog } from "../support/log-lines.ts";
import { EXAMPLES, SETUP } from "../worker/budget/examples.ts";
import { openShop, type Shop } from "../worker/budget/shop.ts";
import { nameOf } from "../worker/budget/tour.ts";
import type { Call } from "../worker/budget/watch.ts";
import { brokenD1, brokenGate } from "../worker/http/broken.ts";

/** Every secret there is, through every route: none may be found in a log, in the audit log or in a refusal. */

/** Fields of requests and answers that hold a secret. */
const SECRET_FIELD =
  /^(?:password|(?:current|new|temporary)_password|pin|token|pairing_code|(?:access|refresh|device|csrf)_token|challenge|signature|clientDataJSON|attestationObject|authenticatorData)$/;
const CARD = "4111 1111 1111 1111";
const CANARY = "canary-7f3a91c2";

let shop: Shop;
const lines = captureLog();

beforeAll(async () => {
  shop = await openShop();
});

/** The audit log after an entry. */
async function readAudit(seq = 0): Promise<string> {
  const entries = "SELECT action, entity_id, before, after FROM audit_entries WHERE seq > ?1";
  const { results } = await env.DB.prepare(entries).bind(seq).all();
  return JSON.stringify(results);
}

async function lastEntry(): Promise<number> {
  const row = await env.DB.prepare("SELECT max(seq) AS seq FROM audit_entries").first<{ seq: number }>();
  return row?.seq ?? 0;
}

function secretsIn(document: unknown): string[] {
  return findPlaces(document, isText)
    .filter(([place]) => SECRET_FIELD.test(String(place.at(-1))))
    .map(([, value]) => String(value));
}

/** A JWT's head is the same for all; what makes it good is its last part. */
function withSignatures(secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) => (/^eyJ.+\..+\./.test(secret) ? [secret.split(".")[2] ?? ""] : [secret]));
}

const SETTINGS = [env.SETUP_TOKEN, env.PASSWORD_PEPPER, ...env.ACCESS_TOKEN_KEYS.split(/[:,]/).filter((_, i) => i % 2)];

function expectNone(text: string, secrets: readonly string[]): void {
  for (const secret of [...withSignatures(secrets), ...SETTINGS]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\$scrypt\$/);
}

async function callOf(route: Route): Promise<Call> {
  const call = await EXAMPLES[nameOf(route.declaration)]?.(shop);
  if (!call) throw new Error(`${nameOf(route.declaration)} needs an example`);
  return call;
}

/** The secrets that a call sends. A code is one where a till is paired; elsewhere it stands on every bill. */
function secretsOf({ path, token, headers = {}, body }: Call): string[] {
  if (path.endsWith("/pair")) return [(body as { code: string }).code];
  const sent = [token, headers["X-Device-Token"], headers["X-CSRF-Token"], headers["X-Approval"]].filter(
    (one) => typeof one === "string",
  );
  return [...sent, ...secretsIn(body)];
}

/** One in which it is done, and three in which something is away. */
const WORLDS = [{}, { GATE: brokenGate() }, { DB: brokenD1(`SQLITE_ERROR near ${CANARY}`) }, { GATE: undefined }].map(
  fetchWith,
);

const mounted = ROUTES.filter(({ declaration }) => declaration.path !== SETUP.path);
const rows = mounted.map((route) => ({ name: nameOf(route.declaration), route }));

describe("API8:2023 security misconfiguration / ASVS 16.2.5, 16.5.1: a secret", () => {
  it("is looked for where there are some: the control", async () => {
    const route = mounted.find(({ declaration }) => declaration.path === "/v1/auth/login");
    if (!route) throw new Error("there is no sign-in");
    const call = await callOf(route);
    const answer = await sendTo(route, call);
    expect([...secretsOf(call), ...secretsIn(answer.body)].length).toBeGreaterThanOrEqual(3);
    expect(() => {
      expectNone(`x ${env.PASSWORD_PEPPER} y`, []);
    }).toThrow(/not to contain/);
    expect(() => {
      expectNone(JSON.stringify(answer.body), secretsIn(answer.body));
    }).toThrow(/not to contain/);
    expect(lines.length).toBeGreaterThan(0);
  });

  it.each(rows)("of $name is in no log and no audit entry, whether it is done, refused or fails", async ({ route }) => {
    for (const world of WORLDS) {
      // What the example itself writes is looked at too; what was there before has been.
      const before = await lastEntry();
      const call = await callOf(route);
      const answer = await sendTo(route, call, world);
      const secrets = [...secretsOf(call), ...secretsIn(answer.body)];
      expectNone(lines.join("\n"), secrets);
      expectNone(await readAudit(before), secrets);
      if (answer.status >= 400) expectNone(JSON.stringify(answer.body), secretsOf(call));
      expect(JSON.stringify(answer.body)).not.toMatch(new RegExp(`${CANARY}|\\$scrypt\\$|SQLITE`));
      expect(lines.join("\n")).not.toContain(CANARY);
    }
  });

  it.each(rows)("in a wrong place of $name is in no log: query, path, header, cookie, any field", async ({ route }) => {
    const { path, ...rest } = await callOf(route);
    const carried = {
      "X-CSRF-Token": CANARY,
      "X-Device-Token": CANARY,
      "X-Approval": CANARY,
      "User-Agent": CANARY,
      Cookie: `__Host-regal_refresh=${CANARY}; __Host-regal_csrf=${CANARY}`,
      Referer: `https://shop.example/?token=${CANARY}`,
    };
    const calls: Call[] = [
      { ...rest, path: `${path}${path.includes("?") ? "&" : "?"}access_token=${CANARY}` },
      { ...rest, path: `${path}/${CANARY}` },
      { ...rest, path, token: `${CANARY}.${CANARY}.${CANARY}` },
      { ...rest, path, token: null, headers: { ...rest.headers, Authorization: `Basic ${CANARY}` } },
      { ...rest, path, headers: { ...rest.headers, ...carried } },
      { ...rest, path, ...(rest.body === undefined ? {} : { body: `{"password":"${CANARY}` }) },
      ...findPlaces(rest.body, isText).map(([place]) => ({ ...rest, path, body: replaceAt(rest.body, place, CANARY) })),
      ...findPlaces(rest.body, isText).map(([place]) => ({ ...rest, path, body: replaceAt(rest.body, place, CARD) })),
    ];
    for (const call of calls) await sendTo(route, call);
    const log = lines.join("\n");
    expect(lines.length).toBeGreaterThanOrEqual(calls.length);
    expect(log).not.toContain(CANARY);
    expect(log).not.toMatch(/4111\D?1111/);
    expectNone(log, []);
  });

  it("of a browser is in no log either", async () => {
    const browser = await openBrowser();
    const headers = { "X-CSRF-Token": browser.csrf_token };
    await browser.send("GET", "/v1/auth/me");
    await browser.send("POST", "/v1/auth/refresh", { body: {}, headers });
    await browser.send("POST", "/v1/auth/logout", { headers: { "X-CSRF-Token": browser.cookie("csrf") } });
    expectNone(
      lines.join("\n"),
      [browser.csrf_token, browser.cookie("refresh"), browser.cookie("access")].filter((one) => one !== ""),
    );
    expectNone(await readAudit(), [browser.csrf_token]);
  });
});

describe("API8:2023 security misconfiguration / ASVS 16.4.1: a line of the log", () => {
  it("is one JSON document, whatever was sent", async () => {
    for (const value of ['"}{"level":"error"', "%0d%0a{}", "\u2028{}"]) {
      await api(null).post("/v1/auth/login", { username: value, password: value });
      await api(shop.admin.token).get(`/v1/products?q=${encodeURIComponent(value)}`);
    }
    expect(lines.length).toBeGreaterThanOrEqual(6);
    for (const line of lines) {
      expect(line).not.toMatch(/[\r\n]/);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });
});
