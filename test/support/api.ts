import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { createApp } from "../../src/app.ts";
import { newId } from "../../src/core/ids.ts";
import type { Statement } from "../../src/db/database.ts";
import { readSettings } from "../../src/env.ts";
import type { ProblemCode } from "../../src/http/problem.ts";
import { signAccessToken } from "../../src/modules/auth/access-token.ts";
import { claimsOf, toProfile } from "../../src/modules/auth/account.ts";
import { hashPassword } from "../../src/modules/auth/password.ts";
import { accountByIdStatement, type AccountRow, insertRefreshTokenStatement } from "../../src/modules/auth/queries.ts";
import { newRefreshToken } from "../../src/modules/auth/refresh-token.ts";
import { insertSessionStatement } from "../../src/modules/auth/session-queries.ts";

/** What the tests of the Worker share: a client of the API, people who are signed in, and things to sell. */

const ORIGIN = "http://regal.test";
/** Scrypt at 2^4: what guards nothing need not be slow. */
const CHEAP_LOG2_N = 4;
const ADMIN = {
  username: "root",
  full_name: "Root",
  email: "root@regal.test",
  password: "a long enough password",
};

/** An answer; `body` is null where there is none, bytes where it is of no known type, and text where it is not JSON. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ProblemCode;
  request_id: string;
  errors?: { pointer: string; detail: string; [extra: string]: unknown }[];
}

export type Fetcher = (request: Request) => Promise<Response>;
type HeaderFields = Record<string, string>;

/** A client of the API: JSON in, JSON out. `T` is the shape the test expects of the answer's body. */
export interface Client {
  get: <T>(path: string, headers?: HeaderFields) => Promise<Answer<T>>;
  post: <T>(path: string, body?: unknown, headers?: HeaderFields) => Promise<Answer<T>>;
  patch: <T>(path: string, body: unknown, headers?: HeaderFields) => Promise<Answer<T>>;
  put: <T>(path: string, body: unknown, headers?: HeaderFields) => Promise<Answer<T>>;
  delete: <T>(path: string, headers?: HeaderFields) => Promise<Answer<T>>;
}

export interface UserBody {
  id: string;
  username: string;
  full_name: string;
  email: string;
  role: string;
  permissions: string[];
  store_ids: string[];
}

export interface SignInBody {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  user: UserBody;
}

/** A client that is somebody. */
export interface SignedIn extends Client {
  token: string;
  refresh_token: string;
  user: UserBody;
}

export interface Credentials {
  id: string;
  username: string;
  password: string;
}

/** A new UUIDv7, as a till would make one. */
export function uuid(): string {
  return newId();
}

/** Sends a request to the Worker under test, as it came from outside. */
export const fetchWorker: Fetcher = async (request) => exports.default.fetch(request);

/** One for all: it keeps nothing of a request or a binding, and its routes take long to lay out. */
const app = createApp();

/** The same application with other bindings or settings: `fetchWith({ LIMIT_WRITE_PER_MINUTE: "3" })`. */
export function fetchWith(overrides: Record<string, unknown>): Fetcher {
  const bindings = { ...env, ...overrides } as Env;
  return async (request) => {
    const execution = createExecutionContext();
    const response = await app.fetch(request, bindings, execution);
    await waitOnExecutionContext(execution);
    return response;
  };
}

/** A client with this access token; null for nobody. */
export function api(token: string | null, fetcher: Fetcher = fetchWorker): Client {
  const send = async <T>(
    method: string,
    path: string,
    body: unknown,
    headers: HeaderFields = {},
  ): Promise<Answer<T>> => {
    const request = new Request(`${ORIGIN}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await fetcher(request);
    return { status: response.status, headers: response.headers, body: (await readBody(response)) as T };
  };
  return {
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body, headers) => send("POST", path, body, headers),
    patch: (path, body, headers) => send("PATCH", path, body, headers),
    put: (path, body, headers) => send("PUT", path, body, headers),
    delete: (path, headers) => send("DELETE", path, undefined, headers),
  };
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (type === "application/octet-stream") return new Uint8Array(await response.arrayBuffer());
  const text = await response.text();
  if (text === "") return null;
  return /json/.test(type) ? (JSON.parse(text) as unknown) : text;
}

/** Signs in over HTTP, from an address of its own, so that many sign-ins of one test file share no limit. */
export async function signIn(username: string, password: string, store_code?: string): Promise<SignedIn> {
  const answer = await api(null).post<SignInBody>(
    "/v1/auth/login",
    { username, password, ...(store_code === undefined ? {} : { store_code }) },
    { "CF-Connecting-IP": uuid() },
  );
  expectStatus(answer, 200);
  const { access_token, refresh_token, user } = answer.body;
  return { ...api(access_token), token: access_token, refresh_token, user };
}

let admin: SignedIn | undefined;

/**
 * The admin of this test file's database: the first one, made through `/v1/setup`, or another one where the file has
 * made users before.
 */
export async function asAdmin(): Promise<SignedIn> {
  if (admin) return admin;
  const answer = await api(env.SETUP_TOKEN).post<UserBody>("/v1/setup", ADMIN);
  if (answer.status !== 409) expectStatus(answer, 201);
  admin = answer.status === 409 ? await asUser("admin") : await signIn(ADMIN.username, ADMIN.password);
  return admin;
}

/** Adds a user who works in these stores, past the API: the password is hashed the same way, but cheaply. */
export async function createUser(role: string, store_ids: readonly string[] = []): Promise<Credentials> {
  const id = uuid();
  const username = `${role}-${id}`;
  const password = `password of ${username}`;
  const hash = await hashPassword(password, env.PASSWORD_PEPPER, CHEAP_LOG2_N);
  const now = new Date().toISOString();
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO users (id, username, full_name, email, password_hash, role, created_at, updated_at)
       VALUES (?1, ?2, ?2, 'someone@regal.test', ?3, ?4, ?5, ?5)`,
    ).bind(id, username, hash, role, now),
    env.DB.prepare("INSERT INTO user_stores (user_id, store_id) SELECT ?1, value FROM json_each(?2)").bind(
      id,
      JSON.stringify(store_ids),
    ),
  ]);
  return { id, username, password };
}

/**
 * A new user of this role in these stores, signed in (to the store of this code, else to `hq`). The session is opened
 * past the API, because a password that is looked at takes a fifth of a second.
 */
export async function asUser(role: string, store_ids: readonly string[] = [], store_code?: string): Promise<SignedIn> {
  return asSameUser(await createUser(role, store_ids), store_code);
}

/** One more session of a user, opened the same way. */
export async function asSameUser({ id }: Pick<Credentials, "id">, store_code?: string): Promise<SignedIn> {
  const now = new Date();
  const gate = store_code === undefined ? "hq" : await storeIdOf(store_code);
  const [account] = await run<AccountRow>(accountByIdStatement(id));
  if (!account) throw new Error("the user is not there");
  const session = { id: uuid(), gate, method: "password", transport: "bearer", terminal_id: null } as const;
  const { token: refresh_token, token_hash, expires_at } = newRefreshToken(now);
  const more = { user_id: id, credential_version: 1, device_id: null, ip: null, user_agent: null };
  await run(insertSessionStatement({ ...session, ...more }, now));
  await run(insertRefreshTokenStatement({ token_hash, session_id: session.id, replaces: null, expires_at }, now));
  const token = await signAccessToken(readSettings(env), claimsOf(account, session), now);
  return { ...api(token), token, refresh_token, user: toProfile(account, session.method) };
}

async function storeIdOf(code: string): Promise<string> {
  const store = await env.DB.prepare("SELECT id FROM stores WHERE code = ?1").bind(code).first<{ id: string }>();
  if (!store) throw new Error(`there is no store ${code}`);
  return store.id;
}

async function run<T>({ sql, params }: Statement): Promise<T[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...params)
    .all<T>();
  return results;
}

export interface StoreBody {
  id: string;
  code: string;
  name: string;
  currency: string;
  timezone: string;
  day_cutoff: string;
  tax_mode: "inclusive" | "exclusive";
  rounding: { mode: "half_up" | "half_even"; scope: "line" | "invoice" };
  cash_rounding: number;
  drawer_tolerance: number;
  allow_oversell: boolean;
  receipt: { header: string; footer: string; width: number };
  active: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

/** Eight letters that no other call has given. */
function uniqueCode(): string {
  return uuid().replaceAll("-", "").slice(-8).toUpperCase();
}

/** A new store in GBP, of a code of its own unless `over` names one. */
export async function createStore(over: Record<string, unknown> = {}): Promise<StoreBody> {
  const body = { code: uniqueCode(), name: "A store", currency: "GBP", ...over };
  const answer = await (await asAdmin()).post<StoreBody>("/v1/stores", body);
  expectStatus(answer, 201);
  return answer.body;
}

export interface TerminalBody {
  id: string;
  store_id: string;
  code: string;
  name: string;
  active: boolean;
  version: number;
  created_at: string;
  paired_at: string | null;
  last_seq: number;
}

/** A new till of a store; its code is 01 unless `over` names another. */
export async function createTerminal(store_id: string, over: Record<string, unknown> = {}): Promise<TerminalBody> {
  const body = { store_id, code: "01", name: "A till", ...over };
  const answer = await (await asAdmin()).post<TerminalBody>("/v1/terminals", body);
  expectStatus(answer, 201);
  return answer.body;
}

export interface ShiftBody {
  id: string;
  terminal_id: string;
  status: string;
  [other: string]: unknown;
}

/** Opens a till's shift, with nothing in the drawer unless it is told how much. */
export async function openShift(terminal_id: string, opening_float = 0): Promise<ShiftBody> {
  const body = { terminal_id, opening_float };
  const answer = await (await asAdmin()).post<ShiftBody>("/v1/shifts", body, { "Idempotency-Key": uuid() });
  expectStatus(answer, 201);
  return answer.body;
}

export interface ProductBody {
  id: string;
  sku: string;
  name: string;
  unit_price: number;
  tax_rate_ppm: number;
  version: number;
  [other: string]: unknown;
}

/** A new product at 1.00 without tax, of a SKU of its own, with the fields of `over` on top. */
export async function createProduct(over: Record<string, unknown> = {}): Promise<ProductBody> {
  const body = { sku: `SKU-${uuid()}`, name: "A product", unit_price: 100, ...over };
  const answer = await (await asAdmin()).post<ProductBody>("/v1/products", body);
  expectStatus(answer, 201);
  return answer.body;
}

/** Puts stock on a store's shelves. */
export async function receiveStock(
  store_id: string,
  lines: readonly { product_id: string; quantity: number; unit_cost?: number }[],
): Promise<void> {
  const body = { store_id, reason: "received", lines };
  const answer = await (await asAdmin()).post("/v1/stock/movements", body, { "Idempotency-Key": uuid() });
  expectStatus(answer, 201);
}

/** The status, told with the body when it is another. */
export function expectStatus(answer: Answer, status: number): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
}

/** A refusal in the form of RFC 9457, with this status and code. Returns it, to look closer. */
export function expectProblem(answer: Answer, status: number, code: ProblemCode): ProblemBody {
  expectStatus(answer, status);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  const problem = answer.body as ProblemBody;
  expect(problem).toMatchObject({
    code,
    status,
    type: `/problems/${code}`,
    request_id: answer.headers.get("X-Request-Id"),
  });
  return problem;
}

/** The number of rows of a table: equal before and after a refusal, nothing was written. */
export async function countRows(table: string): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>();
  return row?.n ?? 0;
}
