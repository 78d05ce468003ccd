import { NOT_RFC, NOT_V7, byId, insert, update } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { AT, CLOSED_EXCEPTION, MAIN, NORTH_TILL, NOWHERE, OPEN_EXCEPTION } from "./ids.ts";

const NUMBER_GAP = { type: "number_gap", seq_to: 3, number_kind: "sale", number_from: 5, number_to: 6 };

/** Attacks on each guard of 0007_sync.sql and 0015_till_numbers.sql. */
export const syncAttacks: Attacks = {
  "idempotency_keys (store_id) REFERENCES stores": insert("idempotency_keys", { store_id: NOWHERE }),
  "idempotency_keys (store_id, key) PRIMARY KEY": insert("idempotency_keys", {
    store_id: MAIN,
    key: "k-1",
    response: "[]",
  }),
  idempotency_keys_key_length: insert("idempotency_keys", { key: "" }, { key: "k".repeat(201) }),
  idempotency_keys_fingerprint_form: insert("idempotency_keys", { fingerprint: "d" }, { fingerprint: "D".repeat(64) }),
  idempotency_keys_named_time_form: insert(
    "idempotency_keys",
    { named_time: "now" },
    { named_time: "2026-03-02T09:30:00Z" },
  ),
  idempotency_keys_response_json: insert("idempotency_keys", { response: "{" }),
  idempotency_keys_no_update: update("idempotency_keys", "key = 'k-1'", { response: "[]" }),

  "sync_commands (terminal_id) REFERENCES terminals": insert("sync_commands", { terminal_id: NOWHERE }),
  "sync_commands (terminal_id, seq) PRIMARY KEY": insert("sync_commands", { seq: 1, key: "k-3" }),
  sync_commands_seq_bounds: insert("sync_commands", { seq: 0 }, { seq: 9007199254740992n }),
  sync_commands_number_kept: update("sync_commands", "seq = 1", { key: "k-3" }, { key: null }),

  "sync_exceptions (id) UNIQUE": insert("sync_exceptions", { id: OPEN_EXCEPTION }),
  "sync_exceptions (terminal_id, store_id) REFERENCES terminals": insert(
    "sync_exceptions",
    { store_id: NOWHERE },
    { terminal_id: NOWHERE },
    { terminal_id: NORTH_TILL },
  ),
  "sync_exceptions (sale_id) REFERENCES sales": insert("sync_exceptions", { sale_id: NOWHERE }),
  "sync_exceptions (resolved_by) REFERENCES users": insert("sync_exceptions", { resolved_by: NOWHERE }),
  sync_exceptions_id_is_uuid7: insert("sync_exceptions", { id: "gap" }, { id: NOT_V7 }, { id: NOT_RFC }),
  sync_exceptions_type_known: insert("sync_exceptions", { type: "odd" }),
  sync_exceptions_state_known: insert("sync_exceptions", { state: "ignored" }),
  sync_exceptions_gap_range: insert(
    "sync_exceptions",
    { type: "number_gap" },
    { type: "number_gap", seq_to: 2 },
    { seq_to: 4 },
  ),
  sync_exceptions_resolved_when: insert("sync_exceptions", { state: "resolved" }, { resolved_at: AT }),
  sync_exceptions_gap_unique: insert("sync_exceptions", { type: "number_gap", seq: 4, seq_to: 4 }),
  sync_exceptions_number_kind_known: insert(
    "sync_exceptions",
    { ...NUMBER_GAP, number_kind: "odd" },
    { ...NUMBER_GAP, type: "oversold", seq_to: null },
  ),
  sync_exceptions_number_from_bounds: insert(
    "sync_exceptions",
    { ...NUMBER_GAP, number_from: 0 },
    { ...NUMBER_GAP, number_from: null },
    { number_from: 5 },
  ),
  sync_exceptions_number_to_bounds: insert(
    "sync_exceptions",
    { ...NUMBER_GAP, number_to: 4 },
    { ...NUMBER_GAP, number_to: null },
    { number_to: 5 },
  ),
  sync_exceptions_number_gap_unique: insert("sync_exceptions", { ...NUMBER_GAP, number_from: 7, number_to: 8 }),
  sync_exceptions_stay_resolved: update(
    "sync_exceptions",
    byId(CLOSED_EXCEPTION),
    { note: "again" },
    { state: "open", resolved_at: null },
  ),
};
