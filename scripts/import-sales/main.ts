// `npm run import:sales`. The import runs in a process of its own, because the bounds that keep it small are set where
// a process begins: V8 lets its heap grow while the machine has memory, and glibc gives each thread an arena.
import { spawn } from "node:child_process";
import { join } from "node:path";

const BOUNDS = ["--max-old-space-size=48", "--max-semi-space-size=1"];

const child = spawn(process.execPath, [...BOUNDS, join(import.meta.dirname, "import.ts"), ...process.argv.slice(2)], {
  env: { ...process.env, MALLOC_ARENA_MAX: "1" },
  // The channel carries nothing: it breaks when this process ends, however it ends, and the import ends with it.
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));

child.on("error", (error) => {
  console.error(`The import could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  if (signal !== null) console.error(`The import was ended by ${signal}. Run it again: it goes on where it was.`);
  process.exitCode = code ?? 1;
});
