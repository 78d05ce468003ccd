import {
  type ModelExceptionType,
  type ModelSale,
  type ModelShift,
  type ModelTill,
  numberText,
} from "../books/books.ts";
import type { Command, Facts } from "./outbox.ts";
import type { Person, World } from "../world.ts";

/** What every command that a till brings has in common: what comes of it, its drawer, and its number. */

export interface Outcome {
  /** Why it is rejected; none where it is taken. */
  faults: string[];
  flags: ModelExceptionType[];
  /** The sale that its exceptions name. */
  sale_id: string | null;
  resource: { type: string; id: string; invoice_no?: string; refund_no?: string };
}

export interface Bringing {
  world: World;
  till: ModelTill;
  command: Command;
  by: Person;
  /** Another command holds its number. */
  seq_taken: boolean;
  /** What the server called what it became; for what the till itself gives no name. */
  given_id: string;
}

/** What the model knows of a command of one type. */
export type FactsOf<T extends Facts["type"]> = Extract<Facts, { type: T }>;

export function rejected(...faults: string[]): Outcome {
  return { faults, flags: [], sale_id: null, resource: { type: "", id: "" } };
}

export function taken(type: string, id: string, more: Partial<Outcome> = {}): Outcome {
  return { faults: [], flags: [], sale_id: null, resource: { type, id }, ...more };
}

export interface Drawer {
  faults: string[];
  shift: ModelShift | null;
  flags: ModelExceptionType[];
}

/** The drawer that a command names, as section 8 has it: a shift, though it be closed; or the till's at that time, named or not. */
export function drawerOf({ till, command }: Bringing, at = command.sent.occurred_at): Drawer {
  const { names } = command;
  if (names.shift_id !== undefined) {
    const shift = till.shifts.find(({ id }) => id === names.shift_id) ?? null;
    const others = till.store.tills.flatMap(({ shifts }) => shifts);
    if (!shift && others.some(({ id }) => id === names.shift_id)) return { faults: ["conflict"], shift, flags: [] };
    // One that the store does not have, because its opening was rejected or has not come, is none.
    if (!shift) return { faults: [], shift, flags: ["closed_shift"] };
    return { faults: [], shift, flags: shift.closed_at === null ? [] : ["closed_shift"] };
  }
  const then = openAt(till, at);
  if (!then) return { faults: [], shift: then, flags: names.terminal_id === undefined ? [] : ["closed_shift"] };
  return { faults: [], shift: then, flags: then.closed_at === null ? [] : ["closed_shift"] };
}

/** When something came back of a sale: never before it, and where the till's clock said so, that is told of. */
export function backAt(
  { command }: Bringing,
  { sold_at }: Pick<ModelSale, "sold_at">,
): { at: string; flags: ModelExceptionType[] } {
  const { occurred_at } = command.sent;
  return occurred_at < sold_at ? { at: sold_at, flags: ["clock_skew"] } : { at: occurred_at, flags: [] };
}

/** The till's shift that was open at a moment; of two that share it the later. */
function openAt(till: ModelTill, at: string): ModelShift | null {
  return (
    till.shifts.findLast(({ opened_at, closed_at }) => opened_at <= at && (closed_at === null || closed_at >= at)) ??
    null
  );
}

/** The number a command gets: its own, or where that or its place in the sequence is taken, one of the store's. */
export function numberOf({ till, command, seq_taken }: Bringing, kind: "sale" | "refund") {
  const { own } = command;
  const { store, code } = till;
  if (own === undefined) return { code: seq_taken ? "00" : code, own, flags: [] };
  const isTaken = store.numbers.has(numberText(store, code, kind, own));
  const flags: ModelExceptionType[] = isTaken && !seq_taken ? ["number_repeat"] : [];
  return isTaken || seq_taken ? { code: "00", own: undefined, flags } : { code, own, flags };
}
