import { describe, expect, it } from "vitest";
import { expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { changeUnseen, openShop, type Refund, type Shop, sold, stockProduct } from "./shop.ts";

/** At which prices goods are taken back without their sale. */

async function takeBack(shop: Shop, product_id: string, amount: number) {
  const body = {
    store_id: shop.store.id,
    lines: [{ product_id, quantity: 2 }],
    payments: [{ method: "cash", amount }],
    reason: "No receipt",
  };
  return shop.admin.post<Refund>("/v1/refunds", body, { "Idempotency-Key": uuid() });
}

describe("a refund without a sale", () => {
  it("is priced by what the catalogue says now, not by what is remembered of it", async () => {
    const shop = await openShop();
    const { id } = await stockProduct(shop, { unit_price: 1000 });
    // The prices of a sale are proven when it is written, so it may take them from memory, where this one leaves them.
    expect((await sold(shop, { lines: [{ product_id: id, quantity: 1 }] })).total).toBe(1000);
    await changeUnseen(id, "unit_price = 700");
    expect(expectProblem(await takeBack(shop, id, 2000), 409, "total_mismatch")).toMatchObject({
      expected_total: 1400,
    });
    const answer = await takeBack(shop, id, 1400);
    expectStatus(answer, 201);
    expect(answer.body.lines).toMatchObject([{ unit_price: 700, total: 1400 }]);
  });
});
