import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/app.ts";
import type { Route } from "../../src/http/route.ts";
import { GRANTABLE_PERMISSIONS } from "../../src/modules/auth/permissions.ts";
import { Probe, probeDatabase } from "../bench/probe.ts";
import { asUser, createStore, createTerminal, expectProblem, fetchWith, openShift } from "../support/api.ts";
import { findPlaces, isObject, isText, pointerTo, replaceAt } from "../support/leaves.ts";
import { createRole, sendTo } from "../support/matrix.ts";
import { EXAMPLES, SETUP } from "../worker/budget/examples.ts";
import { leaveHole, openShop, type Shop, saleOf } from "../worker/budget/shop.ts";
import { nameOf } from "../worker/budget/tour.ts";
import type { Call } from "../worker/budget/watch.ts";

/** What can be put into the fields of every route's example: generated from the routes as they are declared. */

let shop: Shop;
/** The counterpart, in another store, of each thing that the examples name. */
let foreign: Map<string, string>;
let clerk: string;

beforeAll(async () => {
  shop = await openShop();
  foreign = await openElsewhere();
  const role = await createRole(GRANTABLE_PERMISSIONS, 1_000_000);
  clerk = (await asUser(role, [shop.store.id], shop.store.code)).token;
});

async function openElsewhere(): Promise<Map<string, string>> {
  const { admin, products } = shop;
  const store = await createStore();
  const terminal = await createTerminal(store.id);
  const shift = await openShift(terminal.id);
  const there = { admin, store, terminal, products: products.map((one) => one) };
  const key = (n: number) => ({ "Idempotency-Key": `elsewhere-number-${String(n)}` });
  const received = products.slice(0, 3).map(({ id }) => ({ product_id: id, quantity: 100, unit_cost: 1 }));
  await admin.post("/v1/stock/movements", { store_id: store.id, reason: "received", lines: received }, key(1));
  const sale = await admin.post<{ id: string }>("/v1/sales", saleOf(there, 3, 2), key(2));
  const refund = await admin.post<{ id: string }>(
    `/v1/sales/${sale.body.id}/refunds`,
    {
      lines: [{ line_no: 1, quantity: 1 }],
      payments: [{ method: "cash", amount: 100 }],
      reason: "It broke",
    },
    key(3),
  );
  const exception_id = await leaveHole(there, terminal);
  const pairs: [string, string][] = [
    [shop.store.id, store.id],
    [shop.terminal.id, terminal.id],
    [shop.shift_id, shift.id],
    [shop.sale_id, sale.body.id],
    [shop.refund_id, refund.body.id],
    [shop.exception_id, exception_id],
  ];
  for (const [mine, theirs] of pairs) expect(mine.length * theirs.length).toBe(36 * 36);
  return new Map(pairs);
}

async function callOf({ declaration }: Route): Promise<Call> {
  const name = nameOf(declaration);
  const call = await EXAMPLES[name]?.(shop);
  if (!call) throw new Error(`${name} needs an example in test/worker/budget/examples.ts`);
  return call;
}

const probe = new Probe();
const worker = fetchWith({ DB: probeDatabase(env.DB, probe) });

/** Sends a call, and tells how many rows it wrote. */
async function send(route: Route, call: Call) {
  probe.forget();
  const answer = await sendTo(route, call, worker);
  return { answer, rows_written: probe.rows_written };
}

const mounted = ROUTES.filter(({ declaration }) => declaration.path !== SETUP.path);
const rowsOf = (routes: readonly Route[]) => routes.map((route) => ({ name: nameOf(route.declaration), route }));
const withBody = rowsOf(mounted.filter(({ declaration }) => declaration.body));

/** What an attacker would like to set, and nobody may by naming it. */
const COVETED = [
  "role",
  "role_id",
  "store_ids",
  "permissions",
  "is_admin",
  "active",
  "id",
  "version",
  "credential_version",
  "must_change_password",
  "password_hash",
  "created_at",
  "user_id",
  "session_id",
  "unit_price",
  "unit_cost",
  "line_total",
  "total",
  "tax_total",
  "discount_total",
  "number",
  "status",
  "balance",
  "max_discount_ppm",
  "arrival",
];

/** The names a schema knows, at any depth: a coveted one that stands there is the route's own to judge. */
function namesIn(route: Route): Set<string> {
  const document = JSON.stringify(route.declaration.body?.toJSONSchema({ unrepresentable: "any", io: "input" }));
  return new Set(Array.from(document.matchAll(/"(\w+)":/g), ([, name]) => name ?? ""));
}

/** A WebAuthn credential: browsers put into it what later versions of the standard define; what is unknown is dropped. */
const WRITTEN_BY_BROWSERS = "credential";

describe("API3:2023 broken object property level authorization / ASVS 15.3.3: mass assignment", () => {
  it.each(withBody)("$name takes no field that it does not name, at any depth", async ({ route }) => {
    const call = await callOf(route);
    const known = namesIn(route);
    const coveted = COVETED.filter((name) => !known.has(name));
    expect(coveted.length).toBeGreaterThan(5);
    for (const [place, object] of findPlaces(call.body ?? {}, isObject)) {
      const more = Object.fromEntries(coveted.map((name) => [name, 1]));
      const body = replaceAt(call.body ?? {}, place, { ...(object as object), ...more });
      const { answer, rows_written } = await send(route, { ...call, body });
      if (place[0] === WRITTEN_BY_BROWSERS || isPartial(route, answer.status, place)) continue;
      const problem = expectProblem(answer, 422, "validation_failed");
      const told = problem.errors?.map(({ pointer }) => pointer) ?? [];
      expect(told).toEqual(expect.arrayContaining(coveted.map((name) => pointerTo([...place, name]))));
      expect(rows_written).toBe(0);
    }
  });
});

/** A batch answers for each of its parts: what is wrong in one is told inside, and stops no other. */
function isPartial({ declaration }: Route, status: number, place: readonly unknown[]): boolean {
  return status === declaration.status && place.length >= 2 && /\/(batch|commands)$/.test(declaration.path);
}

/** Turned around, ended or hidden: by a control, an override, a separator, nothing at all, a tag, half a character. */
const UNSEEN = ["a\u0007b", "a\u001b[31mb", "a\u202eb", "a\u2066b", "a\u2028b", "a\u200bb", "a\u{e0041}b", "a\ud800b"];
/** What nobody reads is taken as it is (NIST SP 800-63B-4, 3.1.1.2). */
const SECRET = /password$/;

describe("API8:2023 security misconfiguration / ASVS 2.2.1, 2.2.2: what is not seen, in every text", () => {
  it.each(withBody)("$name refuses it", async ({ route }) => {
    const call = await callOf(route);
    for (const [place] of findPlaces(call.body, isText)) {
      if (SECRET.test(String(place.at(-1)))) continue;
      for (const text of UNSEEN) {
        const body = JSON.stringify(replaceAt(call.body, place, text));
        const { answer } = await send(route, { ...call, body });
        if (isPartial(route, answer.status, place)) expect(JSON.stringify(answer.body)).toContain("validation_failed");
        else expect(answer.status, `${pointerTo(place)} took ${JSON.stringify(text)}`).toBeGreaterThanOrEqual(400);
      }
    }
  });
});

const INJECTIONS = [
  "'; DROP TABLE users; --",
  "' OR '1'='1",
  '" OR ""="',
  "1); DELETE FROM sessions; --",
  "' UNION SELECT password_hash, 1, 1 FROM users --",
  "%' ESCAPE '\\",
  "\\'; UPDATE users SET role = 'admin'; --",
];

async function readSchema(): Promise<unknown> {
  const { results } = await env.DB.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY name").all();
  return results;
}

describe("API8:2023 security misconfiguration / ASVS 1.2.4: SQL in every text", () => {
  it.each(rowsOf(mounted))("$name takes it for a text", async ({ route }) => {
    const [schema, people] = [await readSchema(), await readPeople()];
    for (const attack of INJECTIONS) {
      const call = await callOf(route);
      for (const [place] of findPlaces(call.body, isText)) {
        await expectNoError(route, { ...call, body: replaceAt(call.body, place, attack) });
      }
      const [path = "", query = ""] = call.path.split("?");
      for (const [name] of new URLSearchParams(query)) {
        const params = new URLSearchParams(query);
        params.set(name, attack);
        await expectNoError(route, { ...call, path: `${path}?${params.toString()}` });
      }
      for (const name of declaredQuery(route)) {
        await expectNoError(route, { ...call, path: `${path}?${new URLSearchParams({ [name]: attack }).toString()}` });
      }
      if (route.declaration.path.includes("{")) {
        const filled = path.replace(/[0-9a-f-]{36}/g, encodeURIComponent(attack));
        await expectNoError(route, { ...call, path: filled });
      }
    }
    expect(await readSchema()).toEqual(schema);
    const after = await readPeople();
    for (const [id, role] of people) expect(after.get(id)).toBe(role);
  });
});

async function readPeople(): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare("SELECT id, role FROM users").all<{ id: string; role: string }>();
  return new Map(results.map(({ id, role }) => [id, role]));
}

function declaredQuery({ declaration }: Route): string[] {
  return Object.keys(declaration.query?.shape ?? {});
}

/** Refused or taken as a text; never an error, and never a word of SQL in the answer but the sender's own. */
async function expectNoError(route: Route, call: Call): Promise<void> {
  const { answer } = await send(route, call);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  expect(JSON.stringify(answer.body)).not.toMatch(/SQLITE|D1_ERROR|syntax error|\$scrypt\$/i);
}

describe("API1:2023 broken object level authorization / ASVS 8.2.2: another store's things in every place of one's own request", () => {
  const reachable = mounted.filter(({ declaration: { permission } }) =>
    (GRANTABLE_PERMISSIONS as readonly string[]).includes(permission),
  );
  let tried = 0;

  it.each(rowsOf(reachable))("$name", async ({ route }) => {
    const call = { ...(await callOf(route)), token: clerk };
    const document = { path: call.path, body: call.body };
    for (const [own, theirs] of foreign) {
      for (const [place, value] of findPlaces(document, (one) => isText(one) && String(one).includes(own))) {
        const changed = replaceAt(document, place, String(value).replaceAll(own, theirs)) as typeof document;
        const { answer, rows_written } = await send(route, { ...call, ...changed });
        expectProblem(answer, 404, "not_found");
        expect(rows_written).toBe(0);
        const told = JSON.stringify({ ...(answer.body as object), instance: "" });
        for (const id of foreign.values()) expect(told).not.toContain(id);
        tried += 1;
      }
    }
  });

  it("was tried in as many places as there are", () => {
    expect(tried).toBeGreaterThanOrEqual(20);
  });
});

describe("API8:2023 security misconfiguration / ASVS 15.3.7: a parameter twice", () => {
  const asked = rowsOf(mounted.filter((route) => declaredQuery(route).length > 0));

  it.each(asked)("$name refuses it, rather than choose one", async ({ route }) => {
    const call = await callOf(route);
    const [path = "", query = ""] = call.path.split("?");
    for (const name of declaredQuery(route)) {
      const params = new URLSearchParams(query);
      const value = params.get(name) ?? "x";
      params.set(name, value);
      params.append(name, value);
      const { answer } = await send(route, { ...call, path: `${path}?${params.toString()}` });
      expectProblem(answer, 422, "validation_failed");
    }
  });

  it.each(rowsOf(mounted.filter(({ declaration }) => declaration.query)))("$name knows its parameters", async (row) => {
    const call = await callOf(row.route);
    const path = `${call.path}${call.path.includes("?") ? "&" : "?"}is_admin=1`;
    expectProblem((await send(row.route, { ...call, path })).answer, 422, "validation_failed");
  });
});
