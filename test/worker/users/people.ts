import { env } from "cloudflare:workers";
import type { Statement } from "../../../src/db/database.ts";
import type { GateAnswer, GateRequest } from "../../../src/durable-objects/gate/protocol.ts";
import { readSettings } from "../../../src/env.ts";
import { signAccessToken } from "../../../src/modules/auth/access-token.ts";
import { claimsOf } from "../../../src/modules/auth/account.ts";
import { accountByIdStatement, type AccountRow } from "../../../src/modules/auth/queries.ts";
import type { SessionMethod } from "../../../src/modules/auth/session-kind.ts";
import { insertSessionStatement } from "../../../src/modules/auth/session-queries.ts";
import { api, type Client, fetchWith, type Fetcher, uuid } from "../../support/api.ts";
import { addPairedTill } from "../pin/till.ts";

/** What the tests of users share. */

export interface User {
  id: string;
  username: string;
  full_name: string;
  email: string;
  role: string;
  store_ids: string[];
  pin_store_ids: string[];
  must_change_password: boolean;
  active: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

/** Terminal codes of two characters, from 10 to ZZ. */
let lastCode = 35;

/** One more session of a user, opened past the API at a gate ("hq" or a store's id); by PIN, on a till of its own. */
export async function openSession(
  userId: string,
  gate = "hq",
  method: SessionMethod = "password",
  fetcher?: Fetcher,
): Promise<Client> {
  const [account] = await run<AccountRow>(accountByIdStatement(userId));
  if (!account) throw new Error("the user is not there");
  const now = new Date();
  const device = method === "pin" ? await addDevice(gate) : { id: null, terminal_id: null };
  const session = { id: uuid(), gate, method, transport: "bearer", terminal_id: device.terminal_id } as const;
  const { credential_version } = account;
  const more = { user_id: userId, credential_version, device_id: device.id, ip: null, user_agent: null };
  await run(insertSessionStatement({ ...session, ...more }, now));
  return api(await signAccessToken(readSettings(env), claimsOf(account, session), now), fetcher);
}

/** A new till of a store that is paired. */
async function addDevice(storeId: string): Promise<{ id: string; terminal_id: string }> {
  lastCode += 1;
  const { terminal } = await addPairedTill(storeId, lastCode.toString(36).toUpperCase());
  const device = await env.DB.prepare("SELECT id, terminal_id FROM devices WHERE terminal_id = ?1")
    .bind(terminal.id)
    .first<{ id: string; terminal_id: string }>();
  if (!device) throw new Error("the till is not paired");
  return device;
}

async function run<T>({ sql, params }: Statement): Promise<T[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...params)
    .all<T>();
  return results;
}

/** All that stands about users: equal before and after a refusal, nothing was written. */
export async function readEverything(): Promise<unknown> {
  const tables = ["users", "user_stores", "user_pins", "audit_entries", "sessions"];
  const rows = await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)));
  return rows.map(({ results }) => results);
}

/** The audit entries about a user, without what is the same for all. */
export async function readAudit(userId: string, action: string): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare(
    `SELECT action, actor_id, store_id, before, after FROM audit_entries
     WHERE entity_id = ?1 AND action = ?2 ORDER BY seq`,
  )
    .bind(userId, action)
    .all();
  return results;
}

/** If-Match of a version. */
export function ifVersion(version: number): Record<string, string> {
  return { "If-Match": `"v${String(version)}"` };
}

export async function credentialVersionOf(userId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT credential_version AS n FROM users WHERE id = ?1")
    .bind(userId)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** The application whose gates let everybody pass and hear of no end. */
export function fetchUnheard(): Fetcher {
  const getByName = (name: string) => {
    const gate = env.GATE.getByName(name);
    return {
      pass: async (request: GateRequest): Promise<GateAnswer> => gate.pass(request),
      revoke: async () => Promise.reject(new Error("the object is out of reach")),
    };
  };
  return fetchWith({ GATE: { getByName } });
}
