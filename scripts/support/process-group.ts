import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const KEEPER = join(import.meta.dirname, "keeper.ts");

/** A command running in a process group of its own. */
export type ProcessGroup = {
  /** Settles when the command has ended: its exit code. */
  exited: Promise<number>;
  /** Asks it to stop, ends what does not, and settles when nothing of it is left. */
  stop: () => Promise<void>;
};

export type GroupOptions = {
  env: NodeJS.ProcessEnv;
  /** Called for each line the command writes, to either stream. */
  onLine: (line: string) => void;
};

/** Starts a command so that neither it nor anything it starts outlives this process. */
export function startProcessGroup(command: readonly string[], options: GroupOptions): ProcessGroup {
  const child = spawn(process.execPath, [KEEPER, ...command], {
    detached: true,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", options.onLine);
  const exited = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (child.pid !== undefined) killGroup(child.pid);
      resolve(code ?? 1);
    });
  });
  return {
    exited,
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

/** Ends what the command left behind when it ended by itself. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
