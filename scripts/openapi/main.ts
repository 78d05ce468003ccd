import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readablePath, ROOT } from "../support/paths.ts";
import { describeApi } from "./describe.ts";

// Writes docs/openapi.json from the routes as they are declared. With --check it writes nothing, and exits 1 when the
// file is not what the routes say: the reference can't fall behind the code.

const TARGET = join(ROOT, "docs", "openapi.json");

const described = describeApi();
if (!process.argv.includes("--check")) {
  mkdirSync(dirname(TARGET), { recursive: true });
  writeFileSync(TARGET, described);
  console.log(`The API is described in ${readablePath(TARGET)}.`);
} else if (readWritten() !== described) {
  console.error(`${readablePath(TARGET)} is not what the routes declare: run npm run openapi and commit the file.`);
  process.exitCode = 1;
}

/** The file as it stands; null when there is none. */
function readWritten(): string | null {
  try {
    return readFileSync(TARGET, "utf8");
  } catch {
    return null;
  }
}
