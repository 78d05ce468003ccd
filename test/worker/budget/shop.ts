import {
  asAdmin,
  createProduct,
  createStore,
  createTerminal,
  expectStatus,
  openShift,
  type ProductBody,
  receiveStock,
  type SignedIn,
  type StoreBody,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";

/** A shop in which every route has something to work on. */
export interface Shop {
  admin: SignedIn;
  store: StoreBody;
  terminal: TerminalBody;
  /** Each in stock; the first has a barcode. */
  products: ProductBody[];
  barcode: string;
  customer_id: string;
  salesperson_id: string;
  category_id: string;
  sale_id: string;
  refund_id: string;
  exception_id: string;
  /** Of the terminal, open. */
  shift_id: string;
}

const PRODUCTS = 60;
const PRICE = 100;

export async function openShop(): Promise<Shop> {
  const admin = await asAdmin();
  const store = await createStore();
  const terminal = await createTerminal(store.id);
  const { id: shift_id } = await openShift(terminal.id);
  const barcode = "4006381333931";
  const products: ProductBody[] = [];
  for (let index = 0; index < PRODUCTS; index += 1) {
    products.push(await createProduct(index === 0 ? { barcodes: [barcode] } : {}));
  }
  await receiveStock(
    store.id,
    products.map(({ id }) => ({ product_id: id, quantity: 100_000 })),
  );
  const create = async (path: string, body: object, headers?: Record<string, string>) => {
    const answer = await admin.post<{ id: string }>(path, body, headers);
    expectStatus(answer, 201);
    return answer.body.id;
  };
  const once = () => ({ "Idempotency-Key": uuid() });
  const sale_id = await create("/v1/sales", saleOf({ store, terminal, products }, 3, 10), once());
  const refund = {
    lines: [{ line_no: 1, quantity: 1 }],
    payments: [{ method: "cash", amount: PRICE }],
    reason: "It broke",
  };
  const shop = {
    admin,
    store,
    terminal,
    shift_id,
    products,
    barcode,
    customer_id: await create("/v1/customers", { name: "Ann Archer" }),
    salesperson_id: await create("/v1/salespeople", { code: "S1", name: "Sam", commission_ppm: 10_000 }),
    category_id: await create("/v1/categories", { name: "Groceries" }),
    sale_id,
    refund_id: await create(`/v1/sales/${sale_id}/refunds`, refund, once()),
  };
  return { ...shop, exception_id: await leaveHole(shop, terminal) };
}

/** A till's second command comes before its first: the hole is an exception. Returns its id. */
export async function leaveHole(
  shop: Pick<Shop, "admin" | "store" | "products">,
  terminal: Pick<TerminalBody, "id">,
): Promise<string> {
  const body = { terminal_id: terminal.id, commands: [command(shop, 2)] };
  expectStatus(await shop.admin.post("/v1/sync/commands", body), 200);
  const list = await shop.admin.get<{ data: { id: string }[] }>(`/v1/sync/exceptions?terminal_id=${terminal.id}`);
  expectStatus(list, 200);
  return list.body.data[0]?.id ?? "";
}

type Shelf = Pick<Shop, "store" | "terminal" | "products">;

/** A sale of so many lines, each of another product, paid by card. */
export function saleOf({ store, terminal, products }: Shelf, lines: number, quantity = 1) {
  return {
    store_id: store.id,
    terminal_id: terminal.id,
    lines: products.slice(0, lines).map(({ id }) => ({ product_id: id, quantity })),
    payments: [{ method: "card", amount: lines * quantity * PRICE }],
  };
}

/** An offline till's sale of one line. */
export function command({ products }: Pick<Shelf, "products">, seq: number) {
  const lines = [{ product_id: products[0]?.id, quantity: 1 }];
  const body = { lines, payments: [{ method: "card", amount: PRICE }] };
  return { seq, idempotency_key: uuid(), type: "sale", occurred_at: new Date().toISOString(), body };
}
