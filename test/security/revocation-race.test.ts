import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  api,
  asAdmin,
  createProduct,
  createStore,
  createUser,
  expectProblem,
  expectStatus,
  type ProductBody,
  type SignedIn,
  signIn,
  type StoreBody,
  uuid,
} from "../support/api.ts";
import { createRole } from "../support/matrix.ts";
import { addPairedTill, enterPin, PIN, setPin } from "../worker/pin/till.ts";

/**
 * A session that is at work at fifty places at once, and is ended: after the answer to the call that ended it nothing
 * more of it succeeds, and in the order in which the database committed, nothing of it comes after its end. Each run
 * ends it in another way; RACE_RUNS=200 runs that many.
 */

const WRITERS = 50;
const READERS = 5;
/** So many writes stand before the end, so that it comes in the middle of work. */
const WRITES_BEFORE = 60;
const PERMISSIONS = ["stores:read", "catalog:read", "customers:read", "customers:write", "stock:write"] as const;

/** A session in the wrong hands, or about to be. */
interface Scene {
  store: StoreBody;
  role: string;
  user_id: string;
  password: string;
  token: string;
  refresh_token: string;
  /** Another session of the same user. */
  other: SignedIn;
  terminal_id: string;
}

let admin: SignedIn;
let product: ProductBody;

beforeAll(async () => {
  admin = await asAdmin();
  product = await createProduct();
});

const WAYS: Record<string, (scene: Scene) => Promise<Answer>> = {
  "it signs out": async ({ token }) => api(token).post("/v1/auth/logout"),
  "its owner ends it": async ({ other, token }) => other.delete(`/v1/auth/sessions/${sessionOf(token)}`),
  "its owner ends all others": async ({ other }) => other.delete("/v1/auth/sessions"),
  "its owner changes the password": async ({ other, password }) =>
    other.post("/v1/auth/password", { current_password: password, new_password: "another long enough one" }),
  "an admin resets the password": async ({ user_id }) => admin.post(`/v1/users/${user_id}/reset-password`),
  "an admin deactivates the user": async ({ user_id }) => admin.post(`/v1/users/${user_id}/deactivate`),
  "an admin changes the user's role": async ({ user_id }) => patch(`/v1/users/${user_id}`, { role: "cashier" }),
  "an admin takes the store away": async ({ user_id }) => patch(`/v1/users/${user_id}`, { store_ids: [] }),
  "an admin edits the role": async ({ role }) => {
    const row = await env.DB.prepare("SELECT id FROM roles WHERE name = ?1").bind(role).first<{ id: string }>();
    return patch(`/v1/roles/${row?.id ?? ""}`, { permissions: ["stores:read"] });
  },
  "an admin deactivates the store": async ({ store }) => admin.post(`/v1/stores/${store.id}/deactivate`),
  "an admin unpairs the till": async ({ terminal_id }) => admin.post(`/v1/terminals/${terminal_id}/unpair`),
  "its refresh token comes back": async ({ refresh_token }) => {
    expectStatus(await api(null).post("/v1/auth/refresh", { refresh_token }), 200);
    return api(null).post("/v1/auth/refresh", { refresh_token });
  },
};

async function patch(path: string, body: object): Promise<Answer> {
  const { headers } = await admin.get(path);
  return admin.patch(path, body, { "If-Match": headers.get("ETag") ?? "" });
}

function sessionOf(token: string): string {
  return (JSON.parse(atob(token.split(".")[1] ?? "")) as { sid: string }).sid;
}

/** Someone on a paired till, signed in by PIN, who is also signed in elsewhere. */
async function openScene(): Promise<Scene> {
  const store = await createStore();
  const role = await createRole(PERMISSIONS);
  const { id, username, password } = await createUser(role, [store.id]);
  const till = await addPairedTill(store.id);
  await setPin(id, store.id, PIN);
  const other = await signIn(username, password, store.code);
  const { body } = await enterPin(till.device_token, username, PIN);
  const { access_token: token, refresh_token } = body;
  return { store, role, user_id: id, password, token, refresh_token, other, terminal_id: till.terminal.id };
}

/** What a worker was answered; `late` where it asked only after the end had been answered. */
interface Told {
  late: boolean;
  write: boolean;
  answer: Answer;
}

async function race(scene: Scene, end: (scene: Scene) => Promise<Answer>): Promise<void> {
  const client = api(scene.token);
  const told: Told[] = [];
  let ended = false;
  let enough: () => void;
  const underWay = new Promise<void>((resolve) => (enough = resolve));
  const work = async (write: boolean, ask: () => Promise<Answer>): Promise<void> => {
    for (;;) {
      const late = ended;
      const answer = await ask();
      told.push({ late, write, answer });
      if (told.filter((one) => one.write).length >= WRITES_BEFORE || answer.status >= 400) enough();
      if (late || answer.status >= 400) return;
    }
  };
  const movement = {
    store_id: scene.store.id,
    reason: "received",
    lines: [{ product_id: product.id, quantity: 1, unit_cost: 1 }],
  };
  const addCustomer = async () => client.post("/v1/customers", { name: "Race" });
  const receiveOne = async () => client.post("/v1/stock/movements", movement, { "Idempotency-Key": uuid() });
  const reads = ["/v1/auth/me", `/v1/stores/${scene.store.id}`, "/v1/products", "/v1/customers"];
  const workers = [
    ...Array.from({ length: WRITERS }, async (_, i) => work(true, i % 2 === 0 ? addCustomer : receiveOne)),
    ...Array.from({ length: READERS }, async (_, i) =>
      work(false, async () => client.get(reads[i % reads.length] ?? "")),
    ),
  ];
  await underWay;
  const answer = await end(scene);
  ended = true;
  await Promise.all(workers);
  for (const read of reads) expectProblem(await client.get(read), 401, "session_revoked");

  // In the middle of work: some had been done, and those who asked afterwards were told.
  const written = told.filter((one) => one.write && one.answer.status === 201);
  expect(written.length).toBeGreaterThanOrEqual(WRITES_BEFORE);
  for (const one of told.filter(({ late }) => late)) expectProblem(one.answer, 401, "session_revoked");
  // Who was under way may have met the loss of the store first.
  const refused = told.filter(({ answer: { status } }) => status >= 400);
  expect(refused.filter(({ answer: { status } }) => status !== 401 && status !== 404)).toEqual([]);
  // What was told as done is what was done.
  const { results } = await env.DB.prepare("SELECT seq, action FROM audit_entries WHERE session_id = ?1 ORDER BY seq")
    .bind(sessionOf(scene.token))
    .all<{ seq: number; action: string }>();
  const done = results.filter(({ action }) => /^(customer|stock)/.test(action));
  expect(done).toHaveLength(written.length);
  // And in the order of commits it came before the end.
  const end_seq = await lastEntryOf(answer.headers.get("X-Request-Id") ?? "");
  expect(end_seq).toBeGreaterThan(0);
  expect(results.filter(({ seq }) => seq > end_seq)).toEqual([]);
}

async function lastEntryOf(requestId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT max(seq) AS seq FROM audit_entries WHERE request_id = ?1")
    .bind(requestId)
    .first<{ seq: number | null }>();
  return row?.seq ?? 0;
}

const names = Object.keys(WAYS);
const runs = Math.max(Number(env.RACE_RUNS) || 0, names.length);
const rows = Array.from({ length: runs }, (_, i) => ({ run: i + 1, way: names[i % names.length] ?? "" }));

describe(`API2:2023 broken authentication / ASVS 7.4.1, 7.4.2, 7.4.3, 7.4.5, 15.4.2: ${String(WRITERS)} writers, ${String(runs)} runs`, () => {
  it.each(rows)("$run: no write commits and no read is answered after $way", async ({ way }) => {
    const end = WAYS[way];
    if (!end) throw new Error(`there is no way ${way}`);
    await race(await openScene(), end);
  });
});
