import { createApp } from "../../src/app.ts";
import { Probe, probeDatabase, probeObjects } from "./probe.ts";
import type { Recording } from "./recording.ts";

export { Gate } from "../../src/durable-objects/gate/object.ts";

const app = createApp();

/**
 * The Worker behind bindings that count and delay. `X-Probe-Delay-D1` and `X-Probe-Delay-DO` say by how many
 * milliseconds; the answer is what was seen, as a Recording.
 */
export default {
  async fetch(request, env, ctx) {
    const delayOf = (hop: string) => Number(request.headers.get(`X-Probe-Delay-${hop}`) ?? "0");
    const probe = new Probe({ d1: delayOf("D1"), do: delayOf("DO") });
    const bindings = { ...env, DB: probeDatabase(env.DB, probe), GATE: probeObjects(env.GATE, probe) };
    const answer = await app.fetch(request, bindings, ctx);
    const recording: Recording = { status: answer.status, answer: await answer.text(), trips: probe.trips };
    return Response.json(recording);
  },
} satisfies ExportedHandler<Env>;
