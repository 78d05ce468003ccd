import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";

/** What the figures were measured on. */
export interface Machine {
  date: string;
  command: string;
  cpu: string;
  cores: number;
  memory_gib: number;
  system: string;
  /** Of the minute before: what else the machine was doing. */
  load: number;
  versions: [name: string, version: string][];
}

export function describeMachine(command: string): Machine {
  const [cpu] = cpus();
  const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC",
    command,
    cpu: cpu?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    load: loadavg()[0] ?? 0,
    versions: [
      ["regal-pos", versionIn(join(ROOT, "package.json"))],
      ["node", process.versions.node],
      ["wrangler", versionIn(join(ROOT, "node_modules", "wrangler", "package.json"))],
      ["miniflare", versionIn(join(wrangler.resolve("miniflare"), "../../../package.json"))],
      ["workerd", versionIn(wrangler.resolve("workerd/package.json"))],
    ],
  };
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
