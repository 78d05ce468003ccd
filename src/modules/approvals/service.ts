import { actorOf, type Context, requireStore, storeAtHand } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { recognizeManager, refusedField } from "../auth/index.ts";
import { permissionFor } from "./actions.ts";
import { storeOfSaleStatement } from "./queries.ts";
import type { ApprovalInput, GivenApproval } from "./schemas.ts";
import { type Approval, APPROVAL_LIFE_MS, signApproval } from "./token.ts";

/**
 * A manager's approval, for the actor alone. An unknown name, a wrong PIN, none at this store, and a manager who does
 * not work there or may not approve this are one and the same `approval_required`, after the same work: a 401 would
 * tell a till that its own session is over. A PIN that is locked is `forbidden`.
 */
export async function giveApproval(ctx: Context, input: ApprovalInput): Promise<GivenApproval> {
  const store_id = await findStore(ctx, input);
  requireStore(ctx, store_id);
  const { action, manager: username, pin, limit = null, sale_id = null } = input;
  const manager = await recognizeManager(ctx, { username, pin, store_id, permission: permissionFor(action) });
  if (!manager) {
    throw new Problem("approval_required", "The name or the PIN is wrong, or may not approve this.");
  }
  const approval: Approval = {
    id: ctx.newId(),
    action,
    store_id,
    requested_by: actorOf(ctx).user_id,
    approved_by: manager.user_id,
    limit,
    sale_id,
    issued_at: ctx.now.toISOString(),
    expires_at: new Date(ctx.now.getTime() + APPROVAL_LIFE_MS).toISOString(),
  };
  const entry = {
    action: "approval.give",
    entity_type: "approval",
    entity_id: approval.id,
    store_id,
    after: { action, approved_by: manager.user_id, limit, sale_id },
  } as const;
  await ctx.db.commit([auditStatement(ctx, [entry]), manager.acceptPin]);
  return { token: signApproval(ctx.settings, approval), action, expires_at: approval.expires_at };
}

async function findStore(ctx: Context, { store_id, sale_id }: ApprovalInput): Promise<string> {
  const { gate, store_ids } = actorOf(ctx);
  if (store_id !== undefined) return store_id;
  if (gate !== HQ_GATE) return gate;
  if (sale_id !== undefined) {
    const sale = await ctx.db.first<{ store_id: string }>(storeOfSaleStatement(sale_id));
    // One of another store is as if it were not there, like one that is still to come.
    if (sale && (store_ids?.has(sale.store_id) ?? true)) return sale.store_id;
  }
  const only = storeAtHand(ctx);
  if (only === null) throw refusedField("store_id", "is needed");
  return only;
}
