import { newId } from "../../src/core/ids.ts";
import { Client } from "../bench/load.ts";
import type { Server } from "../bench/server.ts";
import { connectApi } from "../demo/api.ts";
import { Failure } from "../support/failure.ts";

export const PASSWORD = newId();
const VICTIM = "victim";
const OTHER = "other";

/** Two stores, with someone at work in each. */
export interface Stores {
  victim: { username: string; store_id: string; code: string };
  other: { username: string; store_id: string; code: string };
}

export async function openStores(server: Server): Promise<Stores> {
  const setup = connectApi(server.regal.origin, server.setup_token);
  const person = { full_name: "Someone", email: "someone@regal.example", password: PASSWORD };
  await setup({ method: "POST", path: "/v1/setup", body: { username: "admin", ...person } });
  const client = new Client(server.regal);
  const admin = connectApi(server.regal.origin, await signIn(client, "admin", newId()));
  const open = async (username: string, code: string) => {
    const store = { code, name: `Store ${code}`, currency: "GBP" };
    const { id: store_id } = (await admin({ method: "POST", path: "/v1/stores", body: store })).body as { id: string };
    const user = { username, ...person, role: "cashier", store_ids: [store_id] };
    await admin({ method: "POST", path: "/v1/users", body: user });
    return { username, store_id, code };
  };
  const stores = { victim: await open(VICTIM, "AAAA"), other: await open(OTHER, "BBBB") };
  client.close();
  return stores;
}

export interface Attempt {
  status: number;
  took_ms: number;
  text: string;
}

/** One sign-in from an address. */
export async function tryPassword(
  client: Client,
  username: string,
  password: string,
  address: string,
  store_code?: string,
): Promise<Attempt> {
  const sentAt = performance.now();
  const { status, text } = await client.send({
    method: "POST",
    path: "/v1/auth/login",
    headers: { "Content-Type": "application/json", "CF-Connecting-IP": address },
    body: JSON.stringify({ username, password, ...(store_code === undefined ? {} : { store_code }) }),
  });
  return { status, text, took_ms: performance.now() - sentAt };
}

/** An access token. */
export async function signIn(client: Client, username: string, address: string, storeCode?: string): Promise<string> {
  const { status, text } = await tryPassword(client, username, PASSWORD, address, storeCode);
  if (status !== 200) throw new Failure(`${username} could not sign in: ${String(status)} ${text}`);
  return (JSON.parse(text) as { access_token: string }).access_token;
}

/** The address of a host, one of 65,536. */
export function addressOf(host: number): string {
  return `198.18.${String((host >> 8) & 255)}.${String(host & 255)}`;
}
