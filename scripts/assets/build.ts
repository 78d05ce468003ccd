import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../support/paths.ts";

/** What the API reference needs of swagger-ui-dist, and under which name it is served. */
const SWAGGER_FILES: Record<string, string> = {
  "swagger-ui.css": "docs/swagger-ui.css",
  "swagger-ui-bundle.js": "docs/swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt": "docs/swagger-ui-bundle.js.LICENSE.txt",
  LICENSE: "docs/swagger-ui.LICENSE.txt",
  NOTICE: "docs/swagger-ui.NOTICE.txt",
};

/**
 * Puts everything the Worker serves as a file into build/public and returns that folder; throws where a source is
 * missing. Files that are right already are left alone, because a server may be serving them.
 */
export function buildAssets(): string {
  const target = join(ROOT, "build", "public");
  const sources = listSources();
  for (const [name, source] of sources) writeIfChanged(join(target, name), readFileSync(source));
  for (const name of listFiles(target)) if (!sources.has(name)) rmSync(join(target, name));
  return target;
}

/** Name served -> file it is copied from. */
function listSources(): Map<string, string> {
  const pages = join(ROOT, "public");
  const swagger = join(ROOT, "node_modules", "swagger-ui-dist");
  const sources = new Map(listFiles(pages).map((name) => [name, join(pages, name)]));
  for (const [from, name] of Object.entries(SWAGGER_FILES)) sources.set(name, join(swagger, from));
  const openapi = join(ROOT, "docs", "openapi.json");
  if (!existsSync(openapi)) throw new Error("docs/openapi.json is missing: run npm run openapi.");
  return sources.set("openapi.json", openapi);
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function writeIfChanged(file: string, content: Buffer): void {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
