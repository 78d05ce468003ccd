import { newId } from "../../src/core/ids.ts";
import { type Api, connectApi } from "../demo/api.ts";
import { Failure } from "../support/failure.ts";
import type { Server } from "./server.ts";

/** What is on the shelves: enough that a sale of 50 lines never meets the same product twice. */
export const PRODUCTS = 2000;
const PER_REQUEST = 1000;
const PIECES = 100_000_000;
const PASSWORD = newId();

/** A till with the shift that is open at it. */
export interface Till {
  id: string;
  shift_id: string;
}

export interface Shop {
  store_id: string;
  /** Sold over and over. */
  product_ids: string[];
  /** The access token of a cashier who is signed in to the store. */
  token: string;
  /** The API to that cashier. */
  cashier: Api;
  /** The next till that nothing has been sold at. */
  addTill: () => Promise<Till>;
  /** The same till with its next shift open; the last is closed. */
  reopen: (till: Till) => Promise<Till>;
}

/** Opens a shop through the API of the Worker that is measured. */
export async function openShop(server: Server): Promise<Shop> {
  const setup = connectApi(server.regal.origin, server.setup_token);
  const person = { full_name: "A person", email: "person@regal.example", password: PASSWORD };
  await setup({ method: "POST", path: "/v1/setup", body: { username: "admin", ...person } });
  const admin = connectApi(server.regal.origin, await signIn(server, "admin"));
  const store = { code: "BENCH", name: "The bench", currency: "GBP", tax_mode: "exclusive" };
  const store_id = await create(admin, "/v1/stores", store);
  await create(admin, "/v1/users", { username: "cashier", ...person, role: "cashier", store_ids: [store_id] });
  const product_ids = await stockShelves(admin, store_id);
  const token = await signIn(server, "cashier", store.code);
  const cashier = connectApi(server.regal.origin, token);
  const open = async (id: string): Promise<Till> => ({
    id,
    shift_id: await create(cashier, "/v1/shifts", { terminal_id: id, opening_float: 0 }),
  });
  let tills = 0;
  return {
    store_id,
    product_ids,
    token,
    cashier,
    addTill: async () => {
      tills += 1;
      // Two characters of 36: as many as the tills of a run, and more.
      const code = tills.toString(36).toUpperCase().padStart(2, "0");
      return open(await create(admin, "/v1/terminals", { store_id, code, name: `Till ${code}` }));
    },
    reopen: async ({ id }) => open(id),
  };
}

async function signIn(server: Server, username: string, store_code?: string): Promise<string> {
  const response = await fetch(new URL("/v1/auth/login", server.regal), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: PASSWORD, ...(store_code ? { store_code } : {}) }),
  });
  if (!response.ok) throw new Failure(`Signing in answered ${String(response.status)}: ${await response.text()}`);
  const { access_token } = await response.json<{ access_token: string }>();
  return access_token;
}

async function stockShelves(admin: Api, store_id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let first = 0; first < PRODUCTS; first += PER_REQUEST) {
    const products = Array.from({ length: PER_REQUEST }, (_, index) => ({
      sku: `BENCH-${String(first + index)}`,
      name: `Product ${String(first + index)}`,
      unit_price: 250,
      cost_price: 100,
      tax_rate_ppm: 200_000,
    }));
    const { body } = await admin({ method: "POST", path: "/v1/products/batch", body: { products } });
    const created = (body as { data: { id: string }[] }).data.map(({ id }) => id);
    const lines = created.map((product_id) => ({ product_id, quantity: PIECES }));
    await admin({
      method: "POST",
      path: "/v1/stock/movements",
      idempotency_key: newId(),
      body: { store_id, reason: "received", lines },
    });
    ids.push(...created);
  }
  return ids;
}

async function create(api: Api, path: string, body: object): Promise<string> {
  const answer = await api({ method: "POST", path, body, idempotency_key: newId() });
  return (answer.body as { id: string }).id;
}
