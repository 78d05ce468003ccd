import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { Failure } from "../support/failure.ts";
import { type ProcessGroup, startProcessGroup } from "../support/process-group.ts";
import { wranglerCommand, wranglerEnvironment } from "../support/wrangler.ts";

const READY_WITHIN_MS = 90_000;
const POLL_MS = 150;
const TAIL_LINES = 60;

/** Starts a command of wrangler; `track` is told of it so that a signal can stop it. */
export type Track = (group: ProcessGroup) => void;

/** Brings the local database up to the newest migration. Throws a Failure with wrangler's words when it can't. */
export async function applyMigrations(state_dir: string, track: Track): Promise<void> {
  const tail = keepTail();
  const command = wranglerCommand("d1", "migrations", "apply", "regal", "--local", "--persist-to", state_dir);
  const group = startProcessGroup(command, {
    env: wranglerEnvironment(join(state_dir, "logs")),
    onLine: tail.add,
  });
  track(group);
  if ((await group.exited) !== 0) throw new Failure(`The migrations could not be applied:\n${tail.text()}`);
}

/** The Worker, serving on this machine alone. */
export type LocalWorker = {
  base: string;
  /** Settles when the Worker has stopped by itself: what it said last. */
  stopped: Promise<string>;
  /** From here on, what the Worker logs is shown. */
  showLog: () => void;
};

export type WorkerOptions = {
  port: number;
  inspector_port: number;
  state_dir: string;
  track: Track;
  /** Further options of `wrangler dev`. */
  args?: readonly string[];
};

/** Starts the Worker and settles when GET /health answers. Throws a Failure with its words when it does not. */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  const { port, inspector_port, state_dir, track, args = [] } = options;
  const tail = keepTail();
  let shown = false;
  const ports = ["--port", String(port), "--inspector-port", String(inspector_port)];
  const quiet = "--show-interactive-dev-session=false";
  const command = wranglerCommand("dev", "--ip", "127.0.0.1", ...ports, "--persist-to", state_dir, quiet, ...args);
  const group = startProcessGroup(command, {
    env: wranglerEnvironment(join(state_dir, "logs")),
    onLine: (line) => {
      tail.add(line);
      // The Worker writes a line of its own for each request, which says more than wrangler's.
      if (shown && !line.startsWith("[wrangler:info]")) console.log(line);
    },
  });
  track(group);
  const stopped = group.exited.then(() => tail.text());
  const base = `http://127.0.0.1:${String(port)}`;
  const failed = stopped.then((text) => new Failure(`The Worker stopped before it answered:\n${text}`));
  const outcome = await Promise.race([answersHealth(base), failed]);
  if (outcome instanceof Failure) throw outcome;
  if (!outcome) throw new Failure(`GET ${base}/health did not answer in time:\n${tail.text()}`);
  return {
    base,
    stopped,
    showLog: () => {
      shown = true;
    },
  };
}

async function answersHealth(base: string): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`${base}/health`, { signal: AbortSignal.timeout(5_000) });
      await answer.body?.cancel();
      if (answer.ok) return true;
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS);
  }
  return false;
}

/** The last lines of an output, for when it has to be shown after all. */
function keepTail() {
  const lines: string[] = [];
  return {
    add: (line: string) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
    },
    text: () => lines.join("\n"),
  };
}
