// `npm run reset`: the local database of one state folder starts over. The secrets in .dev.vars stay.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeFailure } from "../support/failure.ts";
import { readablePath } from "../support/paths.ts";
import { readLocalSettings } from "../support/settings.ts";
import { lockState } from "../support/state-lock.ts";

/** What the local server keeps there; anything else in the folder is not ours to delete. */
const KEPT = ["v3", "logs", "demo.json"];

try {
  const { state_dir } = readLocalSettings(process.env);
  const found = KEPT.map((name) => join(state_dir, name)).filter((path) => existsSync(path));
  if (found.length === 0) {
    console.log(`There is no database in ${readablePath(state_dir)}: nothing to delete.`);
  } else {
    const release = lockState(state_dir, null);
    for (const path of found) rmSync(path, { recursive: true });
    release();
    console.log(`Deleted ${found.map(readablePath).join(", ")}. The next npm start makes a new database and its demo.`);
  }
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
