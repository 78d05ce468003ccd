import { approve, type Wanted, withApproval } from "../leave.ts";
import type { Till } from "../till.ts";
import type { Action, TillPlan } from "./actions.ts";
import type { Person, RunTill } from "./run-file.ts";

/** A till, what it has to do, and who helps it. */
export type DayAtTill = {
  till: Till;
  plan: TillPlan;
  people: RunTill;
  manager: Person;
  run_id: string;
  /** Told of each action that is done. */
  onDone: (action: Action) => void;
};

/** Works with the manager's yes where it is needed. */
export function withYes<T>(
  { till, manager }: Pick<DayAtTill, "till" | "manager">,
  work: (approval: string | undefined) => Promise<T>,
): Promise<T> {
  return withApproval(work, async (needed: readonly Wanted[]) => approve(till, needed, manager.username, manager.pin));
}

export function customerAt({ people }: Pick<DayAtTill, "people">, customer: number): string {
  const id = people.customer_ids[customer];
  if (id === undefined) throw new Error(`till ${people.code} has no customer ${String(customer)}`);
  return id;
}
