import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  createStore,
  createTerminal,
  expectProblem,
  expectStatus,
  fetchWith,
  openShift,
  type ShiftBody,
  uuid,
} from "../../support/api.ts";
import { balanceOf, createCustomer, createGiftCard, even } from "../../support/ledgers.ts";
import { createRole } from "../../support/matrix.ts";
import { openOrderShop, ordered } from "../orders/shop.ts";
import { closeShift, parked, type Report } from "../sales/actions.ts";
import { changeUnseen, everyRow, openShop, readSale, type Shop, sold, stockOf, stockProduct } from "../sales/shop.ts";
import {
  type Command,
  exceptionsOf,
  GOODS,
  outcomes,
  refundCommand,
  saleCommand,
  sync,
  synced,
  type SyncResult,
} from "./till.ts";

/** All that a till does in a day, brought in afterwards. */

const cash = (amount: number) => [{ method: "cash", amount }];

/** So many minutes after the shop opened, on a day that is long over. */
function minute(after: number): string {
  return new Date(Date.parse("2026-03-02T09:00:00.000Z") + after * 60_000).toISOString();
}

function command(seq: number, type: string, body: Record<string, unknown>, over: Partial<Command> = {}): Command {
  return { seq, idempotency_key: uuid(), type, occurred_at: minute(seq), body, ...over };
}

/** A shop whose till has had no shift yet. */
async function newShop(): Promise<Shop> {
  const store = await createStore();
  return {
    store,
    terminal: await createTerminal(store.id),
    shift: { id: uuid() } as ShiftBody,
    admin: await asAdmin(),
  };
}

interface Day {
  commands: Command[];
  product_id: string;
  /** The sales by what becomes of them. */
  ids: { refunded: string; voided: string; later: string; last: string };
}

/** A day at the shop's till: opened with 50.00, and counted to the penny. */
async function dayOf(shop: Shop): Promise<Day> {
  const product = await stockProduct(shop, { tax_rate_ppm: 200_000 }, 10);
  const ids = { refunded: uuid(), voided: uuid(), later: uuid(), last: uuid() };
  const number = (no: number) => `${shop.store.code}-01-00000${String(no)}`;
  const shift_id = shop.shift.id;
  const lines = (quantity: number) => [{ product_id: product.id, quantity, unit_price: 100 }];
  const sale = (seq: number, id: string, invoice_no: string | undefined, body: Record<string, unknown>) =>
    command(seq, "sale", { id, shift_id, invoice_no, ...body });
  const commands = [
    command(1, "shift_open", { id: shift_id, opening_float: 5000 }),
    sale(2, ids.refunded, number(1), { lines: lines(3), payments: cash(500) }),
    sale(3, ids.voided, number(2), { lines: lines(2), payments: [{ method: "card", amount: 200 }] }),
    command(4, "void", { sale_id: ids.voided, reason: "Changed her mind" }),
    command(5, "cash_movement", { shift_id, type: "paid_out", amount: 300, reason: "Window cleaner" }),
    command(6, "sale", { id: ids.later, status: "parked", lines: lines(1) }),
    sale(7, ids.last, number(3), { lines: lines(1), payments: [{ method: "card", amount: 100 }] }),
    command(8, "complete", { sale_id: ids.later, shift_id, invoice_no: number(4), payments: cash(100) }),
    refundCommand(
      9,
      {
        sale_id: ids.refunded,
        shift_id,
        refund_no: `${shop.store.code}-01-R000001`,
        lines: [{ line_no: 1, quantity: 1 }],
        payments: cash(100),
      },
      { occurred_at: minute(9) },
    ),
    command(10, "cash_movement", { shift_id, type: "no_sale", reason: "Change for the meter" }),
    command(11, "shift_close", { shift_id, counted: [{ method: "cash", amount: 5000 + 300 - 300 + 100 - 100 }] }),
  ];
  return { commands, product_id: product.id, ids };
}

async function zReports(shop: Shop): Promise<(Report & { supplement: boolean; number: number })[]> {
  const answer = await shop.admin.get<{ data: (Report & { supplement: boolean; number: number })[] }>(
    `/v1/z-reports?terminal_id=${shop.terminal.id}`,
  );
  expectStatus(answer, 200);
  return answer.body.data;
}

/** What the day came to: the same however it was brought in. */
async function expectDay(shop: Shop, { product_id, ids }: Day): Promise<void> {
  const [z, ...others] = await zReports(shop);
  expect(others).toEqual([]);
  const { code } = shop.store;
  expect(z).toMatchObject({
    kind: "z",
    number: 1,
    business_date: "2026-03-02",
    opened_at: minute(1),
    closed_at: minute(11),
    opening_float: 5000,
    sales_count: 3,
    refunds_count: 1,
    voids_count: 1,
    voids_total: 200,
    no_sales_count: 1,
    gross: 500,
    refund_total: 100,
    net: 400,
    first_invoice_no: `${code}-01-000001`,
    last_invoice_no: `${code}-01-000004`,
    cash: { sales: 600, change: 200, refunds: 100, paid_out: 300, expected: 5000 },
  });
  expect(z?.by_method.find(({ method }) => method === "card")).toMatchObject({ sales: 100, refunds: 0 });
  expect(z?.by_method.find(({ method }) => method === "cash")).toMatchObject({ counted: 5000, difference: 0 });
  expect(await stockOf(shop.store.id, product_id)).toEqual({ on_hand: 6, moved: 6 });
  const facts = async (id: string) => {
    const { status, invoice_no, shift_id, sold_at } = await readSale(shop, id);
    return [status, invoice_no, shift_id, sold_at];
  };
  expect(await facts(ids.refunded)).toEqual(["partially_refunded", `${code}-01-000001`, shop.shift.id, minute(2)]);
  expect(await facts(ids.voided)).toEqual(["voided", `${code}-01-000002`, shop.shift.id, minute(3)]);
  expect(await facts(ids.last)).toEqual(["completed", `${code}-01-000003`, shop.shift.id, minute(7)]);
  expect(await facts(ids.later)).toEqual(["completed", `${code}-01-000004`, shop.shift.id, minute(8)]);
  expect(await exceptionsOf(shop, "&state=open")).toEqual([]);
}

const typesOf = async (shop: Shop) => (await exceptionsOf(shop)).map(({ type }) => type);
const codesOf = (results: readonly SyncResult[]) => results.map(({ outcome, problem }) => problem?.code ?? outcome);

describe("a till's whole day", () => {
  it("is brought in by one batch, and again without effect", async () => {
    const shop = await newShop();
    const day = await dayOf(shop);
    const results = await synced(shop, day.commands);
    expect(codesOf(results)).toEqual(day.commands.map(() => "applied"));
    expect(results.map(({ seq }) => seq)).toEqual(day.commands.map(({ seq }) => seq));
    expect(results.map(({ resource }) => resource?.type)).toEqual([
      "shift",
      "sale",
      "sale",
      "sale",
      "cash_movement",
      "sale",
      "sale",
      "sale",
      "refund",
      "cash_movement",
      "shift",
    ]);
    await expectDay(shop, day);
    const again = await synced(shop, day.commands);
    expect(again).toEqual(results.map((result) => ({ ...result, outcome: "replayed" })));
    await expectDay(shop, day);
    // Online goes on where the till ended.
    const shift = await openShift(shop.terminal.id);
    const next = await sold(shop, { lines: [GOODS] });
    expect(next).toMatchObject({ invoice_no: `${shop.store.code}-01-000005`, shift_id: shift.id });
  });

  it.each([1, 4])("is the same in batches of %d", async (size) => {
    const shop = await newShop();
    const day = await dayOf(shop);
    for (let from = 0; from < day.commands.length; from += size) {
      const batch = day.commands.slice(from, from + size);
      expect(await outcomes(shop, batch)).toEqual(batch.map(() => "applied"));
    }
    await expectDay(shop, day);
  });

  it("is the same where every command is sent twice, in one batch and in two at once", async () => {
    const shop = await newShop();
    const day = await dayOf(shop);
    const doubled = day.commands.flatMap((one) => [one, one]);
    expect(await outcomes(shop, doubled)).toEqual(day.commands.flatMap(() => ["applied", "replayed"]));
    await expectDay(shop, day);
    const other = await newShop();
    const twice = await dayOf(other);
    for (const one of twice.commands) {
      const results = await Promise.all([outcomes(other, [one]), outcomes(other, [one])]);
      expect(results.flat().toSorted(), one.type).toEqual(["applied", "replayed"]);
    }
    await expectDay(other, twice);
  });

  it("is the same where some of it comes late: the hole is told of, and closes by itself", async () => {
    const shop = await newShop();
    const day = await dayOf(shop);
    const bring = async (from: number, to: number) => outcomes(shop, day.commands.slice(from - 1, to));
    expect(await bring(1, 3)).toEqual(["applied", "applied", "applied"]);
    expect(await bring(6, 10)).toEqual(["applied", "applied", "applied", "applied", "applied"]);
    const gap = { type: "number_gap", seq: 4, seq_to: 5 };
    expect(await exceptionsOf(shop)).toMatchObject([{ ...gap, state: "open" }]);
    expect(await bring(4, 4)).toEqual(["applied"]);
    expect(await exceptionsOf(shop)).toMatchObject([{ ...gap, state: "open" }]);
    expect(await bring(5, 5)).toEqual(["applied"]);
    expect(await exceptionsOf(shop)).toMatchObject([{ ...gap, state: "resolved" }]);
    expect(await bring(11, 11)).toEqual(["applied"]);
    await expectDay(shop, day);
  });
});

describe("what comes for a drawer", () => {
  it("that was counted meanwhile is kept, told of, and stands in a supplement", async () => {
    const shop = await openShop();
    const shift_id = shop.shift.id;
    const sale = await sold(shop, { lines: [GOODS] });
    await closeShift(shop);
    const now = new Date().toISOString();
    const back = { sale_id: sale.id, shift_id, lines: [{ line_no: 1, quantity: 1 }], payments: cash(100) };
    const late = [
      saleCommand(1, { shift_id, payments: cash(100) }, { occurred_at: now }),
      command(2, "cash_movement", { shift_id, type: "paid_in", amount: 40, reason: "Found" }, { occurred_at: now }),
      refundCommand(3, back, { occurred_at: now }),
    ];
    const results = await synced(shop, late);
    expect(codesOf(results)).toEqual(["flagged", "flagged", "flagged"]);
    const told = await exceptionsOf(shop);
    expect(told).toMatchObject([1, 2, 3].map((seq) => ({ type: "closed_shift", state: "open", seq })));
    // Each says what it is about.
    expect(told.map(({ sale_id }) => sale_id)).toEqual([results[0]?.resource?.id, null, sale.id]);
    expect(told[1]?.detail).toMatch(new RegExp(`It is about cash movement .* in shift ${shift_id}\\.$`));
    expect(told[2]?.detail).toMatch(new RegExp(`It is about refund ${results[2]?.resource?.id ?? ""}\\.$`));
    expect(await readSale(shop, results[0]?.resource?.id ?? "")).toMatchObject({ shift_id });
    const next = await openShift(shop.terminal.id);
    await closeShift(shop, next.id);
    const reports = await zReports(shop);
    expect(reports.map(({ number, supplement, shift_id: of }) => [number, supplement, of])).toEqual([
      [1, false, shift_id],
      [2, true, shift_id],
      [3, false, next.id],
    ]);
    expect(reports[1]).toMatchObject({ sales_count: 1, gross: 100, refund_total: 100, net: 0, cash: { paid_in: 40 } });
    expect(await outcomes(shop, late)).toEqual(["replayed", "replayed", "replayed"]);
    expect(await zReports(shop)).toHaveLength(3);
  });

  it("is told of though the shift closes between reading and writing it", async () => {
    const shop = await openShop();
    const shift_id = shop.shift.id;
    let writes = false;
    const closing = {
      prepare: (sql: string) => {
        writes ||= sql.includes("INSERT INTO cash_movements");
        return env.DB.prepare(sql);
      },
      batch: async (statements: D1PreparedStatement[]) => {
        if (writes) await closeShift(shop);
        writes = false;
        return env.DB.batch(statements);
      },
    };
    const now = { occurred_at: new Date().toISOString() };
    const paidIn = command(1, "cash_movement", { shift_id, type: "paid_in", amount: 40, reason: "Found" }, now);
    const answer = await sync(shop, [paidIn], api(shop.admin.token, fetchWith({ DB: closing })));
    expect(codesOf(answer.body.results)).toEqual(["flagged"]);
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "closed_shift", seq: 1 }]);
  });

  it("of a till that had no shift open at the time is in none, and told of", async () => {
    const shop = await openShop();
    const { id } = shop.terminal;
    const [result] = await synced(shop, [saleCommand(1, { terminal_id: id })]);
    expect(result?.outcome).toBe("flagged");
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "closed_shift", sale_id: result?.resource?.id }]);
    expect(await readSale(shop, result?.resource?.id ?? "")).toMatchObject({ terminal_id: id, shift_id: null });
    // With no till named the same is no finding: it belongs to no drawer.
    expect(await outcomes(shop, [saleCommand(2)])).toEqual(["applied"]);
  });

  it("of the till's own that was open at the time goes there, named or not", async () => {
    const shop = await openShop();
    const at = { occurred_at: new Date().toISOString() };
    const results = await synced(shop, [
      saleCommand(1, { terminal_id: shop.terminal.id }, at),
      saleCommand(2, {}, at),
      saleCommand(3, { shift_id: shop.shift.id }, at),
    ]);
    expect(codesOf(results)).toEqual(["applied", "applied", "applied"]);
    for (const { resource } of results) {
      expect(await readSale(shop, resource?.id ?? "")).toMatchObject({ shift_id: shop.shift.id });
    }
  });

  it.each(["sale", "refund", "gift_card"])(
    "named or not, was that of the shift which has been closed since: a %s stands in its supplement and is told of",
    async (type) => {
      const shop = await openShop();
      const { id: sale_id } = await sold(shop, { lines: [GOODS], payments: cash(100) });
      const now = new Date().toISOString();
      await closeShift(shop);
      const bodies: Record<string, Record<string, unknown>> = {
        sale: { lines: [GOODS], payments: cash(100) },
        refund: { sale_id, lines: [{ line_no: 1, quantity: 1 }], payments: cash(100), reason: "Broken" },
        gift_card: { amount: 100, payments: cash(100) },
      };
      const bring = (seq: number, over: Record<string, unknown>) =>
        command(seq, type, { ...bodies[type], ...over }, { occurred_at: now });
      expect(codesOf(await synced(shop, [bring(1, {})]))).toEqual(["flagged"]);
      expect(await exceptionsOf(shop)).toMatchObject([{ type: "closed_shift", seq: 1 }]);
      const next = await openShift(shop.terminal.id);
      await closeShift(shop, next.id);
      const reports = await zReports(shop);
      expect(reports.map(({ supplement, shift_id }) => [supplement, shift_id])).toEqual([
        [false, shop.shift.id],
        [true, shop.shift.id],
        [false, next.id],
      ]);
    },
  );

  it("of another till is rejected; a shift that the store does not have is none, and a sale is kept without it", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const neighbour = await createTerminal(shop.store.id, { code: "02" });
    const { id } = await openShift(neighbour.id);
    const bodyOf = { type: "paid_in", amount: 1, reason: "Found" };
    for (const [shift_id, code] of [
      [id, "conflict"],
      [other.shift.id, "not_found"],
      [uuid(), "not_found"],
    ] as const) {
      if (code === "not_found") {
        const kept = saleCommand(5, { shift_id });
        expect(codesOf(await synced(shop, [kept]))).toEqual(["flagged"]);
        const exception = (await exceptionsOf(shop)).find(
          ({ type, state }) => type === "closed_shift" && state === "open",
        );
        expect((await readSale(shop, exception?.sale_id ?? "")).shift_id).toBeNull();
        expectStatus(
          await shop.admin.post(`/v1/sync/exceptions/${String(exception?.id)}/resolve`, { note: "Seen" }),
          200,
        );
      }
      const before = await everyRow();
      const results = await synced(shop, [
        ...(code === "conflict" ? [saleCommand(1, { shift_id })] : []),
        command(2, "cash_movement", { shift_id, ...bodyOf }),
        command(3, "shift_close", { shift_id, counted: cash(0) }),
      ]);
      expect(new Set(codesOf(results))).toEqual(new Set([code]));
      const after = await everyRow();
      for (const table of ["sales", "cash_movements", "idempotency_keys", "sync_exceptions", "shifts"]) {
        expect(after[table]).toEqual(before[table]);
      }
    }
    const [result] = await synced(shop, [saleCommand(4, { shift_id: id })]);
    expect(result?.problem?.errors).toMatchObject([{ pointer: "/body/shift_id" }]);
  });

  it("has one shift at a time: a second opening is rejected, and what was sold in it stands in none", async () => {
    const shop = await openShop();
    const id = uuid();
    const results = await synced(shop, [
      command(1, "shift_open", { id, opening_float: 0 }),
      saleCommand(2, { shift_id: id }),
      command(3, "shift_close", { shift_id: shop.shift.id, counted: cash(0) }),
      command(4, "shift_open", { id, opening_float: 0 }),
      saleCommand(5, { shift_id: id }),
    ]);
    expect(codesOf(results)).toEqual(["conflict", "flagged", "applied", "applied", "applied"]);
  });

  it("is never closed before it was opened, though the till's clock be behind", async () => {
    const shop = await openShop();
    const occurred_at = "2026-03-02T09:30:00.000Z";
    const close = command(1, "shift_close", { shift_id: shop.shift.id, counted: cash(0) }, { occurred_at });
    expect(codesOf(await synced(shop, [close]))).toEqual(["applied"]);
    const { body } = await shop.admin.get<{ closed_at: string }>(`/v1/shifts/${shop.shift.id}`);
    expect(body.closed_at).toBe(shop.shift["opened_at"]);
    const report = await shop.admin.get<{ business_dates: string[] }>(`/v1/shifts/${shop.shift.id}/report`);
    expect(report.body.business_dates).toEqual([shop.shift["business_date"]]);
  });
});

describe("a basket that an offline till put aside", () => {
  it("is kept at the price it showed, and sold at that", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    await changeUnseen(product.id, "unit_price = 130");
    const id = uuid();
    const results = await synced(shop, [
      saleCommand(1, {
        id,
        status: "parked",
        payments: [],
        lines: [{ product_id: product.id, quantity: 1, unit_price: 100 }],
      }),
      command(2, "complete", { sale_id: id, payments: cash(100) }),
    ]);
    expect(codesOf(results)).toEqual(["applied", "flagged"]);
    expect(await readSale(shop, id)).toMatchObject({ status: "completed", total: 100 });
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "stale_price", seq: 2, sale_id: id }]);
  });

  it("is completed once: online before, or by another till", async () => {
    const shop = await openShop();
    const [online, offline, never] = [
      await parked(shop, { lines: [GOODS] }),
      await parked(shop, { lines: [GOODS] }),
      await sold(shop, { lines: [GOODS] }),
    ];
    const headers = { "Idempotency-Key": uuid() };
    expectStatus(await shop.admin.post(`/v1/sales/${online.id}/complete`, { payments: cash(100) }, headers), 200);
    const results = await synced(shop, [
      command(1, "complete", { sale_id: online.id, payments: cash(100) }),
      command(2, "complete", { sale_id: offline.id, payments: cash(100) }),
      command(3, "complete", { sale_id: offline.id, payments: cash(100) }),
      command(4, "complete", { sale_id: never.id, payments: cash(100) }),
      command(5, "complete", { sale_id: uuid(), payments: cash(100) }),
    ]);
    expect(codesOf(results)).toEqual(["already_resumed", "applied", "already_resumed", "already_resumed", "not_found"]);
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it("of another store is not there, nor is its sale to void", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const [basket, sale] = [await parked(other, { lines: [GOODS] }), await sold(other, { lines: [GOODS] })];
    const results = await synced(shop, [
      command(1, "complete", { sale_id: basket.id, payments: cash(100) }),
      command(2, "void", { sale_id: basket.id }),
      command(3, "void", { sale_id: sale.id }, { occurred_at: new Date().toISOString() }),
    ]);
    expect(codesOf(results)).toEqual(["not_found", "not_found", "not_found"]);
  });

  it.each(["payment", "deposit", "deposit_refund"])(
    "of another store: a %s names nothing that is there",
    async (type) => {
      const [shop, other] = [await openShop(), await openOrderShop()];
      const { id: order_id } = await ordered(other);
      const customer_id = await createCustomer(other.store.id, { credit_limit: 1000 });
      const { id: sale_id } = await sold(other, {
        lines: [GOODS],
        customer_id,
        payments: [{ method: "on_account", amount: 100 }],
      });
      const deposit = { order_id, deposit_id: uuid() };
      const body =
        { payment: { sale_id, payments: cash(100) }, deposit: { order_id, payments: cash(50) } }[type] ?? deposit;
      const before = await everyRow();
      expect(codesOf(await synced(shop, [command(1, type, body)]))).toEqual(["not_found"]);
      const after = await everyRow();
      for (const table of ["received_payments", "ledger_entries", "orders"])
        expect(after[table]).toEqual(before[table]);
    },
  );

  it("may name nobody who is not there", async () => {
    const shop = await openShop();
    const id = uuid();
    const results = await synced(shop, [
      saleCommand(1, { status: "parked", payments: [], customer_id: uuid() }),
      saleCommand(2, { id, status: "parked", payments: [] }),
      command(3, "complete", { sale_id: id, customer_id: uuid(), payments: cash(100) }),
    ]);
    expect(codesOf(results)).toEqual(["validation_failed", "applied", "validation_failed"]);
    expect(results.map(({ problem }) => problem?.errors?.map(({ pointer }) => pointer))).toEqual([
      ["/body/customer_id"],
      undefined,
      ["/body/customer_id"],
    ]);
  });

  it("is thrown away, though the clock was wrong", async () => {
    const shop = await openShop();
    const { id } = await parked(shop, { lines: [GOODS] });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const [result] = await synced(shop, [command(1, "void", { sale_id: id }, { occurred_at: tomorrow })]);
    expect(result).toEqual({ seq: 1, outcome: "flagged", resource: { type: "sale", id } });
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "clock_skew", sale_id: null }]);
    expect(await readSale(shop, id)).toMatchObject({ status: "voided" });
  });
});

describe("what has happened is kept", () => {
  it("though it took a ledger further than it goes", async () => {
    const shop = await openShop();
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 60, store_credit: 60 });
    const card = await createGiftCard(shop.store.id, 60);
    const { id } = await parked(shop, { lines: [GOODS], customer_id });
    const results = await synced(shop, [
      saleCommand(1, { customer_id, payments: [{ method: "on_account", amount: 100 }] }),
      saleCommand(2, { customer_id, payments: [{ method: "store_credit", amount: 100 }] }),
      saleCommand(3, { payments: [{ method: "gift_card", amount: 100, reference: card.code }] }),
      command(4, "complete", { sale_id: id, payments: [{ method: "on_account", amount: 100 }] }),
      saleCommand(5, { customer_id, payments: cash(100) }),
    ]);
    expect(codesOf(results)).toEqual(["flagged", "flagged", "flagged", "flagged", "applied"]);
    expect(await exceptionsOf(shop)).toMatchObject(
      [1, 2, 3, 4].map((seq, index) => ({ type: "credit_exceeded", seq, sale_id: results[index]?.resource?.id })),
    );
    expect(await balanceOf("account", customer_id)).toEqual(even(200));
    expect(await balanceOf("store_credit", customer_id)).toEqual(even(-40));
    expect(await balanceOf("gift_card", card.id)).toEqual(even(-40));
    // Online there is nothing left to take.
    const body = {
      store_id: shop.store.id,
      lines: [GOODS],
      payments: [{ method: "gift_card", amount: 1, reference: card.code }, ...cash(99)],
    };
    expectProblem(await shop.admin.post("/v1/sales", body, { "Idempotency-Key": uuid() }), 409, "insufficient_balance");
  });

  it("in its order: what came back on a card before it was spent again takes it no further", async () => {
    const shop = await openShop();
    const card = await createGiftCard(shop.store.id, 100);
    const spent = [{ method: "gift_card", amount: 100, reference: card.code }];
    const results = await synced(shop, [
      saleCommand(1, { payments: spent }),
      refundCommand(2, { lines: [GOODS], payments: spent }),
      saleCommand(3, { payments: spent }),
    ]);
    expect(codesOf(results)).toEqual(["applied", "applied", "applied"]);
    expect(await balanceOf("gift_card", card.id)).toEqual(even(0));
  });

  it("and one within its means is not told of", async () => {
    const shop = await openShop();
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 100, store_credit: 100 });
    const card = await createGiftCard(shop.store.id, 100);
    expect(
      await outcomes(shop, [
        saleCommand(1, { customer_id, payments: [{ method: "on_account", amount: 100 }] }),
        saleCommand(2, { customer_id, payments: [{ method: "store_credit", amount: 100 }] }),
        saleCommand(3, { payments: [{ method: "gift_card", amount: 100, reference: card.code }] }),
      ]),
    ).toEqual(["applied", "applied", "applied"]);
  });

  it("but no card that nobody sold, and no credit of nobody's", async () => {
    const shop = await openShop();
    const results = await synced(shop, [
      saleCommand(1, { payments: [{ method: "gift_card", amount: 100, reference: "GIFT0000NONE" }] }),
      saleCommand(2, { payments: [{ method: "on_account", amount: 100 }] }),
    ]);
    expect(codesOf(results)).toEqual(["validation_failed", "validation_failed"]);
    expect(results.map(({ problem }) => problem?.errors?.map(({ pointer }) => pointer))).toEqual([
      ["/body/payments/0/reference"],
      ["/body/customer_id"],
    ]);
  });

  it("though the clock was a day ahead", async () => {
    const shop = await openShop();
    const tomorrow = { occurred_at: new Date(Date.now() + 86_400_000).toISOString() };
    const { id } = await parked(shop, { lines: [GOODS] });
    const shift_id = shop.shift.id;
    expect(
      await outcomes(shop, [
        saleCommand(1, { shift_id }, tomorrow),
        command(2, "cash_movement", { shift_id, type: "drop", amount: 10, reason: "Safe" }, tomorrow),
        command(3, "complete", { sale_id: id, shift_id, payments: cash(100) }, tomorrow),
      ]),
    ).toEqual(["flagged", "flagged", "flagged"]);
    expect(await typesOf(shop)).toEqual(["clock_skew", "clock_skew", "clock_skew"]);
  });
});

describe("a number that is borne twice", () => {
  const drop = (seq: number, shift_id: string) =>
    command(seq, "cash_movement", { shift_id, type: "drop", amount: 1, reason: "Safe" });

  it("is told of, and the sale takes one of the store's own", async () => {
    const shop = await openShop();
    const { code } = shop.store;
    const { id } = await parked(shop, { lines: [GOODS] });
    const results = await synced(shop, [
      drop(1, shop.shift.id),
      saleCommand(1),
      command(1, "complete", { sale_id: id, payments: cash(100) }),
      saleCommand(2, { invoice_no: `${code}-01-000001` }),
      saleCommand(3, { invoice_no: `${code}-01-000001` }),
    ]);
    expect(codesOf(results)).toEqual(["applied", "flagged", "flagged", "applied", "flagged"]);
    expect(results.map(({ resource }) => resource?.invoice_no)).toEqual([
      undefined,
      `${code}-00-000001`,
      `${code}-00-000002`,
      `${code}-01-000001`,
      `${code}-00-000003`,
    ]);
    expect(await typesOf(shop)).toEqual(["number_repeat", "number_repeat", "number_repeat"]);
  });

  it("by two requests at once is told of by one of them", async () => {
    const shop = await openShop();
    for (let seq = 1; seq <= 3; seq += 1) {
      const both = await Promise.all([
        outcomes(shop, [drop(seq, shop.shift.id)]),
        outcomes(shop, [drop(seq, shop.shift.id)]),
      ]);
      expect(both.flat().toSorted()).toEqual(["applied", "flagged"]);
    }
    expect(await typesOf(shop)).toEqual(Array.from({ length: 3 }, () => "number_repeat"));
  });

  it("by the invoices of two baskets at once is told of by one of them", async () => {
    const shop = await openShop();
    for (let round = 1; round <= 2; round += 1) {
      const invoice_no = `${shop.store.code}-01-00000${String(round)}`;
      const baskets = [await parked(shop, { lines: [GOODS] }), await parked(shop, { lines: [GOODS] })];
      const both = await Promise.all(
        baskets.map(async ({ id }, index) =>
          synced(shop, [command(round * 2 - 1 + index, "complete", { sale_id: id, invoice_no, payments: cash(100) })]),
        ),
      );
      expect(codesOf(both.flat()).toSorted()).toEqual(["applied", "flagged"]);
      const numbers = both.flat().map(({ resource }) => resource?.invoice_no);
      expect(numbers).toContain(invoice_no);
      expect(numbers).toContain(`${shop.store.code}-00-00000${String(round)}`);
    }
  });
});

describe("who brings it in", () => {
  it("may do no more than online: each command by the permission of its endpoint", async () => {
    const shop = await openShop();
    const seller = await asUser(await createRole(["sync:write", "sales:write"]), [shop.store.id], shop.store.code);
    const shift_id = shop.shift.id;
    const sale = await sold(shop, { lines: [GOODS] });
    const now = { occurred_at: new Date().toISOString() };
    const answer = await sync(
      shop,
      [
        saleCommand(1),
        command(2, "cash_movement", { shift_id, type: "drop", amount: 1, reason: "Safe" }),
        command(3, "shift_open", { opening_float: 0 }),
        command(4, "shift_close", { shift_id, counted: cash(0) }),
        refundCommand(5, { sale_id: sale.id, lines: [{ line_no: 1, quantity: 1 }], payments: cash(100) }),
        { ...saleCommand(6), type: "customer", body: { name: "Ann Archer" } },
        command(7, "void", { sale_id: sale.id }, now),
      ],
      seller,
    );
    expectStatus(answer, 200);
    expect(codesOf(answer.body.results)).toEqual([
      "applied",
      "forbidden",
      "forbidden",
      "forbidden",
      "forbidden",
      "forbidden",
      "approval_required",
    ]);
    expect(await readSale(shop, sale.id)).toMatchObject({ status: "completed" });
  });

  it("sells nothing without the permission to sell", async () => {
    const shop = await openShop();
    const courier = await asUser(await createRole(["sync:write"]), [shop.store.id], shop.store.code);
    const { id } = await parked(shop, { lines: [GOODS] });
    const answer = await sync(
      shop,
      [
        saleCommand(1),
        saleCommand(2, { status: "parked", payments: [] }),
        command(3, "complete", { sale_id: id, payments: cash(100) }),
        command(4, "void", { sale_id: id }),
        refundCommand(5, { lines: [GOODS], payments: cash(100) }),
      ],
      courier,
    );
    expectStatus(answer, 200);
    expect(codesOf(answer.body.results)).toEqual(Array.from({ length: 5 }, () => "forbidden"));
  });

  it("changes nothing once the session has ended", async () => {
    const shop = await openShop();
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const { id } = await parked(shop, { lines: [GOODS] });
    await env.DB.prepare("UPDATE sessions SET revoked_at = ? WHERE user_id = ?").bind(minute(0), cashier.user.id).run();
    const before = await everyRow();
    const shift_id = shop.shift.id;
    for (const one of [
      saleCommand(1, { status: "parked", payments: [] }),
      command(1, "cash_movement", { shift_id, type: "drop", amount: 1, reason: "Safe" }),
      command(1, "complete", { sale_id: id, payments: cash(100) }),
      command(1, "void", { sale_id: id }),
      command(1, "shift_close", { shift_id, counted: cash(0) }),
    ]) {
      expectProblem(await sync(shop, [one], cashier), 401, "session_revoked");
    }
    expect(await everyRow()).toEqual(before);
  });

  it("brings at most fifty commands of any type", async () => {
    const shop = await openShop();
    const shift_id = shop.shift.id;
    const commands = Array.from({ length: 51 }, (_, i) =>
      command(i + 1, "cash_movement", { shift_id, type: "drop", amount: 1, reason: "Safe" }),
    );
    const before = await everyRow();
    expectProblem(await sync(shop, commands), 422, "validation_failed");
    expect(await everyRow()).toEqual(before);
  });
});
