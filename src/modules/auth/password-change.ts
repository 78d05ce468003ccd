import { actorOf, type Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { confirmSignIn, countSignInFailure, takeSignInAttempt } from "./limits.ts";
import { refusedField, requireGoodPassword } from "./new-password.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import {
  changePasswordStatement,
  type OwnerRow,
  passwordOwnerStatement,
  type StoreNameRow,
  storeNamesStatement,
} from "./password-change-queries.ts";
import type { PasswordChange } from "./schemas.ts";
import { commitEndingSessions } from "./session.ts";

/**
 * Changes the actor's own password and ends every other session, everywhere. A wrong current password is
 * `validation_failed`, not 401, which clients take for the end of their session; it counts like a failed sign-in, so
 * that a stolen session guesses no faster than a stranger.
 */
export async function changePassword(ctx: Context, input: PasswordChange): Promise<undefined> {
  const { current_password, new_password } = input;
  const { user_id, method } = actorOf(ctx);
  if (method === "pin") {
    throw new Problem("forbidden", "Sign in by password or passkey to change the password; a PIN is not enough.");
  }
  const [owners = [], stores = []] = await ctx.db.readAll([
    passwordOwnerStatement(user_id),
    storeNamesStatement(user_id),
  ]);
  const [owner] = owners as unknown as OwnerRow[];
  if (!owner) throw new Problem("unauthenticated", "There is no such user any more.");
  requireGoodPassword("new_password", new_password, { ...owner, stores: stores as unknown as StoreNameRow[] });
  if (new_password.normalize("NFC") === current_password.normalize("NFC")) {
    throw refusedField("new_password", "is the current one; choose another");
  }
  await requireCurrentPassword(ctx, owner, current_password);
  const hash = await hashPassword(new_password, ctx.settings.PASSWORD_PEPPER);
  await commitChange(ctx, changePasswordStatement(user_id, hash, owner.version, ctx.now));
  return undefined;
}

async function requireCurrentPassword(ctx: Context, owner: OwnerRow, password: string): Promise<void> {
  await takeSignInAttempt(ctx, owner.username);
  if (await verifyPassword(password, ctx.settings.PASSWORD_PEPPER, owner.password_hash)) {
    return confirmSignIn(ctx, owner.username);
  }
  await countSignInFailure(ctx, owner.username);
  throw refusedField("current_password", "is not your password");
}

async function commitChange(ctx: Context, change: ReturnType<typeof changePasswordStatement>): Promise<void> {
  const { user_id, session_id } = actorOf(ctx);
  const entry = { action: "user.change_password", entity_type: "user", entity_id: user_id } as const;
  try {
    await commitEndingSessions(
      ctx,
      [auditStatement(ctx, [entry]), change],
      [{ by: "user", params: [user_id, session_id] }],
    );
  } catch (error) {
    if (isViolationOf(error, "stale_version")) {
      throw new Problem("conflict", "Your account was changed meanwhile; send it again.", { cause: error });
    }
    if (!(error instanceof Problem) || error.code !== "overloaded") throw error;
    // Sent again it would meet the new password; what is left of it has a call of its own.
    throw new Problem(
      "overloaded",
      "The password is changed, but the other sessions could not be ended everywhere: send DELETE /v1/auth/sessions.",
      { headers: error.headers, cause: error },
    );
  }
}
