import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { buildAssets } from "../assets/build.ts";
import { Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import { wranglerCommand, wranglerEnvironment } from "../support/wrangler.ts";
import { median } from "./statistics.ts";

const OUT = join(ROOT, "build", "bench");

export interface Bundles {
  /** The Worker as it is deployed, as JavaScript. */
  regal: string;
  /** The same sources behind bindings that count and delay. */
  probe: string;
  /** The same SQL with nothing around it. */
  bare: string;
  /** The Worker without its gate and its permission check: what they cost is the difference. */
  ungated: string;
}

/** Bundles the Worker as a deployment would, and the two that stand beside it. */
export async function buildWorkers(): Promise<Bundles> {
  // On a fresh clone there are none yet, and wrangler asks for the folder.
  buildAssets();
  runWrangler("deploy", "--dry-run", "--outdir", OUT);
  return {
    regal: readFileSync(join(OUT, "index.js"), "utf8"),
    probe: await bundle("test/bench/probe-worker.ts"),
    bare: await bundle("test/bench/bare-worker.ts"),
    ungated: await bundle("src/index.ts", [leaveOutChecks]),
  };
}

/** Puts in place of two middlewares what lets everyone pass. */
const leaveOutChecks: Plugin = {
  name: "leave-out-checks",
  setup: (plugin) => {
    plugin.onResolve({ filter: /\/middleware\/(gate|permission)\.ts$/ }, () => ({
      path: join(ROOT, "test", "bench", "no-checks.ts"),
    }));
  },
};

async function bundle(entry: string, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["node:*", "cloudflare:*"],
    plugins,
  });
  return outputFiles[0]?.text ?? "";
}

/** A bundle's size as it is uploaded: bytes after gzip -9. */
export function gzippedSize(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}

/**
 * CPU time of start-up in milliseconds: the middle one of several profiles that `wrangler check startup` takes, each
 * the sum of its samples but for the idle ones.
 */
export function measureStartup(times: number): { median_ms: number; lowest_ms: number } {
  const folder = mkdtempSync(join(tmpdir(), "regal-startup-"));
  try {
    const active = Array.from({ length: times }, (_, index) => {
      const file = join(folder, `${String(index)}.cpuprofile`);
      runWrangler("check", "startup", "--outfile", file);
      return activeMs(JSON.parse(readFileSync(file, "utf8")) as CpuProfile);
    });
    return { median_ms: median(active), lowest_ms: Math.min(...active) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  /** Microseconds before each sample. */
  timeDeltas: number[];
}

function activeMs({ nodes, samples, timeDeltas }: CpuProfile): number {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === "(idle)").map(({ id }) => id));
  const active_us = samples.reduce((sum, node, index) => sum + (idle.has(node) ? 0 : (timeDeltas[index] ?? 0)), 0);
  return active_us / 1000;
}

function runWrangler(...args: string[]): void {
  const [command = "", ...rest] = wranglerCommand(...args);
  const done = spawnSync(command, rest, {
    cwd: ROOT,
    env: wranglerEnvironment(join(OUT, "logs")),
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Failure(`wrangler ${args.join(" ")} failed:\n${done.stdout}${done.stderr}`);
}
