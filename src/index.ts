import { createApp } from "./app.ts";
import { purgeOldRows } from "./jobs/purge.ts";
import { writeSupplements } from "./jobs/supplements.ts";
import { describeError, logLine } from "./telemetry/log.ts";

export { Gate } from "./durable-objects/gate/object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled(_controller, env) {
    const now = new Date();
    // One that fails is told of when the other has done its work; where both do, of both.
    const outcomes = await Promise.allSettled([writeSupplements(env, now), purgeOldRows(env, now)]);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    for (const reason of reasons) logLine("error", "a nightly job failed", describeError(reason));
    if (reasons.length > 0) throw new AggregateError(reasons, "Not every nightly job was done.");
  },
} satisfies ExportedHandler<Env>;
