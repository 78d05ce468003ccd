import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import type { OnceRecord } from "../../http/idempotency.ts";
import { doOnce, type Work } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { findPlace, type Place, type PlaceRequest } from "./place.ts";

/** Commands that take or give back money: once, in the drawer that the request names. */

/** What an offline till brings: when it happened, and in which drawer. */
export interface Happened {
  at: string;
  place: Place;
}

/** The moment money was received, and whether that is past. */
export interface Moment {
  received_at: string;
  happened: boolean;
}

export interface PlacedCommand {
  once: OnceRecord;
  request: PlaceRequest;
  happened: Happened | undefined;
  /** By which constraints the schema says that what was read has changed meanwhile, and what to say when it goes on so. */
  stale?: { constraints: readonly string[]; detail: string };
}

/** How often it is read and worked out again while others keep coming first. */
const ATTEMPTS = 5;

/**
 * Finds the place, works the command out there, and commits it with its answer. Where the shift that was remembered is
 * closed by now, or what was read has changed, all of it is done again. Throws Problem and Violation.
 */
export async function doOnceAtPlace(
  ctx: Context,
  command: PlacedCommand,
  work: (place: Place, moment: Moment) => Promise<Work> | Work,
  attempt = 1,
): Promise<RawBody> {
  const { once, request, happened, stale } = command;
  const moment = happened
    ? { received_at: happened.at, happened: true }
    : { received_at: ctx.now.toISOString(), happened: false };
  try {
    // The place is looked for inside: a repeat is answered as before, though the till's shift has been closed since.
    return await doOnce(ctx, once, async () =>
      work(happened?.place ?? (await findPlace(ctx, request, attempt > 1)), moment),
    );
  } catch (error) {
    const changed = stale !== undefined && isViolationOf(error, ...stale.constraints);
    // The shift that a till has open is remembered; one that the request names is closed for good.
    const moved = isViolationOf(error, "shift_closed") && !happened && request.shift_id === undefined;
    if (!changed && !moved) throw error;
    if (attempt < ATTEMPTS) return doOnceAtPlace(ctx, command, work, attempt + 1);
    throw changed ? new Problem("conflict", stale.detail, { cause: error }) : error;
  }
}
