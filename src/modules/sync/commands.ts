import { describeIssues } from "../../http/errors.ts";
import { Problem, invalidInput } from "../../http/problem.ts";
import { type Command, commandSchema } from "./schemas.ts";

/** Reading a till's commands one by one, and cutting them into groups that can be committed together. */

/** A command in its place. */
export interface NumberedCommand {
  index: number;
  seq: number;
  key: string;
  command: Command;
}

/** Why it is none, or none to be believed. */
export interface UnreadCommand {
  index: number;
  seq: number | null;
  problem: Problem;
}

/** A command in its place, or why it is none. */
export type ReadCommand = NumberedCommand | UnreadCommand;

export function readCommand(raw: unknown, index: number): ReadCommand {
  const result = commandSchema.safeParse(raw);
  if (result.success) {
    return { index, seq: result.data.seq, key: result.data.idempotency_key, command: result.data };
  }
  const seq = readSeq(raw);
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    // The pointer to the whole of it is empty (RFC 6901).
    const errors = [{ pointer: "", detail: "must be an object" }];
    return { index, seq, problem: new Problem("validation_failed", "A command must be an object.", { errors }) };
  }
  return { index, seq, problem: invalidInput(describeIssues(result.error, "")) };
}

function readSeq(raw: unknown): number | null {
  if (typeof raw !== "object" || raw === null || !("seq" in raw)) return null;
  const { seq } = raw;
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq >= 1 ? seq : null;
}

const MOST_LINES = 1000;

/**
 * Cuts commands, in order, into groups for one batch each: at most 1,000 lines, no key twice (the second is a repeat
 * of the first), and alone whatever reads what others have made: a refund of a sale, a shift's close.
 */
export function groupCommands(commands: readonly ReadCommand[]): ReadCommand[][] {
  const groups: ReadCommand[][] = [];
  let group: ReadCommand[] = [];
  let keys = new Set<string>();
  let lines = 0;
  const close = () => {
    if (group.length > 0) groups.push(group);
    group = [];
    keys = new Set();
    lines = 0;
  };
  for (const one of commands) {
    if ("problem" in one) {
      group.push(one);
      continue;
    }
    const count = countLines(one.command);
    const alone = standsAlone(one.command);
    if (alone || keys.has(one.key) || lines + count > MOST_LINES) close();
    group.push(one);
    keys.add(one.key);
    lines += count;
    if (alone) close();
  }
  close();
  return groups;
}

/** Sales, customers and refunds without their sale go together; the others read first. */
function standsAlone(command: Command): boolean {
  return !isDrafted(command) || (command.type === "refund" && "sale_id" in command.body);
}

/** What is drafted here and committed with its group; the rest goes through the service of its endpoint. */
export type DraftedCommand = Extract<Command, { type: "sale" | "refund" | "customer" }>;

export function isDrafted(command: Command): command is DraftedCommand {
  if (command.type === "sale") return command.body.status !== "parked";
  return command.type === "refund" || command.type === "customer";
}

function countLines(command: Command): number {
  return "lines" in command.body ? (command.body.lines?.length ?? 1) : 1;
}
