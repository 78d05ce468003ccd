import { env } from "cloudflare:workers";
import { hashPassword } from "../../../src/modules/auth/password.ts";
import {
  type Answer,
  api,
  asAdmin,
  createUser,
  type Credentials,
  expectStatus,
  type Fetcher,
  type SignInBody,
  type StoreBody,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";

/** Scrypt at 2^4: what guards nothing need not be slow. */
const CHEAP_LOG2_N = 4;
export const PIN = "483920";

export interface NewTill extends TerminalBody {
  pairing_code: string;
  pairing_expires_at: string;
}

export interface PairedBody {
  device_token: string;
  terminal: TerminalBody;
  store: StoreBody;
}

/** A new till of a store, with its pairing code. */
export async function addTill(store_id: string, code = "01"): Promise<NewTill> {
  const answer = await (await asAdmin()).post<NewTill>("/v1/terminals", { store_id, code, name: `Till ${code}` });
  expectStatus(answer, 201);
  return answer.body;
}

/** Trades a code for a device token, from an address of its own. */
export async function pair(code: string): Promise<Answer<PairedBody>> {
  return api(null).post<PairedBody>("/v1/terminals/pair", { code }, { "CF-Connecting-IP": uuid() });
}

/** A new till that is paired: its device token, and the till. */
export async function addPairedTill(store_id: string, code = "01"): Promise<PairedBody> {
  const till = await addTill(store_id, code);
  const answer = await pair(till.pairing_code);
  expectStatus(answer, 200);
  return answer.body;
}

/** A cashier of a store with a PIN there, set past the API: hashed the same way, but cheaply. */
export async function createCashier(store_id: string, pin = PIN): Promise<Credentials> {
  const user = await createUser("cashier", [store_id]);
  await setPin(user.id, store_id, pin);
  return user;
}

export async function setPin(user_id: string, store_id: string, pin: string): Promise<void> {
  const hash = await hashPassword(pin, env.PASSWORD_PEPPER, CHEAP_LOG2_N);
  await env.DB.prepare("INSERT OR REPLACE INTO user_pins (user_id, store_id, pin_hash, set_at) VALUES (?1, ?2, ?3, ?4)")
    .bind(user_id, store_id, hash, new Date().toISOString())
    .run();
}

export async function enterPin(
  device_token: string | null,
  username: string,
  pin: string,
  fetcher?: Fetcher,
  address = uuid(),
): Promise<Answer<SignInBody>> {
  const headers = { "CF-Connecting-IP": address, ...(device_token === null ? {} : { "X-Device-Token": device_token }) };
  return api(null, fetcher).post<SignInBody>("/v1/auth/pin", { username, pin }, headers);
}

export async function failuresOf(user_id: string): Promise<number | undefined> {
  const row = await env.DB.prepare("SELECT failures FROM user_pins WHERE user_id = ?1").bind(user_id).first<{
    failures: number;
  }>();
  return row?.failures;
}
