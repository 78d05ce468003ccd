// `npm run storm`: guesses at the front door and floods one store, and tells what came of it. Exits 1 where a limit
// did not hold. Times are printed and judge nothing: they are the machine's.
import { buildWorkers } from "../bench/build.ts";
import { startProgress } from "../bench/progress.ts";
import { startServer } from "../bench/server.ts";
import { describeFailure } from "../support/failure.ts";
import { floodNeighbour } from "./neighbour.ts";
import { openStores } from "./people.ts";
import { guessFromManyAddresses, guessFromOneAddress } from "./sign-in.ts";
import { compareTimes } from "./timing.ts";
import type { Finding } from "./finding.ts";

const progress = startProgress();
/** What the specification says is charged, and what the Worker is set to when nothing else is said. */
const LIMITS = { LIMIT_READ_PER_MINUTE: "1200", LIMIT_WRITE_PER_MINUTE: "600" };

async function storm(): Promise<Finding[]> {
  progress("Building the Worker");
  const server = await startServer(await buildWorkers(), LIMITS);
  try {
    progress("Opening two stores");
    const stores = await openStores(server);
    const findings: Finding[] = [];
    for (const step of [guessFromManyAddresses, guessFromOneAddress, floodNeighbour, compareTimes]) {
      findings.push(...(await step(server, stores, progress)));
    }
    return findings;
  } finally {
    await server.stop();
  }
}

try {
  const findings = await storm();
  for (const { what, figures, held } of findings) {
    console.log(`${held === null ? "      " : held ? "holds " : "BROKEN"}  ${what}`);
    for (const line of figures) console.log(`        ${line}`);
  }
  if (findings.some(({ held }) => held === false)) process.exitCode = 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
