// `npm run bench`: measures the built Worker beside a bare one, and writes docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure, Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import { buildWorkers, gzippedSize, measureStartup } from "./build.ts";
import { HELLO, READ_PRODUCT, REFUND, SALES, SYNC } from "./cases.ts";
import { compareAll } from "./compare.ts";
import { compareCloses, countDayRows, openDayTill, xReportOfDay } from "./day.ts";
import { describeMachine } from "./machine.ts";
import { startProgress } from "./progress.ts";
import { describeResults } from "./report.ts";
import type { Results } from "./results.ts";
import { countRoundTrips } from "./round-trips.ts";
import { countRows } from "./rows.ts";
import { countSales, fillSales } from "./selling.ts";
import { startServer } from "./server.ts";
import { openShop } from "./shop.ts";

const FULL = { profiles: 7, repeats: 15, rounds: 22, slice_ms: 130, closes: 10, sales: 100_000 };
const QUICK = { profiles: 2, repeats: 5, rounds: 4, slice_ms: 120, closes: 2, sales: 5_000 };

const PAGE = join(ROOT, "docs", "benchmarks.md");

async function run(quick: boolean): Promise<Results> {
  const { profiles, repeats, rounds, slice_ms, closes, sales } = quick ? QUICK : FULL;
  const progress = startProgress();
  const machine = describeMachine(quick ? "npm run bench -- --quick" : "npm run bench");
  progress("Building the Worker");
  const bundles = await buildWorkers();
  progress(`Profiling its start-up, ${String(profiles)} times`);
  const startup = { ...measureStartup(profiles), profiles };
  progress("Opening a shop");
  const server = await startServer(bundles);
  try {
    const shop = await openShop(server);
    const till = await shop.addTill();
    progress("Counting rows");
    const few = { sales: await countSales(server), counted: await countRows(server, shop, till) };
    progress("Counting the rows of a till's day");
    const first = await countDayRows(server, shop, await openDayTill(shop));
    progress("Counting round trips");
    const round_trips = await countRoundTrips(server, shop, repeats);
    const cases = [HELLO, READ_PRODUCT, ...SALES, REFUND, SYNC, await xReportOfDay(server, shop)];
    const comparisons = await compareAll(server, shop, cases, { rounds, slice_ms }, (name) => {
      progress(`Comparing: ${name}`);
    });
    comparisons.push(
      await compareCloses(server, shop, closes, (made) => {
        progress("Comparing: close of a shift, whose sales are made first", made);
      }),
    );
    await fillSales(server, shop, sales, (sold) => {
      progress(`Selling until there are ${sales.toLocaleString("en")} sales`, sold / sales);
    });
    progress("Counting rows again");
    const many = { sales: await countSales(server), counted: await countRows(server, shop, till) };
    const day_rows = [...first.rows, ...(await countDayRows(server, shop, first.next)).rows];
    const bundle_bytes = gzippedSize(bundles.regal);
    const took_s = progress.elapsed_s();
    return { machine, quick, bundle_bytes, startup, round_trips, comparisons, rows: [few, many], day_rows, took_s };
  } finally {
    await server.stop();
  }
}

function readArguments(): { quick: boolean } {
  try {
    return { quick: parseArgs({ options: { quick: { type: "boolean", default: false } } }).values.quick };
  } catch {
    throw new Failure("npm run bench takes one option: npm run bench -- --quick");
  }
}

try {
  const { quick } = readArguments();
  const page = describeResults(await run(quick));
  console.log(`\n${page}`);
  if (quick) console.log("A quick run is too short to keep: docs/benchmarks.md stays as it is.");
  else writeFileSync(PAGE, page);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
