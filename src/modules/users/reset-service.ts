import { actorOf, type Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { hashPassword, requireGoodPassword, storeNamesStatement, type StoreNameRow } from "../auth/index.ts";
import { resetPasswordStatement } from "./change-queries.ts";
import { commitAndRead } from "./change-service.ts";
import { userByIdStatement } from "./queries.ts";
import type { Reset, ResetInput } from "./schemas.ts";
import { newTemporaryPassword } from "./temporary-password.ts";
import { toUserOrRefuse } from "./user.ts";

/**
 * Gives a user another password and ends all of the user's sessions. One that is made up is told this once, and has
 * to be changed before anything else. Nobody resets their own: whoever holds a stolen session would need no password.
 */
export async function resetPassword(ctx: Context, id: string, { new_password }: ResetInput): Promise<Reset> {
  if (actorOf(ctx).user_id === id) {
    throw new Problem("forbidden", "Change your own password with POST /v1/auth/password.");
  }
  const [users, stores = []] = await ctx.db.readAll([userByIdStatement(id), storeNamesStatement(id)]);
  const user = toUserOrRefuse(users);
  if (new_password !== undefined) {
    requireGoodPassword("new_password", new_password, { ...user, stores: stores as unknown as StoreNameRow[] });
  }
  const temporary_password = new_password === undefined ? newTemporaryPassword() : null;
  const hash = await hashPassword(new_password ?? temporary_password ?? "", ctx.settings.PASSWORD_PEPPER);
  const temporary = temporary_password !== null;
  const entry = { action: "user.reset_password", entity_type: "user", entity_id: id, after: { temporary } } as const;
  const statements = [auditStatement(ctx, [entry]), resetPasswordStatement(id, hash, temporary, ctx.now)];
  return { temporary_password, user: await commitAndRead(ctx, id, statements, true) };
}
