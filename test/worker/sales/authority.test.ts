import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  asUser,
  createTerminal,
  expectProblem,
  expectStatus,
  openShift,
  receiveStock,
  type SignedIn,
  uuid,
} from "../../support/api.ts";
import { everyRow, openShop, sell, type SaleRequest, type Shop, sold, stockProduct } from "./shop.ts";

/** Who may sell what, and what a store, a till or a person must be for it. */

async function staff(shop: Shop, role: "cashier" | "employee"): Promise<SignedIn> {
  return asUser(role, [shop.store.id], shop.store.code);
}

/** Goods of these prices as custom lines, each with its discount. */
function goods(...parts: [unit_price: number, discount?: Record<string, number>][]): SaleRequest {
  return {
    lines: parts.map(([unit_price, discount]) => ({
      custom: { name: "Goods", unit_price, tax_rate_ppm: 0 },
      quantity: 1,
      ...(discount ? { discount } : {}),
    })),
  };
}

describe("another price", () => {
  it("is charged by who may approve it, and the list price is kept beside it", async () => {
    const shop = await openShop();
    const employee = await staff(shop, "employee");
    const product = await stockProduct(shop, { unit_price: 500 });
    const override = { unit_price: 350, reason: "Last one, dented" };
    const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 2, override }] }, { by: employee });
    expect(sale.lines).toMatchObject([
      { list_price: 500, unit_price: 350, override_reason: "Last one, dented", subtotal: 700 },
    ]);
  });

  it("needs approval from a cashier, even where it is the same price", async () => {
    const shop = await openShop();
    const cashier = await staff(shop, "cashier");
    const product = await stockProduct(shop, { unit_price: 500 });
    const lines = [
      { product_id: product.id, quantity: 1 },
      { product_id: product.id, quantity: 1, override: { unit_price: 500, reason: "Why not" } },
    ];
    const answer = await sell(shop, { lines }, { by: cashier });
    expect(expectProblem(answer, 403, "approval_required").errors).toMatchObject([{ pointer: "/lines/1/override" }]);
  });

  it("has a reason, and is not for custom lines", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const silent = await sell(shop, { lines: [{ product_id: product.id, quantity: 1, override: { unit_price: 1 } }] });
    expectProblem(silent, 422, "validation_failed");
    const [line] = goods([100]).lines;
    const custom = await sell(shop, { lines: [{ ...line, override: { unit_price: 1, reason: "x" } }] });
    expectProblem(custom, 422, "validation_failed");
  });
});

describe("a cashier's discount", () => {
  it.each<[string, SaleRequest]>([
    ["10 % of a line", goods([1000, { ppm: 100_000 }])],
    ["an amount of 10 % of a line", goods([1000, { amount: 100 }])],
    ["10 % of the order", { ...goods([1000], [3000]), discount: { ppm: 100_000 } }],
    ["10 % of a price that rounding takes above it", goods([105, { ppm: 100_000 }])],
    [
      "10 % of an order that rounding takes above it on one line",
      { ...goods([105], [105]), discount: { ppm: 100_000 } },
    ],
    ["as an amount, 10 % of such an order", { ...goods([105], [105]), discount: { amount: 21 } }],
    ["5 % of a line and 5 % of the order", { ...goods([1000, { ppm: 50_000 }]), discount: { ppm: 50_000 } }],
  ])("may be %s", async (_, request) => {
    const shop = await openShop();
    expectStatus(await sell(shop, request, { by: await staff(shop, "cashier") }), 201);
  });

  it.each<[string, SaleRequest, string[]]>([
    ["a rate above 10 %", goods([1000, { ppm: 100_001 }]), ["/lines/0"]],
    ["an amount above 10 %", goods([1000, { amount: 101 }], [1000, { amount: 100 }]), ["/lines/0"]],
    ["an amount a fraction of a unit above 10 %", goods([999, { amount: 100 }]), ["/lines/0"]],
    ["of the order above 10 %", { ...goods([1000], [500]), discount: { amount: 151 } }, ["/lines/0", "/lines/1"]],
    [
      "a line's and the order's together above 10 %",
      { ...goods([1000, { ppm: 60_000 }], [1000]), discount: { ppm: 50_000 } },
      ["/lines/0"],
    ],
  ])("is not %s", async (_, request, pointers) => {
    const shop = await openShop();
    const answer = await sell(shop, request, { by: await staff(shop, "cashier") });
    const { errors } = expectProblem(answer, 403, "approval_required");
    expect(errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    expectStatus(await sell(shop, request, { by: await staff(shop, "employee") }), 201);
  });

  it("does not count what the product gives by itself", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 1000, discount_ppm: 500_000 });
    const cashier = await staff(shop, "cashier");
    const request = { lines: [{ product_id: product.id, quantity: 1 }], discount: { ppm: 100_000 } };
    expect(await sold(shop, request, { by: cashier })).toMatchObject({ discount_total: 550, total: 450 });
  });
});

describe("what one sale may have at most", () => {
  it("is counted over all its lines of the product", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { max_per_sale: 5 });
    const two = (quantity: number) => ({
      lines: [
        { product_id: product.id, quantity: 3 },
        { sku: product.sku, quantity },
      ],
    });
    const answer = await sell(shop, two(3));
    expect(expectProblem(answer, 409, "limit_per_sale_exceeded").errors).toMatchObject([
      { pointer: "/lines/1/quantity", max_per_sale: 5 },
    ]);
    expectStatus(await sell(shop, two(2)), 201);
  });

  it("is told of every line that is above it", async () => {
    const shop = await openShop();
    const [few, many] = [await stockProduct(shop, { max_per_sale: 1 }), await stockProduct(shop, { max_per_sale: 9 })];
    const lines = [few, many, few, many].map(({ sku }) => ({ sku, quantity: 9 }));
    const { detail, errors } = expectProblem(await sell(shop, { lines }), 409, "limit_per_sale_exceeded");
    expect(detail).toContain("at most 1 of");
    expect(errors).toMatchObject([
      { pointer: "/lines/0/quantity", max_per_sale: 1 },
      { pointer: "/lines/2/quantity", max_per_sale: 1 },
      { pointer: "/lines/3/quantity", max_per_sale: 9 },
    ]);
  });
});

describe("nothing is sold", () => {
  const [line = {}] = goods([100]).lines;

  it("in a store that is closed for business", async () => {
    const shop = await openShop();
    await sold(shop, { lines: [line] });
    await env.DB.prepare("UPDATE stores SET active = 0, version = version + 1 WHERE id = ?").bind(shop.store.id).run();
    expectProblem(await sell(shop, { lines: [line] }), 409, "conflict");
  });

  it("at a till that is not in use any more", async () => {
    const shop = await openShop();
    await sold(shop, { lines: [line] });
    await env.DB.prepare("UPDATE terminals SET version = version + 1, active = 0 WHERE id = ?")
      .bind(shop.terminal.id)
      .run();
    expectProblem(await sell(shop, { lines: [line] }), 409, "conflict");
  });

  it("nor is money taken or given back at a till that was deactivated; it is told so, not to open a shift", async () => {
    const shop = await openShop();
    const { id } = await sold(shop, { lines: [line] });
    const [idle, busy] = [
      await createTerminal(shop.store.id, { code: "02" }),
      await createTerminal(shop.store.id, { code: "03" }),
    ];
    const shift = await openShift(busy.id);
    const use = async (active: 0 | 1) =>
      env.DB.prepare("UPDATE terminals SET version = version + 1, active = ?2 WHERE store_id = ?1 AND code > '01'")
        .bind(shop.store.id, active)
        .run();
    await use(0);
    const before = await everyRow();
    const payments = [{ method: "cash", amount: 100 }];
    const post = async (path: string, body: object) => shop.admin.post(path, body, { "Idempotency-Key": uuid() });
    for (const [place, pointer] of [
      [{ terminal_id: idle.id }, "/terminal_id"],
      [{ terminal_id: busy.id }, "/terminal_id"],
      [{ shift_id: shift.id }, "/shift_id"],
    ] as const) {
      const back = { lines: [{ line_no: 1, quantity: 1 }], payments, reason: "Torn", ...place };
      for (const answer of [
        await sell(shop, { lines: [line], terminal_id: undefined, ...place }),
        await post(`/v1/sales/${id}/refunds`, back),
        await post("/v1/gift-cards", { store_id: shop.store.id, amount: 100, payments, ...place }),
      ]) {
        const problem = expectProblem(answer, 409, "conflict");
        expect(problem.detail).toMatch(/till is deactivated/);
        expect(problem.errors).toMatchObject([{ pointer }]);
      }
    }
    expect(await everyRow()).toEqual(before);
    // What is remembered of it is looked at again.
    await use(1);
    expectStatus(await sell(shop, { lines: [line], terminal_id: busy.id }), 201);
    expectProblem(await sell(shop, { lines: [line], terminal_id: idle.id }), 409, "shift_closed");
  });

  it("at another store's till, or one that does not exist", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    await sold(other, { lines: [line] });
    for (const terminal_id of [other.terminal.id, uuid()]) {
      expectProblem(await sell(shop, { lines: [line], terminal_id }), 404, "not_found");
    }
  });

  it("in a store where one does not work, or that does not exist", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const cashier = await staff(shop, "cashier");
    expectProblem(await sell(other, { lines: [line] }, { by: cashier }), 404, "not_found");
    expectProblem(await sell(shop, { lines: [line], store_id: uuid(), terminal_id: undefined }), 404, "not_found");
  });

  it("to a customer or by a salesperson whom nobody knows", async () => {
    const shop = await openShop();
    const both = await sell(shop, { lines: [line], customer_id: uuid(), salesperson_id: uuid() });
    expect(expectProblem(both, 422, "validation_failed").errors?.map(({ pointer }) => pointer)).toEqual([
      "/customer_id",
      "/salesperson_id",
    ]);
    const customer = await shop.admin.post<{ id: string }>("/v1/customers", { name: "Amina" });
    const salesperson = await shop.admin.post<{ id: string }>("/v1/salespeople", {
      code: uuid().slice(-12),
      name: "Bilal",
      commission_ppm: 10_000,
    });
    const people = { customer_id: customer.body.id, salesperson_id: salesperson.body.id };
    expect(await sold(shop, { lines: [line], ...people })).toMatchObject(people);
  });

  it("beyond what is on hand, and each line that wants more is named", async () => {
    const shop = await openShop();
    const [scarce, plenty] = [await stockProduct(shop, {}, 5), await stockProduct(shop)];
    const answer = await sell(shop, {
      lines: [
        { product_id: scarce.id, quantity: 3 },
        { product_id: plenty.id, quantity: 3 },
        { product_id: scarce.id, quantity: 3 },
      ],
    });
    expect(expectProblem(answer, 409, "insufficient_stock").errors).toMatchObject([
      { pointer: "/lines/2/quantity", product_id: scarce.id, on_hand: 5 },
    ]);
    await receiveStock(shop.store.id, [{ product_id: scarce.id, quantity: 1 }]);
    expectStatus(await sell(shop, { lines: [{ product_id: scarce.id, quantity: 6 }] }), 201);
  });

  it("but by a store that lets stock go below zero", async () => {
    const shop = await openShop({ allow_oversell: true });
    const product = await stockProduct(shop, {}, 1);
    expectStatus(await sell(shop, { lines: [{ product_id: product.id, quantity: 3 }] }), 201);
  });

  it("by a session that ended, though only the books know it", async () => {
    const shop = await openShop();
    const cashier = await staff(shop, "cashier");
    const key = uuid();
    await sold(shop, { lines: [line] }, { by: cashier, key });
    await env.DB.prepare("UPDATE sessions SET revoked_at = '2026-01-01T00:00:00.000Z' WHERE user_id = ?")
      .bind(cashier.user.id)
      .run();
    const before = await everyRow();
    expectProblem(await sell(shop, { lines: [line] }, { by: cashier }), 401, "session_revoked");
    expectProblem(await sell(shop, { lines: [line] }, { by: cashier, key }), 401, "session_revoked");
    expect(await everyRow()).toEqual(before);
  });
});

describe("the day of a sale", () => {
  const [line = {}] = goods([100]).lines;

  it("is that of the store's clock and cutoff", async () => {
    const shop = await openShop({ timezone: "America/New_York", day_cutoff: "04:00" });
    const days = [];
    // In summer New York is four hours behind: 03:59:59 and 04:00 there.
    for (const sold_at of ["2026-07-02T07:59:59.999Z", "2026-07-02T08:00:00Z", "2026-07-02T10:00:00+02:00"]) {
      const sale = await sold(shop, { lines: [line], sold_at });
      days.push([sale.business_date, sale.sold_at]);
    }
    expect(days).toEqual([
      ["2026-07-01", "2026-07-02T07:59:59.999Z"],
      ["2026-07-02", "2026-07-02T08:00:00.000Z"],
      ["2026-07-02", "2026-07-02T08:00:00.000Z"],
    ]);
  });

  it("is today's where the sale does not say, and never lies ahead", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [line] });
    expect(sale.business_date).toBe(sale.sold_at.slice(0, 10));
    expect(sale.sold_at).toBe(sale.created_at);
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    expectStatus(await sell(shop, { lines: [line], sold_at: inMinutes(4) }), 201);
    const ahead = await sell(shop, { lines: [line], sold_at: inMinutes(6) });
    expect(expectProblem(ahead, 422, "validation_failed").errors).toMatchObject([{ pointer: "/sold_at" }]);
    for (const sold_at of [
      "2026-07-02",
      "2026-07-02T08:00:00",
      "yesterday",
      "0000-01-01T00:00:00+14:00",
      "0001-01-01T00:00:00Z",
      "1999-12-31T23:59:59.999Z",
      "2000-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
    ]) {
      const refused = await sell(shop, { lines: [line], sold_at });
      expect(expectProblem(refused, 422, "validation_failed").errors).toMatchObject([{ pointer: "/sold_at" }]);
    }
    expect(await sold(shop, { lines: [line], sold_at: "2000-01-01T00:00:00Z" })).toMatchObject({
      business_date: "2000-01-01",
    });
  });
});
