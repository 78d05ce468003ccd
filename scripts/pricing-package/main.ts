import { join } from "node:path";
import { readablePath, ROOT } from "../support/paths.ts";
import { buildPricingPackage } from "./build.ts";

const folder = join(ROOT, "build", "regal-pos");
await buildPricingPackage(folder);
console.log(`The package is in ${readablePath(folder)}: npm install ${readablePath(folder)}, from where it is needed.`);
