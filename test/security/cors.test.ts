import { describe, expect, it } from "vitest";
import { api, fetchWith, fetchWorker } from "../support/api.ts";

const TILL = "https://till.example";

const STRANGERS = [
  "https://till.example.evil.example",
  "https://eviltill.example",
  "https://sub.till.example",
  "http://till.example",
  "https://till.example:8443",
  "https://till.example/",
  "https://TILL.example",
  "https://till-example",
  "https://till.example, https://evil.example",
  "https://till.example.",
  "https://till.example%00.evil.example",
  "https://till.example\\.evil.example",
  "https://evil.example#https://till.example",
  "https://evil.example?https://till.example",
  "https://till.example@evil.example",
  "https://ann@till.example",
  "https://xn--tll-7pa.example",
  "file://till.example",
  " https://till.example.evil",
  "null",
  "*",
  "",
];

function preflight(origin: string) {
  return new Request("http://regal.test/v1/sales", {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    },
  });
}

describe("API8:2023 security misconfiguration / ASVS 3.4.2: an origin in the settings", () => {
  it("may call, and read what an answer tells in its header fields", async () => {
    const { headers } = await api(null).get("/health", { Origin: TILL });
    expect(headers.get("Access-Control-Allow-Origin")).toBe(TILL);
    expect(headers.get("Access-Control-Expose-Headers")?.split(",")).toEqual(
      expect.arrayContaining(["ETag", "Idempotency-Replayed", "RateLimit", "Retry-After", "X-Request-Id"]),
    );
    expect(headers.get("Vary")).toContain("Origin");
  });

  it("may read a refusal too", async () => {
    const { headers, status } = await api(null).get("/v1/customers", { Origin: TILL });
    expect(status).toBe(401);
    expect(headers.get("Access-Control-Allow-Origin")).toBe(TILL);
  });

  it("is told beforehand what it may send", async () => {
    const { headers, status } = await fetchWorker(preflight(TILL));
    expect(status).toBe(204);
    expect(headers.get("Access-Control-Allow-Origin")).toBe(TILL);
    expect(headers.get("Access-Control-Allow-Methods")).toBe("GET,POST,PATCH,PUT,DELETE");
    for (const field of [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "X-Approval",
      "X-CSRF-Token",
      "X-Device-Token",
      "X-Session-Transport",
    ]) {
      expect(headers.get("Access-Control-Allow-Headers")?.split(",")).toContain(field);
    }
  });

  it("may send cookies along: it is named, and never by a star", async () => {
    for (const { headers } of [await fetchWorker(preflight(TILL)), await api(null).get("/health", { Origin: TILL })]) {
      expect(headers.get("Access-Control-Allow-Credentials")).toBe("true");
      expect(headers.get("Access-Control-Allow-Origin")).toBe(TILL);
    }
  });
});

describe("API8:2023 security misconfiguration / ASVS 3.4.2: any other origin", () => {
  it.each(STRANGERS)("%s learns nothing", async (origin) => {
    for (const { headers } of [
      await api(null).get("/health", { Origin: origin }),
      await fetchWorker(preflight(origin)),
    ]) {
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(headers.get("Vary")).toContain("Origin");
    }
  });

  it("is refused when the settings name none", async () => {
    const response = await fetchWith({ CORS_ORIGINS: "" })(preflight(TILL));
    expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
  });
});
