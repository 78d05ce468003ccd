// `npm start`: everything from a fresh clone to a shop that sells, on this machine.
import { join } from "node:path";
import { buildAssets } from "../assets/build.ts";
import { seedDemo } from "../demo/seed.ts";
import { describeFailure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import type { ProcessGroup } from "../support/process-group.ts";
import { readLocalSettings } from "../support/settings.ts";
import { lockState } from "../support/state-lock.ts";
import { describeReadyShop } from "./closing-block.ts";
import { readDemoState } from "./demo-state.ts";
import { ensureDevVars } from "./dev-vars.ts";
import { findFreePort, requireFreePort } from "./ports.ts";
import { applyMigrations, startWorker } from "./worker.ts";

const running = new Set<ProcessGroup>();
let releaseState = () => {};
let ending = false;

/** Stops what was started, once, and ends with this code. */
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.all([...running].map((group) => group.stop()));
  releaseState();
  process.exit(code);
}

function track(group: ProcessGroup): void {
  running.add(group);
  group.exited.then(
    () => running.delete(group),
    () => running.delete(group),
  );
  // A signal came while it was being started.
  if (ending) void group.stop();
}

async function run(): Promise<string> {
  const { port, state_dir, demo_password } = readLocalSettings(process.env);
  await requireFreePort(port);
  releaseState = lockState(state_dir, port);
  const { setup_token, made } = ensureDevVars(join(ROOT, ".dev.vars"));
  if (made.length > 0) console.log(`Wrote random secrets to .dev.vars: ${made.join(", ")}.`);
  if (made.includes("PASSWORD_PEPPER") && readDemoState(state_dir)?.seeded === true) {
    console.log("The passwords in this database were made with a secret that is gone: `npm run reset` starts over.");
  }
  buildAssets();
  console.log("Applying migrations...");
  await applyMigrations(state_dir, track);
  console.log("Starting the Worker...");
  const worker = await startWorker({ port, state_dir, inspector_port: await findFreePort(), track });
  const demo = await seedDemo({
    base: worker.base,
    setup_token,
    state_dir,
    password: demo_password,
    report: (line) => {
      console.log(line);
    },
  });
  console.log(describeReadyShop({ base: worker.base, state_dir, demo }));
  worker.showLog();
  return worker.stopped;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!ending) console.log("\nStopping...");
    void end(0);
  });
}

try {
  const last_words = await run();
  if (!ending) console.error(`The Worker stopped:\n${last_words}`);
  await end(1);
} catch (error) {
  if (!ending) console.error(describeFailure(error));
  await end(1);
}
