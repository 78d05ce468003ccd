import { relative } from "node:path";
import { ROOT } from "../support/paths.ts";
import { buildAssets } from "./build.ts";

console.log(`Static files are in ${relative(ROOT, buildAssets())}.`);
