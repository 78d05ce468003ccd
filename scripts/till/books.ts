import type { Database } from "./database.ts";
import { writeFact } from "./database.ts";
import type { DrawerEvent, Effects, ReceivedRecord, RefundRecord, SaleRecord } from "./records.ts";
import type { Shift } from "./wire.ts";

/** The till's own books: its sales, refunds, shifts, and what lies in the drawer. */
export class Books {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes down what a deed changes. To be called within a transaction. */
  apply(effects: Effects): void {
    for (const sale of effects.sales ?? []) this.putSale(sale);
    if (effects.refund) this.putRefund(effects.refund);
    if (effects.received) this.#putReceived(effects.received);
    if (effects.shift) this.putShift(effects.shift);
    for (const event of effects.drawer ?? []) this.#move(event);
    for (const [name, value] of Object.entries(effects.facts ?? {})) writeFact(this.#database, name, value);
  }

  putSale(sale: SaleRecord): void {
    this.#put("sale", sale.id, { number: sale.invoice_no, shift_id: sale.shift_id }, sale);
  }

  putRefund(refund: RefundRecord): void {
    this.#put("refund", refund.id, { number: refund.refund_no, shift_id: refund.shift_id }, refund);
  }

  #putReceived(received: ReceivedRecord): void {
    this.#put("received", received.id, { number: null, shift_id: received.shift_id }, received);
  }

  #put(kind: string, id: string, key: { number: string | null; shift_id: string | null }, content: object): void {
    this.#database
      .prepare(
        `INSERT INTO documents (id, kind, number, shift_id, content) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, shift_id = excluded.shift_id, content = excluded.content`,
      )
      .run(id, kind, key.number, key.shift_id, JSON.stringify(content));
  }

  putShift(shift: Shift): void {
    this.#database
      .prepare(
        `INSERT INTO shifts (id, status, content) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, content = excluded.content`,
      )
      .run(shift.id, shift.status, JSON.stringify(shift));
  }

  #move({ shift_id, what, amount, source_id }: DrawerEvent): void {
    this.#database
      .prepare("INSERT INTO drawer (shift_id, what, amount, source_id) VALUES (?, ?, ?, ?)")
      .run(shift_id, what, amount, source_id);
  }

  sale(id: string): SaleRecord | null {
    return this.#one<SaleRecord>("SELECT content FROM documents WHERE kind = 'sale' AND id = ?", id);
  }

  saleByNumber(invoiceNo: string): SaleRecord | null {
    return this.#one<SaleRecord>("SELECT content FROM documents WHERE kind = 'sale' AND number = ?", invoiceNo);
  }

  refund(id: string): RefundRecord | null {
    return this.#one<RefundRecord>("SELECT content FROM documents WHERE kind = 'refund' AND id = ?", id);
  }

  /** Every sale of a shift, voided ones among them. */
  salesOf(shiftId: string): SaleRecord[] {
    return this.#all<SaleRecord>("SELECT content FROM documents WHERE kind = 'sale' AND shift_id = ?", shiftId);
  }

  refundsOf(shiftId: string): RefundRecord[] {
    return this.#all<RefundRecord>("SELECT content FROM documents WHERE kind = 'refund' AND shift_id = ?", shiftId);
  }

  receivedOf(shiftId: string): ReceivedRecord[] {
    return this.#all<ReceivedRecord>("SELECT content FROM documents WHERE kind = 'received' AND shift_id = ?", shiftId);
  }

  /** Sales this till has put aside and nobody has finished here. */
  parkedSales(): SaleRecord[] {
    return this.#all<SaleRecord>(
      "SELECT content FROM documents WHERE kind = 'sale' AND number IS NULL AND content ->> 'status' = 'parked'",
    );
  }

  lastSale(): SaleRecord | null {
    return this.#one<SaleRecord>(
      "SELECT content FROM documents WHERE kind = 'sale' AND content ->> 'status' <> 'parked' ORDER BY arrival DESC LIMIT 1",
    );
  }

  openShift(): Shift | null {
    return this.#one<Shift>("SELECT content FROM shifts WHERE status = 'open' ORDER BY arrival DESC LIMIT 1");
  }

  /** In the order in which they were opened. */
  shifts(): Shift[] {
    return this.#all<Shift>("SELECT content FROM shifts ORDER BY arrival");
  }

  drawerOf(shiftId: string): DrawerEvent[] {
    const sql = "SELECT shift_id, what, amount, source_id FROM drawer WHERE shift_id = ? ORDER BY arrival";
    return this.#database.prepare(sql).all(shiftId) as unknown as DrawerEvent[];
  }

  /** Takes over the number that the server gave a sale or refund; what it is else stays as the till made it. */
  takeNumber(id: string, number: string): void {
    this.#database
      .prepare(
        `UPDATE documents SET number = ?2,
           content = json_set(content, CASE kind WHEN 'sale' THEN '$.invoice_no' ELSE '$.refund_no' END, ?2)
         WHERE id = ?1`,
      )
      .run(id, number);
  }

  #one<T>(sql: string, ...params: string[]): T | null {
    const row = this.#database.prepare(sql).get(...params) as { content: string } | undefined;
    return row ? (JSON.parse(row.content) as T) : null;
  }

  #all<T>(sql: string, ...params: string[]): T[] {
    const rows = this.#database.prepare(sql).all(...params) as { content: string }[];
    return rows.map(({ content }) => JSON.parse(content) as T);
  }
}
