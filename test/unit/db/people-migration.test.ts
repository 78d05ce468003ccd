import { expect, test } from "vitest";
import { readMigration, readMigrations } from "../../support/schema.ts";
import { openSchema } from "./fixture.ts";
import { ANN, AT, ENDED_SESSION, LATER, LIVE_SESSION, MAIN, NEXT_TOKEN, TILL, TOKEN } from "./ids.ts";

const PEOPLE = readMigration("0008_people.sql");
const [before = ""] = readMigrations().split(PEOPLE);

/** A shop as 0007 left it. */
const SHOP = `
  INSERT INTO stores (id, code, name, currency, timezone, day_cutoff, tax_mode, rounding_mode, rounding_scope,
    cash_rounding, drawer_tolerance, allow_oversell, receipt_header, receipt_footer, receipt_width, created_at, updated_at)
  VALUES ('${MAIN}', 'MAIN', 'Main', 'GBP', 'UTC', '00:00', 'inclusive', 'half_up', 'line', 1, 0, 0, '', '', 42,
    '${AT}', '${AT}');
  INSERT INTO terminals (id, store_id, code, name, created_at) VALUES ('${TILL}', '${MAIN}', '01', 'Till', '${AT}');
  INSERT INTO users (id, username, full_name, email, password_hash, role, created_at, updated_at)
  VALUES ('${ANN}', 'ann', 'Ann', 'a@b.example', '$scrypt$ln=14,r=8,p=5$c2FsdA$aGFzaA', 'admin', '${AT}', '${AT}');
  INSERT INTO sessions (id, user_id, gate, created_at) VALUES
    ('${LIVE_SESSION}', '${ANN}', 'hq', '${AT}'), ('${ENDED_SESSION}', '${ANN}', 'hq', '${AT}');
  INSERT INTO refresh_tokens (token_hash, session_id, replaces, expires_at, created_at) VALUES
    ('${TOKEN}', '${LIVE_SESSION}', NULL, '${LATER}', '${AT}'),
    ('${NEXT_TOKEN}', '${LIVE_SESSION}', '${TOKEN}', '${LATER}', '${LATER}');
  UPDATE sessions SET revoked_at = '${LATER}' WHERE id = '${ENDED_SESSION}';`;

test("takes in a shop that is at work: who is signed in stays so, and is told since when", () => {
  const db = openSchema(before + SHOP + PEOPLE);
  const sessions = db
    .prepare("SELECT id, method, transport, credential_version, device_id, refreshed_at, revoked_at FROM sessions")
    .all()
    .map((row) => ({ ...row }));
  const kept = { method: "password", transport: "bearer", credential_version: 1, device_id: null };
  expect(sessions).toEqual([
    { id: LIVE_SESSION, ...kept, refreshed_at: LATER, revoked_at: null },
    { id: ENDED_SESSION, ...kept, refreshed_at: AT, revoked_at: LATER },
  ]);
  const people = db
    .prepare(
      `SELECT u.version, u.credential_version, u.must_change_password, r.built_in, r.active, t.version AS till_version
       FROM users u JOIN roles r ON r.name = u.role, terminals t`,
    )
    .all()
    .map((row) => ({ ...row }));
  expect(people).toEqual([
    { version: 1, credential_version: 1, must_change_password: 0, built_in: 1, active: 1, till_version: 1 },
  ]);
  db.close();
});
