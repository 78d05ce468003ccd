import { env } from "cloudflare:workers";
import { readSettings } from "../../src/env.ts";
import type { Route } from "../../src/http/route.ts";
import { type AccessClaims, signAccessToken } from "../../src/modules/auth/access-token.ts";
import { GRANTABLE_PERMISSIONS, type Permission } from "../../src/modules/auth/permissions.ts";
import type { Call } from "../worker/budget/watch.ts";
import { type Answer, api, type Fetcher, fetchWorker, uuid } from "./api.ts";

/** What the attacks on every route share: tokens as they are made, roles that lack one thing, requests by declaration. */

/** The claims of an access token, unverified, without those that are the same in all. */
export function readClaims(token: string): AccessClaims {
  const text = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
  const {
    iss: _iss,
    aud: _aud,
    iat: _iat,
    exp: _exp,
    ...claims
  } = JSON.parse(text) as AccessClaims & {
    [registered: string]: unknown;
  };
  return claims;
}

/** A token with the same claims but for `over`, signed by the key in use: what only the API itself can make. */
export async function resign(token: string, over: Partial<AccessClaims>, now = new Date()): Promise<string> {
  return signAccessToken(readSettings(env), { ...readClaims(token), ...over }, now);
}

const HOUR_MS = 3_600_000;

/** The same token an hour ago: expired since three quarters of one. */
export async function expire(token: string): Promise<string> {
  return resign(token, {}, new Date(Date.now() - HOUR_MS));
}

/** A token that the API could have made, of nobody. */
export async function tokenOfNobody(over: Partial<AccessClaims> = {}): Promise<string> {
  const claims: AccessClaims = {
    sub: uuid(),
    sid: uuid(),
    gate: "hq",
    role: "admin",
    stores: null,
    method: "password",
    transport: "bearer",
  };
  return signAccessToken(readSettings(env), { ...claims, ...over }, new Date());
}

/** Ends a session as a revocation does: in the database, then at its gate. */
export async function endSession(token: string): Promise<void> {
  const { sid, gate } = readClaims(token);
  await endInDatabase(token);
  await env.GATE.getByName(gate).revoke([sid], Date.now() + HOUR_MS);
}

/** Ends a session where writes are proven, and tells no gate. */
export async function endInDatabase(token: string): Promise<void> {
  await env.DB.prepare("UPDATE sessions SET revoked_at = ?2 WHERE id = ?1")
    .bind(readClaims(token).sid, new Date().toISOString())
    .run();
}

/** A role that an admin could make, with these permissions. Returns its name. */
export async function createRole(permissions: readonly Permission[], max_discount_ppm = 0): Promise<string> {
  const id = uuid();
  const name = `role-${id.slice(-12)}`;
  await env.DB.prepare(
    `INSERT INTO roles (arrival, id, name, permissions, max_discount_ppm)
     VALUES ((SELECT max(arrival) + 1 FROM roles), ?1, ?2, ?3, ?4)`,
  )
    .bind(id, name, JSON.stringify(permissions), max_discount_ppm)
    .run();
  return name;
}

/** All that can be granted, but one. */
export function allBut(permission: string): Permission[] {
  return GRANTABLE_PERMISSIONS.filter((one) => one !== permission);
}

/** Sends a call by the method of its route. */
export async function sendTo(
  route: Pick<Route, "declaration">,
  { path, token, body, headers }: Call,
  fetcher: Fetcher = fetchWorker,
): Promise<Answer> {
  const client = api(token, fetcher);
  const send = {
    get: async () => client.get(path, headers),
    post: async () => client.post(path, body, headers),
    patch: async () => client.patch(path, body, headers),
    put: async () => client.put(path, body, headers),
    delete: async () => client.delete(path, headers),
  }[route.declaration.method];
  return send();
}

let counting: string | undefined;

/** How many rows each table has. */
export async function countEveryTable(): Promise<Record<string, number>> {
  counting ??= await selectCounts();
  return (await env.DB.prepare(counting).first<Record<string, number>>()) ?? {};
}

async function selectCounts(): Promise<string> {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
  ).all<{ name: string }>();
  return `SELECT ${tables.map(({ name }) => `(SELECT count(*) FROM ${name}) AS ${name}`).join(", ")}`;
}
