import pRetry from "p-retry";
import { RACE } from "../../db/race.ts";
import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { auditStatement } from "../audit/index.ts";
import { selectLastZ } from "./queries.ts";
import { selectWaiting, selectWaitingTills } from "./report-queries.ts";
import { supplementsOf, type WaitingShift } from "./supplements.ts";
import type { LastZ } from "./z-report.ts";

/** Supplement Z reports that no closing writes: of tills that open no other shift. */

/** A till that waits, by one of the shifts for which something came late. */
export interface WaitingTill extends WaitingShift {
  terminal_id: string;
}

/** What nobody is signed in for: the actor is null in the audit log. */
export type Unattended = Pick<Context, "db" | "now" | "request_id" | "ip"> & { actor: null };

/** The tills for which something waits, at most so many. */
export async function listWaitingTills(ctx: Pick<Context, "db">, most: number): Promise<WaitingTill[]> {
  return ctx.db.all<{ terminal_id: string; shift_id: string }>(selectWaitingTills(most));
}

/** Writes the supplements that a till waits for; none where they have been written meanwhile. Returns how many it wrote. */
export async function supplementTill(ctx: Unattended, { shift_id }: WaitingTill): Promise<number> {
  return pRetry(async () => writeSupplements(ctx, shift_id), {
    ...RACE,
    shouldRetry: ({ error }) => isViolationOf(error, "stale_shift", "z_chain"),
  });
}

async function writeSupplements(ctx: Unattended, shiftId: string): Promise<number> {
  const [lasts = [], waiting = []] = await ctx.db.readAll([selectLastZ(shiftId), selectWaiting(shiftId)]);
  if (waiting.length === 0) return 0;
  const last = (lasts[0] as unknown as LastZ | undefined) ?? null;
  const { audit, statements } = await supplementsOf(ctx, waiting as unknown as WaitingShift[], last);
  // Sent again after a lost answer it meets its own numbers, and then finds that nothing waits.
  await ctx.db.commit([auditStatement(ctx, audit), ...statements], { retry: true });
  return audit.length;
}
