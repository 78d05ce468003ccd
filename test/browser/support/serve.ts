import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildAssets } from "../../../scripts/assets/build.ts";
import { ensureDevVars } from "../../../scripts/start/dev-vars.ts";
import { findFreePort } from "../../../scripts/start/ports.ts";
import { applyMigrations, startWorker } from "../../../scripts/start/worker.ts";
import { ROOT } from "../../../scripts/support/paths.ts";
import type { ProcessGroup } from "../../../scripts/support/process-group.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `http://localhost:port`, a name, because a passkey belongs to one. */
    base: string;
    setup_token: string;
  }
}

/** Serves the Worker with its pages, on an empty database, for the whole run. Returns what stops it. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const state_dir = mkdtempSync(join(tmpdir(), "regal-browser-"));
  const groups: ProcessGroup[] = [];
  const track = (group: ProcessGroup) => void groups.push(group);
  const stop = async () => {
    await Promise.all(groups.map(async (group) => group.stop()));
    rmSync(state_dir, { recursive: true, force: true });
  };
  try {
    const { setup_token } = ensureDevVars(join(ROOT, ".dev.vars"));
    buildAssets();
    await applyMigrations(state_dir, track);
    const port = await findFreePort();
    await startWorker({ port, inspector_port: await findFreePort(), state_dir, track });
    project.provide("base", `http://localhost:${String(port)}`);
    project.provide("setup_token", setup_token);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
