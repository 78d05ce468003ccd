import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { selectOrders } from "../../../src/modules/orders/queries.ts";
import type { Order, OrderSummary } from "../../../src/modules/orders/schemas.ts";
import { asUser, createProduct, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { findSlowSteps, type Step } from "../budget/plan.ts";
import { auditOf } from "../payments/books.ts";
import { newCustomer } from "../payments/credit.ts";
import { changeUnseen, everyRow } from "../sales/shop.ts";
import { change, deposited, giveBack, openOrderShop, order, orderBody, ordered, readOrder } from "./shop.ts";

interface Page {
  data: OrderSummary[];
  next_cursor: string | null;
}

const engraved = { custom: { name: "Engraved ring", unit_price: 9000, tax_rate_ppm: 0 }, quantity: 1 };

describe("POST /v1/orders", () => {
  it("is of the store signed in to where it names none", async () => {
    const shop = await openOrderShop();
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const answer = await order(shop, { store_id: undefined }, cashier);
    expectStatus(answer, 201);
    expect(answer.body.store_id).toBe(shop.store.id);
    expectProblem(await order(shop, { store_id: undefined }), 422, "validation_failed");
  });

  it("takes an order, and nothing moves", async () => {
    const shop = await openOrderShop();
    const before = await everyRow();
    const fields = { engraving: "With love\nAnn", "ring size": "54" };
    const taken = await ordered(shop, {
      items: [{ product_id: shop.product.id, quantity: 2, unit_price: 100 }, engraved],
      fields,
      due_date: "2027-02-14",
      note: "Call first",
    });
    expect(taken).toEqual({
      id: expect.any(String) as string,
      store_id: shop.store.id,
      customer_id: shop.customer_id,
      status: "pending",
      currency: "GBP",
      items: [{ product_id: shop.product.id, quantity: 2, unit_price: 100 }, engraved],
      fields,
      due_date: "2027-02-14",
      note: "Call first",
      sale_id: null,
      deposit_total: 0,
      deposits: [],
      user_id: shop.admin.user.id,
      version: 1,
      created_at: expect.any(String) as string,
      updated_at: taken.created_at,
    });
    expect(await readOrder(shop, taken.id)).toEqual(taken);
    const { orders: _orders, audit_entries: _entries, ...rest } = await everyRow();
    expect(before).toMatchObject(rest);
    // Of what was written freely the log keeps nothing.
    expect(await auditOf(taken.id)).toEqual([
      { action: "order.create", before: null, after: '{"status":"pending","due_date":"2027-02-14","items":2}' },
    ]);
  });

  it("takes the client's own id once", async () => {
    const shop = await openOrderShop();
    const id = uuid();
    expect((await ordered(shop, { id })).id).toBe(id);
    expectProblem(await order(shop, { id }), 409, "conflict");
  });

  it("is taken once for a key, where one is sent", async () => {
    const shop = await openOrderShop();
    const key = { "Idempotency-Key": uuid() };
    const [first, again] = [
      await shop.admin.post<Order>("/v1/orders", orderBody(shop), key),
      await shop.admin.post<Order>("/v1/orders", orderBody(shop), key),
    ];
    expectStatus(again, 201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    const other = await shop.admin.post("/v1/orders", orderBody(shop, { note: "Red" }), key);
    expectProblem(other, 422, "idempotency_key_reused");
    expectProblem(
      await shop.admin.post("/v1/orders", orderBody(shop), { "Idempotency-Key": " " }),
      400,
      "idempotency_key_missing",
    );
    const { data } = (await shop.admin.get<{ data: Order[] }>(`/v1/orders?store_id=${shop.store.id}`)).body;
    expect(data).toHaveLength(1);
  });

  it("is taken by a cashier", async () => {
    const shop = await openOrderShop();
    expectStatus(await order(shop, {}, await asUser("cashier", [shop.store.id])), 201);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ items: [] }, "/items"],
    [{ items: [{ quantity: 1 }] }, "/items/0"],
    [{ items: [{ product_id: uuid(), quantity: 1 }] }, "/items/0/product_id"],
    [{ items: [{ sku: "no such thing", quantity: 1 }] }, "/items/0/sku"],
    [{ items: [engraved, { ...engraved, quantity: undefined }] }, "/items/1/quantity"],
    [{ customer_id: uuid() }, "/customer_id"],
    [{ customer_id: undefined }, "/customer_id"],
    [{ fields: { size: 54 } }, "/fields/size"],
    [{ fields: [] }, "/fields"],
    [{ fields: { "": "x" } }, "/fields/"],
    [{ fields: { ["n".repeat(65)]: "x" } }, `/fields/${"n".repeat(65)}`],
    [{ fields: { " padded": "x" } }, "/fields/ padded"],
    [{ fields: { "a\u202eb": "x" } }, "/fields/a\u202eb"],
    [{ fields: { size: "x".repeat(501) } }, "/fields/size"],
    [{ fields: { card: "4111 1111 1111 1111" } }, "/fields/card"],
    [{ fields: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`f${String(i)}`, "x"])) }, "/fields"],
    [{ note: "n".repeat(1001) }, "/note"],
    [{ note: "4111-1111-1111-1111" }, "/note"],
    [{ due_date: "2027-02-30" }, "/due_date"],
    [{ status: "ready" }, "/status"],
    [{ deposits: [] }, "/deposits"],
  ])("refuses %j at %s and writes nothing", async (over, pointer) => {
    const shop = await openOrderShop();
    const before = await everyRow();
    const problem = expectProblem(await order(shop, over), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await everyRow()).toEqual(before);
  });

  it("refuses names that reach an object's prototype", async () => {
    const shop = await openOrderShop();
    const body = JSON.stringify({ store_id: shop.store.id, customer_id: shop.customer_id, items: [engraved] });
    const named = `${body.slice(0, -1)},"fields":{"__proto__":"x"}}`;
    const answer = await shop.admin.post("/v1/orders", named);
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe("/fields/__proto__");
  });

  it("refuses a price that is not in force, and more than one sale may have", async () => {
    const shop = await openOrderShop();
    const few = await createProduct({ max_per_sale: 1 });
    const stale = await order(shop, { items: [{ product_id: shop.product.id, quantity: 1, unit_price: 99 }] });
    expect(expectProblem(stale, 409, "price_changed").errors?.[0]).toMatchObject({
      pointer: "/items/0/unit_price",
      current: 100,
    });
    const many = await order(shop, { items: [{ product_id: few.id, quantity: 2 }] });
    const problem = expectProblem(many, 409, "limit_per_sale_exceeded");
    expect(problem.errors?.[0]?.pointer).toBe("/items/0/quantity");
  });

  it("is not taken in a store that is closed, or is another's", async () => {
    const shop = await openOrderShop();
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await order(shop, {}, stranger), 404, "not_found");
    const cashier = await asUser("cashier", [shop.store.id]);
    expectStatus(await shop.admin.post(`/v1/stores/${shop.store.id}/deactivate`), 200);
    expectProblem(await order(shop, {}, cashier), 409, "conflict");
  });
});

describe("GET /v1/orders", () => {
  it("lists a store's orders by status and customer, with what they hold", async () => {
    const shop = await openOrderShop();
    const [first, second] = [await ordered(shop), await ordered(shop)];
    const { id: customer_id } = await newCustomer();
    const third = await ordered(shop, { customer_id });
    await deposited(shop, second.id, [{ method: "card", amount: 70 }]);
    expectStatus(await change(shop, first, { status: "ready" }), 200);
    const list = async (query: string) => {
      const answer = await shop.admin.get<Page>(`/v1/orders?${query}`);
      expectStatus(answer, 200);
      return answer.body;
    };
    const mine = `store_id=${shop.store.id}`;
    const all = await list(mine);
    expect(all.data.map(({ id, deposit_total }) => [id, deposit_total])).toEqual([
      [first.id, 0],
      [second.id, 70],
      [third.id, 0],
    ]);
    const { deposits: _deposits, ...summary } = await readOrder(shop, second.id);
    expect(all.data[1]).toEqual(summary);
    expect((await list(`${mine}&status=ready`)).data.map(({ id }) => id)).toEqual([first.id]);
    expect((await list(`customer_id=${customer_id}`)).data.map(({ id }) => id)).toEqual([third.id]);
    expect((await list(`${mine}&status=cancelled`)).data).toEqual([]);
    const page = await list(`${mine}&limit=2`);
    expect(page.data).toHaveLength(2);
    expect((await list(`${mine}&limit=2&cursor=${page.next_cursor ?? ""}`)).data.map(({ id }) => id)).toEqual([
      third.id,
    ]);
  });

  it("shows who works in one store that store's alone", async () => {
    const [shop, other] = [await openOrderShop(), await openOrderShop()];
    const mine = await ordered(shop);
    const theirs = await ordered(other, { customer_id: shop.customer_id });
    const cashier = await asUser("cashier", [shop.store.id]);
    const page = await cashier.get<Page>(`/v1/orders?customer_id=${shop.customer_id}`);
    expect(page.body.data.map(({ id }) => id)).toEqual([mine.id]);
    expectProblem(await cashier.get(`/v1/orders?store_id=${other.store.id}`), 404, "not_found");
    expectProblem(await cashier.get(`/v1/orders/${theirs.id}`), 404, "not_found");
    expectProblem(await change(other, theirs, { note: "x" }, cashier), 404, "not_found");
  });
});

describe("a list of orders", () => {
  const own_stores = JSON.stringify([uuid(), uuid()]);

  it.each([
    [{ own_stores: null, store_id: uuid() }, "orders_by_store"],
    [{ own_stores, store_id: uuid(), status: "ready" }, "orders_by_store"],
    [{ own_stores }, "orders_by_store"],
    [{ own_stores: null, customer_id: uuid() }, "orders_by_customer"],
    [{ own_stores, customer_id: uuid() }, "orders_by_"],
    [{ own_stores: null }, "INTEGER PRIMARY KEY"],
  ])("of %j goes by an index", async (wanted, index) => {
    const { sql, params } = selectOrders(wanted, 0, 51);
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<Step>();
    expect(findSlowSteps(sql, plan.results)).toEqual([]);
    expect(plan.results[0]?.detail).toMatch(new RegExp(`^SEARCH orders USING .*${index}`));
  });
});

describe("PATCH /v1/orders/{id}", () => {
  it("changes what is named, and empties what is null", async () => {
    const shop = await openOrderShop();
    const before = await ordered(shop, { fields: { size: "54" }, due_date: "2027-02-14", note: "Call" });
    const answer = await change(shop, before, {
      status: "in_progress",
      items: [engraved],
      fields: { colour: "gold" },
      due_date: null,
      note: null,
    });
    expectStatus(answer, 200);
    expect(answer.body).toEqual({
      ...before,
      status: "in_progress",
      items: [engraved],
      fields: { colour: "gold" },
      due_date: null,
      note: null,
      version: 2,
      updated_at: expect.any(String) as string,
    });
    expect(await readOrder(shop, before.id)).toEqual(answer.body);
    expect(answer.headers.get("ETag")).toBe('"v2"');
    expect((await auditOf(before.id)).at(-1)).toEqual({
      action: "order.update",
      before: '{"status":"pending","due_date":"2027-02-14","items":1}',
      after: '{"status":"in_progress","due_date":null,"items":1,"changed":["items","fields","note"]}',
    });
  });

  it("is tagged, and a deposit is another version", async () => {
    const shop = await openOrderShop();
    const taken = await ordered(shop);
    const path = `/v1/orders/${taken.id}`;
    expectStatus(await shop.admin.get(path, { "If-None-Match": '"v1"' }), 304);
    await deposited(shop, taken.id, [{ method: "card", amount: 70 }]);
    expectStatus(await shop.admin.get(path, { "If-None-Match": '"v1"' }), 200);
    expectProblem(await change(shop, taken, { note: "x" }), 412, "stale_version");
    expectProblem(await shop.admin.patch(path, { note: "x" }), 428, "precondition_required");
  });

  it("goes forward through the work, and not back", async () => {
    const shop = await openOrderShop();
    const taken = await ordered(shop);
    const ready = await change(shop, taken, { status: "ready" });
    expectStatus(ready, 200);
    for (const status of ["pending", "in_progress"]) {
      expectProblem(await change(shop, ready.body, { status }), 409, "conflict");
    }
    expectStatus(await change(shop, ready.body, { status: "ready" }), 200);
    expectProblem(await change(shop, ready.body, { status: "completed" }), 422, "validation_failed");
  });

  it("is cancelled once its deposits were given back, and changes no more", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [{ method: "card", amount: 70 }]);
    const refused = expectProblem(await change(shop, held, { status: "cancelled" }), 409, "conflict");
    expect(refused.detail).toContain("70");
    const empty = await giveBack(shop, id, held.deposits[0]?.id ?? "");
    expectStatus(empty, 201);
    const cancelled = await change(shop, empty.body, { status: "cancelled" });
    expectStatus(cancelled, 200);
    expectProblem(await change(shop, cancelled.body, { note: "x" }), 409, "conflict");
  });

  it("looks at other items alone", async () => {
    const shop = await openOrderShop();
    const taken = await ordered(shop, { items: [{ product_id: shop.product.id, quantity: 1, unit_price: 100 }] });
    await changeUnseen(shop.product.id, "unit_price = 120");
    const noted = await change(shop, taken, { note: "Dearer now" });
    expectStatus(noted, 200);
    const items = taken.items.map((one) => ({ ...one }));
    const problem = expectProblem(await change(shop, noted.body, { items }), 409, "price_changed");
    expect(problem.errors?.[0]?.pointer).toBe("/items/0/unit_price");
  });

  it("of two changes at once one wins", async () => {
    const shop = await openOrderShop();
    const taken = await ordered(shop);
    const answers = await Promise.all(["a", "b", "c"].map(async (note) => change(shop, taken, { note })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const one of answers.filter(({ status }) => status !== 200)) expectProblem(one, 412, "stale_version");
  });

  it.each([
    [{}, "/"],
    [{ items: [] }, "/items"],
    [{ items: null }, "/items"],
    [{ fields: null }, "/fields"],
    [{ status: "lost" }, "/status"],
    [{ customer_id: uuid() }, "/customer_id"],
    [{ deposit_total: 5 }, "/deposit_total"],
  ])("refuses %j at %s", async (fields, pointer) => {
    const shop = await openOrderShop();
    const problem = expectProblem(await change(shop, await ordered(shop), fields), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });
});
