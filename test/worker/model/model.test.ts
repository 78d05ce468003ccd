import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createProduct, expectStatus } from "../../support/api.ts";
import { openShop, type Sale, type Shop } from "../sales/shop.ts";
import type { Rules } from "./arithmetic.ts";
import { Books } from "./books.ts";
import { COMMANDS, DAY, type World } from "./commands.ts";
import { Dice } from "./dice.ts";

/**
 * Random commands to the Worker and to a model of its books, which are compared after each. A failure tells its seed:
 * `MODEL_SEED=42 MODEL_COMMANDS=1000 npx vitest run --project worker test/worker/model` plays it again.
 */
const SEED = env.MODEL_SEED === "" ? Math.floor(Math.random() * 2 ** 31) : Number(env.MODEL_SEED);
const COMMANDS_EACH = env.MODEL_COMMANDS === "" ? 150 : Number(env.MODEL_COMMANDS);
const TIMEOUT_MS = 30_000 + COMMANDS_EACH * 1000;

const PRODUCTS = [
  { unit_price: 100, tax_rate_ppm: 200_000 },
  { unit_price: 1, tax_rate_ppm: 50_000 },
  { unit_price: 333, tax_rate_ppm: 200_000, discount_ppm: 125_000 },
  { unit_price: 1590, price_quantity: 1000, unit: "g", tax_rate_ppm: 88_750 },
  { unit_price: 2499, tax_rate_ppm: 0 },
];

it.each<Rules>([
  { tax_mode: "inclusive", mode: "half_up", scope: "line", cash_rounding: 1 },
  { tax_mode: "exclusive", mode: "half_even", scope: "invoice", cash_rounding: 5 },
])(
  "the books agree with the model after every command: $tax_mode, $mode, by $scope",
  async (rules) => {
    const world = await openWorld(rules);
    const names = Object.entries(COMMANDS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));
    const trail: string[] = [];
    try {
      for (let i = 0; i < COMMANDS_EACH; i += 1) {
        // The first fills the shelves.
        const name = i === 0 ? "receive" : world.dice.pick(names);
        trail.push(name);
        await COMMANDS[name]?.run(world);
        await expectAgreement(world);
      }
    } catch (error) {
      const story = `seed ${String(SEED)}, command ${String(trail.length)}, after ${trail.slice(-5).join(", ")}`;
      throw new Error(`${story}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    // A run that sold or refunded nothing would agree about nothing.
    expect([world.books.sales.length, world.books.refunds.length].every((count) => count > COMMANDS_EACH / 20)).toBe(
      true,
    );
  },
  TIMEOUT_MS,
);

async function openWorld(rules: Rules): Promise<World> {
  const { mode, scope, tax_mode, cash_rounding } = rules;
  const shop = await openShop({ tax_mode, cash_rounding, rounding: { mode, scope } });
  const books = new Books(rules);
  for (const kind of PRODUCTS) {
    const { id, sku, version } = await createProduct(kind);
    books.products.push({ price_quantity: 1, discount_ppm: 0, ...kind, id, sku, version });
  }
  return { shop, books, dice: new Dice(SEED) };
}

async function expectAgreement({ shop, books }: World): Promise<void> {
  const [levels, report, sales, refunded, moved] = await Promise.all([
    readLevels(shop),
    readReport(shop),
    readSales(shop),
    readRefunded(shop),
    readMoved(shop),
  ]);
  const expected = new Map(books.products.map(({ id }) => [id, books.onHand(id)]));
  for (const [id, quantity] of expected) {
    expect([id, levels.get(id) ?? 0, moved.get(id) ?? 0]).toEqual([id, quantity, quantity]);
    expect(quantity).toBeGreaterThanOrEqual(0);
  }
  expect(report).toMatchObject(books.report());
  const summaries = books.summaries();
  expect(sales).toHaveLength(summaries.length);
  expect(sales).toMatchObject(summaries.map(({ refunded: _refunded, ...sale }) => sale));
  expect(refunded).toEqual(new Map(summaries.map((sale) => [sale.id, sale.refunded])));
}

async function readLevels({ admin, store }: Shop): Promise<Map<string, number>> {
  const answer = await admin.get<{ data: { product_id: string; on_hand: number }[] }>(
    `/v1/stock?store_id=${store.id}&limit=200`,
  );
  expectStatus(answer, 200);
  return new Map(answer.body.data.map(({ product_id, on_hand }) => [product_id, on_hand]));
}

async function readReport({ admin, store }: Shop): Promise<unknown> {
  const answer = await admin.get(`/v1/reports/daily?store_id=${store.id}&date=${DAY}`);
  expectStatus(answer, 200);
  return answer.body;
}

async function readSales({ admin, store }: Shop): Promise<Omit<Sale, "lines" | "payments">[]> {
  const sales: Omit<Sale, "lines" | "payments">[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = cursor === "" ? "" : `&cursor=${cursor}`;
    const answer: { status: number; headers: Headers; body: { data: typeof sales; next_cursor: string | null } } =
      await admin.get(`/v1/sales?store_id=${store.id}&limit=200${page}`);
    expectStatus(answer, 200);
    sales.push(...answer.body.data);
    cursor = answer.body.next_cursor;
  }
  return sales;
}

/** What has come back of each line of each sale: all of them at once, where the API shows one sale. */
async function readRefunded({ store }: Shop): Promise<Map<string, number[]>> {
  const { results } = await env.DB.prepare(
    `SELECT l.sale_id, l.refunded_quantity FROM sales s JOIN sale_lines l ON l.sale_id = s.id
     WHERE s.store_id = ? ORDER BY s.arrival, l.line_no`,
  )
    .bind(store.id)
    .all<{ sale_id: string; refunded_quantity: number }>();
  const lines = Map.groupBy(results, ({ sale_id }) => sale_id);
  return new Map([...lines].map(([id, rows]) => [id, rows.map((row) => row.refunded_quantity)]));
}

async function readMoved({ store }: Shop): Promise<Map<string, number>> {
  const { results } = await env.DB.prepare(
    "SELECT product_id, sum(quantity) AS moved FROM stock_movements WHERE store_id = ? GROUP BY product_id",
  )
    .bind(store.id)
    .all<{ product_id: string; moved: number }>();
  return new Map(results.map(({ product_id, moved }) => [product_id, moved]));
}
