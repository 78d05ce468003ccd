import { beforeAll, describe, expect, it } from "vitest";
import { asUser, type Credentials, expectProblem, expectStatus, type SignedIn, uuid } from "../../support/api.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { openShop, type Sale, saleBody, type Shop, stockProduct } from "./shop.ts";

/** How far a manager's approval goes, where a basket has several prices of its own. */

let shop: Shop;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  shop = await openShop();
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
});

async function sell(lines: Record<string, unknown>[], approval: string | undefined) {
  const headers = { "Idempotency-Key": uuid(), ...(approval === undefined ? {} : { "X-Approval": approval }) };
  return cashier.post<Sale>("/v1/sales", saleBody(shop, { lines }), headers);
}

describe("the limit of an approval of prices", () => {
  it("is of all that is taken off: a price that is raised hides no cut of another", async () => {
    const product = await stockProduct(shop, { unit_price: 1000 });
    const line = (unit_price: number) => ({
      product_id: product.id,
      quantity: 1,
      override: { unit_price, reason: "As agreed" },
    });
    // 4.00 and 1.00 less, and 6.00 more.
    const lines = [line(600), line(1600), line(900)];
    const needed = expectProblem(await sell(lines, undefined), 403, "approval_required");
    expect(needed).toMatchObject({ approvals_needed: [{ action: "price", limit: 500 }] });
    const short = expectProblem(
      await sell(lines, await approved(cashier, manager, { action: "price", limit: 499 })),
      403,
      "approval_required",
    );
    expect(short.detail).toContain("goes up to 499, and this is 500");
    const answer = await sell(lines, await approved(cashier, manager, { action: "price", limit: 500 }));
    expectStatus(answer, 201);
    expect(answer.body.total).toBe(3100);
  });
});
