import { describe, expect, it } from "vitest";
import { type StoreRules, tendersOf, totalOf } from "../../../scripts/import-sales/amounts.ts";
import type { Invoice } from "../../../scripts/import-sales/invoices.ts";
import { customerIdOf, keyOf } from "../../../scripts/import-sales/keys.ts";
import type { Entry } from "../../../scripts/import-sales/row.ts";
import { planInvoice, type StepRules } from "../../../scripts/import-sales/steps.ts";
import { MAX_BYTES, MAX_COMMANDS, SyncBatch } from "../../../scripts/support/sync-batch.ts";
import { isUuidV7 } from "../../../src/core/ids.ts";
import { commandSchema } from "../../../src/modules/sync/schemas.ts";

const PLAIN = { tax_rate_ppm: 0, price_quantity: 1, tracked_id: null };
const STORE_ID = "01941f29-7c00-7000-8000-000000000001";
const PRODUCT_ID = "01941f29-7c00-7000-8000-000000000002";
const inclusive: StoreRules = { tax_mode: "inclusive", rounding: { mode: "half_up", scope: "line" }, cash_rounding: 1 };
const store = { id: STORE_ID, code: "UCI", created_at: "2026-01-01T00:00:00.000Z", ...inclusive };
const rules: StepRules = { store, method: "card", factsOf: () => PLAIN, isKnownCustomer: () => false };

const sold: Entry = { kind: "sale", sku: "A", description: "", quantity: 3, unit_price: 250 };
const returned: Entry = { kind: "refund", sku: "B", description: "", quantity: 2, unit_price: 100 };
const adjusted: Entry = { kind: "adjustment", sku: "C", description: "", quantity: -4, unit_price: 0 };

function invoiceOf(entries: Entry[], customer: string | null = null, part = 1): Invoice {
  const place = { invoice_no: "536365", part, sold_at: "2010-12-01T08:26:00.000Z" };
  return { ...place, customer, entries, rows: entries.length, held_back: false, bytes: 0 };
}

describe("keys", () => {
  it("are made of the store, the invoice and its part", () => {
    expect(keyOf("UCI", "sale", "536365")).toBe("import:UCI:536365:sale");
    expect(keyOf("UCI", "refund", "C 1/é", 3)).toBe("import:UCI:C%201%2F%C3%A9:refund:3");
  });

  it("stay within 200 characters, and apart", () => {
    const long = (end: string) => keyOf("UCI", "sale", "é".repeat(199) + end);
    expect(long("a").length).toBeLessThanOrEqual(200);
    expect(long("a")).not.toBe(long("b"));
    expect(long("a")).toBe(long("a"));
  });
});

describe("a customer's id", () => {
  it("is a UUIDv7 of the store's beginning, the same each time", () => {
    const id = customerIdOf(store, "17850");
    expect(isUuidV7(id)).toBe(true);
    expect(customerIdOf(store, "17850")).toBe(id);
    expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse(store.created_at));
  });

  it("is another's for another code or store", () => {
    expect(customerIdOf(store, "17851")).not.toBe(customerIdOf(store, "17850"));
    expect(customerIdOf({ ...store, id: PRODUCT_ID }, "17850")).not.toBe(customerIdOf(store, "17850"));
  });
});

describe("amounts", () => {
  it("are quantity times price", () => {
    expect(totalOf(inclusive, [sold, { ...sold, quantity: 1 }], () => PLAIN)).toBe(1000);
  });

  it("have the tax of a store whose prices are without it", () => {
    const exclusive = { ...inclusive, tax_mode: "exclusive" as const };
    expect(totalOf(exclusive, [{ ...sold, quantity: 1 }], () => ({ ...PLAIN, tax_rate_ppm: 175_000 }))).toBe(294);
  });

  it("are for as many pieces as the product's price is", () => {
    expect(totalOf(inclusive, [{ ...sold, quantity: 500 }], () => ({ ...PLAIN, price_quantity: 1000 }))).toBe(125);
  });

  it("are paid in full, in cash with what coins there are", () => {
    const coarse = { ...inclusive, cash_rounding: 5 };
    expect(tendersOf(inclusive, "card", 750)).toEqual([{ method: "card", amount: 750 }]);
    expect(tendersOf(coarse, "cash", 753)).toEqual([{ method: "cash", amount: 755 }]);
    expect(tendersOf(coarse, "cash", 752)).toEqual([{ method: "cash", amount: 752 }]);
    expect(tendersOf(inclusive, "card", 0)).toEqual([]);
  });
});

describe("planInvoice", () => {
  it("makes one customer, one sale and one refund of a mixed invoice", () => {
    const { commands, adjustment, reckoning } = planInvoice(
      invoiceOf([sold, returned, adjusted, sold], "17850"),
      rules,
    );
    expect(commands.map(({ type, idempotency_key }) => [type, idempotency_key])).toEqual([
      ["customer", "import:UCI:17850:customer"],
      ["sale", "import:UCI:536365:sale"],
      ["refund", "import:UCI:536365:refund"],
    ]);
    expect(commands[1]?.body).toEqual({
      customer_id: customerIdOf(store, "17850"),
      lines: Array.from({ length: 2 }, () => ({
        sku: "A",
        quantity: 3,
        override: { unit_price: 250, reason: "imported history" },
        discount: { amount: 0 },
      })),
      payments: [{ method: "card", amount: 1500 }],
    });
    expect(adjustment).toBeNull();
    expect(reckoning).toEqual({ sales: 1, refunds: 1, adjustments: 1, gross: 1500, refund_total: 200 });
  });

  it("makes commands that the API takes", () => {
    const { commands } = planInvoice(invoiceOf([sold, returned], "17850", 2), rules);
    for (const [index, command] of commands.entries()) {
      expect(commandSchema.safeParse({ seq: index + 1, ...command }).error).toBeUndefined();
    }
    expect(commands).toHaveLength(3);
  });

  it("names a customer that is known without bringing it in again", () => {
    const { commands } = planInvoice(invoiceOf([sold], "17850"), { ...rules, isKnownCustomer: () => true });
    expect(commands.map(({ type }) => type)).toEqual(["sale"]);
  });

  it("asks nothing for goods at no price", () => {
    const { commands } = planInvoice(invoiceOf([{ ...sold, unit_price: 0 }]), rules);
    expect(commands[0]?.body).toMatchObject({ payments: [] });
  });

  it("corrects stock where it is kept, and brings no customer in for that", () => {
    const factsOf = () => ({ ...PLAIN, tracked_id: PRODUCT_ID });
    const { commands, adjustment } = planInvoice(invoiceOf([adjusted], "17850"), { ...rules, factsOf });
    expect(commands).toEqual([]);
    expect(adjustment).toEqual({
      idempotency_key: "import:UCI:536365:adjustment",
      lines: [{ product_id: PRODUCT_ID, quantity: -4 }],
    });
  });
});

describe("a batch", () => {
  const command = (note: string) => ({
    seq: 1,
    idempotency_key: note,
    type: "customer" as const,
    occurred_at: "2010-12-01T08:26:00.000Z",
    body: {},
  });
  const source = { invoice_no: "1", type: "customer" as const, place: 1 };
  const fill = (batch: SyncBatch<typeof source>, note: string) => {
    let count = 0;
    while (batch.add(command(note), source)) count += 1;
    return count;
  };

  it("ends with its 50th command", () => {
    expect(fill(new SyncBatch<typeof source>(STORE_ID), "x")).toBe(MAX_COMMANDS);
  });

  it("ends before its body passes its bound, counted in UTF-8", () => {
    const batch = new SyncBatch<typeof source>(STORE_ID);
    const count = fill(batch, "é".repeat(10_000));
    const bytes = new TextEncoder().encode(batch.toBody()).length;
    expect(count).toBe(13);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(bytes + 20_000).toBeGreaterThan(MAX_BYTES);
  });

  it("takes a command that is larger, alone", () => {
    const batch = new SyncBatch<typeof source>(STORE_ID);
    expect(batch.add(command("x".repeat(MAX_BYTES)), source)).toBe(true);
    expect(batch.add(command("y"), source)).toBe(false);
  });

  it("is the body of a request", () => {
    const batch = new SyncBatch<typeof source>(STORE_ID);
    batch.add(command("a"), source);
    batch.add(command("b"), source);
    expect(JSON.parse(batch.toBody())).toEqual({ terminal_id: STORE_ID, commands: [command("a"), command("b")] });
  });
});
