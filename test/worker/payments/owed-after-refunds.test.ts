import { describe, expect, it } from "vitest";
import { expectProblem, expectStatus } from "../../support/api.ts";
import { openShop, type Sale, type Shop, sold } from "../sales/shop.ts";
import { outcomes, refundCommand } from "../sync/till.ts";
import { newCustomer, paid, readCustomer, settle, soldOnAccount } from "./credit.ts";

/** What is still owed of a sale of which something came back, part of it in money. */

const card = (amount: number) => ({ method: "card", amount });

/**
 * A sale of 9.00, of which 6.00 are on account. Of the 6.00 that came back 1.00 went on the account, and 5.00 in cash: by
 * an offline till, because what a till has paid out is kept however it was shared.
 */
async function soldAndBroughtBack(shop: Shop, customer_id: string): Promise<Sale> {
  const sale = await sold(shop, {
    customer_id,
    lines: [{ custom: { name: "Goods", unit_price: 300, tax_rate_ppm: 0 }, quantity: 3 }],
    payments: [{ method: "on_account", amount: 600 }, card(300)],
  });
  const payments = [
    { method: "on_account", amount: 100 },
    { method: "cash", amount: 500 },
  ];
  const back = refundCommand(1, { sale_id: sale.id, lines: [{ line_no: 1, quantity: 2 }], payments });
  expect(await outcomes(shop, [{ ...back, occurred_at: new Date().toISOString() }])).not.toContain("rejected");
  return sale;
}

describe("what is owed of a sale of which something came back", () => {
  it("is less by what went on the account, and by nothing that went back in money", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldAndBroughtBack(shop, id);
    expectProblem(await settle(shop, sale.id, [card(501)]), 422, "validation_failed");
    expectStatus(await settle(shop, sale.id, [card(500)]), 201);
    expectProblem(await settle(shop, sale.id, [card(1)]), 409, "conflict");
    expect((await readCustomer(id)).balance).toBe(0);
  });

  it("is what a payment of the account pays of it, before the next sale", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldAndBroughtBack(shop, id);
    const next = await soldOnAccount(shop, id, 700);
    expect((await paid(shop, id, [card(800)])).settled).toMatchObject([
      { sale_id: sale.id, amount: 500 },
      { sale_id: next.id, amount: 300 },
    ]);
    expect((await readCustomer(id)).balance).toBe(400);
  });
});
