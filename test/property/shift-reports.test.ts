import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Shift } from "../../src/modules/shifts/schemas.ts";
import { asZReport, composeReport, hashReport, type LastZ, type ShiftSums } from "../../src/modules/shifts/z-report.ts";
import { hashOf } from "../support/canonical-json.ts";

/** Reports of whatever a till may have done, held to the drawer as it is worked event by event. */

interface Line {
  tax_rate_ppm: number;
  category_id: string | null;
  quantity: number;
  taxable: number;
  tax: number;
}

interface Payment {
  method: string;
  amount: number;
  deposit?: boolean;
}

interface Sold {
  kind: "sale";
  lines: Line[];
  rounding: number;
  /** Without what pays the rest, in cash. */
  payments: Payment[];
  change: number;
}

interface Back {
  kind: "refund";
  lines: Line[];
  /** Of what is given back, the part that is not cash. */
  by_card: number;
}

interface Got {
  kind: "deposit" | "gift_card" | "account";
  method: string;
  amount: number;
}

interface Moved {
  kind: "paid_in" | "paid_out" | "drop" | "no_sale";
  amount: number;
}

type Event = Sold | Back | Got | Moved | { kind: "void"; amount: number };

const AT = "2026-03-02T09:30:00.000Z";
const amount = fc.integer({ min: 1, max: 5000 });

const line: fc.Arbitrary<Line> = fc.record({
  tax_rate_ppm: fc.constantFrom(0, 50_000, 200_000),
  category_id: fc.constantFrom("a", "b", "Z", null),
  quantity: fc.integer({ min: 1, max: 5 }),
  taxable: fc.integer({ min: 0, max: 5000 }),
  tax: fc.integer({ min: 0, max: 1000 }),
});
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const payment: fc.Arbitrary<Payment> = fc.record({
  method: fc.constantFrom("cash", "card", "gift_card", "on_account"),
  amount,
  deposit: fc.boolean(),
});

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("sale" as const),
      lines,
      rounding: fc.integer({ min: -4, max: 4 }),
      payments: fc.array(payment, { maxLength: 3 }),
      change: fc.integer({ min: 0, max: 500 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("refund" as const), lines, by_card: fc.integer({ min: 0, max: 5000 }) }),
  },
  fc.record({
    kind: fc.constantFrom("deposit", "gift_card", "account"),
    method: fc.constantFrom("cash", "card", "bank_transfer"),
    amount,
  }),
  fc.record({ kind: fc.constantFrom("paid_in", "paid_out", "drop", "no_sale"), amount }),
  fc.record({ kind: fc.constant("void" as const), amount }),
);
const events = fc.array(event, { maxLength: 12 });

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

const totalOf = (some: readonly Line[]) => sum(some, ({ taxable, tax }) => taxable + tax);

/** What a sale took: its payments, and in cash what was left to pay, with the change on top. */
function paymentsOf(sale: Sold): { total: number; payments: Payment[]; change: number } {
  const total = Math.max(0, totalOf(sale.lines) + sale.rounding);
  let left = total;
  const payments = sale.payments.flatMap((one) => {
    const part = Math.min(one.amount, left);
    left -= part;
    return part > 0 ? [{ ...one, amount: part }] : [];
  });
  const cash = left + sale.change;
  return {
    total,
    payments: cash > 0 ? [...payments, { method: "cash", amount: cash }] : payments,
    change: sale.change,
  };
}

function givenBack({ lines: some, by_card }: Back): Payment[] {
  const total = totalOf(some);
  const card = Math.min(total, by_card);
  return [
    { method: "card", amount: card },
    { method: "cash", amount: total - card },
  ].filter((one) => one.amount > 0);
}

function groupLines(some: readonly Line[]): ShiftSums["sale_lines"] {
  const groups = Map.groupBy(some, ({ tax_rate_ppm, category_id }) => `${String(tax_rate_ppm)} ${String(category_id)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    return [
      {
        tax_rate_ppm: first.tax_rate_ppm,
        category_id: first.category_id,
        category: first.category_id === null ? null : `Category ${first.category_id}`,
        quantity: sum(group, ({ quantity }) => quantity),
        taxable: sum(group, ({ taxable }) => taxable),
        tax: sum(group, ({ tax }) => tax),
        total: totalOf(group),
      },
    ];
  });
}

function groupPayments(some: readonly Payment[]) {
  const groups = Map.groupBy(some, ({ method }) => method);
  return [...groups].map(([method, group]) => ({
    method,
    amount: sum(group, (one) => one.amount),
    deposits: sum(
      group.filter(({ deposit }) => deposit),
      (one) => one.amount,
    ),
  }));
}

/** The sums of events, as the database would group them. */
function sumsOf(all: readonly Event[]): ShiftSums {
  const sales = all.filter((one) => one.kind === "sale");
  const refunds = all.filter((one) => one.kind === "refund");
  const voids = all.filter((one) => one.kind === "void");
  const paid = sales.map(paymentsOf);
  const back = refunds.flatMap((one) => one.lines);
  return {
    records: all.length,
    sales: {
      sales_count: sales.length,
      gross: sum(paid, ({ total }) => total),
      discount_total: 0,
      tax_total: sum(
        sales.flatMap((one) => one.lines),
        ({ tax }) => tax,
      ),
      change: sum(paid, ({ change }) => change),
      first_invoice_no: null,
      last_invoice_no: null,
    },
    sale_lines: groupLines(sales.flatMap((one) => one.lines)),
    sale_payments: groupPayments(paid.flatMap(({ payments }) => payments)),
    refunds: {
      refunds_count: refunds.length,
      refund_total: totalOf(back),
      refund_tax_total: sum(back, ({ tax }) => tax),
    },
    refund_lines: groupLines(back),
    refund_payments: groupPayments(refunds.flatMap(givenBack)),
    received: all.flatMap((one) =>
      one.kind === "deposit" || one.kind === "gift_card" || one.kind === "account" ? [one] : [],
    ),
    cash_movements: all.flatMap((one, index) =>
      one.kind === "paid_in" || one.kind === "paid_out" || one.kind === "drop" || one.kind === "no_sale"
        ? [
            {
              id: String(index),
              type: one.kind,
              amount: one.kind === "no_sale" ? 0 : one.amount,
              reason: "Because",
              user_id: "u",
              moved_at: AT,
            },
          ]
        : [],
    ),
    voids: { voids_count: voids.length, voids_total: sum(voids, (one) => one.amount) },
    business_dates: all.length > 3 ? ["2026-03-03", "2026-03-01"] : [],
  };
}

/** What there is of each method when all has happened, one thing after the other. */
function till(all: readonly Event[], float: number): Map<string, number> {
  const held = new Map<string, number>([["cash", float]]);
  const add = (method: string, more: number) => held.set(method, (held.get(method) ?? 0) + more);
  for (const one of all) {
    switch (one.kind) {
      case "sale": {
        const { payments, change } = paymentsOf(one);
        // A deposit came when it was paid in, and does not come again.
        for (const part of payments) add(part.method, part.deposit ? 0 : part.amount);
        add("cash", -change);
        break;
      }
      case "refund":
        for (const part of givenBack(one)) add(part.method, -part.amount);
        break;
      case "paid_in":
        add("cash", one.amount);
        break;
      case "paid_out":
      case "drop":
        add("cash", -one.amount);
        break;
      case "no_sale":
      case "void":
        break;
      case "deposit":
      case "gift_card":
      case "account":
        add(one.method, one.amount);
    }
  }
  return held;
}

const shift: Shift = {
  id: "s",
  store_id: "st",
  terminal_id: "t",
  status: "open",
  currency: "GBP",
  opening_float: 700,
  business_date: "2026-03-02",
  opened_at: AT,
  opened_by: "u",
  closed_at: null,
  closed_by: null,
  note: null,
  created_at: AT,
};

const PLACE = { kind: "z", supplement: false, today: "2026-03-04", counted: null } as const;
const report = (all: readonly Event[], over: Partial<Parameters<typeof composeReport>[2]> = {}) =>
  composeReport(shift, sumsOf(all), { ...PLACE, ...over });

const RUNS = { numRuns: 500 };

describe("a report of anything a till did", () => {
  test("has in each method what was sold by it and given back, all of it", () => {
    fc.assert(
      fc.property(events, (all) => {
        const { gross, refund_total, net, by_method } = report(all);
        expect(net).toBe(gross - refund_total);
        expect(sum(by_method, ({ sales }) => sales)).toBe(gross);
        expect(sum(by_method, ({ refunds }) => refunds)).toBe(refund_total);
        const methods = by_method.map(({ method }) => method);
        expect(methods).toEqual([...new Set(methods)].toSorted());
      }),
      RUNS,
    );
  });

  test("expects of each method what is there", () => {
    fc.assert(
      fc.property(events, (all) => {
        const { by_method, cash } = report(all);
        const held = till(all, 700);
        expect(new Map(by_method.map(({ method, expected }) => [method, expected]))).toEqual(
          new Map([...held].toSorted(([a], [b]) => (a < b ? -1 : 1))),
        );
        expect(cash.expected).toBe(held.get("cash"));
        expect(cash.expected).toBe(
          cash.opening_float +
            cash.sales -
            cash.change -
            cash.refunds +
            cash.deposits +
            cash.account_payments +
            cash.paid_in -
            cash.paid_out -
            cash.drops,
        );
      }),
      RUNS,
    );
  });

  test("sums to its lines by tax rate and by category", () => {
    fc.assert(
      fc.property(events, (all) => {
        const one = report(all);
        const sold = all.flatMap((each) => (each.kind === "sale" ? each.lines : []));
        const rounding = one.gross - totalOf(sold);
        expect(sum(one.tax_by_rate, ({ sales_tax }) => sales_tax)).toBe(one.tax_total);
        expect(sum(one.tax_by_rate, ({ refunds_tax }) => refunds_tax)).toBe(one.refund_tax_total);
        expect(sum(one.tax_by_rate, (rate) => rate.sales_taxable + rate.sales_tax)).toBe(one.gross - rounding);
        expect(sum(one.tax_by_rate, (rate) => rate.refunds_taxable + rate.refunds_tax)).toBe(one.refund_total);
        expect(sum(one.by_category, ({ total }) => total)).toBe(one.net - rounding);
        const back = all.flatMap((each) => (each.kind === "refund" ? each.lines : []));
        const pieces = (some: readonly Line[]) => sum(some, ({ quantity }) => quantity);
        expect(sum(one.by_category, ({ quantity }) => quantity)).toBe(pieces(sold) - pieces(back));
        const ids = one.by_category.map(({ category_id }) => category_id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.slice(0, -1)).not.toContain(null);
      }),
      RUNS,
    );
  });

  test("takes no note of voids but as voids", () => {
    fc.assert(
      fc.property(events, (all) => {
        const voided = all.filter(({ kind }) => kind === "void");
        const without = report(all.filter(({ kind }) => kind !== "void"));
        const { voids_count, voids_total, business_dates: _dates, cash_movements: _moves, ...rest } = report(all);
        expect(voids_count).toBe(voided.length);
        expect({ ...without, ...rest }).toEqual(without);
        expect(voids_total).toBe(sum(voided, (one) => ("amount" in one ? one.amount : 0)));
      }),
      RUNS,
    );
  });

  test("and of what came late sum to the report of all of it", () => {
    fc.assert(
      fc.property(events, events, (first, later) => {
        const [own, supplement] = [report(first), report(later, { supplement: true, today: null })];
        const all = report([...first, ...later]);
        expect(supplement.opening_float).toBe(0);
        for (const part of ["sales_count", "gross", "tax_total", "refund_total", "net", "no_sales_count"] as const) {
          expect(own[part] + supplement[part]).toBe(all[part]);
        }
        expect(own.cash.expected + supplement.cash.expected).toBe(all.cash.expected);
        const methods = [...own.by_method, ...supplement.by_method];
        for (const { method, sales, refunds, expected } of all.by_method) {
          const same = methods.filter((one) => one.method === method);
          expect(sum(same, (one) => one.sales)).toBe(sales);
          expect(sum(same, (one) => one.refunds)).toBe(refunds);
          expect(sum(same, (one) => one.expected)).toBe(expected);
        }
      }),
      RUNS,
    );
  });

  test("sets what was counted beside what is expected, and nothing where nothing was", () => {
    const count = fc.uniqueArray(fc.record({ method: fc.constantFrom("cash", "card", "store_credit"), amount }), {
      selector: ({ method }) => method,
    });
    fc.assert(
      fc.property(events, count, (all, counted) => {
        const { by_method } = report(all, { counted });
        for (const { method, expected, counted: found, difference } of by_method) {
          const told = counted.find((one) => one.method === method)?.amount ?? null;
          expect(found).toBe(told);
          expect(difference).toBe(told === null ? null : told - expected);
        }
        expect(by_method.map(({ method }) => method)).toEqual(
          expect.arrayContaining(counted.map(({ method }) => method)),
        );
      }),
      RUNS,
    );
  });
});

describe("the Z reports of a till", () => {
  test("are one chain, whatever they say", () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 5 }), (days) => {
        let last: LastZ = null;
        let grand = 0;
        for (const [index, all] of days.entries()) {
          const z = asZReport(report(all), last);
          grand += z.net;
          expect([z.number, z.grand_total, z.previous_hash]).toEqual([index + 1, grand, last?.hash ?? null]);
          expect(z.hash).toBe(hashOf(z));
          last = z;
        }
      }),
      { numRuns: 100 },
    );
  });

  test("have a hash that knows no order of names, and every figure", () => {
    fc.assert(
      fc.property(events, fc.nat(), (all, pick) => {
        const { hash, ...z } = asZReport(report(all), null);
        const names = Object.entries(z);
        expect(hashReport(Object.fromEntries(names.toReversed()) as typeof z)).toBe(hash);
        const [name = "", value] = names[pick % names.length] ?? [];
        expect(hashReport({ ...z, [name]: value === null ? 0 : null })).not.toBe(hash);
        const [first, ...rates] = z.tax_by_rate;
        if (first) {
          const tax_by_rate = [{ ...first, sales_tax: first.sales_tax + 1 }, ...rates];
          expect(hashReport({ ...z, tax_by_rate })).not.toBe(hash);
        }
      }),
      { numRuns: 200 },
    );
  });
});
