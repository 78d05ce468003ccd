import { expectStatus, type ProductBody } from "../../../support/api.ts";
import { type ModelProduct, moveStock, onHand } from "../books/books.ts";
import { isRefused } from "../expecting.ts";
import { send, tell, type World } from "../world.ts";

/** Goods and their prices: received, adjusted, changed. */

export async function receive(world: World): Promise<void> {
  const { dice, books, admin } = world;
  const store = dice.pick(books.stores);
  const tracked = books.products.filter((product) => product.tracked);
  const goods = Array.from({ length: dice.int(1, 3) }, () => {
    const product = dice.pick(tracked);
    return { product, quantity: product.price_quantity > 1 ? dice.int(2000, 60_000) : dice.int(10, 120) };
  });
  const lines = goods.map(({ product, quantity }) => ({ product_id: product.id, quantity }));
  const body = { store_id: store.id, reason: "received", lines };
  expectStatus(await send(world, { path: "/v1/stock/movements", body, by: admin }), 201);
  for (const { product, quantity } of goods) moveStock(store, product, quantity);
}

/** Something of everything in every store. */
export async function stockUp(world: World): Promise<void> {
  const { books, admin } = world;
  for (const store of books.stores) {
    const tracked = books.products.filter((product) => product.tracked);
    const lines = tracked.map(({ id, price_quantity }) => ({ product_id: id, quantity: 40 * price_quantity }));
    const body = { store_id: store.id, reason: "received", lines };
    expectStatus(await send(world, { path: "/v1/stock/movements", body, by: admin }), 201);
    for (const product of tracked) moveStock(store, product, 40 * product.price_quantity);
  }
}

export async function adjust(world: World): Promise<void> {
  const { dice, books, admin } = world;
  const store = dice.pick(books.stores);
  const product = dice.pick(books.products);
  const quantity = dice.pick([-12, -3, -1, 2, 5]);
  const lines = [{ product_id: product.id, quantity }];
  const body = { store_id: store.id, reason: "adjusted", lines };
  const answer = await send(world, { path: "/v1/stock/movements", body, by: admin });
  const short = !store.allow_oversell && quantity < 0 && onHand(store, product) + quantity < 0;
  const faults = product.tracked ? (short ? ["insufficient_stock"] : []) : ["validation_failed"];
  if (isRefused(world, "adjust stock", answer, faults)) return;
  moveStock(store, product, quantity);
}

/** Another price, or rarely another tax: what an offline till does not know of. */
export async function reprice(world: World): Promise<void> {
  const { dice, books } = world;
  const product = dice.pick(books.products);
  const change = drawChange(dice);
  const answer = await patch(world, product, product.version, change);
  expectStatus(answer, 200);
  Object.assign(product, change, { version: answer.body.version, updated_at: String(answer.body["updated_at"]) });
}

function drawChange(dice: World["dice"]): Partial<ModelProduct> {
  if (dice.onceIn(4)) return { tax_rate_ppm: dice.pick([0, 50_000, 88_750, 200_000]) };
  if (dice.onceIn(3)) return { discount_ppm: dice.pick([0, 100_000, 250_000]) };
  return { unit_price: dice.int(1, 3000) };
}

export async function patchStale(world: World): Promise<void> {
  const product = world.dice.pick(world.books.products);
  const version = world.dice.pick([product.version + 1, product.version - 1, 0]);
  isRefused(world, "wrong version", await patch(world, product, version, { unit_price: 1 }), ["stale_version"]);
}

async function patch(world: World, product: ModelProduct, version: number, change: object) {
  const path = `/v1/products/${product.id}`;
  const headers = { "If-Match": `"v${String(version)}"` };
  const answer = await world.admin.client.patch<ProductBody>(path, change, headers);
  tell(world, path, change, answer);
  return answer;
}
