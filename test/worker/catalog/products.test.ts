import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  asAdmin,
  asUser,
  countRows,
  createProduct,
  createStore,
  expectProblem,
  expectStatus,
  type ProductBody,
  uuid,
} from "../../support/api.ts";

interface AuditRow {
  action: string;
  before: string | null;
  after: string | null;
}

async function auditOf(id: string): Promise<{ action: string; before: unknown; after: unknown }[]> {
  const { results } = await env.DB.prepare(
    "SELECT action, before, after FROM audit_entries WHERE entity_id = ?1 ORDER BY seq",
  )
    .bind(id)
    .all<AuditRow>();
  return results.map(({ action, before, after }) => ({
    action,
    before: before === null ? null : (JSON.parse(before) as unknown),
    after: after === null ? null : (JSON.parse(after) as unknown),
  }));
}

describe("POST /v1/products", () => {
  it("creates a product whole, under the id it brings", async () => {
    const admin = await asAdmin();
    const category = await admin.post<{ id: string }>("/v1/categories", { name: `Fruit ${uuid()}` });
    const brand = await admin.post<{ id: string }>("/v1/brands", { name: `Orchard ${uuid()}` });
    const fields = {
      id: uuid(),
      sku: `APPLE-${uuid()}`,
      name: "Apples, loose",
      description: "Red\nand sweet",
      barcodes: ["2100001000004", `shelf-${uuid().slice(0, 8)}`],
      unit: "g",
      price_quantity: 1000,
      unit_price: 249,
      cost_price: 120,
      tax_rate_ppm: 0,
      discount_ppm: 50_000,
      category_id: category.body.id,
      brand_id: brand.body.id,
      max_per_sale: 20_000,
      track_stock: false,
      attributes: { origin: "Kent", organic: true, sugar: 10.5 },
      image_url: "https://img.example/apple.png",
      active: true,
    };
    const answer = await admin.post<ProductBody>("/v1/products", fields);
    expectStatus(answer, 201);
    expect(answer.body).toEqual({
      ...fields,
      version: 1,
      created_at: expect.any(String) as string,
      updated_at: answer.body["created_at"],
    });
    expect(answer.headers.get("ETag")).toBe('"v1"');
    const read = await admin.get<ProductBody>(`/v1/products/${fields.id}`);
    expect(read.body).toEqual(answer.body);
    const [entry] = await auditOf(fields.id);
    expect(entry).toMatchObject({
      action: "product.create",
      before: null,
      after: { sku: fields.sku, unit_price: 249 },
    });
  });

  it("fills in what is not named", async () => {
    expect(await createProduct()).toMatchObject({
      description: "",
      barcodes: [],
      unit: "each",
      price_quantity: 1,
      cost_price: null,
      tax_rate_ppm: 0,
      discount_ppm: 0,
      category_id: null,
      brand_id: null,
      max_per_sale: null,
      track_stock: true,
      attributes: {},
      image_url: null,
      active: true,
      version: 1,
    });
  });

  it("refuses a SKU, an id and a barcode that are taken, and writes nothing", async () => {
    const admin = await asAdmin();
    const barcode = `code-${uuid()}`;
    const there = await createProduct({ sku: `Taken-${uuid()}`, barcodes: ["036000291452", barcode] });
    const before = await countRows("products");
    const audited = await countRows("audit_entries");
    const base = { name: "Another", unit_price: 1 };
    const bySku = await admin.post("/v1/products", { ...base, sku: there.sku.toUpperCase() });
    expectProblem(bySku, 409, "conflict");
    expectProblem(await admin.post("/v1/products", { ...base, sku: uuid(), id: there.id }), 409, "conflict");
    const byCode = await admin.post("/v1/products", { ...base, sku: uuid(), barcodes: ["x-1", "0036000291452"] });
    expect(expectProblem(byCode, 409, "conflict").errors?.[0]?.pointer).toBe("/barcodes/1");
    expect(await countRows("products")).toBe(before);
    expect(await countRows("audit_entries")).toBe(audited);
  });

  it("refuses groups that are not there, by pointer", async () => {
    const admin = await asAdmin();
    const fields = { sku: uuid(), name: "A", unit_price: 1, category_id: uuid(), brand_id: uuid() };
    const problem = expectProblem(await admin.post("/v1/products", fields), 422, "validation_failed");
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(["/category_id", "/brand_id"]);
  });

  it("says by pointer what is wrong with the fields", async () => {
    const admin = await asAdmin();
    const fields = { sku: uuid(), name: "A", unit_price: 1.5, barcodes: ["4006381333930"], colour: "red" };
    const problem = expectProblem(await admin.post("/v1/products", fields), 422, "validation_failed");
    expect(problem.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(["/barcodes/0", "/colour", "/unit_price"]);
    const fault = problem.errors?.find(({ pointer }) => pointer === "/barcodes/0");
    expect(fault?.detail).toBe("4006381333930 has a wrong check digit: its last digit would have to be 1");
    for (const [body, status, code] of [
      ["", 400, "malformed_json"],
      ["{", 400, "malformed_json"],
      ["[]", 422, "validation_failed"],
      [`{"sku": "a", "name": "b", "unit_price": 1, "attributes": {"__proto__": "x"}}`, 422, "validation_failed"],
    ] as const) {
      expectProblem(await admin.post("/v1/products", body, { "Content-Type": "application/json" }), status, code);
    }
  });
});

describe("GET /v1/products/{id}", () => {
  it("answers 304 to the version that is in force, and 404 to an unknown id", async () => {
    const admin = await asAdmin();
    const product = await createProduct();
    const path = `/v1/products/${product.id}`;
    const fresh = await admin.get(path, { "If-None-Match": '"v1"' });
    expect(fresh.status).toBe(304);
    expect(fresh.body).toBeNull();
    expect((await admin.get(path, { "If-None-Match": '"v2"' })).status).toBe(200);
    expectProblem(await admin.get(`/v1/products/${uuid()}`), 404, "not_found");
    expectProblem(await admin.get("/v1/products/nonsense"), 422, "validation_failed");
  });
});

describe("PATCH /v1/products/{id}", () => {
  it("changes the named fields alone, one version on, and audits what differs", async () => {
    const admin = await asAdmin();
    const product = await createProduct({ description: "as it was", cost_price: 10, max_per_sale: 3 });
    const patch = { name: "New name", unit_price: 100, max_per_sale: null, attributes: { a: 1 } };
    const answer = await admin.patch<ProductBody>(`/v1/products/${product.id}`, patch, { "If-Match": '"v1"' });
    expectStatus(answer, 200);
    expect(answer.headers.get("ETag")).toBe('"v2"');
    expect(answer.body).toEqual({ ...product, ...patch, version: 2, updated_at: answer.body["updated_at"] });
    expect(String(answer.body["updated_at"]) > String(product["updated_at"])).toBe(true);
    expect((await admin.get<ProductBody>(`/v1/products/${product.id}`)).body).toEqual(answer.body);
    expect((await auditOf(product.id))[1]).toEqual({
      action: "product.update",
      before: { name: "A product", max_per_sale: 3, attributes: {} },
      after: { name: "New name", max_per_sale: null, attributes: { a: 1 } },
    });
  });

  it("keeps a scale's codes to what is sold by the gram", async () => {
    const admin = await asAdmin();
    const scale = "2277004000000";
    const sku = `S-${uuid()}`;
    const refused = await admin.post("/v1/products", { sku, name: "Bun", unit_price: 35, barcodes: [scale] });
    expect(expectProblem(refused, 422, "validation_failed").errors).toMatchObject([{ pointer: "/barcodes/0" }]);
    const cheese = await createProduct({ unit: "g", barcodes: [scale] });
    const bun = await createProduct();
    const change = async (id: string, patch: object) =>
      admin.patch<ProductBody>(`/v1/products/${id}`, patch, { "If-Match": '"v1"' });
    const recoded = await change(bun.id, { barcodes: ["2277005000009"] });
    expect(expectProblem(recoded, 422, "validation_failed").errors).toMatchObject([{ pointer: "/barcodes/0" }]);
    const measured = await change(cheese.id, { unit: "each" });
    expect(expectProblem(measured, 422, "validation_failed").errors).toMatchObject([{ pointer: "/unit" }]);
    expectStatus(await change(cheese.id, { unit: "each", barcodes: [] }), 200);
  });

  it("changes barcodes, search words and SKU with it", async () => {
    const admin = await asAdmin();
    const [oldCode, newCode, oldWord, newWord] = [`o-${uuid()}`, `n-${uuid()}`, `zold${uuid()}`, `znew${uuid()}`];
    const product = await createProduct({ barcodes: [oldCode], name: oldWord.replaceAll("-", "") });
    const patch = { barcodes: [newCode], name: newWord.replaceAll("-", ""), sku: `S-${newWord}` };
    expectStatus(await admin.patch(`/v1/products/${product.id}`, patch, { "If-Match": '"v1"' }), 200);
    expectProblem(await admin.get(`/v1/products/lookup?barcode=${oldCode}`), 404, "not_found");
    expectStatus(await admin.get(`/v1/products/lookup?barcode=${newCode}`), 200);
    const found = async (q: string) => (await admin.get<{ data: ProductBody[] }>(`/v1/products?q=${q}`)).body.data;
    expect(await found(oldWord.replaceAll("-", ""))).toEqual([]);
    expect(await found(newWord.replaceAll("-", "").slice(0, 30))).toHaveLength(1);
  });

  it("needs If-Match, and the version in force", async () => {
    const admin = await asAdmin();
    const product = await createProduct();
    const path = `/v1/products/${product.id}`;
    expectProblem(await admin.patch(path, { name: "B" }), 428, "precondition_required");
    expectProblem(await admin.patch(path, { name: "B" }, { "If-Match": '"v2"' }), 412, "stale_version");
    expectProblem(await admin.patch(path, { name: "B" }, { "If-Match": '"other"' }), 412, "stale_version");
    expectProblem(await admin.patch(path, {}, { "If-Match": '"v1"' }), 422, "validation_failed");
    expectProblem(await admin.patch(path, { version: 9 }, { "If-Match": '"v1"' }), 422, "validation_failed");
    expectProblem(await admin.patch(`/v1/products/${uuid()}`, { name: "B" }, { "If-Match": '"v1"' }), 404, "not_found");
    expect((await admin.get<ProductBody>(path)).body).toEqual(product);
  });

  it("refuses what another product has", async () => {
    const admin = await asAdmin();
    const other = await createProduct({ barcodes: [`b-${uuid()}`] });
    const product = await createProduct();
    const path = `/v1/products/${product.id}`;
    const match = { "If-Match": '"v1"' };
    expectProblem(await admin.patch(path, { sku: other.sku.toLowerCase() }, match), 409, "conflict");
    const taken = expectProblem(await admin.patch(path, { barcodes: other["barcodes"] }, match), 409, "conflict");
    expect(taken.errors?.[0]?.pointer).toBe("/barcodes/0");
    const missing = expectProblem(await admin.patch(path, { brand_id: uuid() }, match), 422, "validation_failed");
    expect(missing.errors?.[0]?.pointer).toBe("/brand_id");
    expect((await admin.get<ProductBody>(path)).body).toEqual(product);
  });

  it("lets one of twenty win that name one version, and tells the others", async () => {
    const admin = await asAdmin();
    const product = await createProduct();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        admin.patch<ProductBody>(`/v1/products/${product.id}`, { unit_price: 200 + i }, { "If-Match": '"v1"' }),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(answer, 412, "stale_version");
    const read = await admin.get<ProductBody>(`/v1/products/${product.id}`);
    expect(read.body).toEqual(won[0]?.body);
    expect(await auditOf(product.id)).toHaveLength(2);
  });
});

describe("DELETE /v1/products/{id}", () => {
  it("deactivates, once however often it is sent, and erases nothing", async () => {
    const admin = await asAdmin();
    const product = await createProduct();
    const path = `/v1/products/${product.id}`;
    const answer = await admin.delete(path);
    expect(answer.status).toBe(204);
    expect(answer.body).toBeNull();
    expect((await admin.delete(path)).status).toBe(204);
    const read = await admin.get<ProductBody>(path);
    expect(read.body).toMatchObject({ active: false, version: 2 });
    expect(String(read.body["updated_at"]) > String(product["updated_at"])).toBe(true);
    expect((await auditOf(product.id)).map(({ action }) => action)).toEqual(["product.create", "product.deactivate"]);
    const back = await admin.patch<ProductBody>(path, { active: true }, { "If-Match": '"v2"' });
    expect(back.body.version).toBe(3);
  });

  it("holds to the version that If-Match names", async () => {
    const admin = await asAdmin();
    const path = `/v1/products/${(await createProduct()).id}`;
    expectProblem(await admin.delete(path, { "If-Match": '"v7"' }), 412, "stale_version");
    expect((await admin.get<ProductBody>(path)).body["active"]).toBe(true);
    expect((await admin.delete(path, { "If-Match": '"v1"' })).status).toBe(204);
    expectProblem(await admin.delete(`/v1/products/${uuid()}`), 404, "not_found");
  });
});

describe("roles", () => {
  it("gives each what it may do", async () => {
    const store = await createStore();
    const product = await createProduct({ cost_price: 40 });
    const path = `/v1/products/${product.id}`;
    const employee = await asUser("employee", [store.id]);
    const cashier = await asUser("cashier", [store.id]);
    const body = { sku: uuid(), name: "A", unit_price: 1 };
    const match = { "If-Match": '"v1"' };

    expect((await employee.get<ProductBody>(path)).body["cost_price"]).toBe(40);
    expect((await cashier.get<ProductBody>(path)).body["cost_price"]).toBeNull();
    const listed = await cashier.get<{ data: ProductBody[] }>(`/v1/products?sku=${product.sku}`);
    expect(listed.body.data.map(({ cost_price }) => cost_price)).toEqual([null]);

    for (const send of [
      async () => cashier.post("/v1/products", body),
      async () => cashier.post("/v1/products/batch", { products: [body] }),
      async () => cashier.patch(path, { name: "B" }, match),
      async () => cashier.delete(path),
      async () => cashier.post("/v1/categories", { name: uuid() }),
      async () => cashier.post("/v1/brands", { name: uuid() }),
      async () => employee.delete(path),
    ]) {
      expectProblem(await send(), 403, "forbidden");
    }

    const refusals: [() => Promise<{ status: number; headers: Headers; body: unknown }>, string][] = [
      [async () => employee.post("/v1/products", { ...body, cost_price: 1 }), "/cost_price"],
      [async () => employee.post("/v1/products", { ...body, active: false }), "/active"],
      [async () => employee.patch(path, { cost_price: 41 }, match), "/cost_price"],
      [async () => employee.patch(path, { cost_price: null }, match), "/cost_price"],
      [async () => employee.patch(path, { active: false }, match), "/active"],
      [
        async () => employee.post("/v1/products/batch", { products: [body, { sku: product.sku, cost_price: 1 }] }),
        "/products/1/cost_price",
      ],
    ];
    for (const [send, pointer] of refusals) {
      expect(expectProblem(await send(), 403, "forbidden").errors?.[0]?.pointer).toBe(pointer);
    }
    expect((await employee.get<ProductBody>(path)).body.version).toBe(1);
    // What it read, it may send back.
    expectStatus(await employee.patch(path, { name: "B", cost_price: 40, active: true }, match), 200);
    expectStatus(await employee.post("/v1/products", body), 201);
    expectStatus(await employee.post("/v1/products/batch", { products: [body] }), 200);
  });
});

describe("categories and brands", () => {
  it("are created, listed and unique by name", async () => {
    const admin = await asAdmin();
    const name = `Drinks ${uuid()}`;
    const root = await admin.post<{ id: string }>("/v1/categories", { name });
    expectStatus(root, 201);
    expectProblem(await admin.post("/v1/categories", { name: name.toUpperCase() }), 409, "conflict");
    const child = await admin.post("/v1/categories", { name, parent_id: root.body.id });
    expectStatus(child, 201);
    expect(child.body).toMatchObject({ name, parent_id: root.body.id });
    const orphan = await admin.post("/v1/categories", { name: uuid(), parent_id: uuid() });
    expect(expectProblem(orphan, 422, "validation_failed").errors?.[0]?.pointer).toBe("/parent_id");

    const brand = await admin.post<{ id: string }>("/v1/brands", { name });
    expectStatus(brand, 201);
    expectProblem(await admin.post("/v1/brands", { name: name.toLowerCase() }), 409, "conflict");

    for (const [path, item] of [
      ["/v1/categories", child.body],
      ["/v1/brands", brand.body],
    ] as const) {
      const { data } = (await admin.get<{ data: unknown[] }>(`${path}?limit=200`)).body;
      expect(data).toContainEqual(item);
    }
    const first = await admin.get<{ data: unknown[]; next_cursor: string }>("/v1/categories?limit=1");
    const second = await admin.get<{ data: unknown[] }>(`/v1/categories?limit=1&cursor=${first.body.next_cursor}`);
    expect(second.body.data).not.toEqual(first.body.data);
  });
});
