import { type Figures, sumDocuments, sumFigures } from "../reckoning.ts";
import type { Till } from "../till.ts";
import type { Sale, ShiftReport, Store } from "../wire.ts";
import { compareReport, figuresOf, flatten } from "./compare-report.ts";
import { sumDays } from "./daily.ts";
import { type Listed, readListed } from "./listed.ts";
import type { Manager } from "./manager.ts";
import { reckonShift } from "./own-figures.ts";
import type { Run } from "./run-file.ts";

/** Whether a run's books and the server's are the same: to the last unit, and to the last sale. */

/** A figure from every side that knows it. */
export type Row = { name: string; tills: number; z_reports: number; listed: number; daily: number };

export type Findings = {
  rows: Row[];
  /** What is wrong beside the figures. */
  faults: string[];
  drawers: { till: string; own: number; expected: number; counted: number }[];
};

export type CheckOptions = {
  manager: Manager;
  store: Store;
  run: Run;
  tills: readonly Till[];
  onProgress: (done: number, total: number) => void;
};

export async function checkRun({ manager, store, run, tills, onProgress }: CheckOptions): Promise<Findings> {
  if (run.baseline === null) throw new Error("a run that has sold has its baseline");
  const faults: string[] = [];
  const drawers: Findings["drawers"] = [];
  const own: Figures[] = [];
  const reports: ShiftReport[] = [];
  const refundIds: string[] = [];
  for (const till of tills) {
    const code = till.device.terminal.code;
    faults.push(...leftOver(till).map((fault) => `till ${code}: ${fault}`));
    for (const shift of till.books.shifts()) {
      const zs = await manager.list<ShiftReport>("/v1/z-reports", { store_id: store.id, shift_id: shift.id });
      const reckoned = reckonShift(till, shift);
      faults.push(...compareReport(reckoned, zs).map((fault) => `till ${code}: ${fault}`));
      const counted = zs.flatMap(({ by_method }) => by_method).find(({ method }) => method === "cash")?.counted ?? 0;
      const expected = zs.reduce((sum, { cash }) => sum + cash.expected, 0);
      drawers.push({ till: code, own: reckoned.cash, expected, counted });
      own.push(reckoned.figures);
      reports.push(...zs);
      refundIds.push(...till.books.refundsOf(shift.id).map(({ id }) => id));
    }
    faults.push(...(await openExceptions(manager, till, run)).map((fault) => `till ${code}: ${fault}`));
  }
  const shiftIds = tills.flatMap(({ books }) => books.shifts().map(({ id }) => id));
  const listed = await readListed(manager, store.id, shiftIds, refundIds, onProgress);
  faults.push(...compareDocuments(tills, listed));
  const dates = [...listed.sales, ...listed.refunds].map(({ business_date }) => business_date);
  const daily = await sumDays(manager, store.id, dates, run.baseline);
  return { rows: compareSides(own, reports, listed, daily), faults, drawers };
}

/** What must not be left in a till that has done its day. */
function leftOver({ outbox, books }: Till): string[] {
  return [
    ...(outbox.waitingCount > 0 ? [`${String(outbox.waitingCount)} commands were not sent`] : []),
    ...outbox
      .rejected()
      .map(({ type, problem }) => `a ${type} was rejected: ${problem?.code ?? ""} ${problem?.detail ?? ""}`),
    ...books.shifts().flatMap(({ id, status }) => (status === "open" ? [`shift ${id} is open`] : [])),
    ...books.parkedSales().map(({ id }) => `sale ${id} is parked still`),
  ];
}

type OpenException = { type: string; detail: string; opened_at: string };

/** Someone would have to look at these. A sale that came after its shift is what chaos asked for. */
async function openExceptions(manager: Manager, till: Till, run: Run): Promise<string[]> {
  const query = { terminal_id: till.device.terminal.id, state: "open" };
  const found = await manager.list<OpenException>("/v1/sync/exceptions", query);
  const own = found.filter(({ opened_at }) => opened_at >= run.started_at);
  const late = own.filter(({ type }) => type === "closed_shift");
  const others = own.filter(({ type }) => type !== "closed_shift");
  const wanted = run.asked.chaos ? 1 : 0;
  return [
    ...(late.length === wanted ? [] : [`${String(late.length)} sales came after their shift, not ${String(wanted)}`]),
    ...others.map(({ type, detail }) => `an exception is open: ${type}: ${detail}`),
  ];
}

/** Each document that a till made is in the server's books once, under its number and for its total, and no other is. */
function compareDocuments(tills: readonly Till[], { sales, refunds }: Listed): string[] {
  const faults: string[] = [];
  const known = new Map(sales.map((sale) => [sale.id, sale]));
  if (known.size !== sales.length) faults.push("the server lists a sale twice");
  const refunded = new Map(refunds.map((refund) => [refund.id, refund]));
  for (const { books, device } of tills) {
    const mine: Sale[] = [];
    for (const { id: shiftId } of books.shifts()) {
      for (const own of books.salesOf(shiftId)) {
        const theirs = known.get(own.id);
        known.delete(own.id);
        if (theirs) mine.push(theirs);
        faults.push(...differ(`sale ${String(own.invoice_no)}`, own, theirs, "invoice_no"));
      }
      for (const own of books.refundsOf(shiftId)) {
        faults.push(...differ(`refund ${String(own.refund_no)}`, own, refunded.get(own.id), "refund_no"));
      }
    }
    faults.push(...findHoles(device.terminal.code, mine));
  }
  for (const { invoice_no } of known.values()) faults.push(`no till has made the sale ${String(invoice_no)}`);
  return faults;
}

type Numbered = { total: number; status?: string; invoice_no?: string | null; refund_no?: string | null };

function differ(
  name: string,
  own: Numbered,
  theirs: Numbered | undefined,
  number: "invoice_no" | "refund_no",
): string[] {
  if (!theirs) return [`${name} is not in the server's books`];
  return (["total", "status", number] as const).flatMap((field) =>
    own[field] === theirs[field]
      ? []
      : [`${name}: ${field} is ${String(own[field])} by the till, ${String(theirs[field])} by the server`],
  );
}

/** A till's invoice numbers run on by one. */
function findHoles(code: string, sales: readonly Sale[]): string[] {
  const numbers = sales.map(({ invoice_no }) => Number(invoice_no?.split("-").at(-1))).toSorted((a, b) => a - b);
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1];
    return before === undefined || number === before + 1
      ? []
      : [`till ${code}: invoice number ${String(number)} follows ${String(before)}`];
  });
}

function compareSides(own: readonly Figures[], reports: readonly ShiftReport[], listed: Listed, daily: Figures): Row[] {
  const tills = flatten(sumFigures(own));
  const zs = flatten(sumFigures(reports.map(figuresOf)));
  const read = flatten(sumDocuments(listed.sales, listed.refunds));
  const days = flatten(daily);
  const names = [...new Set([...tills.keys(), ...zs.keys(), ...read.keys(), ...days.keys()])];
  return names.map((name) => ({
    name,
    tills: tills.get(name) ?? 0,
    z_reports: zs.get(name) ?? 0,
    listed: read.get(name) ?? 0,
    daily: days.get(name) ?? 0,
  }));
}

export function isFine({ rows, faults, drawers }: Findings): boolean {
  return faults.length === 0 && rows.every(agrees) && drawers.every(({ own, expected }) => own === expected);
}

export function agrees({ tills, z_reports, listed, daily }: Row): boolean {
  return tills === z_reports && tills === listed && tills === daily;
}
