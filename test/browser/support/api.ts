import { randomUUID } from "node:crypto";
import type { BrowserContext } from "playwright-core";
import { inject } from "vitest";

/** The API from outside the browser: to make what the pages need, and to look behind them. */

export const BASE = inject("base");
const PASSWORD = "a long enough pass phrase";
const ADMIN = { username: "root", full_name: "Rita Root", email: "root@regal.test", password: PASSWORD };

export interface Person {
  username: string;
  full_name: string;
  password: string;
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export async function request(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${BASE}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** Signs in by bearer token; returns the header that says so. */
export async function signInByToken({ username, password }: Person): Promise<{ Authorization: string }> {
  const { status, body } = await request("POST", "/v1/auth/login", {}, { username, password });
  if (status !== 200) throw new Error(`sign-in was answered ${String(status)}: ${JSON.stringify(body)}`);
  return { Authorization: `Bearer ${String(body["access_token"])}` };
}

/** A new admin of a name of their own. The first one is made on the way. */
export async function createPerson(full_name: string): Promise<Person> {
  await request("POST", "/v1/setup", { Authorization: `Bearer ${inject("setup_token")}` }, ADMIN);
  const username = `user-${randomUUID()}`;
  const person = { username, full_name, email: "someone@regal.test", password: PASSWORD, role: "admin", store_ids: [] };
  const { status, body } = await request("POST", "/v1/users", await signInByToken(ADMIN), person);
  if (status !== 201) throw new Error(`the user was answered ${String(status)}: ${JSON.stringify(body)}`);
  return person;
}

/** The session's cookies as a header, to call with them from outside the browser. */
export async function cookiesOf(context: BrowserContext): Promise<{ Cookie: string }> {
  const cookies = await context.cookies(BASE);
  return { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
}

/** The ids of a person's sessions that have not ended, as another session of theirs is told them. */
export async function openSessions(headers: { Authorization: string }): Promise<string[]> {
  const { body } = await request("GET", "/v1/auth/sessions", headers);
  return (body["data"] as { id: string }[]).map(({ id }) => id);
}
