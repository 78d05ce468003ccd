import type { Context } from "../../context.ts";
import { Violation } from "../../db/violation.ts";
import { refuseReusedKey } from "../../http/idempotency.ts";
import { isViolationOf, problemOf } from "../../http/constraints.ts";
import { describeProblem, Problem } from "../../http/problem.ts";
import { type Alongside, commitDrafts, explainRefusal } from "../sales/index.ts";
import { customerCreated, insertCustomersStatement } from "../customers/index.ts";
import { groupCommands, isDrafted, type NumberedCommand, type ReadCommand, readCommand } from "./commands.ts";
import { partTooFar } from "./numbering.ts";
import { type DraftedOne, onceAsSent, prepareCommand, type Prepared, preparedOnce } from "./prepare.ts";
import type { SyncResult } from "./schemas.ts";
import { carryOut, type SingleCommand } from "./single.ts";
import { readTill, type Till } from "./till.ts";
import { heardOf, tillStatements } from "./till-statements.ts";

/** How often a single command is tried when other commands keep coming first. */
const ATTEMPTS = 4;

/**
 * Takes in what a till did while it was offline. Each command stands alone: it is applied or flagged once, replayed
 * ever after, or rejected without a trace. Commands are committed in groups; a group that is refused is taken apart.
 */
export async function applyCommands(
  ctx: Context,
  terminalId: string,
  raws: readonly unknown[],
): Promise<{ results: SyncResult[] }> {
  const commands = raws.map(readCommand);
  const results = new Map<number, SyncResult>();
  for (const group of groupCommands(commands)) {
    for (const [index, result] of await applyGroup(ctx, terminalId, group, 1)) results.set(index, result);
  }
  return { results: commands.flatMap(({ index }) => results.get(index) ?? []) };
}

type Results = Map<number, SyncResult>;

async function applyGroup(ctx: Context, terminalId: string, sent: ReadCommand[], attempt: number): Promise<Results> {
  const till = await readTill(ctx, terminalId, sent);
  const results: Results = new Map();
  const prepared: Prepared[] = [];
  const { group, too_far } = partTooFar(till, sent);
  for (const one of too_far) results.set(one.index, reject(one.seq, one.problem));
  for (const one of group) {
    if ("problem" in one) {
      results.set(one.index, reject(one.seq, one.problem));
      continue;
    }
    if (!isDraftedOne(one)) {
      return applySingle(ctx, till, one as NumberedCommand & { command: SingleCommand }, attempt);
    }
    try {
      const replayed = replay(till, one);
      if (replayed) results.set(one.index, replayed);
      else prepared.push(await prepareCommand(ctx, till, one));
      if (!till.claims.has(one.seq)) till.claims.set(one.seq, one.key);
    } catch (error) {
      results.set(one.index, reject(one.seq, inBody(error)));
    }
  }
  try {
    for (const [index, result] of await commitGroup(ctx, till, group, prepared)) results.set(index, result);
    return results;
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    if (error.constraint === "session_revoked") throw error;
    if (prepared.length > 1) return applyOneByOne(ctx, terminalId, sent);
    if (attempt < ATTEMPTS && !isViolationOf(error, "FOREIGN KEY")) {
      return applyGroup(ctx, terminalId, sent, attempt + 1);
    }
    for (const one of prepared) {
      results.set(one.index, reject(one.seq, await explain(ctx, one, error)));
      till.claims.delete(one.seq);
    }
    // What is rejected has come all the same: its number leaves no hole.
    await commitGroup(ctx, till, group, []);
    return results;
  }
}

function isDraftedOne(one: NumberedCommand): one is DraftedOne {
  return isDrafted(one.command);
}

/** One that stands alone in its group. What is rejected, or had been done, has come all the same: its number is heard. */
async function applySingle(
  ctx: Context,
  till: Till,
  one: NumberedCommand & { command: SingleCommand },
  attempt: number,
): Promise<Results> {
  if (!till.claims.has(one.seq)) till.claims.set(one.seq, one.key);
  try {
    const { answer, replayed, flagged } = await carryOut(ctx, till, one);
    if (replayed) await commitGroup(ctx, till, [one], []);
    const { id } = JSON.parse(answer) as { id: string };
    const resource = describeResource(RESOURCES[one.command.type] ?? one.command.type, id, answer);
    return new Map([[one.index, { seq: one.seq, outcome: outcomeOf(replayed, flagged), resource }]]);
  } catch (error) {
    // Another request was first with its sequence number, or with its invoice number.
    if (isViolationOf(error, "number_repeat", "sales.store_id") && attempt < ATTEMPTS) {
      return applyGroup(ctx, till.terminal_id, [one], attempt + 1);
    }
    const result = reject(one.seq, inBody(error));
    till.claims.delete(one.seq);
    await commitGroup(ctx, till, [one], []);
    return new Map([[one.index, result]]);
  }
}

/** What a command becomes, where it is not named for it. */
const RESOURCES: Record<string, string> = {
  complete: "sale",
  void: "sale",
  payment: "sale",
  order_complete: "sale",
  deposit: "order",
  deposit_refund: "order",
  shift_open: "shift",
  shift_close: "shift",
};

function outcomeOf(replayed: boolean, flagged: boolean): SyncResult["outcome"] {
  if (replayed) return "replayed";
  return flagged ? "flagged" : "applied";
}

async function applyOneByOne(ctx: Context, terminalId: string, group: ReadCommand[]): Promise<Results> {
  const results: Results = new Map();
  for (const one of group) {
    for (const [index, result] of await applyGroup(ctx, terminalId, [one], 1)) results.set(index, result);
  }
  return results;
}

function replay(till: Till, one: DraftedOne): SyncResult | null {
  const stored = till.answers.get(one.key);
  if (!stored) return null;
  const asSent = onceAsSent(till, one.command, one.key);
  if (asSent.fingerprint !== stored.fingerprint) refuseReusedKey(preparedOnce(till, one.command, one.key), stored);
  return {
    seq: one.seq,
    outcome: "replayed",
    resource: describeResource(one.command.type, stored.resource_id, stored.response),
  };
}

/** Says whom a command names that nobody knows; any other refusal as it is. */
async function explain(ctx: Context, { draft, people }: Prepared, error: Violation): Promise<unknown> {
  if (!draft) return error;
  const { statements, explain: tell } = explainRefusal(people, draft, error);
  if (statements.length === 0) return error;
  return inBody(tell(await ctx.db.readAll(statements)) ?? error);
}

/** The refusal of a command's body, whose pointers begin at the body, as the refusal of the command. */
function inBody(error: unknown): unknown {
  if (!(error instanceof Problem) || !error.errors) return error;
  const { code, detail, members, cause } = error;
  const errors = error.errors.map((one) => ({ ...one, pointer: `/body${one.pointer}` }));
  return new Problem(code, detail.startsWith("/") ? `/body${detail}` : detail, { errors, members, cause });
}

function reject(seq: number | null, error: unknown): SyncResult {
  const problem = problemOf(error);
  if (!problem || problem.status >= 500 || problem.status === 401) throw error;
  return { seq, outcome: "rejected", problem: describeProblem(problem) };
}

function describeResource(type: string, id: string, response: string): NonNullable<SyncResult["resource"]> {
  const { invoice_no, refund_no } = JSON.parse(response) as { invoice_no?: string; refund_no?: string };
  return { type, id, ...(invoice_no ? { invoice_no } : {}), ...(refund_no ? { refund_no } : {}) };
}

async function commitGroup(ctx: Context, till: Till, group: ReadCommand[], prepared: Prepared[]): Promise<Results> {
  const heard = heardOf(till, group);
  if (heard.length === 0 && prepared.length === 0) return new Map();
  const customers = prepared.flatMap((one) => one.customer ?? []);
  const alongside: Alongside = {
    audit: [
      ...customers.map(customerCreated),
      ...(prepared.length === 0
        ? [
            {
              action: "sync.hear" as const,
              entity_type: "terminal",
              entity_id: till.terminal_id,
              store_id: till.store_id,
            },
          ]
        : []),
    ],
    first: customers.length > 0 ? [insertCustomersStatement(JSON.stringify(customers))] : [],
    answers: prepared.flatMap((one) => (one.customer ? [{ ...one.once, response: { id: one.customer.id } }] : [])),
    last: tillStatements(
      ctx,
      till,
      heard,
      prepared.map(({ findings }) => findings),
    ),
  };
  const { committed, rows } = await commitDrafts(
    ctx,
    prepared.flatMap((one) => one.draft ?? []),
    alongside,
  );
  const cameTrue = new Set(rows[0]?.map((row) => row["id"]));
  const answers = new Map(committed.map(({ id, answer }) => [id, answer]));
  return new Map(
    prepared.map((one): [number, SyncResult] => {
      const { exceptions, candidates } = one.findings;
      const flagged = exceptions.length > 0 || candidates.some(({ id }) => cameTrue.has(id));
      const answer = answers.get(one.once.resource_id) ?? "{}";
      return [
        one.index,
        {
          seq: one.seq,
          outcome: outcomeOf(false, flagged),
          resource: describeResource(one.type, one.once.resource_id, answer),
        },
      ];
    }),
  );
}
