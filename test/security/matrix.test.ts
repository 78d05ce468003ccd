import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/app.ts";
import { declareRoute, type Route } from "../../src/http/route.ts";
import { GRANTABLE_PERMISSIONS } from "../../src/modules/auth/permissions.ts";
import { Probe, probeDatabase } from "../bench/probe.ts";
import { type Answer, asUser, createStore, expectProblem, expectStatus, fetchWith } from "../support/api.ts";
import {
  allBut,
  countEveryTable,
  createRole,
  endInDatabase,
  endSession,
  expire,
  resign,
  sendTo,
  tokenOfNobody,
} from "../support/matrix.ts";
import { EXAMPLES, SETUP } from "../worker/budget/examples.ts";
import { openShop, type Shop } from "../worker/budget/shop.ts";
import { nameOf } from "../worker/budget/tour.ts";
import type { Call } from "../worker/budget/watch.ts";
import { brokenGate } from "../worker/http/broken.ts";
import { NOTES, type Outcome } from "./matrix-notes.ts";

/**
 * Every route, by everyone who should and should not: generated from the routes as they are declared, so that a route
 * is in it from the day it is mounted. Each call is the route's example; whoever is refused has changed no row.
 */

type Declaration = Route["declaration"];

/** How a case makes its call out of the example, and through which bindings. */
type Stage = (route: Route, call: Call) => Promise<Call>;

interface Case {
  stage: Stage;
  expected: (declaration: Declaration) => Outcome;
  without_gate?: true;
}

let shop: Shop;
let otherStore: { id: string; code: string };

const UNAUTHENTICATED: Outcome = { status: 401, code: "unauthenticated" };
const REVOKED: Outcome = { status: 401, code: "session_revoked" };
const FORBIDDEN: Outcome = { status: 403, code: "forbidden" };
const NOT_FOUND: Outcome = { status: 404, code: "not_found" };
const OVERLOADED: Outcome = { status: 503, code: "overloaded" };

const declared = ({ status }: Declaration): Outcome => ({ status, code: null });
const isSetup = ({ path }: Declaration): boolean => path === SETUP.path;
const isOpen = ({ permission }: Declaration): boolean => permission === "public";
const asksNothing = ({ permission }: Declaration): boolean => ["public", "anyone", "signed_in"].includes(permission);

/** A credential that is not good is not looked at where none is asked for; setup asks for another. */
function unlessOpen(declaration: Declaration, outcome: Outcome): Outcome {
  if (isSetup(declaration)) return UNAUTHENTICATED;
  return isOpen(declaration) ? declared(declaration) : outcome;
}

const CASES: Record<string, Case> = {
  "no token": {
    stage: async (_, call) => ({ ...call, token: null }),
    expected: (declaration) =>
      declaration.permission === "anyone" ? declared(declaration) : unlessOpen(declaration, UNAUTHENTICATED),
  },
  "an expired token": {
    stage: async (_, call) => ({ ...call, token: await expire(await tokenIn(call)) }),
    expected: (declaration) =>
      declaration.takes_expired_token ? declared(declaration) : unlessOpen(declaration, UNAUTHENTICATED),
  },
  "a revoked session": {
    stage: async (_, call) => {
      const token = await ownToken(call);
      await endSession(token);
      return { ...call, token };
    },
    expected: (declaration) => unlessOpen(declaration, REVOKED),
  },
  "the wrong role": {
    stage: async ({ declaration }, call) => {
      if (asksNothing(declaration)) {
        const may = { permissions: [], max_discount_ppm: 0 };
        return { ...call, token: await resign(await tokenIn(call), { role: "nothing", may }) };
      }
      const role = await createRole(allBut(declaration.permission), 1_000_000);
      return { ...call, token: (await asUser(role, [shop.store.id], shop.store.code)).token };
    },
    expected: (declaration) =>
      asksNothing(declaration)
        ? (NOTES[nameOf(declaration)]?.wrong_role ?? unlessOpen(declaration, declared(declaration)))
        : FORBIDDEN,
  },
  "the wrong store": {
    stage: async ({ declaration }, call) => {
      const made = (await NOTES[nameOf(declaration)]?.elsewhere?.(shop, call)) ?? call;
      return { ...made, token: isSetup(declaration) ? await tokenOfNobody() : await tokenElsewhere(declaration) };
    },
    expected: (declaration) => {
      const outcome = NOTES[nameOf(declaration)]?.wrong_store ?? NOT_FOUND;
      return outcome === "declared" ? declared(declaration) : outcome;
    },
  },
  "the gate away": {
    without_gate: true,
    stage: async (_, call) => call,
    expected: (declaration) => (declaration.without_gate === "serve" ? declared(declaration) : OVERLOADED),
  },
  "the gate away, a revoked session": {
    without_gate: true,
    stage: async (_, call) => {
      const token = await ownToken(call);
      await endInDatabase(token);
      return { ...call, token };
    },
    expected: (declaration) => {
      if (declaration.without_gate === "refuse") return OVERLOADED;
      return isOpen(declaration) ? declared(declaration) : REVOKED;
    },
  },
  "all that it takes": { stage: async (_, call) => call, expected: declared },
};

/** The example's token, or, where it needs none, one that the API could have made. */
async function tokenIn({ token }: Call): Promise<string> {
  return token === null || token === SETUP.token ? tokenOfNobody() : token;
}

/** The same, but never that of the shop's admin, who is still needed. */
async function ownToken(call: Call): Promise<string> {
  return shop && call.token === shop.admin.token ? (await asUser("admin")).token : tokenIn(call);
}

/** Someone with the right the route asks for, in another store alone. */
async function tokenElsewhere({ permission }: Declaration): Promise<string> {
  const grantable = (GRANTABLE_PERMISSIONS as readonly string[]).includes(permission);
  if (grantable || asksNothing({ permission } as Declaration)) {
    const role = await createRole(GRANTABLE_PERMISSIONS, 1_000_000);
    return (await asUser(role, [otherStore.id], otherStore.code)).token;
  }
  // Nobody but an admin can have the right, and admins work everywhere: this one is let into one store alone.
  return resign((await asUser("admin")).token, { stores: [otherStore.id] });
}

async function callOf(route: Route): Promise<Call> {
  const name = nameOf(route.declaration);
  if (isSetup(route.declaration)) return SETUP;
  const call = await EXAMPLES[name]?.(shop);
  if (!call) throw new Error(`${name} needs an example in test/worker/budget/examples.ts`);
  return call;
}

function expectOutcome(answer: Answer, { status, code }: Outcome): void {
  if (code === null) {
    expectStatus(answer, status);
    return;
  }
  expectProblem(answer, status, code);
  if (status === 401) expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
}

/** What is the shop's own in an answer: nothing of it may be told to another store. The path asked for is the caller's. */
function expectNothingOfTheShop({ body }: Answer): void {
  const { instance: _instance, ...told } = (typeof body === "object" ? (body ?? {}) : { body }) as Record<
    string,
    unknown
  >;
  const text = JSON.stringify(told);
  const { store, terminal, shift_id, sale_id, refund_id, exception_id } = shop;
  for (const one of [store.id, store.code, terminal.id, shift_id, sale_id, refund_id, exception_id]) {
    expect(text).not.toContain(one);
  }
}

const probe = new Probe();
const DB = probeDatabase(env.DB, probe);
const worker = fetchWith({ DB });
const withoutGate = fetchWith({ DB, GATE: brokenGate() });

async function run(route: Route, name: string, one: Case): Promise<void> {
  const { declaration } = route;
  const call = await one.stage(route, await callOf(route));
  const outcome = one.expected(declaration);
  const writesNothing = outcome.code !== null || declaration.method === "get";
  const before = writesNothing ? await countEveryTable() : null;
  probe.forget();
  const answer = await sendTo(route, call, one.without_gate ? withoutGate : worker);
  expectOutcome(answer, outcome);
  if (before) {
    expect(probe.rows_written).toBe(0);
    expect(await countEveryTable()).toEqual(before);
  }
  const foreign = name === "the wrong store" && !isOpen(declaration);
  if (foreign && !/^(users|roles|stores):manage$/.test(declaration.permission)) expectNothingOfTheShop(answer);
}

const rows = ROUTES.flatMap((route) =>
  Object.entries(CASES).map(([name, one]) => ({ title: `${nameOf(route.declaration)}: ${name}`, route, name, one })),
);
// Setup works on an empty database alone.
const [first, rest] = [
  rows.filter(({ route }) => isSetup(route.declaration)),
  rows.filter(({ route }) => !isSetup(route.declaration)),
];

const size = `${String(ROUTES.length)} routes x ${String(Object.keys(CASES).length)} cases = ${String(rows.length)}`;

describe(`API5:2023 broken function level authorization, API1:2023 broken object level authorization / ASVS 8.2.1, 8.2.2, 8.3.1, 8.4.1, 16.5.3: ${size}`, () => {
  it.each(first)("$title", async ({ route, name, one }) => run(route, name, one));

  describe("in a shop", () => {
    beforeAll(async () => {
      shop = await openShop();
      otherStore = await createStore();
    });

    it.each(rest)("$title", async ({ route, name, one }) => run(route, name, one));
  });
});

describe("API9:2023 improper inventory management / ASVS 8.1.1: the matrix", () => {
  const names = ROUTES.map(({ declaration }) => nameOf(declaration));

  it("has an example of every route, and of none that is gone", () => {
    const known = [...Object.keys(EXAMPLES), `post ${SETUP.path}`];
    expect(known.toSorted()).toEqual(names.toSorted());
  });

  it("has no note on a route that is gone, and a reason for each", () => {
    expect(Object.keys(NOTES).filter((name) => !names.includes(name))).toEqual([]);
    for (const { why } of Object.values(NOTES)) expect(why.length).toBeGreaterThan(10);
  });

  it("holds every mounted route: what is not declared is not answered", async () => {
    const undeclared = ["/v1", "/v1/", "/v1/admin", "/v1/debug", "/v1/users/me", "/metrics", "/.env", "/v1/auth"];
    for (const path of undeclared) {
      const answer = await sendTo({ declaration: { method: "get" } as Declaration }, { path, token: null });
      expectStatus(answer, path === "/v1/users/me" ? 401 : 404);
    }
  });

  it("is only of routes that say who may: without a permission nothing compiles", () => {
    const whole = {
      method: "get",
      path: "/v1/sample",
      tag: "Sample",
      summary: "A sample",
      permission: "sales:read",
      rate_class: "read",
      without_gate: "serve",
      budget: { d1: 0, do: 1 },
      status: 204,
      problems: [],
      handle: async () => undefined,
    } as const;
    const { permission: _permission, ...silent } = whole;
    const { without_gate: _withoutGate, ...undecided } = whole;
    declareRoute({ ...whole, problems: [] });
    // @ts-expect-error it says nobody who may
    declareRoute({ ...silent, problems: [] });
    // @ts-expect-error nobody can be given this
    declareRoute({ ...whole, problems: [], permission: "sales:anything" });
    // @ts-expect-error it does not say what happens without the gate
    declareRoute({ ...undecided, problems: [] });
    expect(names).not.toContain("get /v1/sample");
  });
});

describe("API4:2023 unrestricted resource consumption / ASVS 16.5.2: without the gate", () => {
  /** SPEC section 11: selling and reading go on; a till that goes on must be able to refresh its session. */
  function goesOn({ method, path, permission, rate_class }: Declaration): boolean {
    // Whoever sells asks for an approval, but a PIN is never guessed at uncounted; and a void or a deposit gives money back.
    if (path === "/v1/approvals" || /\/(?:void|deposit-refunds)$/.test(path)) return false;
    const sells = ["sales:write", "sync:write", "customers:write", "shifts:write", "orders:write"].includes(permission);
    return method === "get" || rate_class === "read" || sells || path === "/v1/auth/refresh";
  }

  it.each(ROUTES.map((route) => ({ name: nameOf(route.declaration), route })))(
    "$name",
    ({ route: { declaration } }) => {
      expect(declaration.without_gate).toBe(goesOn(declaration) ? "serve" : "refuse");
    },
  );
});
