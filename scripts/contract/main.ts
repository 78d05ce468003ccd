// `npm run test:contract`: has Prism judge the Worker's answers to generated requests by docs/openapi.json.
import { join } from "node:path";
import { startProgress } from "../bench/progress.ts";
import { describeFailure, Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";
import { FAKER, loadFaker } from "./faker.ts";
import { createFindings, type Findings, nameOf, sumTallies } from "./findings.ts";
import { installTool, nameInstalled } from "./install-tool.ts";
import { type Options, readOptions } from "./options.ts";
import { createPerson, NOBODY, signInKeeper } from "./people.ts";
import { createPool } from "./pool.ts";
import { createJudge, type Operation, PRISM, readOperations } from "./prism.ts";
import { proveJudge } from "./prove-judge.ts";
import { createRandom } from "../support/random.ts";
import { describeScan } from "./report.ts";
import { readLists, scanOperation, sendStarters } from "./scan.ts";
import { openShop, type Shop } from "../support/demo-shop.ts";

const DOCUMENT = join(ROOT, "docs", "openapi.json");
/** Everything is asked twice over: the second time more is known to exist. */
const ROUNDS = 2;

const progress = startProgress();

async function run(options: Options): Promise<void> {
  progress("Installing the contract tool");
  installTool();
  const operations = await readOperations(DOCUMENT);
  const refused = await proveJudge(operations);
  progress(`${nameInstalled(PRISM)} refuses ${String(refused)} wrong answers; opening a shop`);
  const wanted = operations.filter((operation) => nameOf(operation).includes(options.only));
  if (wanted.length === 0) throw new Failure(`The document has no operation like "${options.only}".`);
  const shop = await openShop(progress);
  try {
    if (options.log) shop.showLog();
    const findings = await scan(shop, operations, wanted, options);
    const tools = [PRISM, FAKER].map(nameInstalled).join(", ");
    console.log(`\n${tools}, fast-check; seed ${String(options.seed)}, ${String(options.cases)} cases an operation\n`);
    console.log(describeScan(findings, wanted.map(nameOf)));
    const { server_errors, breaks } = sumTallies(findings.tallies.values());
    if (server_errors + breaks > 0) process.exitCode = 1;
  } finally {
    await shop.close();
  }
}

async function scan(shop: Shop, operations: Operation[], wanted: Operation[], options: Options): Promise<Findings> {
  const { keeper } = shop;
  const known = await signInKeeper(keeper);
  const pool = createPool(new Set([known.user.id, keeper.username]));
  const remember = (username: string, password: string) => {
    pool.pin("username", username);
    for (const name of ["password", "current_password"]) pool.pin(name, password);
  };
  const findings = createFindings();
  const context = {
    random: createRandom(options.seed),
    fake: await loadFaker(),
    pool,
    taken: new Map(),
    judge: createJudge(operations, keeper.base),
    findings,
    people: [createPerson(keeper, "admin", remember), createPerson(keeper, "cashier", remember), NOBODY] as const,
  };
  await readLists(context, operations);
  await sendStarters(context, operations);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, operation] of wanted.entries()) {
      // What takes no body has less to go wrong.
      const share = operation.request?.body ? 1 : 0.5;
      await scanOperation(context, operation, Math.ceil((options.cases * share) / ROUNDS));
      progress(`Scanning, seed ${String(options.seed)}`, (round + index / wanted.length) / ROUNDS);
    }
  }
  return findings;
}

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
process.exit();
