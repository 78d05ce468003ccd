import { beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod";
import { ROUTES } from "../../src/app.ts";
import { commandSchema } from "../../src/modules/sync/schemas.ts";
import {
  type Answer,
  api,
  createUser,
  expectProblem,
  expectStatus,
  fetchWith,
  type ProductBody,
  uuid,
} from "../support/api.ts";
import { captureLog } from "../support/log-lines.ts";
import { nameOf } from "../worker/budget/tour.ts";
import { everyRow, openShop, refund, saleBody, sell, type Shop, sold, stockProduct } from "../worker/sales/shop.ts";
import { saleCommand, synced } from "../worker/sync/till.ts";

/** No card number is ever accepted, kept, logged or said again (PCI DSS 4.0.1, 3.2 to 3.4). */

const SPELLINGS = ["4111111111111111", "4111 1111 1111 1111", "\u0664\u0661\u0661\u0661/1111/1111/1111"];
const CARD = "4111 1111 1111 1111";

/** What machines make, what is only looked for, and what is kept as a hash: long digits are in the nature of them. */
const MAY_BE_DIGITS = new Set([
  ..."sku barcode barcodes code batch invoice_no refund_no".split(" "),
  ..."username store_code manager role".split(" "),
  ..."password current_password new_password pin refresh_token approval".split(" "),
  ..."id rawId clientDataJSON attestationObject authenticatorData signature userHandle".split(" "),
]);

/** Where such a name is a new one, which is kept. */
const ARE_KEPT = new Set(["post /v1/setup username", "post /v1/users username"]);

interface Inner {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  options?: readonly z.ZodType[];
  in?: z.ZodType;
  out?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
}

/** Every schema of text within a schema, with the name of its field. */
function textsOf(schema: z.ZodType, name = ""): { name: string; schema: z.ZodType }[] {
  const inner = schema.def as unknown as Inner;
  if (inner.type === "string") return [{ name, schema }];
  if (inner.type === "pipe" && inner.in && (inner.in.def as unknown as Inner).type === "string")
    return [{ name, schema }];
  const fields = Object.entries(inner.shape ?? {}).flatMap(([field, of]) => textsOf(of, field));
  const others = [inner.element, inner.innerType, ...(inner.options ?? []), inner.in, inner.out, inner.valueType];
  return [...fields, ...others.flatMap((of) => (of ? textsOf(of, name) : []))];
}

const bodies = ROUTES.flatMap(({ declaration }) =>
  declaration.body ? [{ where: nameOf(declaration).toLowerCase(), body: declaration.body }] : [],
);

describe("API3:2023 broken object property level authorization / ASVS 2.2.1: a card number", () => {
  const texts = [...bodies, { where: "a till's command", body: commandSchema as z.ZodType }].flatMap(
    ({ where, body }) => textsOf(body).map((one) => ({ where, ...one })),
  );

  it("is looked for where there is text: the control", () => {
    const names = new Set(texts.map(({ name }) => name));
    for (const name of ["name", "note", "reason", "reference", "address", "header", "fields", "full_name", "email"]) {
      expect(names).toContain(name);
    }
    expect(texts.length).toBeGreaterThan(150);
  });

  it("is refused in every text that people type, whichever route takes it", () => {
    const taken = texts
      .filter(({ where, name }) => !MAY_BE_DIGITS.has(name) || ARE_KEPT.has(`${where} ${name}`))
      .filter(({ schema }) => SPELLINGS.some((spelling) => schema.safeParse(spelling).success))
      .map(({ where, name }) => `${where} ${name}`);
    expect(taken).toEqual([]);
  });
});

let shop: Shop;
let product: ProductBody;
let sale_id: string;
const lines = captureLog();
const worker = fetchWith({});

beforeAll(async () => {
  shop = await openShop();
  product = await stockProduct(shop, {}, 10);
  sale_id = (await sold(shop, good())).id;
});

function good() {
  return { lines: [{ product_id: product.id, quantity: 1 }], payments: [{ method: "cash", amount: 100 }] };
}

const custom = { custom: { name: `Gift ${CARD}`, unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };

function send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return api(shop.admin.token, worker).post(path, body, { "Idempotency-Key": uuid(), ...headers });
}

function withoutNumber(text: string): void {
  expect(text.normalize("NFKC")).not.toMatch(/4111\D{0,4}1111/);
}

describe("API8:2023 security misconfiguration / ASVS 2.2.1, 16.2.5: a card number", () => {
  it.each<[string, string, () => Promise<Answer>]>([
    ["the name of a custom line", "/lines/0/custom/name", async () => sell(shop, { ...good(), lines: [custom] })],
    [
      "the name of a custom line that is parked",
      "/lines/0/custom/name",
      async () => send("/v1/sales", { store_id: shop.store.id, status: "parked", lines: [custom] }),
    ],
    [
      "the reason of a line's discount",
      "/lines/0/discount/reason",
      async () =>
        sell(shop, { ...good(), lines: [{ ...good().lines[0], discount: { ppm: 1, reason: `was ${CARD}` } }] }),
    ],
    [
      "the reason of a discount",
      "/discount/reason",
      async () => sell(shop, { ...good(), discount: { ppm: 1, reason: CARD } }),
    ],
    [
      "the reason of an override",
      "/lines/0/override/reason",
      async () =>
        sell(shop, { ...good(), lines: [{ ...good().lines[0], override: { unit_price: 100, reason: CARD } }] }),
    ],
    [
      "the reason of a refund",
      "/reason",
      async () =>
        refund(shop, sale_id, { lines: [{ line_no: 1, quantity: 1 }], payments: good().payments, reason: CARD }),
    ],
    [
      "the name of a line of a refund without its sale",
      "/lines/0/custom/name",
      async () =>
        send("/v1/refunds", { store_id: shop.store.id, lines: [custom], payments: good().payments, reason: "Broken" }),
    ],
    ["the reason of a void", "/reason", async () => send(`/v1/sales/${sale_id}/void`, { reason: `by ${CARD}` })],
    [
      "an attribute",
      "/attributes/paid with",
      async () =>
        send("/v1/products", { sku: uuid(), name: "Tea", unit_price: 1, attributes: { "paid with": `card ${CARD}` } }),
    ],
    [
      "an attribute that is a number",
      "/attributes/code",
      async () =>
        send("/v1/products", { sku: uuid(), name: "Tea", unit_price: 1, attributes: { code: 4_111_111_111_111_111 } }),
    ],
    [
      "an attribute's name",
      "/attributes/*",
      async () => send("/v1/products", { sku: uuid(), name: "Tea", unit_price: 1, attributes: { [CARD]: "x" } }),
    ],
    [
      "a free field's name",
      "/fields/*",
      async () =>
        send("/v1/orders", {
          store_id: shop.store.id,
          customer_id: uuid(),
          items: [good().lines[0]],
          fields: { [CARD]: "x" },
        }),
    ],
    ["a customer's telephone", "/phone", async () => send("/v1/customers", { name: "Ann", phone: CARD })],
    ["a field that nobody knows", "/*", async () => sell(shop, { ...good(), [CARD]: "x" })],
    [
      "a key",
      "#header/Idempotency-Key",
      async () => send("/v1/sales", saleBody(shop, good()), { "Idempotency-Key": CARD }),
    ],
  ])("as %s is refused, and neither kept, logged nor said again", async (_, pointer, request) => {
    const before = await everyRow();
    const answer = await request();
    const { errors } = expectProblem(answer, 422, "validation_failed");
    expect(errors?.[0]?.pointer).toBe(pointer);
    withoutNumber(JSON.stringify(answer.body));
    withoutNumber(lines.join("\n"));
    expect(await everyRow()).toEqual(before);
  });

  it("in a till's command is refused in body and key", async () => {
    const results = await synced(shop, [
      saleCommand(1, { lines: [custom] }),
      saleCommand(2, {}, { idempotency_key: CARD }),
      saleCommand(3),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["rejected", "rejected", "applied"]);
    withoutNumber(JSON.stringify(results));
    withoutNumber(JSON.stringify(await everyRow()));
  });

  it("as a request's id gives way to another, in answer, log and books", async () => {
    for (const asked of ["4111111111111111", "4111-1111-1111-1111", "4111.1111.1111.1111", "3782_822463_10005"]) {
      lines.length = 0;
      const answer = await send("/v1/categories", { name: uuid() }, { "X-Request-Id": asked });
      expectStatus(answer, 201);
      expect(answer.headers.get("X-Request-Id")).not.toBe(asked);
      expect(lines.join("\n")).not.toContain(asked);
    }
    withoutNumber(JSON.stringify(await everyRow()));
  });

  it("as a browser's name is not kept", async () => {
    const { username, password } = await createUser("cashier", [shop.store.id]);
    const answer = await api(null, worker).post(
      "/v1/auth/login",
      { username, password },
      { "User-Agent": `Till ${CARD}` },
    );
    expectStatus(answer, 200);
    withoutNumber(JSON.stringify(await everyRow()));
  });

  it("is not seen in what is long digits by nature: barcodes, SKUs, batches, keys, ids", async () => {
    // A GTIN-14 that passes Luhn and begins as a Diners Club card; and a SKU that could be any card's.
    const gtin = "36000000000289";
    const sku = "4111111111111111";
    const made = await send("/v1/products", {
      sku,
      name: "Tea",
      unit_price: 100,
      track_stock: false,
      barcodes: [gtin],
    });
    expectStatus(made, 201);
    for (const line of [{ sku }, { barcode: gtin }]) {
      const payments = [{ method: "cash", amount: 100 }];
      expectStatus(await sell(shop, { lines: [{ ...line, quantity: 1 }], payments }), 201);
    }
    expectStatus(await api(shop.admin.token).get(`/v1/products?q=${sku}`), 200);
    expectStatus(await sell(shop, good(), { key: "sale-4111111111111111" }), 201);
  });
});
