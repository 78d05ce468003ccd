import { batch, byId, erase, insert, LONG_NAME, NOT_RFC, NOT_V7, twice, update, updateOf } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { insertOf, plain } from "./statement.ts";
import {
  ANN,
  BEN,
  BEN_SESSION,
  DEAD_CODE,
  DEAD_TILL,
  DEVICE,
  EARLIER,
  GONE,
  GONE_CODE,
  GONE_DEVICE,
  idOf,
  KIM,
  LATER,
  NEW_SESSION,
  NEW_USER,
  NORTH,
  NORTH_TILL,
  NOWHERE,
  OLD_CODE,
  OPEN_CODE,
  PASSKEY,
  SECOND_CODE,
  SHUT,
  TILL,
} from "./ids.ts";

const ADMIN_ROLE = "019a3d50-0000-7000-8000-000000000001";
const NEW_TILL = idOf(111);
const NEW_DEVICE = idOf(135);
const NEW_CODE = "7".repeat(64);
const OUT = { active: 0, version: 2 };
const NO_ADMIN = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND active = 1)";

/** Attacks on each guard of 0008_people.sql. */
export const credentialAttacks: Attacks = {
  roles_id_is_uuid7: insert("roles", { id: "auditor" }, { id: NOT_V7 }, { id: NOT_RFC }),
  roles_built_in_boolean: insert("roles", { built_in: 2 }),
  roles_description_length: insert("roles", { description: LONG_NAME }),
  roles_permissions_list: insert("roles", { permissions: "{}" }, { permissions: "sales:read" }),
  roles_max_discount_bounds: insert("roles", { max_discount_ppm: -1 }, { max_discount_ppm: 1000001 }),
  roles_active_boolean: insert("roles", { active: 2 }),
  roles_id: insert("roles", { id: ADMIN_ROLE }),
  roles_arrival: insert("roles", { arrival: 1 }),
  roles_name_form: insert(
    "roles",
    { name: "a" },
    { name: "Auditor" },
    { name: "2nd" },
    { name: "a".repeat(41) },
    { name: "night shift" },
    { id: null },
    { arrival: null },
  ),
  roles_built_in_fixed: [
    ...update("roles", "name = 'cashier'", { max_discount_ppm: 1000000, version: 2 }),
    ...update("roles", "name = 'keeper'", { built_in: 1, version: 2 }),
  ],
  roles_version_advances: update("roles", "name = 'keeper'", { description: "Keeps" }, { version: 3 }),
  roles_in_use: update("roles", "name = 'keeper'", { active: 0, version: 2 }),
  // A sign-in that read the role before it was cut down would carry what it permitted then.
  roles_end_sign_ins: [{ permissions: "[]" }, { max_discount_ppm: 1 }].flatMap((cut) =>
    batch(
      [updateOf("roles", "name = 'keeper'", { ...cut, version: 2 }), insertOf("sessions", { user_id: KIM })],
      `SELECT 1 FROM sessions WHERE user_id = '${KIM}'`,
      "credentials_changed",
    ),
  ),

  users_must_change_password_boolean: insert("users", { must_change_password: 2 }),
  users_version_advances: update("users", byId(BEN), { full_name: "Benny" }, { version: 3 }),
  users_keep_an_admin: [
    ...update("users", byId(ANN), { role: "cashier", version: 2 }, { active: 0, version: 2 }),
    // Two admins who put each other out, one after the other and in one statement.
    ...batch(
      [insertOf("users", { role: "admin" }), ...[NEW_USER, ANN].map((id) => updateOf("users", byId(id), OUT))],
      NO_ADMIN,
    ),
    ...batch([insertOf("users", { role: "admin" }), updateOf("users", "role = 'admin'", OUT)], NO_ADMIN),
    // One who is out does not count.
    ...batch([insertOf("users", { role: "admin", active: 0 }), updateOf("users", byId(ANN), OUT)], NO_ADMIN),
  ],
  users_never_erased: erase("users", byId(KIM)),
  users_role_active_insert: insert("users", { role: "retired" }),
  users_role_active_update: [
    ...update("users", byId(KIM), { role: "retired", version: 2 }),
    // Out, then the role too, then back in.
    ...batch(
      [
        updateOf("users", byId(KIM), OUT),
        updateOf("roles", "name = 'keeper'", { active: 0, version: 2 }),
        updateOf("users", byId(KIM), { active: 1, version: 3 }),
      ],
      "SELECT 1 FROM users u JOIN roles r ON r.name = u.role WHERE u.active = 1 AND r.active = 0",
    ),
  ],

  terminals_version_advances: update("terminals", byId(DEAD_TILL), { name: "Renamed" }, { version: 3 }),
  terminals_stay_in_store: update(
    "terminals",
    byId(DEAD_TILL),
    { code: "09", version: 2 },
    { store_id: NORTH, version: 2 },
  ),

  "pairing_codes (code_hash) PRIMARY KEY": twice("pairing_codes", ["code_hash"]),
  "pairing_codes (terminal_id) REFERENCES terminals": insert("pairing_codes", { terminal_id: NOWHERE }),
  pairing_codes_are_hashed: insert("pairing_codes", { code_hash: "ABCDE-FGHJK" }, { code_hash: "G".repeat(64) }),
  pairing_codes_only_expire: [
    ...update("pairing_codes", `code_hash = '${OLD_CODE}'`, { expires_at: LATER }, { created_at: EARLIER }),
    ...update("pairing_codes", `code_hash = '${OPEN_CODE}'`, { terminal_id: TILL }),
    ...batch(
      [updateOf("pairing_codes", `code_hash = '${OPEN_CODE}'`, { code_hash: NEW_CODE })],
      `SELECT 1 FROM pairing_codes WHERE code_hash = '${NEW_CODE}'`,
    ),
  ],

  "devices (id) PRIMARY KEY": insert("devices", { id: GONE_DEVICE }),
  // The code's own key keeps the terminal too, until the code is written over by what no trigger sees.
  "devices (terminal_id) REFERENCES terminals": batch(
    [
      insertOf("terminals"),
      insertOf("pairing_codes", { terminal_id: NEW_TILL }),
      insertOf("devices", { terminal_id: NEW_TILL, code_hash: NEW_CODE }),
      plain(`REPLACE INTO pairing_codes SELECT code_hash, '${TILL}', created_at, expires_at
        FROM pairing_codes WHERE code_hash = '${NEW_CODE}'`),
      plain(`DELETE FROM terminals WHERE id = '${NEW_TILL}'`),
    ],
    "SELECT 1 FROM devices WHERE terminal_id NOT IN (SELECT id FROM terminals)",
  ),
  "devices (token_hash) UNIQUE": insert("devices", { token_hash: "9".repeat(64) }),
  "devices (code_hash) UNIQUE": insert("devices", { code_hash: GONE_CODE }),
  "devices (code_hash) REFERENCES pairing_codes": batch(
    [
      insertOf("pairing_codes"),
      insertOf("devices", { code_hash: NEW_CODE }),
      plain(`DELETE FROM pairing_codes WHERE code_hash = '${NEW_CODE}'`),
    ],
    "SELECT 1 FROM devices WHERE code_hash NOT IN (SELECT code_hash FROM pairing_codes)",
  ),
  devices_id_is_uuid7: insert("devices", { id: "device" }, { id: NOT_V7 }, { id: NOT_RFC }),
  devices_token_is_hashed: insert("devices", { token_hash: "secret" }, { token_hash: "T".repeat(64) }),
  devices_one_live: insert("devices", { terminal_id: TILL, code_hash: SECOND_CODE }),
  devices_code_valid: insert(
    "devices",
    { code_hash: OLD_CODE },
    { paired_at: EARLIER },
    { code_hash: SECOND_CODE },
    { terminal_id: DEAD_TILL, code_hash: DEAD_CODE },
  ),
  devices_stay_revoked: [
    ...update("devices", byId(GONE_DEVICE), { revoked_at: null }),
    ...update("devices", byId(DEVICE), { token_hash: "0".repeat(64) }, { terminal_id: DEAD_TILL }),
    // Then the code that it was paired by would be good once more.
    ...update("devices", byId(DEVICE), { code_hash: SECOND_CODE }),
  ],
  devices_never_erased: erase("devices", byId(GONE_DEVICE)),

  "user_pins (user_id) REFERENCES users": insert("user_pins", { user_id: NOWHERE }),
  "user_pins (store_id) REFERENCES stores": insert("user_pins", { store_id: NOWHERE }),
  "user_pins (user_id, store_id) PRIMARY KEY": twice("user_pins", ["user_id", "store_id"]),
  user_pins_hash_form: insert("user_pins", { pin_hash: "483920" }),
  user_pins_failures_bounds: insert("user_pins", { failures: -1 }, { failures: 21 }),

  "passkeys (id) UNIQUE": insert("passkeys", { id: PASSKEY }),
  "passkeys (user_id) REFERENCES users": insert("passkeys", { user_id: NOWHERE }),
  "passkeys (credential_id) UNIQUE": insert("passkeys", { credential_id: "Zmlyc3Q" }),
  passkeys_id_is_uuid7: insert("passkeys", { id: "phone" }, { id: NOT_V7 }, { id: NOT_RFC }),
  passkeys_credential_id_length: insert("passkeys", { credential_id: "" }, { credential_id: "c".repeat(1401) }),
  passkeys_public_key_length: insert("passkeys", { public_key: "" }, { public_key: "k".repeat(4001) }),
  passkeys_sign_count_bounds: insert("passkeys", { sign_count: -1 }, { sign_count: 4294967296 }),
  passkeys_transports_list: insert("passkeys", { transports: "usb" }, { transports: "{}" }),
  passkeys_name_length: insert("passkeys", { name: "" }, { name: "n".repeat(101) }),
  passkeys_backed_up_boolean: insert("passkeys", { backed_up: 2 }),
  passkeys_bounded: batch(
    Array.from({ length: 20 }, (_, index) =>
      insertOf("passkeys", { id: idOf(300 + index), credential_id: `credential-${String(index)}` }),
    ),
    `SELECT 1 FROM passkeys WHERE user_id = '${BEN}' GROUP BY user_id HAVING count(*) > 20`,
  ),
  passkeys_count_up: update("passkeys", byId(PASSKEY), { sign_count: 4 }),

  "spent_challenges (challenge_hash) PRIMARY KEY": twice("spent_challenges", ["challenge_hash"]),
  spent_challenges_are_hashed: insert("spent_challenges", { challenge_hash: "challenge" }),

  sessions_method_known: insert("sessions", { method: "magic" }),
  sessions_transport_known: insert("sessions", { transport: "pigeon" }),
  "sessions (device_id) REFERENCES devices": batch(
    [insertOf("sessions", { device_id: DEVICE }), updateOf("sessions", byId(NEW_SESSION), { device_id: NOWHERE })],
    "SELECT 1 FROM sessions WHERE device_id NOT IN (SELECT id FROM devices)",
  ),
  sessions_user_agent_length: insert("sessions", { user_agent: "u".repeat(201) }),
  sessions_credentials_current: insert(
    "sessions",
    { credential_version: 2 },
    { credential_version: 0 },
    { user_id: GONE },
  ),
  sessions_device_live: [
    ...insert(
      "sessions",
      { device_id: GONE_DEVICE, gate: NORTH },
      { device_id: DEVICE, gate: NORTH },
      { device_id: DEVICE, gate: "hq" },
    ),
    // A till that is out of use, whose device nobody ended.
    ...batch(
      [
        insertOf("devices"),
        updateOf("terminals", byId(NORTH_TILL), OUT),
        insertOf("sessions", { device_id: NEW_DEVICE, gate: NORTH }),
      ],
      `SELECT 1 FROM sessions WHERE device_id = '${NEW_DEVICE}'`,
    ),
  ],
  sessions_pin_on_till: insert("sessions", { method: "pin", user_id: BEN }),
  sessions_pin_unlocked: [
    // None at this store; and one at this store that is locked.
    ...insert("sessions", { method: "pin", device_id: DEVICE }),
    ...batch(
      [insertOf("devices"), insertOf("sessions", { method: "pin", device_id: NEW_DEVICE, gate: NORTH })],
      `SELECT 1 FROM sessions WHERE device_id = '${NEW_DEVICE}'`,
    ),
  ],
  sessions_store_active: insert("sessions", { gate: SHUT }, { gate: NOWHERE }),

  audit_entries_store_wall: insert("audit_entries", { actor_id: BEN, session_id: BEN_SESSION, store_id: NORTH }),
};
