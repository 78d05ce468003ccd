import { newId } from "../../src/core/ids.ts";
import type { Gate } from "../../src/durable-objects/gate/object.ts";
import type { ParamTemplate, RequestTemplate } from "./recording.ts";

/**
 * The least that can do the same work: JSON in, the same SQL in the same batches, JSON out. No framework, no
 * validation, no sign-in, and no gate, unless `X-Bare-Gate` names one: that shows what the gate's call alone costs.
 */

interface BareEnv {
  DB: D1Database;
  GATE: DurableObjectNamespace<Gate>;
}

const templates = new Map<string, RequestTemplate>();

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/hello") return Response.json({ status: "ok", environment: "bare" });
    if (request.method === "PUT") {
      templates.set(pathname, await request.json<RequestTemplate>());
      return Response.json({});
    }
    const template = templates.get(pathname);
    if (!template) return Response.json({ error: `nothing is known of ${pathname}` }, { status: 404 });
    const gate = request.headers.get("X-Bare-Gate");
    if (gate !== null) await env.GATE.getByName(gate).pass({ session_id: null, charges: [] });
    const body = request.method === "POST" ? await request.json<Partial<SyncBody>>() : {};
    return Response.json(await send(env.DB, template, body.commands?.[0]?.seq ?? 0));
  },
} satisfies ExportedHandler<BareEnv>;

interface SyncBody {
  commands: { seq: number }[];
}

/** Sends the batches one after another; the first row of the last one that gave any. */
async function send(db: D1Database, { ids, batches }: RequestTemplate, firstSeq: number): Promise<object> {
  const fresh = Array.from({ length: ids }, () => newId());
  let row: object = {};
  for (const batch of batches) {
    const prepared = batch.map(({ sql, params }) =>
      db.prepare(sql).bind(...params.map((param) => render(param, fresh, firstSeq))),
    );
    const results = await db.batch<object>(prepared);
    row = results.find(({ results: rows }) => rows.length > 0)?.results[0] ?? row;
  }
  return row;
}

function render(param: ParamTemplate, ids: readonly string[], firstSeq: number): string | number | null {
  if (!Array.isArray(param)) return param;
  let text = "";
  for (const part of param) {
    if (typeof part === "string") text += part;
    else text += "id" in part ? (ids[part.id] ?? "") : String(firstSeq + part.seq);
  }
  return text;
}
