import type { D1Migration } from "@cloudflare/vitest-plugin";

declare global {
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
      /** What the model test draws from; empty for a seed of its own. */
      MODEL_SEED: string;
      /** How many seeds it plays, from MODEL_SEED on; empty for its usual number. */
      MODEL_SEEDS: string;
      /** How many commands each of its runs gives; empty for its usual number. */
      MODEL_COMMANDS: string;
      /** How often the race against the end of a session is run; empty for once in each way. */
      RACE_RUNS: string;
      /** How often each race of test/worker/races is run; empty for a few times. */
      RACE_ROUNDS: string;
    }
  }
}
