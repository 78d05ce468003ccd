import { Problem } from "../../http/problem.ts";
import type { DraftOptions } from "../sales/index.ts";
import type { ReadCommand, UnreadCommand } from "./commands.ts";
import type { Findings } from "./findings.ts";
import type { Command } from "./schemas.ts";
import { digitsOf, type NumberKind, ownNumberOf, type Till } from "./till.ts";

/** How far above the last known number of a till the next that it brings may lie: one slip would use them up. */
const MOST_AHEAD = 10_000;

/**
 * Takes out the commands whose place in the sequence is too far above the last known to be believed. They are rejected and
 * not heard: the till's sequence would go on from there, and what lies between would be missing for good.
 */
export function partTooFar(
  till: Till,
  commands: readonly ReadCommand[],
): { group: ReadCommand[]; too_far: UnreadCommand[] } {
  const group: ReadCommand[] = [];
  const tooFar: UnreadCommand[] = [];
  let last = till.highest_seq;
  for (const one of commands) {
    const { index, seq } = one;
    if (seq !== null && seq > last + MOST_AHEAD) {
      tooFar.push("problem" in one ? one : { index, seq, problem: tooFarAhead(last) });
      continue;
    }
    group.push(one);
    last = Math.max(last, seq ?? 0);
  }
  return { group, too_far: tooFar };
}

function tooFarAhead(last: number): Problem {
  const detail = `is more than ${String(MOST_AHEAD)} above ${String(last)}, the last known; number it from there`;
  return new Problem("validation_failed", `/seq ${detail}`, { errors: [{ pointer: "/seq", detail }] });
}

/**
 * The number the command brings, or, where that is taken or too far ahead, one of the store's own. Throws Problem
 * `validation_failed`.
 */
export function numbering(
  till: Till,
  command: Command,
  findings: Findings,
): Pick<DraftOptions, "own_number" | "number_from_store"> {
  const { seq_taken } = findings;
  const own = ownNumberOf(command);
  if (own === undefined) return { number_from_store: seq_taken };
  const kind = numberKindOf(command);
  const number = readNumber(till, kind, own);
  const last = till.last_numbers[kind];
  const fault = till.taken_numbers.has(own)
    ? `${own} was used before.`
    : number > last + MOST_AHEAD
      ? `${own} is too far ahead: the last known number of the till is ${digitsOf(last)}.`
      : null;
  if (fault !== null && !seq_taken) findings.flag("number_repeat", fault);
  if (fault !== null || seq_taken) return { number_from_store: true };
  for (const [from, to] of splitByWidth(last + 1, number - 1)) {
    findings.numberGap({ number_kind: kind, first: from, last: to });
  }
  findings.own_number = true;
  return { own_number: { text: own, number } };
}

function numberKindOf({ type }: Pick<Command, "type">): NumberKind {
  return type === "refund" ? "refund" : "sale";
}

/** What follows in the group finds the number taken. */
export function takeOwnNumber(till: Till, command: Command, own: { text: string; number: number }): void {
  const kind = numberKindOf(command);
  till.taken_numbers.add(own.text);
  till.last_numbers[kind] = Math.max(till.last_numbers[kind], own.number);
}

/** As many digits as the server itself prints. */
function readNumber(till: Till, kind: NumberKind, own: string): number {
  const field = kind === "refund" ? "refund_no" : "invoice_no";
  const prefix = `${till.store_code}-${till.terminal_code}-${kind === "refund" ? "R" : ""}`;
  const digits = own.startsWith(prefix) ? own.slice(prefix.length) : "";
  if (/^(?:\d{6}|[1-9]\d{6,8})$/.test(digits) && Number(digits) > 0) return Number(digits);
  throw new Problem("validation_failed", `/${field} is not a number of this till.`, {
    errors: [{ pointer: `/${field}`, detail: `must be ${prefix} and six digits, from 000001; seven from 1000000` }],
  });
}

/** A range of numbers, cut where they begin to need another digit, so that those of a part sort as their texts do. */
export function splitByWidth(from: number, to: number): [number, number][] {
  if (from > to) return [];
  const end = Math.min(to, 10 ** digitsOf(from).length - 1);
  return [[from, end], ...splitByWidth(end + 1, to)];
}
