import { SyncBatch } from "../support/sync-batch.ts";
import { IN_THE_BACKGROUND, type Outcome, type Patience } from "./client.ts";
import type { NumberedCommand, Outbox, Result } from "./outbox.ts";
import { describeProblem, type Session } from "./session.ts";
import { Failure } from "../support/failure.ts";

/** Sends what lies in the outbox by POST /v1/sync/commands, in order, until it is empty or the API is out of reach. */

export type DeliveryReport = {
  applied: number;
  flagged: number;
  replayed: number;
  rejected: number;
  /** Why not everything was sent. */
  stopped: string | null;
};

/** How batches are put together and sent; the soak test has others that reorder and repeat them. */
export type Courier = (send: SendBatch, outbox: Outbox, report: DeliveryReport) => Promise<void>;

/** Sends commands of one till and settles what the server said. Returns why it could not, or null. */
export type SendBatch = (commands: readonly NumberedCommand[]) => Promise<string | null>;

export type DeliveryOptions = {
  session: Session;
  outbox: Outbox;
  terminal_id: string;
  patience?: Patience;
  courier?: Courier;
  /** Told after each batch how many still wait. */
  onProgress?: (left: number) => void;
};

const MOST = 50;

export async function deliver(options: DeliveryOptions): Promise<DeliveryReport> {
  const { session, outbox, terminal_id, patience = IN_THE_BACKGROUND, courier = inOrder, onProgress } = options;
  const report: DeliveryReport = { applied: 0, flagged: 0, replayed: 0, rejected: 0, stopped: null };
  const send: SendBatch = async (commands) => {
    for (let sent = 0, most = MOST; sent < commands.length;) {
      const batch = packBatch(terminal_id, commands.slice(sent), most);
      const call = { method: "POST", path: "/v1/sync/commands", body: batch.toBody() } as const;
      const outcome = await session.ask<{ results: Result[] }>(call, patience);
      if (outcome.kind === "done") {
        settle(outbox, batch.sources, outcome.body.results, report);
        sent += batch.sources.length;
        onProgress?.(outbox.waitingCount);
        continue;
      }
      // One command the server can't stomach must not keep those before it from arriving.
      if (!isOfContent(outcome) || batch.sources.length === 1) return stopReason(outcome, batch.sources);
      most = Math.ceil(batch.sources.length / 2);
    }
    return null;
  };
  await courier(send, outbox, report);
  return report;
}

/** One batch after another, the oldest first. */
const inOrder: Courier = async (send, outbox, report) => {
  for (;;) {
    const commands = outbox.nextBatch(MOST);
    if (commands.length === 0) return;
    report.stopped = await send(commands);
    if (report.stopped !== null) return;
  }
};

function packBatch(terminalId: string, commands: readonly NumberedCommand[], most: number): SyncBatch<NumberedCommand> {
  const batch = new SyncBatch<NumberedCommand>(terminalId, most);
  for (const command of commands) if (!batch.add(toWire(command), command)) break;
  return batch;
}

/** A command as the wire has it: its own number goes with it, so that the bill in the customer's hand stays true. */
export function toWire({ seq, idempotency_key, type, occurred_at, body, approval, number }: NumberedCommand): object {
  const named = number === null ? {} : { [type === "refund" ? "refund_no" : "invoice_no"]: number };
  return {
    seq,
    idempotency_key,
    type,
    occurred_at,
    body: { ...body, ...named },
    ...(approval === null ? {} : { approval }),
  };
}

function settle(
  outbox: Outbox,
  commands: readonly NumberedCommand[],
  results: readonly Result[],
  report: DeliveryReport,
): void {
  const settled = commands.map((command, index) => {
    const result = results[index];
    if (result?.seq !== command.seq) throw new Error("the answer's results are not those of the batch's commands");
    return { command, result };
  });
  outbox.settle(settled);
  for (const { result } of settled) report[result.outcome] += 1;
}

/** Whether a smaller batch may fare better: one was too large, or the server failed over something in it. */
function isOfContent(outcome: Exclude<Outcome<unknown>, { kind: "done" }>): boolean {
  return outcome.status === 413 || outcome.status === 500;
}

function stopReason(outcome: Exclude<Outcome<unknown>, { kind: "done" }>, [first]: readonly NumberedCommand[]): string {
  const at = first ? ` (command ${String(first.seq)}, ${first.type})` : "";
  if (outcome.kind === "unreached") return `${outcome.reason}${outcome.status === 500 ? at : ""}`;
  throw new Failure(`The server refuses the outbox${at}: ${describeProblem(outcome.problem)}`);
}
