import { type Context, ofOwnStore } from "../../context.ts";
import type { ProductRef } from "../../db/catalog-cache.ts";
import type { Row } from "../../db/database.ts";
import type { StoredAnswer } from "../../http/idempotency.ts";
import { Problem } from "../../http/problem.ts";
import { refsOf, type Shelf, shelfOfTill, tillShelfStatements } from "../sales/index.ts";
import type { Drawer } from "../shifts/index.ts";
import { isDrafted, type ReadCommand } from "./commands.ts";
import { type NewGap, selectTill, selectTillShifts } from "./queries.ts";
import type { Command } from "./schemas.ts";

/** What the books know of a till when a group of its commands comes in. */
export interface Till {
  terminal_id: string;
  terminal_code: string;
  store_id: string;
  store_code: string;
  /** Its store, and the products its commands name, as they are now. */
  shelf: Shelf;
  answers: Map<string, StoredAnswer>;
  /** Who holds each sequence number; null for one that was heard without effect. */
  holders: Map<number, string | null>;
  /** Who takes each sequence number in this group: the first that comes. */
  claims: Map<number, string>;
  highest_seq: number;
  taken_numbers: Set<string>;
  /** The last of its invoice and refund numbers, by whomever it was given. */
  last_numbers: Record<NumberKind, number>;
  /** The shifts that commands name, by id, and those that were open when commands happened, by the time. */
  shifts: Map<string, TillShift>;
  shifts_at: Map<string, TillShift>;
}

export type NumberKind = "sale" | "refund";

export interface TillShift {
  id: string;
  terminal_id: string;
  store_id: string;
  status: "open" | "closed";
}

/** One round trip. `not_found` for a till of a store the actor does not work in. */
export async function readTill(ctx: Context, terminalId: string, group: readonly ReadCommand[]): Promise<Till> {
  const commands = group.flatMap((one) => ("command" in one ? [one] : []));
  const keys = commands.map(({ key }) => key);
  const seqs = group.flatMap(({ seq }) => seq ?? []);
  const numbers = commands.flatMap(({ command }) => ownNumberOf(command) ?? []);
  const refs = commands.flatMap(({ command }) => refsIn(command));
  const shiftIds = commands.flatMap(({ command }) => shiftIdOf(command) ?? []);
  const times = [...new Set(commands.map(({ command }) => command.occurred_at))];
  const [answers = [], holders = [], highest = [], taken = [], last = [], shifts = [], at = [], ...shelfRows] =
    await ctx.db.readAll([
      ...selectTill(terminalId, keys, seqs, numbers),
      ...selectTillShifts(terminalId, shiftIds, times),
      ...tillShelfStatements(terminalId, [...new Set(refs)]),
    ]);
  const shelf = shelfOfTill(shelfRows);
  if (!shelf?.terminal) throw new Problem("not_found", "There is no such terminal.");
  ofOwnStore(ctx, { store_id: shelf.store.id }, "terminal");
  return {
    terminal_id: shelf.terminal.id,
    terminal_code: shelf.terminal.code,
    store_id: shelf.store.id,
    store_code: shelf.store.code,
    shelf,
    answers: new Map(answers.map((row) => [String(row["key"]), row as unknown as StoredAnswer])),
    holders: new Map(holders.map((row) => [Number(row["seq"]), row["key"] as string | null])),
    claims: new Map(),
    highest_seq: Number(highest[0]?.["highest"]),
    taken_numbers: new Set(taken.map((row) => String(row["number"]))),
    last_numbers: { sale: lastOf(last, "sale"), refund: lastOf(last, "refund") },
    shifts: new Map(shifts.map((row) => [String(row["id"]), row as unknown as TillShift])),
    shifts_at: new Map(at.map((row) => [String(row["at"]), row as unknown as TillShift])),
  };
}

/** The shift that was open at a time no command names. */
export async function readShiftAt(ctx: Context, till: Till, at: string): Promise<void> {
  const [, shifts = []] = await ctx.db.readAll(selectTillShifts(till.terminal_id, [], [at]));
  for (const row of shifts) till.shifts_at.set(at, row as unknown as TillShift);
}

function lastOf(rows: Row[], kind: NumberKind): number {
  return Number(rows.find((row) => row["kind"] === kind)?.["last"] ?? 0);
}

function shiftIdOf({ body }: Command): string | undefined {
  return "shift_id" in body ? body.shift_id : undefined;
}

/** A shift of the till, for what is about the shift itself. Throws Problem `not_found`, `conflict`. */
export function shiftOf(till: Till, shiftId: string, occurredAt: string): TillDrawer {
  const drawer = drawerOf(till, { shift_id: shiftId }, occurredAt);
  if (drawer.shift_id === null) throw new Problem("not_found", "The store has no such shift.");
  return drawer;
}

/** Where an offline till's money lies: the shift, and whether it is known that no Z report has it any more. */
export interface TillDrawer extends Drawer {
  closed: boolean;
}

/**
 * The drawer of what has happened at a till. A shift that is named is taken, though it be closed; one that the store does
 * not have is none. The till by its id, and nothing named, mean the shift that was open when it happened; that there was
 * none is told of where the till is named. Throws Problem for a shift that is none of the till's.
 */
export function drawerOf(
  till: Till,
  body: { terminal_id?: string | undefined; shift_id?: string | undefined },
  occurredAt: string,
): TillDrawer {
  const { terminal } = till.shelf;
  if (body.shift_id !== undefined) {
    const shift = till.shifts.get(body.shift_id);
    // Its opening was rejected, or has not come: what has happened in it has happened all the same.
    if (shift?.store_id !== till.store_id) return { terminal, shift_id: null, closed: true };
    if (shift.terminal_id !== till.terminal_id) {
      throw new Problem("conflict", "The shift is another till's.", {
        errors: [{ pointer: "/shift_id", detail: "is a shift of another till" }],
      });
    }
    return { terminal, shift_id: shift.id, closed: shift.status === "closed" };
  }
  const shift = till.shifts_at.get(occurredAt);
  if (!shift) return { terminal, shift_id: null, closed: body.terminal_id !== undefined };
  return { terminal, shift_id: shift.id, closed: shift.status === "closed" };
}

function refsIn(command: Command): ProductRef[] {
  if (!isDrafted(command) || !("lines" in command.body) || "sale_id" in command.body) return [];
  return command.body.lines.flatMap(refsOf);
}

/** The invoice or refund number a till gave while it was offline. */
export function ownNumberOf(command: { body: object }): string | undefined {
  const { invoice_no, refund_no } = command.body as { invoice_no?: string; refund_no?: string };
  return invoice_no ?? refund_no;
}

/** A number as a bill bears it. */
export function digitsOf(number: number): string {
  return String(number).padStart(6, "0");
}

/** The holes that these numbers leave behind the highest one known: each told of once, as a range. */
export function findGaps(
  ctx: Context,
  { store_id, terminal_id, highest_seq }: Till,
  seqs: readonly number[],
): NewGap[] {
  const gaps: NewGap[] = [];
  let expected = highest_seq + 1;
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    if (seq > expected) {
      const [first, last] = [expected, seq - 1];
      gaps.push({ id: ctx.newId(), store_id, terminal_id, seq, sale_id: null, number_kind: null, first, last });
    }
    expected = Math.max(expected, seq + 1);
  }
  return gaps;
}
