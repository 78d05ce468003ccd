import { type Statement, statement } from "../../db/database.ts";

/** So many wrong PINs in a row lock it (migration 0008, sessions_pin_unlocked). */
export const MAX_PIN_FAILURES = 20;

// By primary key.
const COUNT_FAILURE = `
  UPDATE user_pins SET failures = failures + 1 WHERE user_id = ?1 AND store_id = ?2 AND failures < ?3`;

export function countFailureStatement(userId: string, storeId: string): Statement {
  return statement(COUNT_FAILURE, userId, storeId, MAX_PIN_FAILURES);
}

// By primary key.
const FORGET_FAILURES = "UPDATE user_pins SET failures = 0 WHERE user_id = ?1 AND store_id = ?2 AND failures < ?3";

/** Leaves a PIN locked that was locked meanwhile: only a manager lifts that. */
export function forgetFailuresStatement(userId: string, storeId: string): Statement {
  return statement(FORGET_FAILURES, userId, storeId, MAX_PIN_FAILURES);
}

// By primary key. One failure more than there may be is what user_pins_failures_bounds refuses.
const ACCEPT = `
  UPDATE user_pins SET failures = CASE WHEN failures < ?3 THEN 0 ELSE failures + 1 END
  WHERE user_id = ?1 AND store_id = ?2`;

/** The same where no session proves it: refused by `user_pins_failures_bounds` when the PIN was locked meanwhile. */
export function acceptPinStatement(userId: string, storeId: string): Statement {
  return statement(ACCEPT, userId, storeId, MAX_PIN_FAILURES);
}
