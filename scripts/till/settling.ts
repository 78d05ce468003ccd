import { inTransaction, writeFact } from "./database.ts";
import { deliver, type DeliveryReport } from "./delivery.ts";
import { findHighest } from "./numbers.ts";
import { PROFILE_FACT, STORE_FACT, storeOf, TERMINAL_FACT, type Till } from "./till.ts";
import type { Page, Profile, Sale, Shift, Store, Terminal } from "./wire.ts";

/** Coming to terms with the server: what lies here goes there, and what is news there is heard here. */

/** Told of what takes its time. */
export type Tell = (line: string) => void;

const SILENT: Tell = () => undefined;
const FEW = 10;

/** Sends the outbox; where the API does not answer the till is out of reach. Throws SessionEnded, Failure. */
export async function sendOutbox(till: Till, tell: Tell = SILENT): Promise<DeliveryReport> {
  const { session, outbox, device, courier, link } = till;
  const report = await deliver({
    session,
    outbox,
    terminal_id: device.terminal.id,
    ...(courier && { courier }),
    onProgress: (left) => {
      if (left > FEW) tell(`${String(left)} commands are still to be sent`);
    },
  });
  if (report.stopped !== null) link.lose(report.stopped);
  return report;
}

/**
 * Signs a cashier in by PIN. What the last one did goes out first, in that one's name, as far as it gets. Throws a Failure
 * where the API is out of reach: a PIN is looked at by the server alone.
 */
export async function signIn(till: Till, username: string, pin: string, tell: Tell = SILENT): Promise<Profile> {
  const { session, database, device, outbox, link } = till;
  if (session.isOpen && outbox.waitingCount > 0 && (await link.isUp())) await sendOutbox(till, tell);
  const profile = await session.signInByPin(device.device_token, username, pin);
  writeFact(database, PROFILE_FACT, profile);
  return profile;
}

/**
 * Sends the outbox, then hears what is new: the store's rules, the catalogue, the till's numbers, its open shift. To be
 * called after signing in and when the API is in reach again. Throws SessionEnded, Failure.
 */
export async function catchUp(till: Till, tell: Tell = SILENT): Promise<DeliveryReport> {
  const report = await sendOutbox(till, tell);
  const { session, database, device, catalogue, outbox } = till;
  const store = await session.expect<Store>(read(`/v1/stores/${device.store.id}`), "Reading the store");
  const terminal = await session.expect<Terminal>(read(`/v1/terminals/${device.terminal.id}`), "Reading the till");
  inTransaction(database, () => {
    writeFact(database, STORE_FACT, store);
    writeFact(database, TERMINAL_FACT, terminal);
  });
  outbox.raiseSeq(terminal.last_seq);
  await catalogue.refresh(session, (count) => {
    if (count > FEW) tell(`${String(count)} products read`);
  });
  await learnNumbers(till, terminal);
  if (outbox.waitingCount === 0) await learnShift(till);
  return report;
}

/**
 * A till with new books finds out which invoice numbers are in use. Refund numbers can't be looked up: where nothing was
 * ever done at the till there are none; else the first answer to a refund tells, and until then the server numbers them.
 */
async function learnNumbers(till: Till, { last_seq }: Terminal): Promise<void> {
  const { numbers, session } = till;
  if (numbers.highest("invoice") !== null) return;
  const store_id = storeOf(till).id;
  const highest = await findHighest(async (number) => {
    const query = new URLSearchParams({ store_id, invoice_no: numbers.format("invoice", number), limit: "1" });
    const { data } = await session.expect<Page<Sale>>(read(`/v1/sales?${query.toString()}`), "Reading invoice numbers");
    return data.length > 0;
  });
  numbers.raise("invoice", highest);
  if (highest === 0 && last_seq === 0) numbers.raise("refund", 0);
}

/** The server's word on the till's shift: opened or closed elsewhere, the books follow. */
async function learnShift({ session, books, device, database }: Till): Promise<void> {
  const query = new URLSearchParams({ terminal_id: device.terminal.id, status: "open", limit: "1" });
  const { data } = await session.expect<Page<Shift>>(read(`/v1/shifts?${query.toString()}`), "Reading the shift");
  const [open] = data;
  const own = books.openShift();
  if (own && own.id !== open?.id) {
    const closed = await session.expect<Shift>(read(`/v1/shifts/${own.id}`), "Reading the shift");
    inTransaction(database, () => {
      books.putShift(closed);
    });
  }
  if (open && open.id !== own?.id) {
    inTransaction(database, () => {
      books.putShift(open);
    });
  }
}

function read(path: string) {
  return { method: "GET", path } as const;
}
