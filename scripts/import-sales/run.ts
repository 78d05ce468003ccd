import { LRUCache } from "lru-cache";
import { PricingError } from "../../src/modules/sales/pricing.ts";
import { type Progress, showProgress } from "../support/progress.ts";
import { Catalogue } from "./catalogue.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { type Api, connect } from "./client.ts";
import { findColumns } from "./columns.ts";
import { digestFile, readHeader, readRecords, sizeOf } from "./csv.ts";
import { Findings } from "./findings.ts";
import { groupInvoices, type Invoice } from "./invoices.ts";
import type { ImportOptions } from "./options.ts";
import { findStore, findTerminal, type Store } from "./place.ts";
import { FileSums } from "./reckoning.ts";
import { daysBetween, type DayRange, type Figures, readReports } from "./reports.ts";
import { rowReader } from "./row.ts";
import { type Outcomes, Sender } from "./sender.ts";
import { planInvoice, type Steps } from "./steps.ts";

/** One that is forgotten is sent once more and replayed. */
const MOST_CUSTOMERS = 20_000;

export type ImportResult = {
  store: Store;
  sums: FileSums;
  /** What the books say of the days the file spans. */
  booked: Figures;
  range: DayRange | null;
  outcomes: Outcomes;
  /** Sales and refunds that this run brought in. */
  newly_booked: number;
  products_created: number;
  /** Invoices that an earlier run had brought in, so that this one did not send them. */
  invoices_skipped: number;
  faults: Findings;
  rejections: Findings;
  /** From the first invoice to the last answer. */
  seconds: number;
};

/** Brings a file in. Throws a Failure for what stops it; `folder` keeps its checkpoint. */
export async function importSales(options: ImportOptions, folder: string): Promise<ImportResult> {
  const size = sizeOf(options.file);
  const columns = findColumns(await readHeader(options.file), options.map);
  const progress = showProgress(
    {
      total: size,
      first: { rows: 0, sales: 0 },
      format: "{rows} rows | {sales} sales",
      describe: (percent, { rows, sales }) => `${String(percent)} %, ${String(rows)} rows, ${String(sales)} sales`,
    },
    process.stderr,
  );
  try {
    const api = await connect({ ...options, onWait: progress.say });
    const store = await findStore(api, options.store_code);
    const { sums, ...brought } = await bringIn(options, { api, store, columns, folder, progress });
    const range = sums.first === null || sums.last === null ? null : daysBetween(store, sums.first, sums.last);
    const booked = range === null ? new FileSums().figures : await readReports(api, store.id, range);
    if (!agree(sums.figures, booked)) brought.checkpoint.forget();
    return { store, sums, booked, range, ...brought };
  } finally {
    progress.stop();
  }
}

export function agree(file: Figures, booked: Figures): boolean {
  return (Object.keys(file) as (keyof Figures)[]).every((name) => file[name] === booked[name]);
}

type Surroundings = {
  api: Api;
  store: Store;
  columns: ReturnType<typeof findColumns>;
  folder: string;
  progress: Progress<{ rows: number; sales: number }>;
};

async function bringIn(options: ImportOptions, { api, store, columns, folder, progress }: Surroundings) {
  const identity = [options.base, store.id, await digestFile(options.file), columns, options.method];
  const checkpoint = openCheckpoint(folder, identity);
  const invoicesDone = checkpoint.read();
  const catalogue = new Catalogue(api);
  await catalogue.load();
  const { id: terminal_id, last_seq } = await findTerminal(api, store.id);
  const faults = new Findings();
  const rejections = new Findings();
  const sender = new Sender({ api, store_id: store.id, terminal_id, last_seq, catalogue, checkpoint, rejections });
  const plan = planner(options, store, catalogue);
  const sums = new FileSums();
  const started = performance.now();
  const invoices = groupInvoices(
    readRecords(options.file),
    rowReader({ columns, currency: store.currency, timezone: store.timezone }),
    (line, { invoice_no, reason }) => {
      faults.add(`line ${String(line)}${invoice_no === null ? "" : ` (invoice ${invoice_no})`}: ${reason}`);
    },
  );
  for await (const invoice of invoices) {
    sums.invoices += 1;
    sums.rows += invoice.rows;
    const steps = plan(invoice, sums, faults);
    if (steps) {
      sums.add(invoice.sold_at, steps.reckoning);
      if (sums.invoices > invoicesDone) await sendInvoice(sender, catalogue, invoice, steps, sums.invoices);
    }
    progress.update(invoice.bytes, { rows: sums.rows, sales: sums.figures.sales });
  }
  await sender.flush(sums.invoices);
  return {
    sums,
    checkpoint,
    outcomes: sender.outcomes,
    newly_booked: sender.booked,
    products_created: catalogue.created,
    invoices_skipped: Math.min(invoicesDone, sums.invoices),
    faults,
    rejections,
    seconds: (performance.now() - started) / 1000,
  };
}

function planner(options: ImportOptions, store: Store, catalogue: Catalogue) {
  const customers = new LRUCache<string, true>({ max: MOST_CUSTOMERS });
  const isKnownCustomer = (code: string): boolean => {
    const known = customers.get(code) === true;
    customers.set(code, true);
    return known;
  };
  const rules = { store, method: options.method, factsOf: catalogue.factsOf, isKnownCustomer };
  /** What an invoice becomes; null where it is held back. */
  return (invoice: Invoice, sums: FileSums, faults: Findings): Steps | null => {
    try {
      if (!invoice.held_back) return planInvoice(invoice, rules);
    } catch (error) {
      if (!(error instanceof PricingError)) throw error;
      faults.add(`invoice ${invoice.invoice_no}: it comes to more than the books can hold`);
    }
    sums.rows_held_back += invoice.rows;
    return null;
  };
}

async function sendInvoice(
  sender: Sender,
  catalogue: Catalogue,
  invoice: Invoice,
  { commands, adjustment }: Steps,
  place: number,
): Promise<void> {
  const { invoice_no } = invoice;
  catalogue.need(invoice.entries.filter(({ kind }) => kind !== "adjustment"));
  for (const command of commands) await sender.send(command, { invoice_no, type: command.type, place });
  if (adjustment) await sender.adjust(adjustment, { invoice_no, place });
}
