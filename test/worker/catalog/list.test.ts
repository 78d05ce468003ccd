import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  productByBarcodeStatement,
  type ProductFilters,
  productPageStatement,
} from "../../../src/modules/catalog/queries.ts";
import { asAdmin, createProduct, expectProblem, type ProductBody } from "../../support/api.ts";

interface Page {
  data: ProductBody[];
  next_cursor: string | null;
}

async function list(query: string): Promise<string[]> {
  const admin = await asAdmin();
  const answer = await admin.get<Page>(`/v1/products?${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.data.map(({ name }) => name);
}

const group: { category_id: string; brand_id: string } = { category_id: "", brand_id: "" };

beforeAll(async () => {
  const admin = await asAdmin();
  group.category_id = (await admin.post<{ id: string }>("/v1/categories", { name: "Dairy" })).body.id;
  group.brand_id = (await admin.post<{ id: string }>("/v1/brands", { name: "Alm" })).body.id;
  await createProduct({ sku: "MILK-1", name: "Crème fraîche", barcodes: ["96385074"], ...group });
  await createProduct({ sku: "MILK-2", name: "Whole milk 1l", category_id: group.category_id });
  await createProduct({ sku: "BREAD-1", name: "Milk bread", brand_id: group.brand_id });
  const old = await createProduct({ sku: "OLD-1", name: "Old milk" });
  await admin.delete(`/v1/products/${old.id}`);
});

describe("GET /v1/products", () => {
  it("finds by the beginnings of words, without case or diacritics, in any order", async () => {
    expect(await list("q=creme")).toEqual(["Crème fraîche"]);
    expect(await list("q=FRAI%20CR%C3%88")).toEqual(["Crème fraîche"]);
    expect(await list("q=milk")).toEqual(["Crème fraîche", "Whole milk 1l", "Milk bread", "Old milk"]);
    expect(await list("q=milk%20who")).toEqual(["Whole milk 1l"]);
    expect(await list("q=milk-2")).toEqual(["Whole milk 1l"]);
    expect(await list("q=ilk")).toEqual([]);
    expect(await list("q=milk%20nothing")).toEqual([]);
    expect(await list("q=--")).toEqual([]);
    expect(await list("q=m%25")).toEqual(["Crème fraîche", "Whole milk 1l", "Milk bread", "Old milk"]);
  });

  it("filters, and filters together", async () => {
    expect(await list("barcode=96385074")).toEqual(["Crème fraîche"]);
    expect(await list("barcode=00000096385074")).toEqual(["Crème fraîche"]);
    expect(await list("barcode=nothing")).toEqual([]);
    expect(await list("sku=milk-2")).toEqual(["Whole milk 1l"]);
    expect(await list(`category_id=${group.category_id}`)).toEqual(["Crème fraîche", "Whole milk 1l"]);
    expect(await list(`brand_id=${group.brand_id}`)).toEqual(["Crème fraîche", "Milk bread"]);
    expect(await list(`brand_id=${group.brand_id}&category_id=${group.category_id}`)).toEqual(["Crème fraîche"]);
    expect(await list("q=milk&active=true")).toEqual(["Crème fraîche", "Whole milk 1l", "Milk bread"]);
    expect(await list("active=false")).toEqual(["Old milk"]);
    expect(await list(`q=milk&sku=MILK-1&barcode=96385074&updated_since=2020-01-01T00:00:00Z`)).toEqual([
      "Crème fraîche",
    ]);
    expect(await list(`category_id=${group.category_id}&updated_since=2999-01-01T00:00:00Z`)).toEqual([]);
  });

  it("tells what has changed since, page by page, each once", async () => {
    const admin = await asAdmin();
    const mark = await createProduct({ name: "Mark" });
    const since = encodeURIComponent(new Date(Date.parse(String(mark["updated_at"])) + 1).toISOString());
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    for (let i = 0; i < 5; i += 1) await createProduct({ name: `New ${String(i)}` });
    const [first] = (await admin.get<Page>("/v1/products?sku=MILK-2")).body.data;
    await admin.patch(
      `/v1/products/${first?.id ?? ""}`,
      { unit_price: 7 },
      { "If-Match": `"v${String(first?.version)}"` },
    );
    const names: string[] = [];
    let cursor = "";
    do {
      const page = await admin.get<Page>(`/v1/products?updated_since=${since}&limit=2${cursor}`);
      names.push(...page.body.data.map(({ name }) => name));
      cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`;
    } while (cursor !== "");
    expect(names).toEqual(["Whole milk 1l", "New 0", "New 1", "New 2", "New 3", "New 4"]);
  });

  it("pages in the order of arrival: what comes with an old id is not passed over", async () => {
    const admin = await asAdmin();
    const first = await admin.get<Page>("/v1/products?limit=2");
    const late = await createProduct({ id: "01800000-0000-7000-8000-000000000001", name: "Late" });
    const ids: string[] = [];
    let { next_cursor } = first.body;
    while (next_cursor !== null) {
      const page: { body: Page } = await admin.get<Page>(`/v1/products?limit=3&cursor=${next_cursor}`);
      ids.push(...page.body.data.map(({ id }) => id));
      ({ next_cursor } = page.body);
    }
    expect(ids.at(-1)).toBe(late.id);
    expect(new Set([...ids, ...first.body.data.map(({ id }) => id)]).size).toBe(ids.length + 2);
  });

  it("refuses what it does not know", async () => {
    const admin = await asAdmin();
    for (const query of [
      "limit=0",
      "limit=201",
      "cursor=x",
      "cursor=a0",
      "active=1",
      "brand_id=x",
      "q=",
      "colour=red",
      "updated_since=yesterday",
    ]) {
      expectProblem(await admin.get(`/v1/products?${query}`), 422, "validation_failed");
    }
  });
});

describe("the plans of the lists", () => {
  async function planOf({
    sql,
    params,
  }: {
    sql: string;
    params: readonly (string | number | null)[];
  }): Promise<string[]> {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail);
  }

  it.each<[string, ProductFilters, string]>([
    ["all", {}, "SEARCH p USING INTEGER PRIMARY KEY (rowid>?)"],
    ["active ones", { active: true }, "SEARCH p USING INTEGER PRIMARY KEY (rowid>?)"],
    ["a word", { words: ["milk"] }, "SEARCH l USING PRIMARY KEY (word>? AND word<?)"],
    [
      "several words",
      { words: ["a", "b", "c"] },
      "SEARCH o1 EXISTS USING COVERING INDEX product_words_by_product (product_id=? AND word>? AND word<?)",
    ],
    ["a SKU", { sku: "x" }, "SEARCH p USING INDEX sqlite_autoindex_products_2 (sku=?)"],
    ["a barcode", { barcode_key: "x" }, "SEARCH product_barcodes USING PRIMARY KEY (key=?)"],
    ["a category", { category_id: "x" }, "SEARCH p USING INDEX products_by_category (category_id=? AND arrival>?)"],
    ["a brand", { brand_id: "x" }, "SEARCH p USING INDEX products_by_brand (brand_id=? AND arrival>?)"],
    ["changes", { updated_since: "x" }, "SEARCH p USING INDEX products_by_update (updated_at>?)"],
  ])("reach %s by an index", async (_what, filters, step) => {
    const plan = await planOf(productPageStatement(filters, 0, 50));
    expect(plan).toContain(step);
    expect(plan.filter((detail) => /SCAN (?:p|products|product_words|product_barcodes)\b/u.test(detail))).toEqual([]);
  });

  it("look a barcode up by its primary key", async () => {
    const plan = await planOf(productByBarcodeStatement(["x"]));
    expect(plan).toContain("SEARCH s USING PRIMARY KEY (key=?)");
    expect(plan).toContain("SEARCH p USING INDEX sqlite_autoindex_products_1 (id=?)");
  });
});
