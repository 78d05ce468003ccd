import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMigrations, splitStatements } from "../../test/support/schema.ts";
import { ROOT } from "../support/paths.ts";
import type { Bundles } from "./build.ts";

const NO_LIMIT = "1000000";
/** Every Worker asks the gates of the one that is measured. */
const GATE = { type: "durable-object", worker: "regal", exportName: "Gate" };

/** The Workers in one workerd process, each behind a socket of its own, on one database. */
export interface Server {
  regal: URL;
  probe: URL;
  bare: URL;
  ungated: URL;
  setup_token: string;
  database: D1Database;
  stop: () => Promise<void>;
}

/** What is used of Miniflare 5. */
interface Miniflare {
  unsafeGetDirectURL: (worker: string) => Promise<URL>;
  getD1Database: (binding: string, worker: string) => Promise<D1Database>;
  dispose: () => Promise<void>;
}

/**
 * Starts workerd with an empty database, brought up to the newest migration. `settings` go on top of those of a bench,
 * which limits nobody who is signed in.
 */
export async function startServer(bundles: Bundles, settings: Record<string, string> = {}): Promise<Server> {
  const { Miniflare } = requireMiniflare();
  const state = mkdtempSync(join(tmpdir(), "regal-bench-"));
  // However this process ends: Miniflare itself ends it on a signal, and workerd with it.
  process.once("exit", () => {
    rmSync(state, { recursive: true, force: true });
  });
  const setup_token = randomSecret();
  const bindings = workerBindings(setup_token, settings);
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    resourcePersistencePath: state,
    telemetry: { enabled: false },
    // The line that the Worker logs for each request is written, as it would be, and then thrown away.
    handleStructuredLogs: () => {},
    workers: [
      describeWorker("regal", bundles.regal, bindings),
      describeWorker("probe", bundles.probe, bindings),
      describeWorker("bare", bundles.bare, { GATE }),
      describeWorker("ungated", bundles.ungated, bindings),
    ],
  });
  const stop = async () => miniflare.dispose();
  try {
    const database = await miniflare.getD1Database("DB", "regal");
    await database.batch(splitStatements(readMigrations()).map((sql) => database.prepare(sql)));
    const [regal, probe, bare, ungated] = await Promise.all([
      miniflare.unsafeGetDirectURL("regal"),
      miniflare.unsafeGetDirectURL("probe"),
      miniflare.unsafeGetDirectURL("bare"),
      miniflare.unsafeGetDirectURL("ungated"),
    ]);
    return { regal, probe, bare, ungated, setup_token, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The Miniflare that the project's wrangler brings: another may stand beside it, with another workerd. */
function requireMiniflare(): { Miniflare: new (options: object) => Miniflare } {
  const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return wrangler("miniflare") as { Miniflare: new (options: object) => Miniflare };
}

function describeWorker(name: string, bundle: string, env: object): object {
  return {
    config: {
      name,
      ...readCompatibility(),
      manifest: { mainModule: "index.js", modules: { "index.js": { type: "esm", contents: bundle } } },
      env: { DB: { type: "d1", id: "regal" }, ...env },
      ...(name === "bare" ? {} : { exports: { Gate: { type: "durable-object", storage: "sqlite" } } }),
    },
    // No proxy between the socket and the Worker.
    dev: { rootPath: ROOT, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] },
  };
}

/** The date and flags under which the Worker is deployed. */
function readCompatibility(): { compatibilityDate: string; compatibilityFlags: string[] } {
  const settings = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(settings) ?? [];
  const [, flags] = /^compatibility_flags = (\[.*\])$/m.exec(settings) ?? [];
  if (date === undefined || flags === undefined) throw new Error("wrangler.toml names no compatibility date or flags");
  return { compatibilityDate: date, compatibilityFlags: JSON.parse(flags) as string[] };
}

/** The same for both, so that they take each other's access tokens. */
function workerBindings(setupToken: string, settings: Record<string, string>): object {
  const all = {
    ACCESS_TOKEN_KEYS: `k1:${randomSecret()}`,
    PASSWORD_PEPPER: randomSecret(),
    SETUP_TOKEN: setupToken,
    ENVIRONMENT: "bench",
    CORS_ORIGINS: "",
    LIMIT_READ_PER_MINUTE: NO_LIMIT,
    LIMIT_WRITE_PER_MINUTE: NO_LIMIT,
    LIMIT_REPORT_PER_MINUTE: NO_LIMIT,
    ...settings,
  };
  const texts = Object.entries(all).map(([name, value]) => [name, { type: "text", value }]);
  return { ...(Object.fromEntries(texts) as Record<string, object>), GATE };
}

function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}
