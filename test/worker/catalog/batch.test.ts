import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import {
  api,
  asAdmin,
  countRows,
  createProduct,
  expectProblem,
  expectStatus,
  fetchWith,
  type ProductBody,
  uuid,
} from "../../support/api.ts";
import { checkDigit } from "../../../src/core/barcode.ts";

interface Saved {
  data: { index: number; id: string; sku: string; version: number; created: boolean }[];
}

async function save(products: unknown[]) {
  return (await asAdmin()).post<Saved>("/v1/products/batch", { products });
}

/** The thirteen digits of a number of ours with its right check digit; 950 is kept by GS1 for its own office. */
function eanOf(n: number): string {
  const body = `950${String(n).padStart(9, "0")}`;
  return body + String(checkDigit(body));
}

/** The same with a wrong last digit. */
function misprintOf(n: number): string {
  const ean = eanOf(n);
  return ean.slice(0, -1) + String((Number(ean.at(-1)) + 1) % 10);
}

describe("POST /v1/products/batch", () => {
  it("creates and changes by SKU ignoring case, and leaves what is not named", async () => {
    const admin = await asAdmin();
    const old = await createProduct({ sku: `Old-${uuid()}`, description: "stays", cost_price: 5, barcodes: [uuid()] });
    const id = uuid();
    const answer = await save([
      { sku: old.sku.toUpperCase(), unit_price: 999, max_per_sale: 4 },
      { id, sku: `new-${id}`, name: "New", unit_price: 1, barcodes: [eanOf(1)], attributes: { a: true } },
    ]);
    expectStatus(answer, 200);
    expect(answer.body.data).toEqual([
      { index: 0, id: old.id, sku: old.sku, version: 2, created: false },
      { index: 1, id, sku: `new-${id}`, version: 1, created: true },
    ]);
    const changed = await admin.get<ProductBody>(`/v1/products/${old.id}`);
    expect(changed.body).toEqual({
      ...old,
      unit_price: 999,
      max_per_sale: 4,
      version: 2,
      updated_at: changed.body["updated_at"],
    });
    const created = await admin.get<ProductBody>(`/v1/products/lookup?barcode=${eanOf(1)}`);
    expect(created.body["product"]).toMatchObject({ id, attributes: { a: true } });
  });

  it("empties what is named as null, and moves updated_at though nothing differs", async () => {
    const admin = await asAdmin();
    const old = await createProduct({ max_per_sale: 3, cost_price: 4, image_url: "https://img.example/a.png" });
    await save([{ sku: old.sku, max_per_sale: null, cost_price: null, image_url: null, barcodes: [] }]);
    const emptied = (await admin.get<ProductBody>(`/v1/products/${old.id}`)).body;
    expect(emptied).toMatchObject({ max_per_sale: null, cost_price: null, image_url: null, version: 2 });
    await save([{ sku: old.sku }]);
    const touched = (await admin.get<ProductBody>(`/v1/products/${old.id}`)).body;
    expect(touched.version).toBe(3);
    expect(String(touched["updated_at"]) > String(emptied["updated_at"])).toBe(true);
  });

  it("refuses all for one fault, by pointer, and writes nothing", async () => {
    const other = await createProduct({ barcodes: [`hers-${uuid()}`] });
    const counted = [await countRows("products"), await countRows("audit_entries"), await countRows("product_words")];
    const base = { name: "A", unit_price: 1 };
    const cases: [unknown[], string[]][] = [
      [
        [{ sku: uuid(), ...base }, { sku: uuid() }],
        ["/products/1/name", "/products/1/unit_price"],
      ],
      [
        [
          { sku: "Twice", ...base },
          { sku: "tWICE", ...base },
        ],
        ["/products/1/sku"],
      ],
      [
        [
          { sku: uuid(), ...base, barcodes: [eanOf(2)] },
          { sku: uuid(), ...base, barcodes: ["x", `0${eanOf(2)}`] },
        ],
        ["/products/1/barcodes/1"],
      ],
      [
        [
          { sku: uuid(), ...base },
          { sku: uuid(), ...base, barcodes: other["barcodes"] },
        ],
        ["/products/1/barcodes/0"],
      ],
      [[{ sku: uuid(), ...base, id: other.id }], ["/products/0/id"]],
      [[{ sku: other.sku, id: uuid() }], ["/products/0/id"]],
      [
        [
          { sku: uuid(), ...base },
          { sku: uuid(), ...base, category_id: uuid(), brand_id: uuid() },
        ],
        ["/products/1/category_id", "/products/1/brand_id"],
      ],
      [
        [
          { sku: uuid(), ...base, unit_price: -1 },
          { sku: uuid(), ...base, colour: "red" },
        ],
        ["/products/0/unit_price", "/products/1/colour"],
      ],
    ];
    for (const [products, pointers] of cases) {
      const problem = expectProblem(await save(products), 422, "validation_failed");
      expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    }
    expect([await countRows("products"), await countRows("audit_entries"), await countRows("product_words")]).toEqual(
      counted,
    );
  });

  it("refuses misprinted barcodes by index and says the right digit; the rest is found by lookup", async () => {
    const admin = await asAdmin();
    const entries = Array.from({ length: 60 }, (_, i) => ({
      sku: `LIST-${String(i)}`,
      name: `Listed ${String(i)}`,
      unit_price: 100,
      barcodes: [i % 20 === 7 ? misprintOf(1000 + i) : eanOf(1000 + i)],
    }));
    const problem = expectProblem(await save(entries), 422, "validation_failed");
    expect(problem.errors).toEqual(
      [7, 27, 47].map((i) => ({
        pointer: `/products/${String(i)}/barcodes/0`,
        detail: `${misprintOf(1000 + i)} has a wrong check digit: its last digit would have to be ${eanOf(1000 + i).slice(-1)}`,
      })),
    );
    const right = entries.filter((_, i) => i % 20 !== 7);
    expectStatus(await save(right), 200);
    for (const { sku, barcodes } of right) {
      const found = await admin.get<{ product: ProductBody }>(`/v1/products/lookup?barcode=0${barcodes[0] ?? ""}`);
      expect(found.body.product.sku).toBe(sku);
    }
  });

  it("refuses a scale's code on what is not sold by the gram, named in the entry or left from before", async () => {
    const cheese = await createProduct({ unit: "g", barcodes: ["2277004000000"] });
    const entries = [
      { sku: cheese.sku, unit: "each" },
      { sku: uuid(), name: "Bun", unit_price: 35, barcodes: ["2277005000009"] },
      { sku: uuid(), name: "Cheese", unit_price: 35, unit: "g", barcodes: ["2277006000008"] },
    ];
    const { errors } = expectProblem(await save(entries), 422, "validation_failed");
    expect(errors?.map(({ pointer }) => pointer)).toEqual(["/products/0/unit", "/products/1/barcodes/0"]);
    expectStatus(await save([{ sku: cheese.sku, unit: "each", barcodes: [] }]), 200);
  });

  it("passes a barcode from one product to another in one batch", async () => {
    const admin = await asAdmin();
    const code = `moves-${uuid()}`;
    const from = await createProduct({ barcodes: [code] });
    const to = await createProduct();
    expectStatus(
      await save([
        { sku: to.sku, barcodes: [code] },
        { sku: from.sku, barcodes: [] },
      ]),
      200,
    );
    const found = await admin.get<{ product: ProductBody }>(`/v1/products/lookup?barcode=${code}`);
    expect(found.body.product.id).toBe(to.id);
  });

  it("lets of batches that race one change a product at a time, and tells the others", async () => {
    const admin = await asAdmin();
    const product = await createProduct();
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => save([{ sku: product.sku, unit_price: i + 1 }])),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeGreaterThan(0);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(answer, 409, "conflict");
    const read = await admin.get<ProductBody>(`/v1/products/${product.id}`);
    expect(read.body.version).toBe(1 + won.length);
  });

  it("takes a thousand in one read and one commit, and again", async () => {
    const { token } = await asAdmin();
    const lines: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line: string) => {
      lines.push(line);
    });
    const worker = api(token, fetchWith({}));
    const products = Array.from({ length: 1000 }, (_, i) => ({
      sku: `BULK-${String(i)}`,
      name: `Bulk product number ${String(i)}`,
      description: "d".repeat(300),
      unit_price: i,
      barcodes: [eanOf(5000 + i)],
    }));
    const first = await worker.post<Saved>("/v1/products/batch", { products });
    const second = await worker.post<Saved>("/v1/products/batch", {
      products: products.map(({ sku }) => ({ sku, tax_rate_ppm: 200_000 })),
    });
    spy.mockRestore();
    expectStatus(first, 200);
    expectStatus(second, 200);
    expect(
      first.body.data.every(
        ({ created, version, index, sku }) => created && version === 1 && sku === `BULK-${String(index)}`,
      ),
    ).toBe(true);
    expect(second.body.data.every(({ created, version }) => !created && version === 2)).toBe(true);
    const logged = lines.map((line) => JSON.parse(line) as { message: string; round_trips?: { d1: number } });
    expect(logged.filter(({ message }) => message === "request").map(({ round_trips }) => round_trips?.d1)).toEqual([
      2, 2,
    ]);
    const { results } = await env.DB.prepare(
      `SELECT count(*) AS n, sum(length(description)) AS d, sum(tax_rate_ppm) AS t, sum(unit_price) AS p
       FROM products WHERE sku LIKE 'BULK-%'`,
    ).all();
    expect(results).toEqual([{ n: 1000, d: 300_000, t: 200_000_000, p: 499_500 }]);
  });

  it("refuses none, more than a thousand, and what is not a list", async () => {
    const admin = await asAdmin();
    expectProblem(await save([]), 422, "validation_failed");
    expectProblem(
      await save(Array.from({ length: 1001 }, (_, i) => ({ sku: `S${String(i)}` }))),
      422,
      "validation_failed",
    );
    expectProblem(await admin.post("/v1/products/batch", []), 422, "validation_failed");
  });
});
