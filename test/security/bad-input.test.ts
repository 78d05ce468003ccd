import { env } from "cloudflare:workers";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { ProblemCode } from "../../src/http/problem.ts";
import {
  type Answer,
  api,
  asUser,
  expectProblem,
  expectStatus,
  type ProductBody,
  type SignedIn,
  uuid,
} from "../support/api.ts";
import {
  changeUnseen,
  everyRow,
  openShop,
  saleBody,
  sell,
  type SaleRequest,
  type Shop,
  sold,
  stockProduct,
} from "../worker/sales/shop.ts";

/** Every kind of bad input of a sale: each gets its problem, and nothing at all is written. */

const MAX_BODY_BYTES = 1_048_576;

let shop: Shop;
let other: Shop;
let product: ProductBody;
let limited: ProductBody;
let inactive: ProductBody;
let without_stock: ProductBody;
let sold_id: string;
let used_key: string;
let cashier: SignedIn;

beforeAll(async () => {
  shop = await openShop();
  other = await openShop();
  product = await stockProduct(shop, {}, 5);
  limited = await stockProduct(shop, { max_per_sale: 3 }, 5);
  inactive = await stockProduct(shop);
  await changeUnseen(inactive.id, "active = 0");
  without_stock = await stockProduct(shop, {}, 0);
  used_key = uuid();
  sold_id = (await sold(shop, good(), { key: used_key })).id;
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
});

/** A sale that would be taken. */
function good(): SaleRequest {
  return { lines: [{ product_id: product.id, quantity: 1 }], payments: [{ method: "card", amount: 100 }] };
}

function withLine(over: Record<string, unknown>): SaleRequest {
  return { ...good(), lines: [{ product_id: product.id, quantity: 1, ...over }] };
}

/** Sends a body just as it is. */
async function send(body: BodyInit, headers: Record<string, string> = {}): Promise<Answer> {
  return api(shop.admin.token).post("/v1/sales", body, { "Idempotency-Key": uuid(), ...headers });
}

async function expectNothingWritten(request: () => Promise<Answer>, status: number, code: ProblemCode) {
  const before = await everyRow();
  const problem = expectProblem(await request(), status, code);
  expect(await everyRow()).toEqual(before);
  return problem;
}

it("the control: the good sale is taken, and is seen to write", async () => {
  const before = await everyRow();
  expectStatus(await sell(shop, good()), 201);
  expect(await everyRow()).not.toEqual(before);
});

describe("API4:2023 unrestricted resource consumption / ASVS 4.1.1, 15.2.2: a body", () => {
  const text = () => JSON.stringify(saleBody(shop, good()));
  const json = { "Content-Type": "application/json" };

  it.each<[string, number, ProblemCode, () => Promise<Answer>]>([
    ["that is empty", 400, "malformed_json", async () => send("", json)],
    [
      "that is missing",
      400,
      "malformed_json",
      async () => api(shop.admin.token).post("/v1/sales", undefined, { "Idempotency-Key": uuid(), ...json }),
    ],
    [
      "of the wrong media type",
      415,
      "unsupported_media_type",
      async () => send(text(), { "Content-Type": "text/plain" }),
    ],
    [
      "of a form",
      415,
      "unsupported_media_type",
      async () => send("lines=1", { "Content-Type": "application/x-www-form-urlencoded" }),
    ],
    ["of malformed JSON", 400, "malformed_json", async () => send(text().slice(0, -1))],
    ["with a trailing comma", 400, "malformed_json", async () => send(text().replace(/\}$/, ",}"))],
    ["that is no object", 422, "validation_failed", async () => send("[]")],
    ["that is null", 422, "validation_failed", async () => send("null")],
    ["of one byte more than 1 MB", 413, "payload_too_large", async () => send(text().padEnd(MAX_BODY_BYTES + 1))],
  ])("%s", async (_, status, code, request) => {
    await expectNothingWritten(request, status, code);
  });

  it("of 1 MB to the byte is taken", async () => {
    expectStatus(await send(JSON.stringify(saleBody(shop, good())).padEnd(MAX_BODY_BYTES)), 201);
  });
});

describe("API8:2023 security misconfiguration / ASVS 2.2.1: a value", () => {
  it.each<[string, string, () => Promise<Answer>]>([
    ["an unknown field", "/colour", async () => sell(shop, { ...good(), colour: "red" })],
    ["an unknown field of a line", "/lines/0/colour", async () => sell(shop, withLine({ colour: "red" }))],
    ["a negative quantity", "/lines/0/quantity", async () => sell(shop, withLine({ quantity: -1 }))],
    ["a quantity of zero", "/lines/0/quantity", async () => sell(shop, withLine({ quantity: 0 }))],
    ["a fractional quantity", "/lines/0/quantity", async () => sell(shop, withLine({ quantity: 1.5 }))],
    ["a quantity in words", "/lines/0/quantity", async () => sell(shop, withLine({ quantity: "1" }))],
    ["a quantity above a billion", "/lines/0/quantity", async () => sell(shop, withLine({ quantity: 1_000_000_001 }))],
    ["a price above 2^53", "/lines/0/unit_price", async () => sell(shop, withLine({ unit_price: 2 ** 53 + 2 }))],
    [
      "a custom price above 2^53",
      "/lines/0/custom/unit_price",
      async () =>
        sell(shop, {
          ...good(),
          lines: [{ custom: { name: "x", unit_price: 2 ** 53 + 2, tax_rate_ppm: 0 }, quantity: 1 }],
        }),
    ],
    [
      "a price and quantity that come to more than an amount may be",
      "/lines/0",
      async () =>
        sell(shop, {
          ...good(),
          lines: [{ custom: { name: "x", unit_price: 999_999_999_999, tax_rate_ppm: 0 }, quantity: 1_000_000_000 }],
        }),
    ],
    ["a negative price", "/lines/0/unit_price", async () => sell(shop, withLine({ unit_price: -1 }))],
    [
      "a payment of nothing",
      "/payments/0/amount",
      async () => sell(shop, { ...good(), payments: [{ method: "card", amount: 0 }] }),
    ],
    [
      "an unknown method",
      "/payments/0/method",
      async () => sell(shop, { ...good(), payments: [{ method: "cheque", amount: 100 }] }),
    ],
    ["an unknown product", "/lines/0/product_id", async () => sell(shop, withLine({ product_id: uuid() }))],
    ["an inactive product", "/lines/0/product_id", async () => sell(shop, withLine({ product_id: inactive.id }))],
    [
      "a discount above the line",
      "/lines/0/discount/amount",
      async () => sell(shop, withLine({ discount: { amount: 101 } })),
    ],
    [
      "a discount above all of it",
      "/lines/0/discount/ppm",
      async () => sell(shop, withLine({ discount: { ppm: 1_000_001 } })),
    ],
    ["a negative discount", "/lines/0/discount/amount", async () => sell(shop, withLine({ discount: { amount: -1 } }))],
    [
      "a payment over with card",
      "/payments/0/amount",
      async () => sell(shop, { ...good(), payments: [{ method: "card", amount: 101 }] }),
    ],
    ["no lines", "/lines", async () => sell(shop, { ...good(), lines: [] })],
    [
      "1,001 lines",
      "/lines",
      async () => sell(shop, { ...good(), lines: Array.from({ length: 1001 }, () => good().lines[0] ?? {}) }),
    ],
    [
      "an id that is a UUIDv4",
      "/id",
      async () => sell(shop, { ...good(), id: "2f1d8a34-5c1e-4a6b-9d2e-7f3a1b4c5d6e" }),
    ],
    ["an id in capitals", "/id", async () => sell(shop, { ...good(), id: uuid().toUpperCase() })],
    ["an id that is a word", "/id", async () => sell(shop, { ...good(), id: "first" })],
    ["a name with control characters", "/note", async () => sell(shop, { ...good(), note: "a\u0007b" })],
    ["a text that turns what follows around", "/note", async () => sell(shop, { ...good(), note: "a\u202eb" })],
  ])("%s", async (_, pointer, request) => {
    const { errors } = await expectNothingWritten(request, 422, "validation_failed");
    expect(errors?.[0]?.pointer).toBe(pointer);
  });
});

describe("API6:2023 unrestricted access to sensitive business flows / ASVS 2.2.3, 2.3.3: a sale", () => {
  it.each<[string, number, ProblemCode, () => Promise<Answer>]>([
    [
      "of a product of no stock row",
      409,
      "insufficient_stock",
      async () => sell(shop, withLine({ product_id: without_stock.id })),
    ],
    [
      "with its payment short",
      409,
      "payment_short",
      async () => sell(shop, { ...good(), payments: [{ method: "card", amount: 99 }] }),
    ],
    [
      "of two lines of one product that together want more than is on hand",
      409,
      "insufficient_stock",
      async () =>
        sell(shop, {
          lines: [
            { product_id: product.id, quantity: 2 },
            { sku: product.sku, quantity: 4 },
          ],
        }),
    ],
    [
      "of two lines of one product that together pass its limit",
      409,
      "limit_per_sale_exceeded",
      async () =>
        sell(shop, {
          lines: [
            { product_id: limited.id, quantity: 2 },
            { sku: limited.sku, quantity: 2 },
          ],
        }),
    ],
    ["with the id of another", 409, "conflict", async () => sell(shop, { ...good(), id: sold_id })],
    [
      "with the key of another body",
      422,
      "idempotency_key_reused",
      async () => sell(shop, { ...good(), note: "Other" }, { key: used_key }),
    ],
    ["without a key", 400, "idempotency_key_missing", async () => shop.admin.post("/v1/sales", saleBody(shop, good()))],
    ["with an empty key", 400, "idempotency_key_missing", async () => sell(shop, good(), { key: " " })],
    [
      "with a key of 201 characters",
      422,
      "validation_failed",
      async () => sell(shop, good(), { key: "k".repeat(201) }),
    ],
    [
      "at another store's till",
      404,
      "not_found",
      async () => sell(shop, { ...good(), terminal_id: other.terminal.id }),
    ],
    ["in another store", 404, "not_found", async () => sell(other, good(), { by: cashier })],
  ])("%s", async (_, status, code, request) => {
    await expectNothingWritten(request, status, code);
  });

  it("of two lines of one product is taken while they stay within both", async () => {
    const lines = [
      { product_id: limited.id, quantity: 1 },
      { sku: limited.sku, quantity: 2 },
    ];
    expectStatus(await sell(shop, { lines }), 201);
  });
});

describe("API2:2023 broken authentication / ASVS 7.4.1, 9.1.1: a caller", () => {
  const secretOf = (keys: string) => new TextEncoder().encode(keys.split(",")[0]?.split(":")[1]);
  const claimsOf = (token: string) =>
    JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
  const sign = async (claims: Record<string, unknown>, secret: Uint8Array) =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "k2" }).sign(secret);
  const sellAs = async (token: string | null) => sell(shop, good(), { by: api(token) });

  it("with a token of this key sells, so that each refusal below is for its own reason", async () => {
    expectStatus(await sellAs(await sign(claimsOf(cashier.token), secretOf(env.ACCESS_TOKEN_KEYS))), 201);
  });

  it.each<[string, () => Promise<string | null>]>([
    ["without a token", async () => null],
    [
      "with an expired token",
      async () => {
        const now = Math.floor(Date.now() / 1000);
        const claims = { ...claimsOf(cashier.token), iat: now - 901, exp: now - 1 };
        return sign(claims, secretOf(env.ACCESS_TOKEN_KEYS));
      },
    ],
    ["with a token of `alg: none`", async () => new UnsecuredJWT(claimsOf(cashier.token)).encode()],
    [
      "with a token signed by another key",
      async () =>
        sign(claimsOf(cashier.token), new TextEncoder().encode("another key of the same length".padEnd(43, "0"))),
    ],
  ])("%s", async (_, token) => {
    const forged = await token();
    await expectNothingWritten(async () => sellAs(forged), 401, "unauthenticated");
  });

  it("of a session that was ended at its gate", async () => {
    const gone = await asUser("cashier", [shop.store.id], shop.store.code);
    expectStatus(await gone.post("/v1/auth/logout"), 204);
    await expectNothingWritten(async () => sellAs(gone.token), 401, "session_revoked");
  });

  it("of a session that only the books know to have ended", async () => {
    const gone = await asUser("cashier", [shop.store.id], shop.store.code);
    await env.DB.prepare("UPDATE sessions SET revoked_at = '2026-01-01T00:00:00.000Z' WHERE user_id = ?")
      .bind(gone.user.id)
      .run();
    await expectNothingWritten(async () => sellAs(gone.token), 401, "session_revoked");
  });
});
