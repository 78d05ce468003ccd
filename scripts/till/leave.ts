import { Failure } from "../support/failure.ts";
import { Refused } from "./perform.ts";
import { expectDone } from "./session.ts";
import { cashierOf, type Till } from "./till.ts";
import { AT_THE_COUNTER } from "./client.ts";
import type { PricedSale } from "./basket.ts";

/** What a cashier may not do alone, and a manager's yes to it. */

export type Wanted = {
  action: "discount" | "price" | "refund_unlinked" | "void" | "close_other" | "drawer_difference";
  /** How far it goes, as POST /v1/approvals takes it. */
  limit?: number;
  sale_id?: string;
};

/** A manager must say yes first; nothing has happened. */
export class ApprovalNeeded extends Failure {
  readonly needed: readonly Wanted[];
  constructor(needed: readonly Wanted[]) {
    super(`A manager must approve: ${needed.map(({ action }) => action.replaceAll("_", " ")).join(", ")}.`);
    this.needed = needed;
  }
}

/** Throws ApprovalNeeded for what the cashier lacks the permission for, where no approval was brought. */
export function requireLeave(till: Till, wanted: readonly Wanted[], approval: string | undefined): void {
  if (approval !== undefined || wanted.length === 0) return;
  const { permissions } = cashierOf(till);
  const needed = wanted.filter(({ action }) => !permissions.includes(`approve:${action}`));
  if (needed.length > 0) throw new ApprovalNeeded(needed);
}

/** What of a priced basket is more than the cashier may give. */
export function wantedOf(till: Till, { greatest_discount_ppm, overridden }: PricedSale, saleId?: string): Wanted[] {
  const sale = saleId === undefined ? {} : { sale_id: saleId };
  const above = greatest_discount_ppm > cashierOf(till).max_discount_ppm;
  return [
    ...(overridden === null ? [] : [{ action: "price" as const, limit: overridden, ...sale }]),
    ...(above ? [{ action: "discount" as const, limit: greatest_discount_ppm, ...sale }] : []),
  ];
}

/**
 * A manager's yes to all that is needed: what is sent as X-Approval, good for five minutes and once. Throws a Failure where
 * the name or the PIN is wrong, or the API out of reach: offline nobody can tell a manager's PIN from another.
 */
export async function approve(till: Till, needed: readonly Wanted[], manager: string, pin: string): Promise<string> {
  if (!(await till.link.isUp())) throw new Failure("A manager's approval needs the API, and it is out of reach.");
  const tokens: string[] = [];
  for (const wanted of needed) {
    const body = { ...wanted, manager, pin, store_id: till.device.store.id };
    const call = { method: "POST", path: "/v1/approvals", body } as const;
    const outcome = await till.session.ask<{ token: string }>(call, AT_THE_COUNTER);
    tokens.push(expectDone(outcome, "The approval").token);
  }
  return tokens.join(",");
}

/** What a refusal says that a manager must approve; null of any other error. */
export function approvalsNeeded(error: unknown): readonly Wanted[] | null {
  if (error instanceof ApprovalNeeded) return error.needed;
  if (!(error instanceof Refused) || error.problem.code !== "approval_required") return null;
  const needed = error.problem["approvals_needed"];
  return Array.isArray(needed) ? (needed as Wanted[]) : null;
}

/** Works; where a manager's yes is needed it is asked for, and the work done with it. */
export async function withApproval<T>(
  work: (approval: string | undefined) => Promise<T>,
  ask: (needed: readonly Wanted[], error: Error) => Promise<string>,
): Promise<T> {
  try {
    return await work(undefined);
  } catch (error) {
    const needed = approvalsNeeded(error);
    if (needed === null) throw error;
    return work(await ask(needed, error as Error));
  }
}
