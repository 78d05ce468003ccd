import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Apart from the other tests: these need a Chromium, and a server that takes seconds to start. */
export default defineConfig({
  test: {
    name: "browser",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    globalSetup: [join(import.meta.dirname, "support", "serve.ts")],
    // One browser at a time: two would compete with the server for the machine.
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
