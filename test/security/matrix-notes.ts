import type { ProblemCode } from "../../src/http/problem.ts";
import { createUser } from "../support/api.ts";
import type { Call } from "../worker/budget/watch.ts";
import type { Shop } from "../worker/budget/shop.ts";

/**
 * Where a route's row of the matrix is not the one that its declaration alone calls for. A route without a note is held
 * to the strictest: what it tells of belongs to a store, and to nobody who does not work there.
 */

/** A status, with the code of a refusal. */
export type Outcome = { status: number; code: ProblemCode | null };

export interface Note {
  why: string;
  /** What someone with the same rights in another store is answered; `declared` is the route's own status. */
  wrong_store?: Outcome | "declared";
  /** What someone signed in with no permission at all is answered, where signing in is all that is asked. */
  wrong_role?: Outcome;
  /** Another call than the example for the case of another store. */
  elsewhere?: (shop: Shop, call: Call) => Call | Promise<Call>;
}

const COMPANY = "it belongs to the company, not to a store";
const OWN = "it is about whoever asks";
const NOBODY = "who asks is nobody yet";

const UNKNOWN: Outcome = { status: 401, code: "unauthenticated" };
const everyStore = (why: string): Note => ({ why, wrong_store: "declared" });

/** By method and path. */
export const NOTES: Readonly<Record<string, Note>> = {
  "get /health": everyStore(NOBODY),
  "get /health/ready": everyStore(NOBODY),

  "post /v1/setup": { why: "its credential is the SETUP_TOKEN alone", wrong_store: UNKNOWN },
  "post /v1/auth/login": {
    why: NOBODY,
    wrong_store: UNKNOWN,
    elsewhere: async ({ store }, call) => {
      const { username, password } = await createUser("cashier");
      return { ...call, body: { username, password, store_code: store.code } };
    },
  },
  "post /v1/auth/pin": {
    why: NOBODY,
    wrong_store: UNKNOWN,
    elsewhere: async (_, call) => {
      const { username } = await createUser("cashier");
      return { ...call, body: { ...(call.body as object), username } };
    },
  },
  "post /v1/auth/passkeys/login": {
    why: NOBODY,
    wrong_store: UNKNOWN,
    elsewhere: (_, call) => ({ ...call, body: { ...(call.body as object), store_code: "NOWHERE" } }),
  },
  "post /v1/auth/passkeys/options": everyStore(NOBODY),
  "post /v1/auth/refresh": everyStore(NOBODY),
  "get /v1/auth/csrf": everyStore(NOBODY),
  "post /v1/terminals/pair": everyStore("the code is the credential, and names the till"),

  "post /v1/auth/logout": everyStore(OWN),
  "get /v1/auth/me": everyStore(OWN),
  "get /v1/auth/sessions": everyStore(OWN),
  "delete /v1/auth/sessions": everyStore(OWN),
  "get /v1/auth/passkeys": everyStore(OWN),
  "post /v1/auth/password": { why: OWN, wrong_store: { status: 422, code: "validation_failed" } },
  "post /v1/auth/passkeys/register": { why: OWN, wrong_store: { status: 422, code: "validation_failed" } },
  "delete /v1/users/{id}/pin": {
    why: "the example takes another's PIN away, which admins alone may",
    wrong_role: { status: 403, code: "forbidden" },
  },

  "get /v1/users": everyStore(COMPANY),
  "post /v1/users": everyStore(COMPANY),
  "get /v1/users/{id}": everyStore(COMPANY),
  "patch /v1/users/{id}": everyStore(COMPANY),
  "post /v1/users/{id}/deactivate": everyStore(COMPANY),
  "post /v1/users/{id}/reactivate": everyStore(COMPANY),
  "post /v1/users/{id}/reset-password": everyStore(COMPANY),
  "get /v1/roles": everyStore(COMPANY),
  "post /v1/roles": everyStore(COMPANY),
  "get /v1/roles/{id}": everyStore(COMPANY),
  "patch /v1/roles/{id}": everyStore(COMPANY),
  "post /v1/roles/{id}/reactivate": everyStore(COMPANY),
  "post /v1/roles/{id}/deactivate": everyStore(COMPANY),
  "post /v1/stores": everyStore("a new store is nobody's yet"),
  "get /v1/stores": everyStore("a list of one's own"),
  "get /v1/sync/exceptions": everyStore("a list of one's own"),

  "get /v1/products": everyStore(COMPANY),
  "post /v1/products": everyStore(COMPANY),
  "post /v1/products/batch": everyStore(COMPANY),
  "get /v1/products/lookup": everyStore(COMPANY),
  "get /v1/products/{id}": everyStore(COMPANY),
  "patch /v1/products/{id}": everyStore(COMPANY),
  "delete /v1/products/{id}": everyStore(COMPANY),
  "get /v1/categories": everyStore(COMPANY),
  "post /v1/categories": everyStore(COMPANY),
  "get /v1/brands": everyStore(COMPANY),
  "post /v1/brands": everyStore(COMPANY),
  "get /v1/customers": everyStore(COMPANY),
  "post /v1/customers": everyStore(COMPANY),
  "post /v1/customers/search": everyStore(COMPANY),
  "get /v1/customers/{id}": everyStore(COMPANY),
  "patch /v1/customers/{id}": everyStore(COMPANY),
  "get /v1/customers/{id}/ledger": everyStore(COMPANY),
  "get /v1/customers/{id}/statement": everyStore(COMPANY),
  "get /v1/gift-cards/{code}": everyStore(COMPANY),
  "get /v1/salespeople": everyStore(COMPANY),
  "post /v1/salespeople": everyStore(COMPANY),
  "get /v1/salespeople/{id}": everyStore(COMPANY),
};
