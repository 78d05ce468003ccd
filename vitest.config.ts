import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations(join(import.meta.dirname, "migrations"));

/** Secrets of the tests: random ones would make a failure hard to repeat, and these guard nothing. */
const testBindings = {
  TEST_MIGRATIONS: migrations,
  ENVIRONMENT: "unit-tests",
  CORS_ORIGINS: "https://till.example",
  ACCESS_TOKEN_KEYS: "k2:b7f3Q9vK2mXw8ZrT5nYc1LhD6sGjA4eUoPiRxWqMzB0,k1:d8Jk3LmN5pQr7StV9wXy2ZaB4cDe6FgHiJkLmNoPqRs",
  SETUP_TOKEN: "w5TzKp8RqXnB3vYc7LmD2sGhJ9aFeUoPiQxWtMrV6k4",
  PASSWORD_PEPPER: "q2WvN8zKtXb5Rc7YmD3sLhJ9aGfEuPoTiQxZwMrV6k1",
  LIMIT_READ_PER_MINUTE: "100000",
  LIMIT_WRITE_PER_MINUTE: "100000",
  LIMIT_REPORT_PER_MINUTE: "100000",
  // Of the long tests, from the environment of whoever runs them.
  MODEL_SEED: process.env["MODEL_SEED"] ?? "",
  MODEL_SEEDS: process.env["MODEL_SEEDS"] ?? "",
  MODEL_COMMANDS: process.env["MODEL_COMMANDS"] ?? "",
  RACE_RUNS: process.env["RACE_RUNS"] ?? "",
  RACE_ROUNDS: process.env["RACE_ROUNDS"] ?? "",
};

export default defineConfig({
  test: {
    // The Worker logs a line a request: worth reading only beside a failure.
    silent: "passed-only",
    // Every core: vitest would leave one to itself, which has nothing to do while tests run.
    maxWorkers: availableParallelism(),
    coverage: {
      provider: "istanbul",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      thresholds: { lines: 90, branches: 90 },
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/property/**/*.test.ts"],
          environment: "node",
          // What is quick by itself may wait long for a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./src/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: testBindings },
          }),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts", "test/security/**/*.test.ts"],
          setupFiles: ["./test/support/apply-migrations.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
