import { createApp } from "./app.ts";
import { purgeOldRows } from "./jobs/purge.ts";

export { Gate } from "./durable-objects/gate/object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled(_controller, env) {
    await purgeOldRows(env, new Date());
  },
} satisfies ExportedHandler<Env>;
