import {
  type Answer,
  asAdmin,
  asUser,
  createProduct,
  createStore,
  createTerminal,
  type Credentials,
  expectStatus,
  type SignedIn,
  uuid,
} from "../../support/api.ts";
import { createManager } from "../approvals/manager.ts";
import type { Drawn } from "./online/basket.ts";
import { Books, type ModelStore, type ModelTill } from "./books/books.ts";
import { Clock } from "./books/clock.ts";
import type { Dice } from "./dice.ts";
import { CUSTOMERS_PER_STORE, PRODUCTS, type StoreKind, STORES, TILLS } from "./kinds.ts";
import { Outbox } from "./offline/outbox.ts";

/** Three stores of two tills each, each with rules of its own, and who works in them. */

export interface Person {
  id: string;
  client: SignedIn;
  /** A cashier may do less alone. */
  is_cashier: boolean;
}

/** A command that was taken, and what was answered: sent again it is answered so again. */
export interface Done {
  path: string;
  body: unknown;
  key: string;
  by: Person;
  answer: Answer;
}

/** What a command may have touched, for the comparison after it. */
export interface Touched {
  shifts: Set<string>;
  days: Set<string>;
  sales: Set<string>;
  /** Stores whose tills brought something. */
  synced: Set<string>;
}

export interface World {
  books: Books<Drawn>;
  dice: Dice;
  clock: Clock;
  admin: Person;
  /** One for each store, by its id. */
  cashiers: Map<string, Person>;
  /** Who approves what a cashier may not do alone, by store; and the approvals that were used. */
  managers: Map<string, Credentials>;
  spent: { by: Person; action: string; token: string }[];
  outboxes: Map<ModelTill, Outbox>;
  done: Done[];
  /** What the keys of offline commands became, by store and key. */
  keys: Map<string, object>;
  touched: Touched;
  /** The last request and its answer, for the story of a difference. */
  last: string;
  /** How often each thing happened: a run in which nothing does would agree about nothing. */
  counts: Map<string, number>;
}

/** Opens a world in real time; its own begins with the first command. */
export async function openWorld(dice: Dice): Promise<World> {
  const books = new Books<Drawn>();
  const cashiers = new Map<string, Person>();
  const managers = new Map<string, Credentials>();
  for (const kind of STORES) {
    const store = await openStore(kind);
    books.stores.push(store);
    cashiers.set(store.id, personOf(await asUser("cashier", [store.id], store.code), true));
    managers.set(store.id, await createManager(store.id));
  }
  await stockCatalog(books);
  // Who does anything before the run's own time begins does nothing in it: a gate has no mercy on a clock set back.
  const keeper = await asAdmin();
  const admin = personOf(await asUser("admin"), false);
  for (let count = 0; count < CUSTOMERS_PER_STORE * books.stores.length; count += 1) {
    const answer = await keeper.post<{ id: string }>("/v1/customers", { name: "A customer" });
    expectStatus(answer, 201);
    books.customers.push({ id: answer.body.id, credit_limit: 0, version: 1 });
  }
  return {
    books,
    dice,
    clock: new Clock(),
    admin,
    cashiers,
    managers,
    spent: [],
    outboxes: new Map(books.tills.map((till) => [till, new Outbox()])),
    done: [],
    keys: new Map(),
    touched: { shifts: new Set(), days: new Set(), sales: new Set(), synced: new Set() },
    last: "",
    counts: new Map(),
  };
}

function personOf(client: SignedIn, is_cashier: boolean): Person {
  return { id: client.user.id, client, is_cashier };
}

async function openStore(kind: StoreKind): Promise<ModelStore> {
  const { id, code } = await createStore(kind);
  const { currency, timezone, day_cutoff, tax_mode, rounding, cash_rounding, drawer_tolerance, allow_oversell } = kind;
  const store: ModelStore = {
    id,
    code,
    currency,
    timezone,
    day_cutoff,
    rules: { tax_mode, ...rounding, cash_rounding },
    drawer_tolerance,
    allow_oversell,
    tills: [],
    stock: new Map(),
    sequences: new Map(),
    numbers: new Set(),
    skipped: new Set(),
  };
  for (const till of TILLS) {
    const terminal = await createTerminal(id, { code: till });
    store.tills.push({ id: terminal.id, code: till, store, shifts: [], zs: [], heard: new Map() });
  }
  return store;
}

async function stockCatalog(books: Books<Drawn>): Promise<void> {
  const admin = await asAdmin();
  const categories: { id: string; name: string }[] = [];
  for (let count = 0; count < 2; count += 1) {
    const answer = await admin.post<{ id: string; name: string }>("/v1/categories", { name: uuid() });
    expectStatus(answer, 201);
    categories.push({ id: answer.body.id, name: answer.body.name });
  }
  for (const [index, kind] of PRODUCTS.entries()) {
    const category = categories[index % 3] ?? null;
    const { id, sku, version, updated_at } = await createProduct({ ...kind, category_id: category?.id ?? null });
    const { track_stock: tracked = true, max_per_sale = null } = kind;
    const { unit_price, price_quantity = 1, tax_rate_ppm, discount_ppm = 0 } = kind;
    const price = { unit_price, price_quantity, tax_rate_ppm, discount_ppm };
    books.products.push({
      id,
      sku,
      version,
      updated_at: String(updated_at),
      category,
      tracked,
      max_per_sale,
      ...price,
    });
  }
}

/** Counts that something happened. */
export function note(world: World, what: string): void {
  world.counts.set(what, (world.counts.get(what) ?? 0) + 1);
}

/** Who does the next thing in a store: a cashier now and then. */
export function drawPerson({ dice, cashiers, admin }: World, store: ModelStore): Person {
  return (dice.onceIn(4) ? cashiers.get(store.id) : undefined) ?? admin;
}

interface Sent {
  path: string;
  body: unknown;
  by: Person;
  headers?: Record<string, string>;
}

/** Sends a command under a new key; what is taken can be repeated later. */
export async function send<T>(world: World, { path, body, by, headers = {} }: Sent, key = uuid()): Promise<Answer<T>> {
  const answer = await by.client.post<T>(path, body, { ...headers, "Idempotency-Key": key });
  tell(world, path, body, answer);
  if (answer.status < 300) world.done.push({ path, body, key, by, answer });
  return answer;
}

/** Keeps a request and its answer to be told if they turn out to be wrong. */
export function tell(world: World, path: string, body: unknown, answer: Answer): void {
  world.last = `${path} ${JSON.stringify(body)} -> ${String(answer.status)} ${JSON.stringify(answer.body)}`;
}
