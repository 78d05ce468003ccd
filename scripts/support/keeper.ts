// Runs one command and takes everything that it started down with it: when the command ends, when this process is
// asked to stop, and when its standard input closes, which is what happens when its parent dies, however it dies.
// It is started as the leader of a process group of its own (process-group.ts), so the group is what it stops.
import { spawn } from "node:child_process";

const GRACE_MS = 5_000;

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
let stopping = false;

function signalGroup(signal: NodeJS.Signals): void {
  process.kill(-process.pid, signal);
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  signalGroup("SIGTERM");
  // The group holds this process too: nothing is left to do afterwards.
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
process.stdin.on("end", stop);
process.stdin.on("error", stop);
process.stdin.resume();

child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (code) => {
  process.exit(code ?? 1);
});
