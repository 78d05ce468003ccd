import type { ParamTemplate, Recording, RequestTemplate, Slot, StatementTemplate } from "../../test/bench/recording.ts";
import { type Ask, type Case, SYNC_SALES } from "./cases.ts";
import { Client } from "./load.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";

/** Sequence numbers that no other number of a request looks like. */
const FIRST_SEQ = 7_000_000_001;
const SEQ = String.raw`\b7\d{9}\b`;
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";
/** How much of a line has come back before: one more with each refund of one piece. */
const COUNT = String.raw`(?<="refunded_before":)\d+`;

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
export async function teachBare(server: Server, shop: Shop, one: Case, till: Till): Promise<void> {
  await skipNumbers(server, till);
  const ask = await one.makeAsker(shop, till, FIRST_SEQ);
  await teachPath(server, pathAt(one, till), [ask(), ask(), ask()]);
}

/** The same of three requests that are made already, for one path of the bare Worker. */
export async function teachPath(server: Server, path: string, [first, second, third]: [Ask, Ask, Ask]): Promise<void> {
  const client = new Client(server.probe);
  const bare = new Client(server.bare);
  try {
    await probe(client, first);
    const before = await probe(client, second);
    const template = makeTemplate(before, await probe(client, third), third);
    await bare.expect({ method: "PUT", path, headers: {}, body: JSON.stringify(template), status: 200 });
  } finally {
    client.close();
    bare.close();
  }
}

/** The headers that tell the bare Worker what else of a request it needs to know. */
export function bareHeaders({ headers, about }: Ask, gate: string | null): Record<string, string> {
  return {
    ...headers,
    ...(gate === null ? {} : { "X-Bare-Gate": gate }),
    ...(about ? { "X-Bare-About": about.join(",") } : {}),
  };
}

/** The numbers before the first of the recorded ones count as heard, so that they leave no hole. */
async function skipNumbers({ database }: Server, till: Till): Promise<void> {
  const sql = "INSERT OR IGNORE INTO sync_commands (terminal_id, seq, received_at) VALUES (?1, ?2, ?3)";
  await database
    .prepare(sql)
    .bind(till.id, FIRST_SEQ - 1, new Date().toISOString())
    .run();
}

/** Where the bare Worker answers a case for a till: the till stands in what was recorded. */
export function pathAt(one: Case, till: Till): string {
  return one.name === "hello" ? one.bare_path : `${one.bare_path}/${till.id}`;
}

/** The number that follows what was recorded at a till. */
export const NEXT_SEQ = FIRST_SEQ + 3 * SYNC_SALES;

function firstSeqOf({ body }: Ask): number {
  const { commands } = JSON.parse(body ?? "{}") as { commands?: { seq: number }[] };
  return commands?.[0]?.seq ?? 0;
}

function makeTemplate(before: Recording, recorded: Recording, ask: Ask): RequestTemplate {
  const firstSeq = firstSeqOf(ask);
  const kept = new Set(JSON.stringify(before.trips).match(new RegExp(UUID, "g")));
  const ids = new Map<string, number>();
  const slotOf = (text: string): Slot | string => {
    if (!text.includes("-")) return firstSeq === 0 ? { count: Number(text) + 1 } : { seq: Number(text) - firstSeq };
    const about = ask.about?.indexOf(text) ?? -1;
    if (about >= 0) return { about };
    if (kept.has(text)) return text;
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return { id };
  };
  const toParam = (param: string | number | null): ParamTemplate => {
    if (typeof param !== "string") return param;
    const parts = param.split(new RegExp(`(${UUID}|${firstSeq === 0 ? COUNT : SEQ})`));
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
