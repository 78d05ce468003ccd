import { newId } from "../../src/core/ids.ts";
import type { Gate } from "../../src/durable-objects/gate/object.ts";
import type { ParamTemplate, RequestTemplate, Slot } from "./recording.ts";

/**
 * The least that can do the same work: JSON in, the same SQL in the same batches, JSON out. No framework, no
 * validation, no sign-in, and no gate, unless `X-Bare-Gate` names one: that shows what the gate's call alone costs.
 * `X-Bare-About` names the records that a request is about, where each is about others.
 */

interface BareEnv {
  DB: D1Database;
  GATE: DurableObjectNamespace<Gate>;
}

/** What is answered at a path, and how often it was. */
const taught = new Map<string, { template: RequestTemplate; sent: number }>();

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/hello") return Response.json({ status: "ok", environment: "bare" });
    if (request.method === "PUT") {
      taught.set(pathname, { template: await request.json<RequestTemplate>(), sent: 0 });
      return Response.json({});
    }
    const known = taught.get(pathname);
    if (!known) return Response.json({ error: `nothing is known of ${pathname}` }, { status: 404 });
    const gate = request.headers.get("X-Bare-Gate");
    if (gate !== null) await env.GATE.getByName(gate).pass({ session_id: null, charges: [] });
    const body = request.method === "POST" ? await request.json<Partial<SyncBody>>() : {};
    const values = {
      ids: Array.from({ length: known.template.ids }, () => newId()),
      first_seq: body.commands?.[0]?.seq ?? 0,
      about: request.headers.get("X-Bare-About")?.split(",") ?? [],
      sent: known.sent,
    };
    known.sent += 1;
    return Response.json(await send(env.DB, known.template, values));
  },
} satisfies ExportedHandler<BareEnv>;

interface SyncBody {
  commands: { seq: number }[];
}

/** What goes into the slots of one request. */
interface Values {
  ids: readonly string[];
  first_seq: number;
  about: readonly string[];
  sent: number;
}

/** Sends the batches one after another; the first row of the last one that gave any. */
async function send(db: D1Database, { batches }: RequestTemplate, values: Values): Promise<object> {
  let row: object = {};
  for (const batch of batches) {
    const prepared = batch.map(({ sql, params }) =>
      db.prepare(sql).bind(...params.map((param) => render(param, values))),
    );
    const results = await db.batch<object>(prepared);
    row = results.find(({ results: rows }) => rows.length > 0)?.results[0] ?? row;
  }
  return row;
}

function render(param: ParamTemplate, values: Values): string | number | null {
  if (!Array.isArray(param)) return param;
  let text = "";
  for (const part of param) text += typeof part === "string" ? part : fill(part, values);
  return text;
}

function fill(slot: Slot, { ids, first_seq, about, sent }: Values): string {
  if ("id" in slot) return ids[slot.id] ?? "";
  if ("seq" in slot) return String(first_seq + slot.seq);
  if ("about" in slot) return about[slot.about] ?? "";
  return String(slot.count + sent);
}
