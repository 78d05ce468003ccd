import type { Database, Row, Statement } from "./db/database.ts";
import { type GateClient, HQ_GATE } from "./durable-objects/gate/client.ts";
import type { Settings } from "./env.ts";
import { Problem } from "./http/problem.ts";
import type { Permission } from "./modules/auth/permissions.ts";
import type { SessionMethod, SessionTransport } from "./modules/auth/session-kind.ts";
import type { Meter } from "./telemetry/meter.ts";
import type { Trace } from "./telemetry/trace.ts";

/** Who is acting: what the access token says, and the permissions of the role it names. */
export interface Actor {
  user_id: string;
  session_id: string;
  /** The gate every request of the session passes: a store's id, or `hq`. */
  gate: string;
  role: string;
  method: SessionMethod;
  transport: SessionTransport;
  /** The till the session was opened on, or null. */
  terminal_id: string | null;
  permissions: ReadonlySet<Permission>;
  /** Line plus order discount the actor may give alone, measured per line. */
  max_discount_ppm: number;
  /** The stores the actor works in; null means all of them. */
  store_ids: ReadonlySet<string> | null;
}

/** What an offline till's command writes in the batch of what it does; `rows` is what came of those statements. */
export interface Alongside {
  statements: () => Statement[];
  rows: Row[][];
}

/** What every use case is given, whichever way it was reached: HTTP, cron, queue or sync. */
export interface Context {
  env: Env;
  settings: Settings;
  db: Database;
  gates: GateClient;
  meter: Meter;
  /** The moment the request arrived: one clock for all that it writes. */
  now: Date;
  newId: () => string;
  request_id: string;
  trace: Trace;
  ip: string | null;
  /** Where this API stands, as the request called it: `https://pos.example`. */
  own_origin: string;
  /** Header fields of the request; none outside HTTP. */
  request_headers: Headers;
  /** The Idempotency-Key of a command that needs one. */
  idempotency_key: string | null;
  /** The entity tag of If-Match, unquoted. */
  if_match: string | null;
  if_none_match: string | null;
  /** The tokens of X-Approval, as they were sent: whether they are good is looked at where leave is taken. */
  approvals: readonly string[];
  actor: Actor | null;
  /** Null outside sync. */
  alongside: Alongside | null;
  /** Header fields the answer will carry. */
  answer_headers: Headers;
  /** What the log line tells beyond the request itself. */
  log: { store_id?: string };
}

/** The actor of a route that needs one. */
export function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw new Problem("unauthenticated", "This needs a signed-in user.");
  return ctx.actor;
}

/** Refuses a store the actor does not work in, as if it did not exist. The one wall between stores. */
export function requireStore(ctx: Context, storeId: string): void {
  const { store_ids } = actorOf(ctx);
  if (store_ids !== null && !store_ids.has(storeId)) throw new Problem("not_found", "There is no such store.");
  ctx.log.store_id = storeId;
}

/** The store of a request that names none: the one that was signed in to, else the only one the actor works in, else null. */
export function storeAtHand(ctx: Context): string | null {
  const { gate, store_ids } = actorOf(ctx);
  if (gate !== HQ_GATE) return gate;
  const [only, ...others] = store_ids ?? [];
  return only === undefined || others.length > 0 ? null : only;
}

/** The stores a list may show, as a JSON array for `json_each`, or null for all. */
export function storeFilter(ctx: Context): string | null {
  const { store_ids } = actorOf(ctx);
  return store_ids === null ? null : JSON.stringify([...store_ids]);
}

/**
 * A record of one of the actor's stores, or of `only` that one; one of another store is not found, like one that is not
 * there.
 */
export function ofOwnStore<R extends Record<string, unknown>>(
  ctx: Context,
  record: R | undefined,
  entity: string,
  only?: string,
): R {
  const { store_ids } = actorOf(ctx);
  const storeId = String(record?.["store_id"]);
  if (!record || (store_ids !== null && !store_ids.has(storeId)) || (only !== undefined && only !== storeId)) {
    throw new Problem("not_found", `There is no such ${entity}.`);
  }
  ctx.log.store_id = storeId;
  return record;
}
