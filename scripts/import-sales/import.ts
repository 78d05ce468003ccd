// A sales history from a CSV file, through the door that offline tills use. Started by main.ts, ended with it.
import { join } from "node:path";
import { describeFailure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import { describeResult, isComplete } from "./closing.ts";
import { readOptions } from "./options.ts";
import { importSales } from "./run.ts";

process.on("disconnect", () => process.exit(1));
process.channel?.unref();

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const result = await importSales(options, join(ROOT, ".regal", "imports"));
  // The kernel's own count, in KiB: the most this process ever had resident.
  console.log(describeResult(result, process.resourceUsage().maxRSS));
  process.exitCode = isComplete(result) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
