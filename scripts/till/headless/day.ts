import { Failure } from "../../support/failure.ts";
import { readFact, writeFact } from "../database.ts";
import { Refused } from "../perform.ts";
import { SessionEnded, Unreached } from "../session.ts";
import { cashierOf, type Till } from "../till.ts";
import type { Action } from "./actions.ts";
import { act, NEXT, signInAs } from "./acts.ts";
import type { DayAtTill } from "./day-at-till.ts";

/** A till going through its day, an action after another; how far it is stands in its file, with what it did. */

const AGAIN_MS = 2_000;
const PRICES_MAY_CHANGE = 3;

/** How many actions of its plan a till has done. */
export function doneActions(till: Till): number {
  return readFact<number>(till.database, NEXT) ?? 0;
}

/** Goes on where the till was. Throws Failure, Refused. */
export async function runDay(day: DayAtTill): Promise<void> {
  const { till, plan } = day;
  const first = doneActions(till);
  if (first > 0) await takeUp(day, plan.actions.slice(0, first));
  for (let at = first; at < plan.actions.length; at += 1) {
    const action = plan.actions[at];
    if (!action) break;
    await again(
      day,
      async () => act(day, action, at),
      () => doneActions(till) > at,
    );
    if (doneActions(till) === at) writeFact(till.database, NEXT, at + 1);
    day.onDone(action);
  }
}

/** Signed in as whoever stood here, and on the line as the plan has it at this point. */
async function takeUp(day: DayAtTill, done: readonly Action[]): Promise<void> {
  const signedIn = done.findLast((action) => action.do === "sign_in");
  await again(day, async () => signInAs(day, signedIn?.cashier ?? 0));
  const line = done.findLast((action) => action.do === "offline" || action.do === "online");
  day.till.link.tell(line?.do === "offline");
}

/**
 * What the API is needed for waits until it is there; a session that has ended is begun anew; a price that has changed is
 * heard, and charged.
 */
async function again(day: DayAtTill, work: () => Promise<void>, isDone = () => false): Promise<void> {
  const { till } = day;
  for (let changes = 0; ;) {
    try {
      await work();
      return;
    } catch (error) {
      if (error instanceof SessionEnded) {
        const { username } = cashierOf(till);
        await again(day, async () =>
          signInAs(
            day,
            day.people.cashiers.findIndex((one) => one.username === username),
          ),
        );
      } else if (error instanceof Refused && isOfPrices(error) && changes < PRICES_MAY_CHANGE) {
        changes += 1;
        await till.catalogue.refresh(till.session);
      } else {
        await waitForApi(day, error);
      }
      // Written down before the error came: it must not be done twice.
      if (isDone()) return;
    }
  }
}

function isOfPrices({ problem }: Refused): boolean {
  return problem.code === "price_changed" || problem.code === "total_mismatch";
}

/** Throws the error where it is not of an API out of reach. */
async function waitForApi({ till, people }: DayAtTill, error: unknown): Promise<void> {
  if (error instanceof Unreached) till.link.lose(error.message);
  if (!(error instanceof Failure) || till.link.state !== "out of reach") throw error;
  till.client.onWait(`till ${people.code} waits for the API: ${till.link.reason ?? ""}`);
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  await till.link.isUp();
}
