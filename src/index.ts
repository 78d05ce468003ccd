import { createApp } from "./app.ts";
import { purgeOldRows } from "./jobs/purge.ts";
import { writeSupplements } from "./jobs/supplements.ts";

export { Gate } from "./durable-objects/gate/object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled(_controller, env) {
    const now = new Date();
    // One that fails is told of when the other has done its work.
    const outcomes = await Promise.allSettled([writeSupplements(env, now), purgeOldRows(env, now)]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  },
} satisfies ExportedHandler<Env>;
