import type { ParamTemplate, Recording, RequestTemplate, Slot, StatementTemplate } from "../../test/bench/recording.ts";
import { type Ask, type Case, SYNC_SALES } from "./cases.ts";
import { Client } from "./load.ts";
import type { Server } from "./server.ts";
import type { Shop } from "./shop.ts";

/** Sequence numbers that no other number of a request looks like. */
const FIRST_SEQ = 7_000_000_001;
const SEQ = String.raw`\b7\d{9}\b`;
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

/** Sends a request to the probed Worker: what it answered, and what it asked of its bindings meanwhile. */
export async function probe(client: Client, ask: Ask, delays: { d1?: number; do?: number } = {}): Promise<Recording> {
  const headers = {
    ...ask.headers,
    "X-Probe-Delay-D1": String(delays.d1 ?? 0),
    "X-Probe-Delay-DO": String(delays.do ?? 0),
  };
  const recording = JSON.parse((await client.send({ ...ask, headers })).text) as Recording;
  if (recording.status === ask.status) return recording;
  throw new Error(`${ask.method} ${ask.path} answered ${String(recording.status)}: ${recording.answer}`);
}

/**
 * Teaches the bare Worker what the measured one sends to the database for a case: it is recorded three times, warm,
 * and what differs between the last two is made anew for each request. `till` is where the bare Worker will sell.
 */
export async function teachBare(server: Server, shop: Shop, one: Case, till: string): Promise<void> {
  const client = new Client(server.probe);
  const bare = new Client(server.bare);
  try {
    await skipNumbers(server, till);
    const ask = one.makeAsker(shop, till, FIRST_SEQ);
    await probe(client, ask());
    const before = await probe(client, ask());
    const recorded = ask();
    const template = makeTemplate(before, await probe(client, recorded), firstSeqOf(recorded));
    const path = pathAt(one, till);
    await bare.expect({ method: "PUT", path, headers: {}, body: JSON.stringify(template), status: 200 });
  } finally {
    client.close();
    bare.close();
  }
}

/** The numbers before the first of the recorded ones count as heard, so that they leave no hole. */
async function skipNumbers({ database }: Server, till: string): Promise<void> {
  const sql = "INSERT OR IGNORE INTO sync_commands (terminal_id, seq, received_at) VALUES (?1, ?2, ?3)";
  await database
    .prepare(sql)
    .bind(till, FIRST_SEQ - 1, new Date().toISOString())
    .run();
}

/** Where the bare Worker answers a case for a till: the till stands in what was recorded. */
export function pathAt(one: Case, till: string): string {
  return one.name === "hello" ? one.bare_path : `${one.bare_path}/${till}`;
}

/** The number that follows what was recorded at a till. */
export const NEXT_SEQ = FIRST_SEQ + 3 * SYNC_SALES;

function firstSeqOf({ body }: Ask): number {
  const { commands } = JSON.parse(body ?? "{}") as { commands?: { seq: number }[] };
  return commands?.[0]?.seq ?? 0;
}

function makeTemplate(before: Recording, recorded: Recording, firstSeq: number): RequestTemplate {
  const kept = new Set(JSON.stringify(before.trips).match(new RegExp(UUID, "g")));
  const ids = new Map<string, number>();
  const slotOf = (text: string): Slot | string => {
    if (!text.includes("-")) return { seq: Number(text) - firstSeq };
    if (kept.has(text)) return text;
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return { id };
  };
  const toParam = (param: string | number | null): ParamTemplate => {
    if (typeof param !== "string") return param;
    const parts = param.split(new RegExp(`(${UUID}|${SEQ})`));
    return joinTexts(parts.map((part, index) => (index % 2 === 1 ? slotOf(part) : part)));
  };
  const batches = recorded.trips
    .filter(({ hop }) => hop === "d1")
    .map(({ statements }): StatementTemplate[] =>
      statements.map(({ sql, params }) => ({ sql, params: params.map(toParam) })),
    );
  return { ids: ids.size, batches };
}

/** Puts the texts between two slots together, so that the bare Worker has no more to do than it must. */
function joinTexts(parts: readonly (string | Slot)[]): (string | Slot)[] {
  const joined: (string | Slot)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
}
