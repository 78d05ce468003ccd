import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../assets/build.ts";
import { ADMIN } from "../demo/people.ts";
import { seedDemo } from "../demo/seed.ts";
import { ensureDevVars } from "../start/dev-vars.ts";
import { findFreePort } from "../start/ports.ts";
import { applyMigrations, startWorker } from "../start/worker.ts";
import { Failure } from "./failure.ts";
import { ROOT } from "./paths.ts";
import type { ProcessGroup } from "./process-group.ts";

const NO_LIMIT = "1000000";

/** Who the shop belongs to, and where it answers. */
export interface Keeper {
  base: string;
  username: string;
  password: string;
}

export interface Shop {
  keeper: Keeper;
  showLog: () => void;
  close: () => Promise<void>;
}

/** Opens the demo's shop on a database of its own, in a Worker without limits: `wrangler dev` with wrangler.toml. */
export async function openShop(report: (line: string) => void): Promise<Shop> {
  const state_dir = mkdtempSync(join(tmpdir(), "regal-shop-"));
  const running = new Set<ProcessGroup>();
  const close = async () => {
    await Promise.all([...running].map((group) => group.stop()));
    rmSync(state_dir, { recursive: true, force: true });
  };
  try {
    const track = (group: ProcessGroup) => void running.add(group);
    const secrets = join(state_dir, "secrets.env");
    const { setup_token } = ensureDevVars(secrets);
    buildAssets();
    await applyMigrations(state_dir, track);
    const ports = { port: await findFreePort(), inspector_port: await findFreePort() };
    const worker = await startWorker({ ...ports, state_dir, track, args: ["--env-file", secrets, ...liftLimits()] });
    const demo = await seedDemo({ base: worker.base, setup_token, state_dir, password: undefined, report });
    if (demo === null) throw new Failure("The database was not empty.");
    const keeper = { base: worker.base, username: ADMIN.username, password: demo.password };
    return { keeper, showLog: worker.showLog, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every limit that src/env.ts knows, as high as it goes: a refusal for haste would prove nothing. */
function liftLimits(): string[] {
  const known = readFileSync(join(ROOT, "src", "env.ts"), "utf8").match(/\bLIMIT_[A-Z_]+/g);
  return [...new Set(known)].flatMap((name) => ["--var", `${name}:${NO_LIMIT}`]);
}
