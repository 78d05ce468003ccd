import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Fetcher, fetchWith, fetchWorker } from "../support/api.ts";
import { assetsOf, brokenD1 } from "../worker/http/broken.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const LOGIN = "/v1/auth/login";
const CREDENTIALS = JSON.stringify({ username: "ann", password: "a long enough password" });

const WEBSOCKET = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

const withAssets = fetchWith({
  ASSETS: assetsOf({ "/docs/": "<title>docs</title>", "/openapi.json": "{}" }),
});
const withoutD1 = fetchWith({ DB: brokenD1("down") });
const withoutSettings = fetchWith({ PASSWORD_PEPPER: undefined });

interface Case {
  path: string;
  init?: RequestInit;
  fetcher?: Fetcher;
  status: number;
}

const CASES: Record<string, Case> = {
  "a success": { path: "/health", status: 200 },
  "a page of problems": { path: "/problems", status: 200 },
  "a problem's page": { path: "/problems/price_changed", status: 200 },
  "the reference": { path: "/docs/", fetcher: withAssets, status: 200 },
  "the document": { path: "/openapi.json", fetcher: withAssets, status: 200 },
  "a preflight": {
    path: "/v1/sales",
    init: {
      method: "OPTIONS",
      headers: { Origin: "https://till.example", "Access-Control-Request-Method": "POST" },
    },
    status: 204,
  },
  "400": { path: LOGIN, init: { method: "POST", headers: JSON_TYPE, body: "{" }, status: 400 },
  "401": { path: "/v1/customers", status: 401 },
  "404": { path: "/v1/nothing", status: 404 },
  "404 among the pages": { path: "/problems/nothing", status: 404 },
  "304": { path: "/problems", status: 304 },
  HEAD: { path: "/health", init: { method: "HEAD" }, status: 200 },
  "OPTIONS that is no preflight": { path: "/v1/sales", init: { method: "OPTIONS" }, status: 405 },
  "a preflight of a stranger": {
    path: "/v1/sales",
    init: { method: "OPTIONS", headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" } },
    status: 405,
  },
  "a WebSocket that is refused": { path: "/v1/feed", init: { headers: WEBSOCKET }, status: 404 },
  "a WebSocket at a route that knows none": { path: "/health", init: { headers: WEBSOCKET }, status: 200 },
  "a file that is not there": { path: "/docs/nothing.js", fetcher: withAssets, status: 404 },
  "405": { path: "/v1/customers", init: { method: "DELETE" }, status: 405 },
  "413": {
    path: LOGIN,
    init: { method: "POST", headers: JSON_TYPE, body: "x".repeat(1_048_577) },
    status: 413,
  },
  "415": { path: LOGIN, init: { method: "POST", body: "{}" }, status: 415 },
  "422": { path: LOGIN, init: { method: "POST", headers: JSON_TYPE, body: "{}" }, status: 422 },
  "500": {
    path: LOGIN,
    init: { method: "POST", headers: JSON_TYPE, body: CREDENTIALS },
    fetcher: withoutD1,
    status: 500,
  },
  "500 of wrong settings": { path: "/health", fetcher: withoutSettings, status: 500 },
  "503": { path: "/health/ready", fetcher: withoutD1, status: 503 },
};

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue();
});

async function answerOf({ path, init = {}, fetcher = fetchWorker, status }: Case): Promise<Response> {
  if (status === 304) {
    const tag = (await fetcher(new Request(`http://regal.test${path}`))).headers.get("ETag") ?? "";
    init = { headers: { "If-None-Match": tag } };
  }
  const response = await fetcher(new Request(`http://regal.test${path}`, init));
  await response.arrayBuffer();
  return response;
}

const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; " +
  "style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'";
const isPage = (path: string): boolean => /^\/(docs|problems|sign-in)/.test(path);

describe.each(Object.entries(CASES))(
  "API8:2023 security misconfiguration / ASVS 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6: every answer: %s",
  (_name, one) => {
    it("carries the headers that keep a browser safe", async () => {
      const response = await answerOf(one);
      expect(response.status).toBe(one.status);
      const { headers } = response;
      expect(Object.fromEntries(headers)).toMatchObject({
        "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers.get("Permissions-Policy")).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(\).*usb=\(\)/);
      expect(headers.get("Content-Security-Policy")).toBe(isPage(one.path) ? PAGE_POLICY : POLICY);
      for (const name of ["Server", "X-Powered-By", "Via"]) expect(headers.has(name)).toBe(false);
    });

    it("says whether it may be kept", async () => {
      const { headers, status } = await answerOf(one);
      const kept = [200, 304].includes(status) && /^\/(docs|problems|openapi)/.test(one.path);
      expect(headers.get("Cache-Control")).toBe(kept ? "public, max-age=3600" : "no-store");
    });

    it("is known by an id, and by its place in a trace", async () => {
      const { headers } = await answerOf(one);
      expect(headers.get("X-Request-Id")).toMatch(/^[\w.-]{8,64}$/);
      expect(headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    });
  },
);

describe("API8:2023 security misconfiguration / ASVS 4.2.4: X-Request-Id", () => {
  async function idFor(asked: string): Promise<string | null> {
    const { headers } = await answerOf({
      path: "/health",
      init: { headers: { "X-Request-Id": asked } },
      status: 200,
    });
    return headers.get("X-Request-Id");
  }

  it.each(["till-01.000042", "a".repeat(64)])("%s of the caller is kept", async (asked) => {
    expect(await idFor(asked)).toBe(asked);
  });

  it.each(["short", "a".repeat(65), "with a space", 'quote"s-and-more', "new{line}-in-it"])(
    "%s is replaced",
    async (asked) => {
      expect(await idFor(asked)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe("API8:2023 security misconfiguration / ASVS 4.2.4: traceparent", () => {
  it("goes on with the caller's trace, under a span of our own", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const { headers } = await answerOf({ path: "/health", init: { headers: { traceparent } }, status: 200 });
    expect(headers.get("traceparent")).toMatch(
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/,
    );
  });
});
