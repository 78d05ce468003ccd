// `npm run till`: a till in the terminal, or a day that tills sell by themselves (--headless). docs/till.md tells more.
import { describeFailure } from "../support/failure.ts";
import { readOptions } from "./options.ts";

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const ok =
    options.mode === "interactive"
      ? await (await import("./interactive.ts")).runInteractive(options)
      : await (await import("./headless/run.ts")).runHeadless(options);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
