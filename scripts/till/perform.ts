import type { ApiProblem } from "../support/api-exchange.ts";
import { AT_THE_COUNTER } from "./client.ts";
import { onlineCall } from "./online-call.ts";
import type { Deed } from "./outbox.ts";
import { describeProblem, SessionEnded } from "./session.ts";
import { sendOutbox } from "./settling.ts";
import type { Till } from "./till.ts";

/** Doing things: written down first, then sent, and told only when one of the two is certain. */

/** How a deed came to pass: the server has said so, or it lies in the outbox. */
export type Done<A> = { how: "online"; answer: A } | { how: "written"; answer: null };

/** The server does not allow it, and nothing has happened. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly problem: ApiProblem;
  constructor(problem: ApiProblem) {
    super(describeProblem(problem));
    this.problem = problem;
  }
}

/**
 * Does a deed. Online it is sent at once, after all that lies in the outbox, and what the server refuses has not happened.
 * Offline, and where nobody knows what became of it, it is done and goes to the server when that is in reach.
 * Throws Refused; SessionEnded, when nothing has happened either.
 */
export async function perform<A>(till: Till, deed: Deed): Promise<Done<A>> {
  const { outbox, session, link } = till;
  const goesOnline = (await link.isUp()) && (await isClear(till));
  const call = onlineCall({ ...deed, approval: deed.approval ?? null });
  if (!goesOnline || call === null) {
    outbox.write(deed);
    if (goesOnline) await sendOutbox(till);
    return { how: "written", answer: null };
  }
  const command = outbox.try(deed);
  try {
    const outcome = await session.ask<A>(call, AT_THE_COUNTER);
    if (outcome.kind === "done") {
      const { body } = outcome;
      outbox.confirm(command, (effects) => deed.corrected?.(effects, body as never) ?? effects);
      return { how: "online", answer: body };
    }
    if (outcome.kind === "refused" && outcome.certain) {
      outbox.refuse(command);
      throw new Refused(outcome.problem);
    }
    outbox.keep(command);
    if (outcome.kind === "unreached") link.lose(outcome.reason);
    return { how: "written", answer: null };
  } catch (error) {
    if (!(error instanceof SessionEnded)) throw error;
    if (error.certain) outbox.refuse(command);
    else outbox.keep(command);
    throw error;
  }
}

/** Whether the outbox is empty, after it was sent: what comes later must not overtake it. */
async function isClear(till: Till): Promise<boolean> {
  if (till.outbox.waitingCount > 0) await sendOutbox(till);
  return till.outbox.waitingCount === 0;
}
