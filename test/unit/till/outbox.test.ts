import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTransaction, openDatabase, readFact, writeFact } from "../../../scripts/till/database.ts";
import type { Deed, NumberedCommand, Result } from "../../../scripts/till/outbox.ts";
import { closeTill, type Till } from "../../../scripts/till/till.ts";
import { openTestTill, pairedFolder } from "./shop.ts";

const NOWHERE = "http://127.0.0.1:1";

let folder: string;
let till: Till;
beforeEach(() => {
  folder = pairedFolder(NOWHERE);
  till = openTestTill(folder, NOWHERE);
});
afterEach(() => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
});

/** As after a power cut: whatever the process had in memory is gone. */
function reopen(): void {
  closeTill(till);
  till = openTestTill(folder, NOWHERE);
}

/** A deed that notes its number as a fact. */
function deed(name: string): Deed {
  return {
    type: "sale",
    body: { id: name, total: 1 },
    idempotency_key: `key ${name}`,
    occurred_at: "2026-11-24T10:00:00.000Z",
    number: "invoice",
    effects: (number) => ({
      facts: { [name]: number },
      drawer: [{ shift_id: "s", what: "tendered", amount: 1, source_id: name }],
    }),
  };
}

/** Numbers are noted by the sales in effects; these have none. */
function take(name: string): void {
  till.outbox.write(deed(name));
  till.numbers.note(readFact<string>(till.database, name));
}

const applied = (commands: NumberedCommand[]) =>
  commands.map((command): { command: NumberedCommand; result: Result } => ({
    command,
    result: { seq: command.seq, outcome: "applied" },
  }));

describe("a till's file", () => {
  it("is for its owner alone, and for one process", () => {
    expect(statSync(join(folder, "till.db")).mode & 0o077).toBe(0);
    expect(() => openDatabase(folder)).toThrow("Another process is working at the till");
  });

  it("forces what is committed to disk", () => {
    expect(till.database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(till.database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  });

  it("takes all of a transaction or nothing", () => {
    const work = () => {
      inTransaction(till.database, () => {
        writeFact(till.database, "half", 1);
        throw new Error("in the middle");
      });
    };
    expect(work).toThrow("in the middle");
    expect(readFact(till.database, "half")).toBeUndefined();
  });
});

describe("the outbox", () => {
  it("has what was written when the till is opened again, in order", () => {
    for (const name of ["a", "b", "c"]) take(name);
    reopen();
    expect(till.outbox.waiting().map(({ body, number }) => [body.id, number])).toEqual([
      ["a", "MAIN-01-000001"],
      ["b", "MAIN-01-000002"],
      ["c", "MAIN-01-000003"],
    ]);
    expect(till.books.drawerOf("s")).toHaveLength(3);
  });

  it("writes a deed and its effects together, and a key once", () => {
    take("a");
    expect(() => till.outbox.write(deed("a"))).toThrow("UNIQUE");
    expect(till.outbox.waiting()).toHaveLength(1);
    expect(till.books.drawerOf("s")).toHaveLength(1);
  });

  it("lets nothing come of what is only being tried, until it is known", () => {
    const command = till.outbox.try(deed("a"));
    expect(readFact(till.database, "a")).toBeUndefined();
    expect(till.outbox.waiting()).toEqual([]);
    till.outbox.refuse(command);
    reopen();
    expect(till.recovered).toEqual([]);
    expect(readFact(till.database, "a")).toBeUndefined();
    expect(till.numbers.next("invoice")).toBe("MAIN-01-000001");
  });

  it("keeps what was being tried when the till stopped: it may have been heard", () => {
    till.outbox.try(deed("a"));
    reopen();
    expect(till.recovered.map(({ idempotency_key }) => idempotency_key)).toEqual(["key a"]);
    expect(till.outbox.waiting()).toHaveLength(1);
    expect(readFact(till.database, "a")).toBe("MAIN-01-000001");
    expect(till.books.drawerOf("s")).toHaveLength(1);
    reopen();
    expect(till.recovered).toEqual([]);
    expect(till.books.drawerOf("s")).toHaveLength(1);
  });

  it("is done with what the server has confirmed", () => {
    till.outbox.confirm(till.outbox.try(deed("a")), (effects) => ({ ...effects, facts: { a: "as answered" } }));
    reopen();
    expect(till.recovered).toEqual([]);
    expect(till.outbox.waitingCount).toBe(0);
    expect(readFact(till.database, "a")).toBe("as answered");
  });

  it("numbers commands from 1 without a hole, and each for ever", () => {
    for (const name of ["a", "b", "c"]) take(name);
    expect(till.outbox.nextBatch(2).map(({ seq }) => seq)).toEqual([1, 2]);
    reopen();
    take("d");
    const again = till.outbox.nextBatch(50);
    expect(again.map(({ seq, body }) => [seq, body.id])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
      [4, "d"],
    ]);
    till.outbox.settle(applied(again));
    take("e");
    expect(till.outbox.nextBatch(50).map(({ seq }) => seq)).toEqual([5]);
  });

  it("goes on above what the server has heard of the till", () => {
    take("a");
    till.outbox.raiseSeq(17);
    expect(till.outbox.nextBatch(50).map(({ seq }) => seq)).toEqual([18]);
    till.outbox.raiseSeq(3);
    take("b");
    expect(till.outbox.nextBatch(50).map(({ seq }) => seq)).toEqual([18, 19]);
  });

  it("keeps what is rejected for a person, under its number, and goes on without it", () => {
    take("a");
    take("b");
    const [a, b] = till.outbox.nextBatch(50);
    if (!a || !b) throw new Error("two were written");
    const problem = { code: "not_found", detail: "There is no such shift." };
    till.outbox.settle([
      { command: a, result: { seq: a.seq, outcome: "rejected", problem } },
      { command: b, result: { seq: b.seq, outcome: "flagged" } },
    ]);
    reopen();
    expect(till.outbox.waiting()).toEqual([]);
    expect(till.outbox.rejected().map(({ body, seq, problem: why }) => [body.id, seq, why])).toEqual([
      ["a", 1, problem],
    ]);
    till.outbox.retry(a.place);
    expect(till.outbox.nextBatch(50)).toMatchObject([{ seq: 1, idempotency_key: "key a", state: "waiting" }]);
  });

  it("takes over the number that the server gave, and settles twice as once", () => {
    take("a");
    till.books.putSale({ id: "a", invoice_no: "MAIN-01-000001", shift_id: "s", status: "completed" } as never);
    const [command] = till.outbox.nextBatch(50);
    if (!command) throw new Error("one was written");
    const resource = { type: "sale", id: "a", invoice_no: "MAIN-01-000004" };
    const result: Result = { seq: 1, outcome: "replayed", resource };
    till.outbox.settle([{ command, result }]);
    till.outbox.settle([{ command, result }]);
    expect(till.books.saleByNumber("MAIN-01-000004")).toMatchObject({ id: "a", invoice_no: "MAIN-01-000004" });
    expect(till.numbers.next("invoice")).toBe("MAIN-01-000005");
  });
});
