import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../support/failure.ts";
import { type Api, expectBody } from "./client.ts";
import type { StoreRules } from "./amounts.ts";

export type Store = {
  id: string;
  code: string;
  currency: string;
  timezone: string;
  day_cutoff: string;
  created_at: string;
} & StoreRules;

/** The store of this code. Throws a Failure when there is none. */
export async function findStore(api: Api, code: string): Promise<Store> {
  const { data } = await api.get<{ data: Store[] }>(`/v1/stores?${new URLSearchParams({ code }).toString()}`);
  const [store] = data;
  if (!store) throw new Failure(`There is no store ${code}, or you do not work in it.`);
  return store;
}

type Terminal = { id: string; code: string; name: string; last_seq: number };

const CODE = "IM";
const NAME = "Sales history import";
const SETTLED_MS = 1000;

/**
 * The till whose commands an import sends, made when it is missing, with the last command number the server has heard
 * from it. A run that was cut off may have left the server a batch to finish, so the number is taken once it stands
 * still. Throws a Failure when the till's code is another till's.
 */
export async function findTerminal(api: Api, storeId: string): Promise<Terminal> {
  let terminal = (await searchTerminal(api, storeId)) ?? (await createTerminal(api, storeId));
  if (terminal.name !== NAME) {
    throw new Failure(`The store's till ${CODE} is "${terminal.name}"; an import needs that code for itself.`);
  }
  for (let before = -1; terminal.last_seq !== before && terminal.last_seq !== 0;) {
    before = terminal.last_seq;
    await sleep(SETTLED_MS);
    terminal = (await searchTerminal(api, storeId)) ?? terminal;
  }
  return terminal;
}

async function searchTerminal(api: Api, storeId: string): Promise<Terminal | null> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ store_id: storeId, limit: "200", ...(cursor === null ? {} : { cursor }) });
    const page: { data: Terminal[]; next_cursor: string | null } = await api.get(`/v1/terminals?${query.toString()}`);
    const found = page.data.find(({ code }) => code === CODE);
    if (found) return found;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return null;
}

async function createTerminal(api: Api, storeId: string): Promise<Terminal> {
  const body = { store_id: storeId, code: CODE, name: NAME };
  return expectBody(
    await api.ask<Terminal>({ method: "POST", path: "/v1/terminals", body }),
    `Making the till ${CODE} (an admin may: sign in as one once)`,
  );
}
