import { expect } from "vitest";
import { expectStatus } from "../../../support/api.ts";
import type { SyncResult } from "../../sync/till.ts";
import { isPlain } from "../online/basket.ts";
import type { ModelTill } from "../books/books.ts";
import type { Command, Outbox } from "./outbox.ts";
import type { Outcome } from "./brought.ts";
import { applyCommand } from "./till-commands.ts";
import { note, type Person, tell, type World } from "../world.ts";

/** A till brings what it has kept: in batches, now and then twice, out of order, or with some left for later. */

const MOST = 12;

export async function bring(world: World): Promise<void> {
  const { dice, outboxes } = world;
  const waiting = [...outboxes].filter(([, { queue }]) => queue.length > 0);
  if (waiting.length === 0) return;
  const [till, outbox] = dice.pick(waiting);
  await bringSome(world, till, outbox, drawBatch(world, outbox));
}

/** Everything that any till has kept, in its order. */
export async function bringAll(world: World): Promise<void> {
  for (const [till, outbox] of world.outboxes) {
    while (outbox.queue.length > 0) {
      world.clock.pass(1);
      await bringSome(world, till, outbox, outbox.queue.splice(0, MOST));
    }
    outbox.offline = false;
  }
}

function drawBatch({ dice }: World, outbox: Outbox): Command[] {
  let batch = outbox.queue.splice(0, dice.int(1, MOST));
  // Some have to wait: a hole in the numbers, until they come.
  if (batch.length > 1 && dice.onceIn(5)) outbox.queue.push(...batch.splice(dice.int(0, batch.length - 1), 1));
  if (dice.onceIn(4)) batch = shuffle(dice, batch);
  if (dice.onceIn(4)) batch.push(dice.pick(batch));
  if (outbox.brought.length > 0 && dice.onceIn(4)) batch.unshift(dice.pick(outbox.brought));
  return batch;
}

function shuffle<T>(dice: World["dice"], items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(dice.int(0, left.length - 1), 1)[0]).filter((item) => item !== undefined);
}

async function bringSome(world: World, till: ModelTill, outbox: Outbox, batch: Command[]): Promise<void> {
  const cashier = world.dice.onceIn(4) && batch.every(isPlainCommand) ? world.cashiers.get(till.store.id) : undefined;
  const by = cashier ?? world.admin;
  const body = { terminal_id: till.id, commands: batch.map(({ sent }) => sent) };
  const answer = await by.client.post<{ results: SyncResult[] }>("/v1/sync/commands", body);
  tell(world, "/v1/sync/commands", body, answer);
  expectStatus(answer, 200);
  expect(answer.body.results, world.last).toHaveLength(batch.length);
  for (const [index, command] of batch.entries()) {
    const result = answer.body.results[index];
    if (result) check(world, { till, outbox, command, by }, result);
  }
  outbox.brought.push(...batch);
  world.touched.synced.add(till.store.id);
}

function isPlainCommand({ facts }: Command): boolean {
  const baskets = ["basket" in facts ? facts.basket : null, "other" in facts ? facts.other : null];
  // What was parked or ordered is not known here.
  return (
    facts.type !== "complete" &&
    facts.type !== "order_complete" &&
    baskets.every((basket) => !basket || isPlain(basket))
  );
}

interface Brought {
  till: ModelTill;
  outbox: Outbox;
  command: Command;
  by: Person;
}

function check(world: World, { till, outbox, command, by }: Brought, result: SyncResult): void {
  const { sent, facts } = command;
  const { seq, idempotency_key: key } = sent;
  const story = `${facts.type}, number ${String(seq)}: ${world.last}`;
  const known = world.keys.get(`${till.store.id} ${key}`);
  if (known) {
    hear(till, seq, key);
    expect({ outcome: result.outcome, resource: result.resource }, story).toEqual({
      outcome: "replayed",
      resource: known,
    });
    note(world, "sync: replayed");
    return;
  }
  const holder = till.heard.get(seq) ?? null;
  const given_id = result.resource?.id ?? "";
  const outcome = applyCommand({ world, till, command, by, seq_taken: holder !== null && holder !== key, given_id });
  if (outcome.faults.length > 0) {
    expect(result.outcome, story).toBe("rejected");
    expect(outcome.faults, story).toContain(result.problem?.code);
    note(world, `sync ${facts.type}: ${String(result.problem?.code)}`);
    if (!till.heard.has(seq)) till.heard.set(seq, null);
    // What had not come yet when it was asked for may have come by the next time.
    if (result.problem?.code === "not_found" && !command.again) outbox.queue.push({ ...command, again: true });
    return;
  }
  take(world, till, command, outcome, result, story);
}

function take(
  world: World,
  till: ModelTill,
  { sent, facts }: Command,
  { flags, sale_id, resource }: Outcome,
  result: SyncResult,
  story: string,
): void {
  const { seq, idempotency_key: key } = sent;
  expect(result, story).toMatchObject({ seq, outcome: flags.length > 0 ? "flagged" : "applied" });
  // A refund is named by the server.
  const id = resource.id === "" ? result.resource?.id : resource.id;
  expect(result.resource, story).toEqual({ ...resource, id });
  world.keys.set(`${till.store.id} ${key}`, result.resource ?? {});
  hear(till, seq, key);
  for (const type of flags) {
    world.books.exceptions.push({ type, terminal_id: till.id, seq, sale_id });
    note(world, `exception: ${type}`);
  }
  note(world, `sync ${facts.type}: taken`);
}

/** A number that is held stays held. */
function hear({ heard }: ModelTill, seq: number, key: string): void {
  if ((heard.get(seq) ?? null) === null) heard.set(seq, key);
}
