import { actorOf, type Context } from "../../context.ts";
import { CLOCK_SKEW_MS } from "../../core/clock.ts";
import type { Statement } from "../../db/database.ts";
import { type InputError, Problem } from "../../http/problem.ts";
import { type ApprovalAction, permissionFor } from "./actions.ts";
import { spendApprovalsStatement } from "./queries.ts";
import { type Approval, readApproval } from "./token.ts";

/** Leave to do what needs a manager: by the actor's own permission, or by a token that a manager gave for it. */

/** How long after its end a token may still be shown for what an offline till did in time; its spending is kept longer. */
export const APPROVAL_SHOWN_LATE_MS = 90 * 86_400_000;

/** What a command wants leave for. Of each action one at most: what is wanted of it twice is one thing of both sizes. */
export interface Wanted {
  action: ApprovalAction;
  store_id: string;
  /** The sale it is about; null where that has no name yet, or there is none. */
  sale_id: string | null;
  /**
   * What the approval's `limit` bounds, as the route that gives approvals describes it: ppm for a discount, else minor
   * units; 0 where nothing is bounded.
   */
  size: number;
  /** Tells the caller why leave is needed: a sentence. */
  why: string;
  /** Where in the input it is needed. */
  errors?: InputError[];
}

export interface Leave {
  /** To go into the batch, right after its audit entry: they spend the tokens. */
  statements: Statement[];
  /** To go into the audit entry's `after`: who approved. Empty where the actor's own permission was enough. */
  audit: { approvals?: { action: ApprovalAction; approval_id: string; approved_by: string }[] };
}

/** What needs no leave. */
export const NO_LEAVE: Leave = { statements: [], audit: {} };

/**
 * Leave for all that is wanted. Throws Problem `approval_required` with `approvals_needed`, what to ask a manager for,
 * where the actor lacks the permission and no token of `ctx.approvals` is good for it. That a token has not been spent
 * is proven by the batch (`spent_approvals.id`), and that the manager has not left (`approver_inactive`).
 *
 * `at` is when it happened: now, or for what an offline till did, when it did it.
 */
export function takeLeave(ctx: Context, wanted: readonly Wanted[], at: Date = ctx.now): Leave {
  const lacking = lackingOf(ctx, wanted);
  if (lacking.length === 0) return NO_LEAVE;
  const sent = ctx.approvals.flatMap((token) => readApproval(ctx.settings, token) ?? []);
  const used: Approval[] = [];
  const missing: { one: Wanted; fault: string }[] = [];
  for (const one of lacking) {
    const faults = sent.filter(({ id }) => !used.some((other) => other.id === id)).map(faultFinder(ctx, one, at));
    const good = faults.find(({ fault }) => fault === null);
    if (good) used.push(good.approval);
    else missing.push({ one, fault: describeFault(ctx, faults) });
  }
  if (missing.length > 0) throw refusal(missing);
  return {
    statements: [spendApprovalsStatement(used, ctx.now)],
    audit: { approvals: used.map(({ id, action, approved_by }) => ({ action, approval_id: id, approved_by })) },
  };
}

/** What to ask a manager for. */
export interface ApprovalNeeded {
  action: ApprovalAction;
  limit?: number;
  sale_id?: string;
}

/** What of all that is wanted the actor may not do alone, whatever approvals were sent: for who only asks. */
export function approvalsNeeded(ctx: Context, wanted: readonly Wanted[]): ApprovalNeeded[] {
  return lackingOf(ctx, wanted).map(toNeeded);
}

function lackingOf(ctx: Context, wanted: readonly Wanted[]): Wanted[] {
  const { permissions } = actorOf(ctx);
  return wanted.filter(({ action }) => !permissions.has(permissionFor(action)));
}

function toNeeded({ action, size, sale_id }: Wanted): ApprovalNeeded {
  return { action, ...(size > 0 ? { limit: size } : {}), ...(sale_id === null ? {} : { sale_id }) };
}

interface Found {
  approval: Approval;
  fault: string | null;
  /** How many of the checks it passed. */
  passed: number;
}

/** What is wrong with an approval for what is wanted, or null. */
function faultFinder(ctx: Context, one: Wanted, at: Date): (approval: Approval) => Found {
  const { user_id } = actorOf(ctx);
  return (approval) => {
    const { action, store_id, requested_by, sale_id, limit } = approval;
    const checks: [right: boolean, fault: string][] = [
      [action === one.action, `is for \`${action}\``],
      [store_id === one.store_id, "is of another store"],
      [requested_by === user_id, "was given to somebody else"],
      [sale_id === null || sale_id === one.sale_id, "is for another sale"],
      [limit === null || one.size <= limit, `goes up to ${String(limit)}, and this is ${String(one.size)}`],
      [isInTime(approval, at, ctx.now), "has expired"],
    ];
    const wrong = checks.findIndex(([right]) => !right);
    return { approval, fault: checks[wrong]?.[1] ?? null, passed: wrong };
  };
}

function isInTime({ issued_at, expires_at }: Approval, at: Date, now: Date): boolean {
  const [issued, expires] = [Date.parse(issued_at), Date.parse(expires_at)];
  const inTime = issued - CLOCK_SKEW_MS <= at.getTime() && at.getTime() <= expires;
  // Later than this nobody knows any more whether it has been spent.
  return inTime && now.getTime() <= expires + APPROVAL_SHOWN_LATE_MS;
}

/** Of several approvals, what is wrong with the one that came nearest. */
function describeFault(ctx: Context, found: readonly Found[]): string {
  if (ctx.approvals.length === 0) return "";
  const nearest = found.toSorted((a, b) => b.passed - a.passed)[0];
  return ` The approval that was sent ${nearest?.fault ?? "is not valid, or is used for something else here"}.`;
}

function refusal(missing: readonly { one: Wanted; fault: string }[]): Problem {
  const errors = missing.flatMap(({ one }) => one.errors ?? []);
  const needed = missing.map(({ one }) => toNeeded(one));
  return new Problem("approval_required", missing.map(({ one, fault }) => `${one.why}${fault}`).join(" "), {
    ...(errors.length > 0 ? { errors } : {}),
    members: { approvals_needed: needed },
  });
}
