import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeShift, moveCash, openShift } from "../../../scripts/till/shift-deeds.ts";
import { toWire } from "../../../scripts/till/delivery.ts";
import { onlineCall } from "../../../scripts/till/online-call.ts";
import type { NumberedCommand } from "../../../scripts/till/outbox.ts";
import { newGiftCardCode, payOffAccount, sellGiftCard, settleSale } from "../../../scripts/till/receiving.ts";
import { reckonShift } from "../../../scripts/till/headless/own-figures.ts";
import { refundGoods, refundSale, voidSale } from "../../../scripts/till/refunding.ts";
import { complete, deedOf, now, park, sell } from "../../../scripts/till/selling.ts";
import { closeTill, openShiftOf, type Till } from "../../../scripts/till/till.ts";
import type { Basket } from "../../../scripts/till/basket.ts";
import { newId } from "../../../src/core/ids.ts";
import { accountPaymentSchema } from "../../../src/modules/customers/schemas.ts";
import { giftCardCreateSchema } from "../../../src/modules/gift-cards/schemas.ts";
import { refundCreateSchema, unlinkedRefundSchema } from "../../../src/modules/sales/refund-schemas.ts";
import { saleCompleteSchema, saleCreateSchema, saleVoidSchema } from "../../../src/modules/sales/schemas.ts";
import { settlementSchema } from "../../../src/modules/settlements/schemas.ts";
import { cashMovementInput, shiftCloseSchema, shiftOpenSchema } from "../../../src/modules/shifts/schemas.ts";
import { commandSchema } from "../../../src/modules/sync/schemas.ts";
import { openTestTill, pairedFolder, product } from "./shop.ts";

// All that a till does is written down offline here, and held to the schemas by which the API reads it.

let folder: string;
let till: Till;
beforeEach(async () => {
  folder = pairedFolder("http://127.0.0.1:1");
  till = openTestTill(folder, "http://127.0.0.1:1");
  till.link.tell(true);
  await openShift(till, 10_000);
});
afterEach(() => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
});

const thing = product({ sku: "A", barcodes: ["5099910102176"], unit_price: 250 });
const cheese = product({ sku: "B", barcodes: ["2112345000008"], unit: "g", unit_price: 1590, price_quantity: 1000 });
const basket: Basket = {
  items: [
    {
      product: thing,
      barcode: "5099910102176",
      matched_whole: true,
      quantity: 3,
      discount: { ppm: 50_000, reason: "dented" },
    },
    { product: cheese, barcode: "2112345003450", matched_whole: false, quantity: null },
    { product: thing, barcode: null, matched_whole: true, quantity: 1, override: { unit_price: 100, reason: "old" } },
    {
      product: null,
      barcode: null,
      matched_whole: true,
      quantity: 2,
      custom: { name: "Wrap", unit_price: 99, tax_rate_ppm: 200_000 },
      note: "blue",
    },
  ],
  discount: { ppm: 10_000, reason: "regular" },
  note: "for Ann",
};
const card = (amount: number) => [{ method: "card" as const, amount, card_last4: "4242", reference: "slip 12" }];
const yes = { approval: "token" };

/** Everything once: its commands, as they lie in the outbox. */
async function doEverything(): Promise<NumberedCommand[]> {
  const customer_id = newId();
  till.outbox.write(deedOf("customer", { id: customer_id, name: "Ann" }, now(), {}, () => ({})));
  const { sale } = await sell(till, basket, [...card(500), { method: "cash", amount: 2000 }], { ...yes, customer_id });
  const simple: Basket = { items: [{ product: thing, barcode: null, matched_whole: true, quantity: 4 }] };
  const parked = await park(till, simple);
  await complete(till, parked.sale, { items: simple.items.slice(0, 1), discount: { amount: 10 } }, card(990));
  const kept = await park(till, simple);
  await complete(till, kept.sale, null, card(1000));
  const onAccount = await sell(till, simple, [{ method: "on_account", amount: 1000 }], { customer_id });
  await settleSale(till, onAccount.sale, [{ method: "cash", amount: 1500 }]);
  await payOffAccount(till, customer_id, [{ method: "bank_transfer", amount: 700 }]);
  const voided = await sell(till, simple, [{ method: "cash", amount: 1000 }]);
  await voidSale(till, voided.sale, "by mistake", yes);
  await sellGiftCard(till, { code: newGiftCardCode(), amount: 2500, payments: [{ method: "cash", amount: 3000 }] });
  const lines = [{ line_no: 1, quantity: 1, restock: "damaged" as const }];
  const total = Math.round((sale.lines[0]?.total ?? 0) / 3);
  await refundSale(till, sale, { lines, payments: [{ method: "cash", amount: total }], reason: "broken" });
  await refundGoods(till, simple, { payments: [{ method: "cash", amount: 1000 }], reason: "no bill" }, yes);
  await moveCash(till, { type: "paid_in", amount: 500, reason: "coins" });
  await moveCash(till, { type: "drop", amount: 300, reason: "safe" });
  await moveCash(till, { type: "no_sale", amount: 0, reason: "change" });
  const { cash } = reckonShift(till, openShiftOf(till));
  await closeShift(till, [{ method: "cash", amount: cash }], { note: "quiet" });
  return till.outbox.nextBatch(100);
}

const ONLINE = [
  [/^\/v1\/sales$/, saleCreateSchema],
  [/^\/v1\/sales\/[0-9a-f-]{36}\/complete$/, saleCompleteSchema],
  [/^\/v1\/sales\/[0-9a-f-]{36}\/void$/, saleVoidSchema],
  [/^\/v1\/sales\/[0-9a-f-]{36}\/payments$/, settlementSchema],
  [/^\/v1\/sales\/[0-9a-f-]{36}\/refunds$/, refundCreateSchema],
  [/^\/v1\/refunds$/, unlinkedRefundSchema],
  [/^\/v1\/shifts$/, shiftOpenSchema],
  [/^\/v1\/shifts\/[0-9a-f-]{36}\/close$/, shiftCloseSchema],
  [/^\/v1\/shifts\/[0-9a-f-]{36}\/cash-movements$/, cashMovementInput],
  [/^\/v1\/gift-cards$/, giftCardCreateSchema],
  [/^\/v1\/customers\/[0-9a-f-]{36}\/payments$/, accountPaymentSchema],
] as const;

describe("what a till does", () => {
  it("is a command that the API takes", async () => {
    const commands = await doEverything();
    for (const command of commands) {
      const { error } = commandSchema.safeParse(toWire(command));
      expect(error, `${command.type}: ${error?.message ?? ""}`).toBeUndefined();
    }
    expect(new Set(commands.map(({ type }) => type)).size).toBe(11);
  });

  it("is the same as a request online", async () => {
    const used = new Set<unknown>();
    for (const command of await doEverything()) {
      const call = onlineCall(command);
      if (command.type === "customer") {
        expect(call).toBeNull();
        continue;
      }
      if (call === null) throw new Error(`${command.type} has no request`);
      const [, schema] = ONLINE.find(([path]) => path.test(call.path)) ?? [];
      const { error } = schema?.safeParse(call.body) ?? {};
      expect(schema, call.path).toBeDefined();
      expect(error, `${call.path}: ${error?.message ?? ""}`).toBeUndefined();
      expect(call.idempotency_key).toBe(command.idempotency_key);
      expect(call.headers?.["X-Approval"]).toBe(command.approval ?? undefined);
      used.add(schema);
    }
    expect(used.size).toBe(ONLINE.length);
  });

  it("gives sales and refunds numbers that run on by one", async () => {
    const commands = await doEverything();
    const numbers = commands.flatMap(({ number }) => number ?? []);
    expect(numbers).toEqual([
      "MAIN-01-000001",
      "MAIN-01-000002",
      "MAIN-01-000003",
      "MAIN-01-000004",
      "MAIN-01-000005",
      "MAIN-01-R000001",
      "MAIN-01-R000002",
    ]);
  });

  it("moves the coins that it moves", async () => {
    await doEverything();
    const [shift] = till.books.shifts();
    const events = till.books.drawerOf(shift?.id ?? "").map(({ what, amount }) => `${what} ${String(amount)}`);
    const sold = till.books.saleByNumber("MAIN-01-000001");
    expect(events).toEqual([
      "float 10000",
      "tendered 2000",
      `change ${String(-(sold?.change_due ?? 0))}`,
      "account_payment 1000",
      "tendered 1000",
      "void -1000",
      "deposit 2500",
      `refund ${String(-Math.round((sold?.lines[0]?.total ?? 0) / 3))}`,
      "refund -1000",
      "paid_in 500",
      "drop -300",
      "no_sale 0",
    ]);
    expect(till.books.saleByNumber("MAIN-01-000001")?.status).toBe("partially_refunded");
    expect(till.books.saleByNumber("MAIN-01-000005")?.status).toBe("voided");
  });
});
