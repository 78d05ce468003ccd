import * as z from "zod";
import { Problem } from "../../http/problem.ts";
import { findPasswordFault, wordsAbout } from "./password-policy.ts";

/** 128 characters outside the Basic Multilingual Plane are 256 code units. The policy counts characters. */
const MAX_CODE_UNITS = 256;

/** A password that somebody chooses; it is never trimmed. What else it must be, `requireGoodPassword` says. */
export const newPassword = z.string().min(1).max(MAX_CODE_UNITS).meta({
  format: "password",
  minLength: 12,
  maxLength: 128,
  description: "Of any characters, but neither a common password nor one with a name of yours or of your stores",
});

/** Refuses (`validation_failed`) a weak password, with a pointer to the field and what to do about it. */
export function requireGoodPassword(
  field: "password" | "new_password",
  password: string,
  person: Parameters<typeof wordsAbout>[0],
): void {
  const fault = findPasswordFault(password, wordsAbout(person));
  if (fault !== null) throw refusedField(field, fault);
}

/** A refusal of one field of the body, whose `detail` goes on after the field's name. */
export function refusedField(field: string, detail: string): Problem {
  const pointer = `/${field}`;
  return new Problem("validation_failed", `${pointer} ${detail}.`, { errors: [{ pointer, detail }] });
}
