import { beforeAll, describe, expect, it } from "vitest";
import { asUser, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { everyRow, openShop, type Shop } from "../sales/shop.ts";
import { close, type CashMovement, move, moved, reportOf } from "./day.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

describe("POST /v1/shifts/{shift_id}/cash-movements", () => {
  it("puts cash in, takes it out, and opens the drawer; the report lists them as they came", async () => {
    const till = await openShop();
    const made = [
      await moved(till, { type: "paid_in", amount: 500, reason: "Change from the bank" }),
      await moved(till, { type: "paid_out", amount: 120, reason: "Milk" }),
      await moved(till, { type: "drop", amount: 300, reason: "To the safe" }),
      await moved(till, { type: "no_sale", reason: "Looked" }),
      await moved(till, { type: "no_sale", amount: 0, reason: "Looked again" }),
    ];
    const [first] = made;
    expect(first).toEqual({
      id: first?.id,
      store_id: till.store.id,
      terminal_id: till.terminal.id,
      shift_id: till.shift.id,
      type: "paid_in",
      amount: 500,
      reason: "Change from the bank",
      user_id: till.admin.user.id,
      moved_at: first?.moved_at,
      created_at: first?.created_at,
    });
    const report = await reportOf(till);
    const shown = ({ id, type, amount, reason, user_id, moved_at }: CashMovement) => ({
      id,
      type,
      amount,
      reason,
      user_id,
      moved_at,
    });
    expect(report.cash_movements).toEqual(made.map(shown));
    expect(report.no_sales_count).toBe(2);
    expect(report.cash).toMatchObject({ paid_in: 500, paid_out: 120, drops: 300, expected: 80 });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["opens the drawer with an amount", { type: "no_sale", amount: 1 }, "/amount"],
    ["is of nothing", { type: "drop", amount: 0 }, "/amount"],
    ["says no amount", { type: "paid_in" }, "/amount"],
    ["is below nothing", { type: "paid_out", amount: -5 }, "/amount"],
    ["is in letters", { type: "paid_in", amount: "ten" }, "/amount"],
    ["is a number in letters", { type: "paid_in", amount: "10" }, "/amount"],
    ["is of half a unit", { type: "paid_in", amount: 0.5 }, "/amount"],
    ["is beyond all amounts", { type: "paid_in", amount: 1_000_000_000_000_000 }, "/amount"],
    ["is of no known type", { type: "theft", amount: 5 }, "/type"],
    ["has no reason", { type: "drop", amount: 5, reason: "" }, "/reason"],
    ["has too long a reason", { type: "drop", amount: 5, reason: "x".repeat(501) }, "/reason"],
  ])("refuses one that %s", async (_, body, pointer) => {
    const before = await everyRow();
    const { errors } = expectProblem(await move(shop, body), 422, "validation_failed");
    expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(await everyRow()).toEqual(before);
  });

  it("is done once for a key", async () => {
    const key = uuid();
    const body = { type: "drop", amount: 7 };
    const first = await move(shop, body, { key });
    const again = await move(shop, body, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await move(shop, { type: "drop", amount: 8 }, { key }), 422, "idempotency_key_reused");
    expect((await reportOf(shop)).cash.drops).toBe(7);
  });

  it("moves nothing in a closed shift, nor in another store's", async () => {
    const till = await openShop();
    expectStatus(await close(till), 200);
    expectProblem(await move(till, { type: "paid_in", amount: 5 }), 409, "shift_closed");
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await move(shop, { type: "paid_in", amount: 5 }, { by: stranger }), 404, "not_found");
  });

  it("is any cashier's of the store", async () => {
    const cashier = await asUser("cashier", [shop.store.id]);
    const answer = await move(shop, { type: "no_sale" }, { by: cashier });
    expectStatus(answer, 201);
    expect(answer.body.user_id).toBe(cashier.user.id);
  });
});
