import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  asAdmin,
  asUser,
  type Client,
  countRows,
  createProduct,
  createStore,
  expectProblem,
  expectStatus,
  type ProductBody,
  receiveStock,
  uuid,
} from "../../support/api.ts";

interface Level {
  store_id: string;
  product_id: string;
  on_hand: number;
  [other: string]: unknown;
}

interface StockDocument {
  id: string;
  lines: { line_no: number; product_id: string; quantity: number; on_hand: number }[];
  [other: string]: unknown;
}

async function move(client: Client, body: Record<string, unknown>, key: string = uuid()) {
  return client.post<StockDocument>("/v1/stock/movements", body, { "Idempotency-Key": key });
}

async function levelOf(store_id: string, product_id: string): Promise<Level | undefined> {
  const admin = await asAdmin();
  const answer = await admin.get<{ data: Level[] }>(`/v1/stock?store_id=${store_id}&product_id=${product_id}`);
  return answer.body.data[0];
}

async function setOut(stock = 0): Promise<{ store_id: string; product: ProductBody }> {
  const { id: store_id } = await createStore();
  const product = await createProduct();
  if (stock > 0) await receiveStock(store_id, [{ product_id: product.id, quantity: stock }]);
  return { store_id, product };
}

describe("POST /v1/stock/movements", () => {
  it("receives, and tells the level after each line", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut();
    const other = await createProduct();
    const body = {
      id: uuid(),
      store_id,
      reason: "received",
      note: "Van 7",
      lines: [
        { product_id: product.id, quantity: 10, unit_cost: 100, batch: "L1", expires_on: "2027-01-31" },
        { product_id: other.id, quantity: 3 },
        { product_id: product.id, quantity: 5, unit_cost: 130 },
      ],
    };
    const answer = await move(admin, body);
    expectStatus(answer, 201);
    expect(answer.body).toEqual({
      id: body.id,
      store_id,
      reason: "received",
      note: "Van 7",
      lines: [
        {
          line_no: 1,
          product_id: product.id,
          quantity: 10,
          on_hand: 10,
          unit_cost: 100,
          batch: "L1",
          expires_on: "2027-01-31",
        },
        { line_no: 2, product_id: other.id, quantity: 3, on_hand: 3, unit_cost: null, batch: null, expires_on: null },
        { line_no: 3, product_id: product.id, quantity: 5, on_hand: 15, unit_cost: 130, batch: null, expires_on: null },
      ],
      created_at: expect.any(String) as string,
    });
    expect(await levelOf(store_id, product.id)).toEqual({
      store_id,
      product_id: product.id,
      sku: product.sku,
      name: product.name,
      on_hand: 15,
      reorder_point: 0,
      average_cost: 110,
      updated_at: answer.body["created_at"],
    });
    const { results } = await env.DB.prepare("SELECT action, store_id FROM audit_entries WHERE entity_id = ?1")
      .bind(body.id)
      .all();
    expect(results).toEqual([{ action: "stock.move", store_id }]);
  });

  it("happens once for its key, and gives a repeat the stored answer", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut();
    const key = uuid();
    const body = { store_id, reason: "received", lines: [{ product_id: product.id, quantity: 4 }] };
    const first = await move(admin, body, key);
    const again = await move(admin, body, key);
    expectStatus(again, 201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expectProblem(await move(admin, { ...body, note: "x" }, key), 422, "idempotency_key_reused");
    expectProblem(await admin.post("/v1/stock/movements", body), 400, "idempotency_key_missing");
    const racing = uuid();
    const raced = await Promise.all(Array.from({ length: 8 }, async () => move(admin, body, racing)));
    expect(new Set(raced.map(({ body: { id } }) => id)).size).toBe(1);
    expect(raced.filter(({ headers }) => headers.get("Idempotency-Replayed") === null)).toHaveLength(1);
    expect((await levelOf(store_id, product.id))?.on_hand).toBe(8);
  });

  it("adjusts both ways, never below zero, and names what is left", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(10);
    const other = await createProduct();
    const adjust = async (...quantities: number[]) =>
      move(admin, {
        store_id,
        reason: "adjusted",
        lines: quantities.map((quantity) => ({ product_id: product.id, quantity })),
      });
    expect((await adjust(-4)).body.lines[0]?.on_hand).toBe(6);
    expect((await adjust(1, -7)).body.lines.map(({ on_hand }) => on_hand)).toEqual([7, 0]);
    expectStatus(await adjust(3), 201);
    const before = await countRows("stock_movements");
    const refused = await move(admin, {
      store_id,
      reason: "adjusted",
      lines: [
        { product_id: product.id, quantity: -2 },
        { product_id: other.id, quantity: -1 },
        { product_id: product.id, quantity: -2 },
      ],
    });
    expect(expectProblem(refused, 409, "insufficient_stock").errors).toEqual([
      { pointer: "/lines/1/quantity", detail: "takes 1 where 0 are on hand", on_hand: 0 },
      { pointer: "/lines/2/quantity", detail: "takes 2 where 1 are on hand", on_hand: 1 },
    ]);
    expect(await countRows("stock_movements")).toBe(before);
    expect((await levelOf(store_id, product.id))?.on_hand).toBe(3);
  });

  it("goes below zero where the store allows it", async () => {
    const admin = await asAdmin();
    const store = await createStore({ allow_oversell: true });
    const product = await createProduct();
    const answer = await move(admin, {
      store_id: store.id,
      reason: "adjusted",
      lines: [{ product_id: product.id, quantity: -2 }],
    });
    expect(answer.body.lines[0]?.on_hand).toBe(-2);
  });

  it("takes a thousand lines", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut();
    const lines = Array.from({ length: 1000 }, () => ({ product_id: product.id, quantity: 1 }));
    const answer = await move(admin, { store_id, reason: "received", lines });
    expectStatus(answer, 201);
    expect(answer.body.lines.map(({ on_hand }) => on_hand)).toEqual(lines.map((_, i) => i + 1));
    expectProblem(
      await move(admin, { store_id, reason: "received", lines: [...lines, lines[0]] }),
      422,
      "validation_failed",
    );
  });

  it("refuses by pointer what is not valid, and writes nothing", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(5);
    const untracked = await createProduct({ track_stock: false });
    const line = { product_id: product.id, quantity: 1 };
    const before = [
      await countRows("stock_movements"),
      await countRows("idempotency_keys"),
      await countRows("audit_entries"),
    ];
    const cases: [Record<string, unknown>, string][] = [
      [{ lines: [line, { ...line, product_id: uuid() }] }, "/lines/1/product_id"],
      [{ lines: [{ ...line, product_id: untracked.id }] }, "/lines/0/product_id"],
      [{ lines: [{ ...line, quantity: 0 }] }, "/lines/0/quantity"],
      [{ lines: [line, { ...line, quantity: -1 }] }, "/lines/1/quantity"],
      [{ lines: [{ ...line, quantity: 1.5 }] }, "/lines/0/quantity"],
      [{ lines: [{ ...line, quantity: 1_000_000_001 }] }, "/lines/0/quantity"],
      [{ lines: [{ ...line, quantity: 1_000_000_000, unit_cost: 999_999_999_999 }] }, "/lines/0/unit_cost"],
      [{ lines: [{ ...line, expires_on: "2027-02-30" }] }, "/lines/0/expires_on"],
      [{ lines: [{ ...line, batch: "x".repeat(65) }] }, "/lines/0/batch"],
      [{ lines: [] }, "/lines"],
      [{ reason: "sale" }, "/reason"],
      [{ note: "x".repeat(501) }, "/note"],
      [{ id: "x" }, "/id"],
      [{ colour: "red" }, "/colour"],
    ];
    for (const [over, pointer] of cases) {
      const answer = await move(admin, { store_id, reason: "received", lines: [line], ...over });
      expect(expectProblem(answer, 422, "validation_failed").errors?.map((error) => error.pointer)).toEqual([pointer]);
    }
    expect([
      await countRows("stock_movements"),
      await countRows("idempotency_keys"),
      await countRows("audit_entries"),
    ]).toEqual(before);
  });

  it("refuses an id that is taken", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut();
    const body = { id: uuid(), store_id, reason: "received", lines: [{ product_id: product.id, quantity: 1 }] };
    expectStatus(await move(admin, body), 201);
    expectProblem(await move(admin, { ...body, reason: "adjusted" }), 409, "conflict");
    const id = uuid();
    const raced = await Promise.all(Array.from({ length: 6 }, async () => move(admin, { ...body, id })));
    expect(raced.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of raced.filter(({ status }) => status !== 201)) expectProblem(answer, 409, "conflict");
    expect((await levelOf(store_id, product.id))?.on_hand).toBe(2);
  });

  it("keeps its level through fifty adjustments at once", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(30);
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () =>
        move(admin, { store_id, reason: "adjusted", lines: [{ product_id: product.id, quantity: -1 }] }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(expectProblem(answer, 409, "insufficient_stock").errors?.[0]).toMatchObject({
        pointer: "/lines/0/quantity",
        on_hand: 0,
      });
    }
    const left = answers.flatMap(({ body }) => body.lines ?? []).map(({ on_hand }) => on_hand);
    expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    const sums = await env.DB.prepare(
      `SELECT l.on_hand, (SELECT sum(quantity) FROM stock_movements m WHERE m.store_id = l.store_id AND m.product_id = l.product_id) AS moved
       FROM stock_levels l WHERE l.store_id = ?1`,
    )
      .bind(store_id)
      .all();
    expect(sums.results).toEqual([{ on_hand: 0, moved: 0 }]);
  });
});

describe("the wall between stores, and the roles", () => {
  it("lets each role do what it may, in its stores alone", async () => {
    const { store_id, product } = await setOut(2);
    const elsewhere = await setOut(2);
    const employee = await asUser("employee", [store_id]);
    const cashier = await asUser("cashier", [store_id]);
    const body = { store_id, reason: "received", lines: [{ product_id: product.id, quantity: 1, unit_cost: 7 }] };
    expectStatus(await move(employee, body), 201);
    expectProblem(await move(cashier, body), 403, "forbidden");
    expectProblem(await move(employee, { ...body, store_id: elsewhere.store_id }), 404, "not_found");
    expectProblem(await move(await asAdmin(), { ...body, store_id: uuid() }), 404, "not_found");
    for (const path of ["/v1/stock", "/v1/stock/movements"]) {
      for (const client of [employee, cashier]) {
        expectProblem(await client.get(`${path}?store_id=${elsewhere.store_id}`), 404, "not_found");
        expectStatus(await client.get(`${path}?store_id=${store_id}`), 200);
      }
      expectProblem(await (await asAdmin()).get(`${path}?store_id=${uuid()}`), 404, "not_found");
    }
    const seen = await cashier.get<{ data: Level[] }>(`/v1/stock?product_id=${elsewhere.product.id}`);
    expect(seen.body.data.map((level) => level.store_id)).toEqual([store_id]);
    const moved = await cashier.get<{ data: Level[] }>("/v1/stock/movements");
    expect(new Set(moved.body.data.map((row) => row.store_id))).toEqual(new Set([store_id]));
    const hidden = await cashier.get<{ data: unknown[] }>(
      `/v1/stock/movements?store_id=${store_id}&product_id=${product.id}`,
    );
    expect(hidden.body.data.at(-1)).toMatchObject({ unit_cost: null, quantity: 1 });
    const level = await cashier.get<{ data: Level[] }>(`/v1/stock?store_id=${store_id}&product_id=${product.id}`);
    expect(level.body.data[0]).toMatchObject({ on_hand: 3, average_cost: null });
  });
});

describe("the lists", () => {
  it("page a store's levels over its products, what has not moved at 0 and what is not tracked left out", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(7);
    const untracked = await createProduct({ track_stock: false });
    const still = await createProduct();
    const levels: Level[] = [];
    let cursor = "";
    do {
      const page = await admin.get<{ data: Level[]; next_cursor: string | null }>(
        `/v1/stock?store_id=${store_id}&limit=5${cursor}`,
      );
      expect(page.body.data.length).toBeLessThanOrEqual(5);
      levels.push(...page.body.data);
      cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`;
    } while (cursor !== "");
    const byId = new Map(levels.map((level) => [level.product_id, level]));
    expect(byId.size).toBe(levels.length);
    expect(byId.get(product.id)?.on_hand).toBe(7);
    expect(byId.get(still.id)).toMatchObject({ on_hand: 0, average_cost: null, updated_at: null });
    expect(byId.has(untracked.id)).toBe(false);
  });

  it("tell one product's levels in all stores", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(3);
    const levels: Level[] = [];
    let cursor = "";
    do {
      const page = await admin.get<{ data: Level[]; next_cursor: string | null }>(
        `/v1/stock?product_id=${product.id}&limit=2${cursor}`,
      );
      levels.push(...page.body.data);
      cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`;
    } while (cursor !== "");
    expect(levels).toHaveLength(await countRows("stores"));
    expect(levels.filter(({ on_hand }) => on_hand > 0)).toMatchObject([{ store_id, on_hand: 3 }]);
  });

  it("tell a product's movements as they arrived", async () => {
    const admin = await asAdmin();
    const { store_id, product } = await setOut(5);
    await setOut(5);
    await move(admin, {
      store_id,
      reason: "adjusted",
      note: "broken",
      lines: [{ product_id: product.id, quantity: -1 }],
    });
    const both = `store_id=${store_id}&product_id=${product.id}`;
    for (const query of [both, `product_id=${product.id}`, `store_id=${store_id}`]) {
      const page = await admin.get<{ data: Record<string, unknown>[] }>(`/v1/stock/movements?${query}`);
      expect(page.body.data).toMatchObject([
        { reason: "received", quantity: 5, on_hand_after: 5, line_no: 1, note: null },
        { reason: "adjusted", quantity: -1, on_hand_after: 4, line_no: 1, note: "broken" },
      ]);
    }
    const first = await admin.get<{ data: unknown[]; next_cursor: string }>(`/v1/stock/movements?${both}&limit=1`);
    const second = await admin.get<{ data: unknown[]; next_cursor: null }>(
      `/v1/stock/movements?${both}&limit=1&cursor=${first.body.next_cursor}`,
    );
    expect(second.body).toMatchObject({ data: [{ reason: "adjusted" }], next_cursor: null });
  });

  it("refuse what they do not know, and a list of nothing in particular", async () => {
    const admin = await asAdmin();
    for (const query of ["", "?store_id=x", "?limit=0", "?colour=red"]) {
      expectProblem(await admin.get(`/v1/stock${query}`), 422, "validation_failed");
    }
    expectProblem(await admin.get("/v1/stock/movements?cursor=x"), 422, "validation_failed");
  });
});
