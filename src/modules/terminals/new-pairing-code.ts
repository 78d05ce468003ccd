import type { Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { hashPairingCode, newPairingCode } from "./pairing-code.ts";
import { expireCodesStatement, insertCodeStatement } from "./pairing-queries.ts";
import type { PairingCode } from "./schemas.ts";

const CODE_LIFE_MS = 15 * 60 * 1000;

/** A new code with the statements that make it the terminal's only one. */
export function makePairingCode(ctx: Context, terminalId: string): { code: PairingCode; statements: Statement[] } {
  const pairing_code = newPairingCode();
  const pairing_expires_at = new Date(ctx.now.getTime() + CODE_LIFE_MS).toISOString();
  const hash = hashPairingCode(pairing_code, ctx.settings.PASSWORD_PEPPER);
  return {
    code: { pairing_code, pairing_expires_at },
    statements: [
      expireCodesStatement(terminalId, ctx.now),
      insertCodeStatement(hash, terminalId, ctx.now, pairing_expires_at),
    ],
  };
}
