import type { Refund, Sale } from "../wire.ts";
import type { Manager } from "./manager.ts";

/** What the server lists of a run: its sales with their lines, and its refunds. */

const AT_ONCE = 6;

export type Listed = { sales: Sale[]; refunds: Refund[] };

/** Reads every sale of the shifts, and the refunds by their ids (there is no list of them). */
export async function readListed(
  manager: Manager,
  storeId: string,
  shiftIds: readonly string[],
  refundIds: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<Listed> {
  const ids: string[] = [];
  for (const shift_id of shiftIds) {
    const sales = await manager.list<Sale>("/v1/sales", { store_id: storeId, shift_id });
    ids.push(...sales.map(({ id }) => id));
  }
  const total = ids.length + refundIds.length;
  let done = 0;
  const read = async <T>(path: string): Promise<T> => {
    const record = await manager.get<T>(path);
    done += 1;
    onProgress(done, total);
    return record;
  };
  const sales = await mapInParts(ids, async (id) => withOwnTenders(await read<Sale>(`/v1/sales/${id}`)));
  const refunds = await mapInParts(refundIds, async (id) => read<Refund>(`/v1/refunds/${id}`));
  return { sales, refunds };
}

/** A few at a time. */
async function mapInParts<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += AT_ONCE) {
    results.push(...(await Promise.all(list.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}

/**
 * Without what was paid off later and its change, which the server shows behind the sale's own tenders: those end with the one
 * that covers the total. Where nothing went on account nothing came later.
 */
export function withOwnTenders(sale: Sale): Sale {
  if (!sale.payments.some(({ method }) => method === "on_account")) return sale;
  let left = sale.total;
  const last = sale.payments.findIndex(({ amount }) => {
    left -= amount;
    return left <= 0;
  });
  return { ...sale, change_due: -left, payments: sale.payments.slice(0, last + 1) };
}
