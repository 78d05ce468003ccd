import { expect } from "vitest";
import { type Answer, expectProblem, expectStatus, type ProductBody, uuid } from "../../support/api.ts";
import type { Payment, Refund, Sale, Shop } from "../sales/shop.ts";
import { type Discount, type Goods, type Parts, partOf, price, round, sum } from "./arithmetic.ts";
import type { Books, ModelProduct, ModelSale } from "./books.ts";
import type { Dice } from "./dice.ts";

/** The commands of the model test. Each does one thing to the Worker and to the books, and checks the answer. */

export interface World {
  shop: Shop;
  books: Books;
  dice: Dice;
}

/** The one business day on which all of it happens. */
export const DAY = "2026-03-02";
const AT = `${DAY}T12:00:00Z`;

export const COMMANDS: Record<string, { weight: number; run: (world: World) => Promise<void> }> = {
  sell: { weight: 10, run: sell },
  refund: { weight: 7, run: refund },
  receive: { weight: 3, run: receive },
  adjust: { weight: 2, run: adjust },
  repeat: { weight: 3, run: repeat },
  reprice: { weight: 1, run: reprice },
  "wrong version": { weight: 1, run: patchStale },
};

/** Sends a command under a new key; what is taken can be repeated later. */
async function send<T>({ shop, books }: World, path: string, body: unknown): Promise<Answer<T>> {
  const key = uuid();
  const answer = await shop.admin.post<T>(path, body, { "Idempotency-Key": key });
  if (answer.status === 201) books.done.push({ path, body, key, answer: answer.body });
  return answer;
}

async function receive(world: World): Promise<void> {
  const { shop, books, dice } = world;
  const lines = Array.from({ length: dice.int(1, 3) }, () => ({
    product_id: dice.pick(books.products).id,
    quantity: dice.int(1, 30),
  }));
  expectStatus(await send(world, "/v1/stock/movements", { store_id: shop.store.id, reason: "received", lines }), 201);
  for (const { product_id, quantity } of lines) books.move(product_id, quantity);
}

async function adjust(world: World): Promise<void> {
  const { shop, books, dice } = world;
  const product_id = dice.pick(books.products).id;
  const quantity = dice.pick([-12, -3, -1, 2, 5]);
  const lines = [{ product_id, quantity }];
  const answer = await send(world, "/v1/stock/movements", { store_id: shop.store.id, reason: "adjusted", lines });
  if (books.onHand(product_id) + quantity < 0) {
    expectProblem(answer, 409, "insufficient_stock");
    return;
  }
  expectStatus(answer, 201);
  books.move(product_id, quantity);
}

interface DrawnLine {
  product: ModelProduct | null;
  goods: Goods;
  body: Record<string, unknown>;
}

function drawDiscount(dice: Dice, often: number): Discount | undefined {
  if (!dice.onceIn(often)) return undefined;
  return dice.onceIn(2) ? { ppm: dice.int(0, 400_000) } : { amount: dice.int(0, 60) };
}

function drawLine({ books, dice }: World): DrawnLine {
  const product = dice.onceIn(5) ? null : dice.pick(books.products);
  const discount = drawDiscount(dice, 4);
  const custom = {
    name: "Goods",
    unit_price: dice.int(0, 3000),
    tax_rate_ppm: dice.pick([0, 50_000, 88_750, 200_000]),
  };
  const quantity = dice.int(1, 9);
  const { tax_rate_ppm, unit_price } = product ?? custom;
  return {
    product,
    goods: {
      unit_price,
      tax_rate_ppm,
      quantity,
      discount,
      price_quantity: product?.price_quantity ?? 1,
      own_discount_ppm: product?.discount_ppm ?? 0,
    },
    body: { ...(product ? { sku: product.sku } : { custom }), quantity, ...(discount ? { discount } : {}) },
  };
}

async function sell(world: World): Promise<void> {
  const { shop, books, dice } = world;
  const drawn = Array.from({ length: dice.int(1, 4) }, () => drawLine(world));
  const order = drawDiscount(dice, 3);
  const parts = price(
    books.rules,
    drawn.map(({ goods }) => goods),
    order,
  );
  const total = parts ? sum(parts, (part) => part.total) : 0;
  const tender = drawTender(world, total);
  const answer = await send<Sale>(world, "/v1/sales", {
    store_id: shop.store.id,
    terminal_id: shop.terminal.id,
    sold_at: AT,
    lines: drawn.map(({ body }) => body),
    ...(order ? { discount: order } : {}),
    payments: tender.payments,
  });
  if (!parts) {
    expectProblem(answer, 422, "validation_failed");
    return;
  }
  if (tender.short) {
    expectProblem(answer, 409, "payment_short");
    return;
  }
  if (!canTake(books, drawn)) {
    expectProblem(answer, 409, "insufficient_stock");
    return;
  }
  expectStatus(answer, 201);
  const sale = enterSale(world, answer.body.id, drawn, parts, tender);
  expect(answer.body).toMatchObject({
    invoice_no: sale.invoice_no,
    total: sale.total,
    rounding_adjustment: tender.adjustment,
    change_due: tender.change,
    lines: parts.map((part, i) => ({ ...part, quantity: drawn[i]?.goods.quantity })),
  });
}

interface Tender {
  payments: Payment[];
  adjustment: number;
  change: number;
  /** Too little, on purpose. */
  short: boolean;
}

function drawTender({ books, dice }: World, total: number): Tender {
  const nothing = { adjustment: 0, change: 0, short: false };
  if (total === 0) return { ...nothing, payments: [] };
  const how = dice.pick(["card", "cash", "split", "short"]);
  if (how === "card") return { ...nothing, payments: [{ method: "card", amount: total }] };
  const byCard = how === "split" ? Math.floor(total / 2) : 0;
  const left = total - byCard;
  const unit = books.rules.cash_rounding;
  const due = round(BigInt(left), BigInt(unit), books.rules.mode) * unit;
  const change = dice.int(1, 500);
  const card = byCard > 0 ? [{ method: "card", amount: byCard }] : [];
  if (how === "short" && due > 1)
    return { ...nothing, short: true, payments: [...card, { method: "cash", amount: due - 1 }] };
  return {
    payments: [...card, { method: "cash", amount: due + change }],
    adjustment: due - left,
    change,
    short: false,
  };
}

function canTake(books: Books, drawn: DrawnLine[]): boolean {
  const wanted = new Map<string, number>();
  for (const { product, goods } of drawn) {
    if (product) wanted.set(product.id, (wanted.get(product.id) ?? 0) + goods.quantity);
  }
  return [...wanted].every(([id, quantity]) => quantity <= books.onHand(id));
}

function enterSale({ shop, books }: World, id: string, drawn: DrawnLine[], parts: Parts[], tender: Tender): ModelSale {
  const sale: ModelSale = {
    id,
    invoice_no: `${shop.store.code}-01-${String(books.sales.length + 1).padStart(6, "0")}`,
    total: sum(parts, (part) => part.total) + tender.adjustment,
    rounding_adjustment: tender.adjustment,
    lines: parts.map((part, i) => ({
      ...part,
      product_id: drawn[i]?.product?.id ?? null,
      quantity: drawn[i]?.goods.quantity ?? 0,
      refunded: 0,
    })),
  };
  books.sales.push(sale);
  for (const { product, goods } of drawn) if (product) books.move(product.id, -goods.quantity);
  for (const { method, amount } of tender.payments) {
    books.take("sales", method, method === "cash" ? amount - tender.change : amount);
  }
  return sale;
}

async function refund(world: World): Promise<void> {
  const { books, dice } = world;
  if (books.sales.length === 0) return;
  const sale = dice.pick(books.sales);
  const at = dice.int(0, sale.lines.length - 1);
  const line = sale.lines[at];
  if (!line) return;
  const left = line.quantity - line.refunded;
  // Now and then more than there is.
  const quantity = dice.onceIn(6) ? left + dice.int(1, 3) : dice.int(1, Math.max(1, left));
  const restock = dice.pick(["sellable", "damaged", "none"]);
  const over = quantity > left;
  const part = over ? null : partOf(books.rules, line, line.refunded, quantity);
  const wrong = dice.onceIn(8) ? 1 : 0;
  const amount = Math.max(0, part?.total ?? 1) + wrong;
  const method = dice.pick(["cash", "card"]);
  const answer = await send<Refund>(world, `/v1/sales/${sale.id}/refunds`, {
    lines: [{ line_no: at + 1, quantity, restock }],
    payments: amount === 0 ? [] : [{ method, amount }],
    reason: "Brought back",
    refunded_at: AT,
  });
  if (!part) {
    expectProblem(answer, 409, "over_refund");
    return;
  }
  if (part.total < 0) {
    expectProblem(answer, 422, "validation_failed");
    return;
  }
  if (wrong !== 0) {
    expect(expectProblem(answer, 409, "total_mismatch")).toMatchObject({ expected_total: part.total });
    return;
  }
  expectStatus(answer, 201);
  expect(answer.body).toMatchObject({ ...part, lines: [{ ...part, quantity, restock }] });
  line.refunded += quantity;
  books.refunds.push(part);
  if (line.product_id !== null && restock === "sellable") books.move(line.product_id, quantity);
  if (amount > 0) books.take("refunds", method, amount);
}

async function repeat({ shop, books, dice }: World): Promise<void> {
  if (books.done.length === 0) return;
  const { path, body, key, answer: before } = dice.pick(books.done);
  const answer = await shop.admin.post(path, body, { "Idempotency-Key": key });
  expectStatus(answer, 201);
  expect(answer.headers.get("Idempotency-Replayed")).toBe("true");
  expect(answer.body).toEqual(before);
}

async function patchProduct({ shop }: World, product: ModelProduct, version: number, unit_price: number) {
  const headers = { "If-Match": `"v${String(version)}"` };
  return shop.admin.patch<ProductBody>(`/v1/products/${product.id}`, { unit_price }, headers);
}

async function reprice(world: World): Promise<void> {
  const product = world.dice.pick(world.books.products);
  const unit_price = world.dice.int(1, 3000);
  const answer = await patchProduct(world, product, product.version, unit_price);
  expectStatus(answer, 200);
  product.unit_price = unit_price;
  product.version = answer.body.version;
}

async function patchStale(world: World): Promise<void> {
  const product = world.dice.pick(world.books.products);
  const version = world.dice.pick([product.version + 1, product.version - 1, 0]);
  expectProblem(await patchProduct(world, product, version, 1), 412, "stale_version");
}
