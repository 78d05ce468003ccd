import { createApp } from "./app.ts";
import { purgeIdempotencyKeys } from "./jobs/purge-idempotency-keys.ts";

export { Gate } from "./durable-objects/gate/object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled(_controller, env) {
    await purgeIdempotencyKeys(env, new Date());
  },
} satisfies ExportedHandler<Env>;
