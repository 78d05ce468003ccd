import { join } from "node:path";
import { newId } from "../../../src/core/ids.ts";
import { type Progress, showProgress } from "../../support/progress.ts";
import { createRandom } from "../../support/random.ts";
import { pairDevice, readDevice } from "../device.ts";
import type { HeadlessOptions } from "../options.ts";
import { closeTill, openTill, type Till } from "../till.ts";
import type { Product, Store } from "../wire.ts";
import type { Action, TillPlan } from "./actions.ts";
import { chaoticCourier } from "./chaos.ts";
import { checkRun, isFine } from "./checks.ts";
import { readBaseline } from "./daily.ts";
import { doneActions, runDay } from "./day.ts";
import type { Goods } from "./draw-basket.ts";
import { Manager } from "./manager.ts";
import { planDay } from "./plan.ts";
import { RunFile, type RunTill } from "./run-file.ts";
import { findStore, prepareStaff } from "./staff.ts";
import { fillShelves, sumNeeds } from "./stock.ts";
import { describeFindings } from "./table.ts";

/**
 * A day that tills sell by themselves, then the comparison of all books. True when they agree. It may be killed at any
 * point and run again with the same options: it goes on where it was. Throws Failure, and Error for what must not be.
 */
export async function runHeadless(options: HeadlessOptions): Promise<boolean> {
  const file = new RunFile(options, newId());
  const say = (line: string) => {
    console.error(line);
  };
  const client = { base: options.base, onWait: say };
  const manager = new Manager(client, options.username, options.password);
  const store = await findStore(manager, options.store_code);
  const plans = await prepare(manager, file, store, options, say);
  const tills = await openTills(manager, file, options);
  try {
    say(`Selling: ${String(options.sales)} sales at ${String(options.tills)} tills`);
    await sellDay(file, plans, tills, options);
    say("Comparing the books...");
    const findings = await compareBooks(manager, file, store, tills);
    console.log(describeFindings(findings, store.currency));
    return isFine(findings);
  } finally {
    for (const till of tills) closeTill(till);
  }
}

/** People, tills, the plan, the goods it needs, and the day as it stood; each once for a run. */
async function prepare(
  manager: Manager,
  file: RunFile,
  store: Store,
  options: HeadlessOptions,
  say: (line: string) => void,
): Promise<TillPlan[]> {
  say("Preparing tills, cashiers and shelves...");
  await prepareStaff(manager, file, store, options.tills);
  if (file.run.shelf === null) {
    const products = await manager.list<Product>("/v1/products", { active: "true" });
    file.change({ shelf: products.map(toGoods).toSorted((a, b) => (a.sku < b.sku ? -1 : 1)), store_id: store.id });
  }
  const plans = planDay(options, file.run.shelf ?? []);
  if (!file.run.stocked) {
    const products = await manager.list<Product>("/v1/products", { active: "true" });
    await fillShelves(manager, store.id, sumNeeds(plans, products), file.run.run_id);
    file.change({ stocked: true });
  }
  if (file.run.baseline === null) file.change({ baseline: await readBaseline(manager, store) });
  return plans;
}

function toGoods(product: Product): Goods {
  const { sku, barcodes, unit, unit_price, price_quantity, tax_rate_ppm, max_per_sale } = product;
  return { sku, barcodes, unit, unit_price, price_quantity, tax_rate_ppm, max_per_sale };
}

/** Each till in a folder of its own, paired by a code that the manager makes. */
async function openTills(manager: Manager, file: RunFile, options: HeadlessOptions): Promise<Till[]> {
  const tills: Till[] = [];
  for (const [place, one] of file.run.tills.entries()) {
    const folder = join(options.folder, `till-${one.code}`);
    const till = await openPaired(manager, one, folder, options.base);
    if (options.chaos) till.courier = chaoticCourier(createRandom(options.seed + place));
    tills.push(till);
  }
  return tills;
}

async function openPaired(manager: Manager, one: RunTill, folder: string, base: string): Promise<Till> {
  const client = { base, onWait: () => undefined };
  if (readDevice(folder) === null) {
    const call = { method: "POST", path: `/v1/terminals/${one.terminal_id}/pairing-code` } as const;
    const { pairing_code } = await manager.expect<{ pairing_code: string }>(call, "Making a pairing code");
    await pairDevice(client, folder, pairing_code);
  }
  return openTill({ ...client, folder });
}

type Position = { sales: number; refunds: number; offline: number };

/** All tills at once. */
async function sellDay(
  file: RunFile,
  plans: readonly TillPlan[],
  tills: readonly Till[],
  options: HeadlessOptions,
): Promise<void> {
  const { manager, run_id } = file.run;
  if (manager === null) throw new Error("a run that is prepared has its manager");
  const total = plans.reduce((sum, { actions }) => sum + actions.length, 0);
  const position: Position = { sales: 0, refunds: 0, offline: 0 };
  const progress: Progress<Position> = showProgress(
    {
      total,
      first: position,
      format: "{sales} sales | {refunds} refunds | {offline} tills offline",
      describe: (percent, { sales, refunds, offline }) =>
        `${String(percent)} %, ${String(sales)} sales, ${String(refunds)} refunds, ${String(offline)} tills offline`,
    },
    process.stderr,
  );
  let done = 0;
  const count = (action: Action) => {
    done += 1;
    if (action.do === "sell" || action.do === "complete") position.sales += 1;
    if (action.do === "refund" || action.do === "refund_goods") position.refunds += 1;
    position.offline = tills.filter(({ link }) => link.state !== "online").length;
    progress.update(done, position);
  };
  try {
    const days = tills.map(async (till, place) => {
      const plan = plans[place];
      const people = file.run.tills[place];
      if (!plan || !people) throw new Error("each till has its plan");
      till.client.onWait = progress.say;
      const before = doneActions(till);
      if (before > 0) progress.say(`till ${people.code} goes on at action ${String(before + 1)}`);
      for (const action of plan.actions.slice(0, before)) count(action);
      await runDay({ till, plan, people, manager, run_id, onDone: count });
    });
    const results = await Promise.allSettled(days);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  } finally {
    progress.stop();
  }
  if (position.sales < options.sales)
    throw new Error(`${String(position.sales)} sales were made, not ${String(options.sales)}`);
}

async function compareBooks(manager: Manager, file: RunFile, store: Store, tills: readonly Till[]) {
  const progress = showProgress(
    {
      total: 1,
      first: { read: 0 },
      format: "{read} documents read",
      describe: (percent, { read }) => `${String(percent)} %, ${String(read)} documents read`,
    },
    process.stderr,
  );
  try {
    return await checkRun({
      manager,
      store,
      run: file.run,
      tills,
      onProgress: (done, total) => {
        progress.update(done / total, { read: done });
      },
    });
  } finally {
    progress.stop();
  }
}
