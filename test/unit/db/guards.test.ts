import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { listGuards, readMigrations, readSchema, withoutGuard } from "../../support/schema.ts";
import type { Guard } from "../../support/schema.ts";
import type { Attack, Attacks, Need } from "./attack.ts";
import { buildWorld, copyWorld, listTables, openSchema, runBatch } from "./fixture.ts";
import { insertOf } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { approvalAttacks } from "./guards.approvals.ts";
import { catalogAttacks } from "./guards.catalog.ts";
import { credentialAttacks } from "./guards.credentials.ts";
import { identityAttacks } from "./guards.identity.ts";
import { inventoryAttacks } from "./guards.inventory.ts";
import { ledgerAttacks } from "./guards.ledgers.ts";
import { orderAttacks } from "./guards.orders.ts";
import { parkedAndVoidAttacks } from "./guards.parked-and-voids.ts";
import { peopleAttacks } from "./guards.people.ts";
import { receivedAttacks } from "./guards.received.ts";
import { refundAttacks } from "./guards.refunds.ts";
import { saleAttacks } from "./guards.sales.ts";
import { shiftAttacks } from "./guards.shifts.ts";
import { syncAttacks } from "./guards.sync.ts";
import { zReportAttacks } from "./guards.z-reports.ts";
import { fresh, isTable } from "./rows.ts";

const schema = readSchema();
const guards = listGuards(schema);
const tables = [
  identityAttacks,
  credentialAttacks,
  catalogAttacks,
  inventoryAttacks,
  peopleAttacks,
  saleAttacks,
  refundAttacks,
  syncAttacks,
  shiftAttacks,
  zReportAttacks,
  ledgerAttacks,
  receivedAttacks,
  orderAttacks,
  parkedAndVoidAttacks,
  approvalAttacks,
];
const attacks: Attacks = Object.fromEntries(tables.flatMap((table) => Object.entries(table)));

let whole: DatabaseSync;

beforeAll(() => {
  whole = openSchema(readMigrations());
  buildWorld(whole);
});

afterAll(() => {
  whole.close();
});

describe("the attack table", () => {
  test("names every guard of the migrations, and nothing else", () => {
    const names = guards.map((guard) => guard.name);
    expect(Object.keys(attacks).toSorted()).toEqual(names.toSorted());
    expect(tables.reduce((sum, table) => sum + Object.keys(table).length, 0)).toBe(names.length);
  });

  test("has no guard without an attack", () => {
    expect(Object.keys(attacks).filter((name) => attacks[name]?.length === 0)).toEqual([]);
  });

  test("has a fresh row for every table", () => {
    expect(Object.keys(fresh).toSorted()).toEqual(listTables(whole).toSorted());
  });

  test.each(Object.keys(fresh).filter(isTable))(
    "takes the fresh row of %s, so an attack fails by what it changes",
    (table) => {
      const copy = copyWorld(whole, schema, true);
      expect(() => runBatch(copy, [insertOf(table)])).not.toThrow();
      copy.close();
    },
  );
});

describe.each(guards)("$name", (guard) => {
  const own = attacks[guard.name] ?? [];

  test.each(own)("is no decoration (%$)", (attack) => {
    if ("lawful" in attack) {
      expectNeeded(guard, attack);
      return;
    }
    expectRefused(guard, attack);
  });
});

function expectRefused(guard: Guard, attack: Attack): void {
  expect(harm(whole, attack)).toBe(false);
  expect(refusal(whole, attack.statements)).toBe(attack.refused_with ?? guard.message);
  expect(harm(whole, attack)).toBe(false);

  // With a key gone that foreign keys point at, SQLite refuses every write they touch: they go with it.
  const weakened = copyWorld(whole, withoutGuard(schema, guard), !guard.is_parent_key);
  expect(harm(weakened, attack)).toBe(false);
  expect(refusal(weakened, attack.statements)).toBeNull();
  expect(harm(weakened, attack)).toBe(true);
  weakened.close();
}

function expectNeeded(guard: Guard, need: Need): void {
  const copy = copyWorld(whole, schema, true);
  expect(refusal(copy, need.lawful)).toBeNull();
  copy.close();
  const weakened = copyWorld(whole, withoutGuard(schema, guard), true);
  expect(refusal(weakened, need.lawful)).toBe(need.broken_with);
  weakened.close();
}

function harm(db: DatabaseSync, { damage }: Attack): boolean {
  return db.prepare(damage.sql).get(...damage.values) !== undefined;
}

function refusal(db: DatabaseSync, statements: readonly Statement[]): string | null {
  try {
    runBatch(db, statements);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
