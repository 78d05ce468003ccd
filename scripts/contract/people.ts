import { connectApi } from "../demo/api.ts";
import type { Keeper } from "../support/demo-shop.ts";
import { newId } from "../../src/core/ids.ts";

/** Who asks: an admin, a cashier, and someone who is not signed in. */
export interface Person {
  name: string;
  /** The access token to send, null of who has none. A session that has ended is replaced by a new user's. */
  signIn: () => Promise<string | null>;
  /** Something may have ended the session: it is looked at before it is used again. */
  doubtSession: () => void;
}

interface Session {
  access_token: string;
  user: { id: string };
}

export const NOBODY: Person = { name: "no token", signIn: async () => Promise.resolve(null), doubtSession: () => {} };

/** The sign-in of the keeper, whom no request is about and in whose name none is sent: it makes the others. */
export async function signInKeeper(keeper: Keeper): Promise<Session> {
  return signIn(keeper.base, keeper.username, keeper.password);
}

/** A person with a role, in every store there is; `told` learns of each user that is made. */
export function createPerson(keeper: Keeper, role: string, told: (username: string, password: string) => void): Person {
  let token: string | null = null;
  let doubted = false;
  const enter = async () => {
    const api = connectApi(keeper.base, (await signInKeeper(keeper)).access_token);
    const { body } = await api({ method: "GET", path: "/v1/stores?limit=200" });
    const store_ids = (body as { data: { id: string }[] }).data.slice(0, STORES).map(({ id }) => id);
    const username = `contract-${role}-${newId().slice(-12)}`;
    const password = newId();
    const person = { username, password, full_name: "A person", email: "person@regal.example", role, store_ids };
    await api({ method: "POST", path: "/v1/users", body: person });
    told(username, password);
    return (await signIn(keeper.base, username, password)).access_token;
  };
  return {
    name: role,
    signIn: async () => {
      if (token === null || (doubted && !(await isLive(keeper.base, token)))) token = await enter();
      doubted = false;
      return token;
    },
    doubtSession: () => {
      doubted = true;
    },
  };
}

/** The stores that were there first, not those that the scan opens. */
const STORES = 2;

async function signIn(base: string, username: string, password: string): Promise<Session> {
  const api = connectApi(base, "none");
  const { body } = await api({ method: "POST", path: "/v1/auth/login", body: { username, password } });
  return body as Session;
}

async function isLive(base: string, token: string): Promise<boolean> {
  const answer = await fetch(`${base}/v1/auth/me`, { headers: { Authorization: `Bearer ${token}` } });
  await answer.body?.cancel();
  return answer.ok;
}
