import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { readablePath } from "./paths.ts";

type Holder = { pid: number; port: number | null };

/**
 * Takes a state folder for this process, so that no two servers write one database and no reset pulls it away from
 * under a server. Returns the release. Throws a Failure that names the holder; a holder that is gone holds nothing.
 */
export function lockState(state_dir: string, port: number | null): () => void {
  const file = join(state_dir, "lock.json");
  mkdirSync(state_dir, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid, port } satisfies Holder), {
        flag: "wx",
        mode: 0o600,
      });
      return () => {
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder.pid)) throw new Failure(describeHolder(holder, state_dir, file));
    if (attempt > 3) throw new Failure(`${readablePath(file)} can't be replaced. Delete it and try again.`);
    rmSync(file, { force: true });
  }
}

function describeHolder({ pid, port }: Holder, state_dir: string, file: string): string {
  const where = port === null ? "" : ` on port ${String(port)}`;
  return [
    `Process ${String(pid)} is using ${readablePath(state_dir)}${where}.`,
    "Stop it (Ctrl-C where it runs), or use another folder: REGAL_STATE_DIR=.regal/second PORT=8788 npm start.",
    `If that process is something else, delete ${readablePath(file)}.`,
  ].join("\n");
}

function readHolder(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Holder;
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null;
  } catch {
    // Gone since, or cut off while it was written: held by nobody.
    return null;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, and it is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
