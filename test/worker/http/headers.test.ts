import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Fetcher, fetchWith, fetchWorker } from "../../support/api.ts";
import { assetsOf, brokenD1 } from "./broken.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const LOGIN = "/v1/auth/login";
const CREDENTIALS = JSON.stringify({ username: "ann", password: "a long enough password" });

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

async function answerOf({ path, init = {}, fetcher = fetchWorker }: Case): Promise<Response> {
  const response = await fetcher(new Request(`http://regal.test${path}`, init));
  await response.arrayBuffer();
  return response;
}

describe.each(Object.entries(CASES))("every answer: %s", (_name, one) => {
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
    expect(headers.get("Permissions-Policy")).toContain("camera=()");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|\*|https?:|script-src[^;]*unsafe/);
    expect(headers.has("X-Powered-By")).toBe(false);
  });

  it("says whether it may be kept", async () => {
    const { headers, status } = await answerOf(one);
    const kept = status === 200 && /^\/(docs|problems|openapi)/.test(one.path);
    expect(headers.get("Cache-Control")).toBe(kept ? "public, max-age=3600" : "no-store");
  });

  it("is known by an id, and by its place in a trace", async () => {
    const { headers } = await answerOf(one);
    expect(headers.get("X-Request-Id")).toMatch(/^[\w.-]{8,64}$/);
    expect(headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });
});

describe("X-Request-Id", () => {
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

describe("traceparent", () => {
  it("goes on with the caller's trace, under a span of our own", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const { headers } = await answerOf({ path: "/health", init: { headers: { traceparent } }, status: 200 });
    expect(headers.get("traceparent")).toMatch(
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/,
    );
  });
});
