import {
  TOO_MUCH,
  LONG_NAME,
  NOT_RFC,
  NOT_V7,
  batch,
  byId,
  erase,
  insert,
  neededBy,
  twice,
  update,
  updateOf,
} from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { insertOf, plain } from "./statement.ts";
import {
  ANN,
  BEN,
  ENDED_SESSION,
  GONE,
  GONE_SESSION,
  LIVE_SESSION,
  MAIN,
  NORTH_TILL,
  NOWHERE,
  TILL,
  TOKEN,
  NEW_SESSION,
  NEW_USER,
} from "./ids.ts";

/** Attacks on each guard of 0001_identity.sql. */
export const identityAttacks: Attacks = {
  "stores (id) UNIQUE": insert("stores", { id: MAIN }),
  "stores (code) UNIQUE": insert("stores", { code: "MAIN" }),
  stores_id_is_uuid7: insert("stores", { id: "main" }, { id: NOT_V7 }, { id: NOT_RFC }),
  stores_code_form: insert("stores", { code: "A" }, { code: "LONGERTHAN8" }, { code: "south" }, { code: "SO-1" }),
  stores_name_length: insert("stores", { name: "" }, { name: LONG_NAME }),
  stores_currency_form: insert("stores", { currency: "gbp" }, { currency: "POUND" }),
  stores_day_cutoff_form: insert("stores", { day_cutoff: "24:00" }, { day_cutoff: "4:00" }, { day_cutoff: "04:60" }),
  stores_tax_mode_known: insert("stores", { tax_mode: "none" }),
  stores_rounding_mode_known: insert("stores", { rounding_mode: "down" }),
  stores_rounding_scope_known: insert("stores", { rounding_scope: "day" }),
  stores_cash_rounding_bounds: insert("stores", { cash_rounding: 0 }, { cash_rounding: 1000001 }),
  stores_drawer_tolerance_bounds: insert("stores", { drawer_tolerance: -1 }, { drawer_tolerance: TOO_MUCH }),
  stores_allow_oversell_boolean: insert("stores", { allow_oversell: 2 }),
  stores_receipt_width_bounds: insert("stores", { receipt_width: 23 }, { receipt_width: 81 }),
  stores_active_boolean: insert("stores", { active: 2 }),
  stores_version_advances: update("stores", byId(MAIN), { name: "Renamed" }, { version: 3 }),
  stores_currency_frozen: update("stores", byId(MAIN), { currency: "EUR", version: 2 }),

  "terminals (id) UNIQUE": insert("terminals", { id: NORTH_TILL }),
  "terminals (store_id) REFERENCES stores": insert("terminals", { store_id: NOWHERE }),
  "terminals (store_id, code) UNIQUE": insert("terminals", { code: "01" }),
  "terminals (id, store_id) UNIQUE": neededBy(
    [insertOf("sales", { terminal_id: TILL })],
    'foreign key mismatch - "sales" referencing "terminals"',
  ),
  terminals_id_is_uuid7: insert("terminals", { id: "till" }, { id: NOT_V7 }, { id: NOT_RFC }),
  terminals_code_form: insert("terminals", { code: "1" }, { code: "001" }, { code: "a1" }, { code: "00" }),
  terminals_name_length: insert("terminals", { name: "" }, { name: LONG_NAME }),
  terminals_active_boolean: insert("terminals", { active: -1 }),

  "roles (name) PRIMARY KEY": insert("roles", { name: "keeper" }),

  "users (id) UNIQUE": insert("users", { id: ANN }),
  "users (username) UNIQUE": insert("users", { username: "ANN" }),
  "users (role) REFERENCES roles": insert("users", { role: "owner" }),
  users_id_is_uuid7: insert("users", { id: "dora" }, { id: NOT_V7 }, { id: NOT_RFC }),
  users_username_length: insert("users", { username: "d" }, { username: "d".repeat(65) }),
  users_full_name_length: insert("users", { full_name: "" }, { full_name: LONG_NAME }),
  users_email_length: insert("users", { email: "d@" }, { email: `${"d".repeat(254)}@` }),
  users_password_hash_form: insert("users", { password_hash: "correct horse" }, { password_hash: "$2b$12$abc" }),
  users_active_boolean: insert("users", { active: 2 }),

  "user_stores (user_id) REFERENCES users": insert("user_stores", { user_id: NOWHERE }),
  "user_stores (store_id) REFERENCES stores": insert("user_stores", { store_id: NOWHERE }),
  "user_stores (user_id, store_id) PRIMARY KEY": twice("user_stores", ["user_id", "store_id"]),

  "sessions (id) PRIMARY KEY": insert("sessions", { id: LIVE_SESSION, user_id: BEN }),
  // A trigger asks for the user when a session is written; only the key keeps the user afterwards.
  "sessions (user_id) REFERENCES users": batch(
    [
      insertOf("users"),
      insertOf("sessions", { user_id: NEW_USER }),
      updateOf("users", byId(NEW_USER), { id: NOWHERE }),
    ],
    "SELECT 1 FROM sessions WHERE user_id NOT IN (SELECT id FROM users)",
  ),
  sessions_id_is_uuid7: insert("sessions", { id: "session" }, { id: NOT_V7 }, { id: NOT_RFC }),
  sessions_stay_revoked: update("sessions", byId(ENDED_SESSION), { revoked_at: null }),

  "refresh_tokens (token_hash) PRIMARY KEY": twice("refresh_tokens", ["token_hash"]),
  // The trigger asks for a live session when a token is written; only the key keeps the session afterwards.
  "refresh_tokens (session_id) REFERENCES sessions": batch(
    [
      insertOf("sessions"),
      insertOf("refresh_tokens", { session_id: NEW_SESSION }),
      plain(`DELETE FROM sessions WHERE id = '${NEW_SESSION}'`),
    ],
    "SELECT 1 FROM refresh_tokens WHERE session_id NOT IN (SELECT id FROM sessions)",
  ),
  "refresh_tokens (replaces) UNIQUE": insert("refresh_tokens", { replaces: TOKEN }),
  "refresh_tokens (replaces) REFERENCES refresh_tokens": insert("refresh_tokens", {
    replaces: "e".repeat(64),
  }),
  refresh_tokens_are_hashed: insert("refresh_tokens", { token_hash: "c" }, { token_hash: "T".repeat(64) }),
  refresh_tokens_session_live: insert("refresh_tokens", { session_id: ENDED_SESSION }, { session_id: GONE_SESSION }),

  "audit_entries (store_id) REFERENCES stores": insert("audit_entries", { store_id: NOWHERE }),
  "audit_entries (actor_id) REFERENCES users": batch(
    [
      insertOf("users"),
      insertOf("sessions", { user_id: NEW_USER }),
      insertOf("audit_entries", { actor_id: NEW_USER, session_id: NEW_SESSION, store_id: null }),
      updateOf("sessions", byId(NEW_SESSION), { user_id: ANN }),
      updateOf("users", byId(NEW_USER), { id: NOWHERE }),
    ],
    "SELECT 1 FROM audit_entries WHERE actor_id NOT IN (SELECT id FROM users)",
  ),
  "audit_entries (session_id) REFERENCES sessions": batch(
    [
      insertOf("sessions"),
      insertOf("audit_entries", { session_id: NEW_SESSION }),
      plain(`DELETE FROM sessions WHERE id = '${NEW_SESSION}'`),
    ],
    "SELECT 1 FROM audit_entries WHERE session_id NOT IN (SELECT id FROM sessions)",
  ),
  audit_entries_action_form: insert("audit_entries", { action: "Sale" }, { action: `a.${"b".repeat(99)}` }),
  audit_entries_before_json: insert("audit_entries", { before: "{" }),
  audit_entries_after_json: insert("audit_entries", { after: "{" }),
  audit_entries_actor_has_session: insert("audit_entries", { session_id: null }),
  audit_entries_session_live: insert(
    "audit_entries",
    { session_id: ENDED_SESSION },
    { session_id: GONE_SESSION, actor_id: GONE, store_id: null },
    { session_id: LIVE_SESSION, actor_id: BEN, store_id: null },
  ),
  audit_entries_no_update: update("audit_entries", "seq = 1", { action: "store.delete" }),
  audit_entries_no_delete: erase("audit_entries", "seq = 1"),
};
