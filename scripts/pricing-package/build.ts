import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../support/paths.ts";

const ENTRY = join(ROOT, "src", "pricing.ts");

/**
 * Makes `folder` a package `regal-pos` that holds `regal-pos/pricing` as plain JavaScript with its types, for projects
 * outside this one: Node strips no types inside node_modules. What was in the folder goes. Throws what the compiler says.
 */
export async function buildPricingPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [ENTRY],
    outfile: join(folder, "pricing.js"),
    bundle: true,
    // No platform: an import of a package, or of what one platform alone has, fails here.
    platform: "neutral",
    format: "esm",
    target: "es2023",
    logLevel: "error",
  });
  writeTypes(join(folder, "types"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  copyFileSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
}

function writeTypes(folder: string): void {
  const options = [
    // The settings of the whole project are for its tests and its platform too, and write nothing.
    ["--ignoreConfig", "--strict", "--exactOptionalPropertyTypes", "--allowImportingTsExtensions"],
    ["--declaration", "--emitDeclarationOnly", "--outDir", folder, "--rootDir", join(ROOT, "src")],
    ["--target", "es2024", "--module", "esnext", "--moduleResolution", "bundler", "--types", ""],
  ];
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const done = spawnSync(tsc, [ENTRY, ...options.flat()], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`tsc: ${done.error?.message ?? done.stdout + done.stderr}`);
}

function manifest(): object {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license: string;
  };
  return {
    name,
    version,
    license,
    type: "module",
    exports: { "./pricing": { types: "./types/pricing.d.ts", default: "./pricing.js" } },
    // Map.groupBy and toSorted.
    engines: { node: ">=22" },
  };
}
