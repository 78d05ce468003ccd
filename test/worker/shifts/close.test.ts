import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { rememberedTerminals } from "../../../src/db/catalog-cache.ts";
import { asUser, type Credentials, expectProblem, expectStatus, type SignedIn, uuid } from "../../support/api.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { everyRow, openShop, sell, type Shop, sold } from "../sales/shop.ts";
import { cash, close, closed, type ClosedShift, goods, nextShift, open, reportOf } from "./day.ts";

/** A store that lets 5.00 go, a cashier of it, and a manager who can be asked. */
let base: Shop;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  base = await openShop({ drawer_tolerance: 500 });
  cashier = await asUser("cashier", [base.store.id], base.store.code);
  manager = await createManager(base.store.id);
});

let tills = 10;

/** A till of the store where `by` has opened a shift of 100.00 and sold for 20.00 in cash and 5.00 by card. */
async function trading(by: SignedIn = cashier): Promise<Shop> {
  tills += 1;
  const { id: store_id } = base.store;
  const terminal = await base.admin.post<Shop["terminal"]>("/v1/terminals", {
    store_id,
    code: String(tills),
    name: "T",
  });
  const opened = await open({ ...base, terminal: terminal.body }, { opening_float: 10_000 }, { by });
  expectStatus(opened, 201);
  const shop: Shop = { ...base, terminal: terminal.body, shift: opened.body };
  const payments = [
    { method: "card", amount: 500 },
    { method: "cash", amount: 2500 },
  ];
  await sold(shop, { lines: [goods(2500)], payments }, { by });
  return shop;
}

async function lastEntry(shop: Shop): Promise<{ actor_id: string; after: Record<string, unknown> }> {
  const entry = await env.DB.prepare(
    "SELECT actor_id, after FROM audit_entries WHERE action = 'shift.close' AND entity_id = ?1",
  )
    .bind(shop.shift.id)
    .first<{ actor_id: string; after: string }>();
  return {
    actor_id: entry?.actor_id ?? "",
    after: JSON.parse(entry?.after ?? "null") as Record<string, unknown>,
  };
}

async function expectOpen(shop: Shop): Promise<void> {
  expect((await base.admin.get<{ status: string }>(`/v1/shifts/${shop.shift.id}`)).body.status).toBe("open");
  expect((await reportOf(shop)).kind).toBe("x");
}

const counted = (amount: number, card: number) => ({
  counted: [
    { method: "cash", amount },
    { method: "card", amount: card },
  ],
});

describe("POST /v1/shifts/{shift_id}/close", () => {
  it("with the right count closes the shift, and makes its Z report", async () => {
    const shop = await trading();
    const before = await reportOf(shop);
    const denominations = [
      { value: 5000, count: 2 },
      { value: 500, count: 4 },
      { value: 1, count: 0 },
    ];
    const body = { ...counted(12_000, 500), denominations, note: "All well" };
    const answer = await close(shop, body, { by: cashier });
    expectStatus(answer, 200);
    const { report, ...shift } = answer.body;
    expect(shift).toEqual({
      ...shop.shift,
      status: "closed",
      closed_at: shift.closed_at,
      closed_by: cashier.user.id,
      note: "All well",
    });
    expect(report).toEqual({
      ...before,
      kind: "z",
      number: 1,
      closed_at: shift.closed_at,
      closed_by: cashier.user.id,
      by_method: [
        { method: "card", sales: 500, refunds: 0, expected: 500, counted: 500, difference: 0 },
        { method: "cash", sales: 2000, refunds: 0, expected: 12_000, counted: 12_000, difference: 0 },
      ],
      grand_total: 2500,
      hash: report.hash,
    });
    expect(await reportOf(shop)).toEqual(report);
    const read = await base.admin.get(`/v1/shifts/${shop.shift.id}`);
    expect(read.body).toEqual(shift);
    expect(await lastEntry(shop)).toEqual({
      actor_id: cashier.user.id,
      after: {
        closed_at: shift.closed_at,
        z_number: 1,
        net: 2500,
        denominations,
        differences: [
          { method: "card", difference: 0 },
          { method: "cash", difference: 0 },
        ],
      },
    });
  });

  it.each([500, -500])(
    "with a difference of %i, which the store lets go, closes and records it",
    async (difference) => {
      const shop = await trading();
      const answer = await close(shop, cash(12_000 + difference), { by: cashier });
      expectStatus(answer, 200);
      expect(answer.body.report.by_method).toEqual([
        // What was not counted has no difference.
        { method: "card", sales: 500, refunds: 0, expected: 500, counted: null, difference: null },
        { method: "cash", sales: 2000, refunds: 0, expected: 12_000, counted: 12_000 + difference, difference },
      ]);
      expect(answer.body.report.cash.expected).toBe(12_000);
      expect((await lastEntry(shop)).after["differences"]).toEqual([{ method: "cash", difference }]);
    },
  );

  it.each<[string, number, number, object]>([
    ["too much cash", 12_501, 500, { method: "cash", expected: 12_000, difference: 501 }],
    ["too little cash", 11_499, 500, { method: "cash", expected: 12_000, difference: -501 }],
    ["too many card slips", 12_000, 1001, { method: "card", expected: 500, difference: 501 }],
  ])("with %s needs a manager, and stays open till then", async (_, drawer, card, told) => {
    const shop = await trading();
    const key = uuid();
    const before = await everyRow();
    const refused = await close(shop, counted(drawer, card), { by: cashier, key });
    const problem = expectProblem(refused, 403, "approval_required");
    expect(problem.errors).toMatchObject([{ pointer: "/counted", ...told }]);
    expect(problem).toMatchObject({ approvals_needed: [{ action: "drawer_difference" }] });
    expect(await everyRow()).toEqual(before);
    await expectOpen(shop);

    const small = await approved(cashier, manager, { action: "drawer_difference", limit: 500 });
    const again = await close(shop, counted(drawer, card), { by: cashier, key, approval: small });
    expectProblem(again, 403, "approval_required");
    const other = await approved(cashier, manager, { action: "close_other" });
    const wrong = await close(shop, counted(drawer, card), { by: cashier, key, approval: other });
    expectProblem(wrong, 403, "approval_required");
    await expectOpen(shop);

    const approval = await approved(cashier, manager, { action: "drawer_difference", limit: 501 });
    const answer = await close(shop, counted(drawer, card), { by: cashier, key, approval });
    expectStatus(answer, 200);
    expect((await lastEntry(shop)).after["approvals"]).toMatchObject([
      { action: "drawer_difference", approved_by: manager.id },
    ]);
    const spent = await close(await trading(), counted(drawer, card), { by: cashier, approval });
    expectProblem(spent, 403, "approval_required");
  });

  it("with a difference is an employee's own to decide", async () => {
    const employee = await asUser("employee", [base.store.id], base.store.code);
    const shop = await trading(employee);
    expectStatus(await close(shop, cash(0), { by: employee }), 200);
    expect((await lastEntry(shop)).after).not.toHaveProperty("approvals");
  });

  it("of another's shift needs a manager too, with a difference of its own leave", async () => {
    const shop = await trading(await asUser("cashier", [base.store.id], base.store.code));
    const problem = expectProblem(await close(shop, cash(12_000), { by: cashier }), 403, "approval_required");
    expect(problem).toMatchObject({ approvals_needed: [{ action: "close_other" }] });
    const both = expectProblem(await close(shop, cash(0), { by: cashier }), 403, "approval_required");
    const needed = (both as unknown as { approvals_needed: { action: string }[] }).approvals_needed;
    expect(needed.map(({ action }) => action).toSorted()).toEqual(["close_other", "drawer_difference"]);
    await expectOpen(shop);
    const approval = await approved(cashier, manager, { action: "close_other" });
    const answer = await close(shop, cash(12_000), { by: cashier, approval });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ opened_by: shop.shift["opened_by"], closed_by: cashier.user.id });
    expect((await lastEntry(shop)).after["approvals"]).toMatchObject([{ action: "close_other" }]);
  });

  it("is not for who does not work in the store", async () => {
    const shop = await trading();
    const stranger = await asUser("employee", [(await openShop()).store.id]);
    expectProblem(await close(shop, cash(12_000), { by: stranger }), 404, "not_found");
    await expectOpen(shop);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["whose notes and coins are not the cash", { denominations: [{ value: 500, count: 3 }] }, "/denominations"],
    ["of no cash", { counted: [{ method: "card", amount: 500 }] }, "/counted"],
    ["of nothing", { counted: [] }, "/counted"],
    ["that is left out", { counted: undefined }, "/counted"],
    ["of a method twice", { counted: [...cash(1).counted, ...cash(1).counted] }, "/counted/1/method"],
    ["in letters", { counted: [{ method: "cash", amount: "12000" }] }, "/counted/0/amount"],
    ["of less than nothing", { counted: [{ method: "cash", amount: -1 }] }, "/counted/0/amount"],
    ["of half a unit", { counted: [{ method: "cash", amount: 0.5 }] }, "/counted/0/amount"],
    ["of what is no tender", { counted: [{ method: "buttons", amount: 5 }] }, "/counted/0/method"],
    ["of worthless notes", { denominations: [{ value: 0, count: 3 }] }, "/denominations/0/value"],
    ["of half a note", { denominations: [{ value: 5, count: 0.5 }] }, "/denominations/0/count"],
    ["with a total of its own choosing", { expected: 5 }, "/expected"],
  ])("refuses a count %s", async (_, body, pointer) => {
    const before = await everyRow();
    const { errors } = expectProblem(await close(base, { ...cash(0), ...body }), 422, "validation_failed");
    expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(await everyRow()).toEqual(before);
  });

  it("is done once: by its key it is answered as before, by another it is closed already", async () => {
    const shop = await trading();
    const key = uuid();
    const first = await close(shop, cash(12_000), { by: cashier, key });
    expectStatus(first, 200);
    const again = await close(shop, cash(12_000), { by: cashier, key });
    expectStatus(again, 200);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await close(shop, cash(11_999), { by: cashier, key }), 422, "idempotency_key_reused");
    expectProblem(await close(shop, cash(12_000), { by: cashier }), 409, "shift_closed");
    const zs = await base.admin.get<{ data: unknown[] }>(`/v1/z-reports?shift_id=${shop.shift.id}`);
    expect(zs.body.data).toEqual([first.body.report]);
  });

  it("ends the trade in the drawer until the next shift is opened", async () => {
    const shop = await trading();
    await closed(shop);
    const lines = [goods(100)];
    expectProblem(await sell(shop, { lines }), 409, "shift_closed");
    expectProblem(await sell(shop, { lines, terminal_id: undefined, shift_id: shop.shift.id }), 409, "shift_closed");
    const next = await nextShift(shop, { opening_float: 50 });
    const sale = await sold(next, { lines });
    expect(sale.shift_id).toBe(next.shift.id);
    expectProblem(await sell(next, { lines, shift_id: shop.shift.id }), 409, "shift_closed");
    expect(await reportOf(next)).toMatchObject({ gross: 100, opening_float: 50, cash: { expected: 150 } });
  });

  it("by another isolate is found out: what is sold goes into the shift that is open now, or into none", async () => {
    const shop = await trading();
    const { id } = shop.terminal;
    // What this isolate remembers of the till, before the shift was closed elsewhere.
    const remembered = rememberedTerminals.get(id);
    expect(remembered?.open_shift?.id).toBe(shop.shift.id);
    const recall = () => {
      if (remembered) rememberedTerminals.set(id, remembered);
    };
    await closed(shop);
    recall();
    const lines = [goods(100)];
    expectProblem(await sell(shop, { lines }), 409, "shift_closed");
    const next = await nextShift(shop);
    recall();
    expect((await sold(next, { lines })).shift_id).toBe(next.shift.id);
    recall();
    const unlinked = {
      store_id: shop.store.id,
      terminal_id: id,
      lines,
      payments: [{ method: "cash", amount: 100 }],
      reason: "No bill",
    };
    const back = await base.admin.post<{ shift_id: string }>("/v1/refunds", unlinked, { "Idempotency-Key": uuid() });
    expectStatus(back, 201);
    expect(back.body.shift_id).toBe(next.shift.id);
  });

  it("leaves voided sales out of the Z report but for the voids, and their numbers in it", async () => {
    const shop = await trading();
    const mistake = await sold(shop, { lines: [goods(700)] });
    const voiding = (id: string) => base.admin.post(`/v1/sales/${id}/void`, {}, { "Idempotency-Key": uuid() });
    expectStatus(await voiding(mistake.id), 200);
    const kept = await sold(shop, { lines: [goods(300)], payments: [{ method: "cash", amount: 300 }] });
    const answer = await close(shop, cash(12_300));
    expectStatus(answer, 200);
    const { report }: ClosedShift = answer.body;
    expect(report).toMatchObject({
      sales_count: 2,
      voids_count: 1,
      voids_total: 700,
      gross: 2800,
      net: 2800,
      tax_by_rate: [{ tax_rate_ppm: 0, sales_taxable: 2800 }],
      by_category: [{ category_id: null, quantity: 2, total: 2800 }],
      cash: { sales: 2800, change: 500, expected: 12_300 },
      last_invoice_no: kept.invoice_no,
    });
    expectProblem(await voiding(kept.id), 409, "conflict");
  });
});
