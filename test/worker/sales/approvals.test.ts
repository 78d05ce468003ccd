import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { readApproval, signApproval } from "../../../src/modules/approvals/token.ts";
import {
  type Answer,
  api,
  asUser,
  type Credentials,
  expectProblem,
  expectStatus,
  type ProductBody,
  type SignedIn,
  uuid,
} from "../../support/api.ts";
import { approved, type Asked, createManager } from "../approvals/manager.ts";
import { saleCommand, sync, type SyncResult } from "../sync/till.ts";
import { complete, park, parked } from "./actions.ts";
import { everyRow, openShop, readSale, type Sale, saleBody, type Shop, stockProduct } from "./shop.ts";

/** What of a sale a cashier needs a manager for: more discount than the role gives, and another price. */

let shop: Shop;
let cashier: SignedIn;
let manager: Credentials;
let product: ProductBody;

beforeAll(async () => {
  shop = await openShop();
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
  product = await stockProduct(shop, { unit_price: 1000 });
});

const cash = (amount: number) => [{ method: "cash", amount }];
const approve = async (asked: Asked) => approved(cashier, manager, asked);

/** 30 % off, where the role gives 10 %. */
const discounted = () => ({ lines: [{ product_id: product.id, quantity: 1, discount: { ppm: 300_000 } }] });
/** Two at 8.00 in place of 10.00: 4.00 less. */
const overridden = () => ({
  lines: [{ product_id: product.id, quantity: 2, override: { unit_price: 800, reason: "Torn box" } }],
});
const both = () => ({ lines: [...discounted().lines, ...overridden().lines] });

async function sell(
  request: Record<string, unknown> & { lines: Record<string, unknown>[] },
  approval?: string,
  { key = uuid(), by = cashier } = {},
): Promise<Answer<Sale>> {
  const headers = { "Idempotency-Key": key, ...(approval === undefined ? {} : { "X-Approval": approval }) };
  return by.post<Sale>("/v1/sales", saleBody(shop, request), headers);
}

async function refused(request: Parameters<typeof sell>[0], approval: string | undefined, told: RegExp) {
  const before = await everyRow();
  const problem = expectProblem(await sell(request, approval), 403, "approval_required");
  expect(problem.detail).toMatch(told);
  expect(await everyRow()).toEqual(before);
  return problem;
}

async function approvalsOf(entity_id: string): Promise<unknown> {
  const row = await env.DB.prepare("SELECT after FROM audit_entries WHERE entity_id = ?1 AND action = 'sale.create'")
    .bind(entity_id)
    .first<{ after: string }>();
  return (JSON.parse(row?.after ?? "{}") as { approvals?: unknown }).approvals;
}

/** The same approval with something else in it, as if we had given that. */
function alter(token: string, over: Record<string, unknown>): string {
  const approval = readApproval(readSettings(env), token);
  if (!approval) throw new Error("the token is not ours");
  return signApproval(readSettings(env), { ...approval, ...over });
}

describe("a sale that needs a manager", () => {
  it("tells what to ask for, and where it is needed", async () => {
    const id = uuid();
    expect(await refused({ id, ...discounted() }, undefined, /above 10 %/)).toMatchObject({
      approvals_needed: [{ action: "discount", limit: 300_000, sale_id: id }],
      errors: [{ pointer: "/lines/0" }],
    });
    expect(await refused(overridden(), undefined, /approve:price/)).toMatchObject({
      approvals_needed: [{ action: "price", limit: 400 }],
      errors: [{ pointer: "/lines/0/override" }],
    });
    expect(await refused(both(), undefined, /approve:price.*approve:discount/)).toMatchObject({
      approvals_needed: [{ action: "price" }, { action: "discount" }],
      errors: [{ pointer: "/lines/1/override" }, { pointer: "/lines/0" }],
    });
  });

  it("is sold with what it asked for, and the audit entry says who gave it", async () => {
    const id = uuid();
    const answer = await sell(
      { id, ...discounted() },
      await approve({ action: "discount", limit: 300_000, sale_id: id }),
    );
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({ id, total: 700, discount_total: 300 });
    expect(await approvalsOf(id)).toMatchObject([{ action: "discount", approved_by: manager.id }]);
    const cheaper = await sell(overridden(), await approve({ action: "price", limit: 400 }));
    expectStatus(cheaper, 201);
    expect(cheaper.body).toMatchObject({ total: 1600, lines: [{ unit_price: 800, list_price: 1000 }] });
  });

  it("for two things is sold with two approvals, and with neither alone", async () => {
    const [price, discount] = [await approve({ action: "price" }), await approve({ action: "discount" })];
    await refused(both(), price, /approve:discount/);
    await refused(both(), discount, /approve:price/);
    const answer = await sell(both(), `${discount}, ${price}`);
    expectStatus(answer, 201);
    expect(answer.body.total).toBe(700 + 1600);
    expect(await approvalsOf(answer.body.id)).toMatchObject([{ action: "price" }, { action: "discount" }]);
    // Both are spent now.
    await refused(discounted(), discount, /has been used/);
    await refused(overridden(), price, /has been used/);
  });

  it("is priced by a quote without one, and with one that it does not spend", async () => {
    const body = { store_id: shop.store.id, ...discounted() };
    const approval = await approve({ action: "discount" });
    for (const headers of [{}, { "X-Approval": approval }]) {
      const quote = await cashier.post("/v1/sales/quote", body, headers);
      expectStatus(quote, 200);
      expect(quote.body).toMatchObject({ total: 700, approvals_needed: [{ action: "discount", limit: 300_000 }] });
    }
    expectStatus(await sell(discounted(), approval), 201);
  });

  it("needs none within the role's limit, and a token that comes along is left whole", async () => {
    const within = { lines: [{ product_id: product.id, quantity: 1, discount: { ppm: 100_000 } }] };
    const approval = await approve({ action: "discount" });
    expectStatus(await sell(within, approval), 201);
    expectStatus(await sell(discounted(), approval), 201);
  });

  it("is told again by its key, though the approval is spent", async () => {
    const [key, approval] = [uuid(), await approve({ action: "discount" })];
    const first = await sell(discounted(), approval, { key });
    expectStatus(first, 201);
    for (const token of [approval, undefined]) {
      const again = await sell(discounted(), token, { key });
      expect(again.headers.get("Idempotency-Replayed")).toBe("true");
      expect(again.body).toEqual(first.body);
    }
  });
});

describe("an approval for a sale is refused", () => {
  it("where it goes less far", async () => {
    await refused(
      discounted(),
      await approve({ action: "discount", limit: 299_999 }),
      /goes up to 299999, and this is 300000/,
    );
    await refused(overridden(), await approve({ action: "price", limit: 399 }), /goes up to 399, and this is 400/);
    // The limit is of line and order discount together, on the line that has most.
    const together = {
      lines: [{ product_id: product.id, quantity: 1, discount: { ppm: 200_000 } }],
      discount: { ppm: 200_000 },
    };
    await refused(
      together,
      await approve({ action: "discount", limit: 359_999 }),
      /goes up to 359999, and this is 360000/,
    );
    expectStatus(await sell(together, await approve({ action: "discount", limit: 360_000 })), 201);
  });

  it("where it is for another sale, or the sale does not say which it is", async () => {
    const token = await approve({ action: "discount", sale_id: uuid() });
    await refused({ id: uuid(), ...discounted() }, token, /another sale/);
    await refused(discounted(), token, /another sale/);
  });

  it("where it was used, has ended, is somebody else's or is for something else", async () => {
    const used = await approve({ action: "discount" });
    expectStatus(await sell(discounted(), used), 201);
    await refused(discounted(), used, /has been used/);
    const ended = { issued_at: "2026-01-01T00:00:00.000Z", expires_at: "2026-01-01T00:05:00.000Z" };
    await refused(discounted(), alter(await approve({ action: "discount" }), ended), /has expired/);
    const colleague = await asUser("cashier", [shop.store.id], shop.store.code);
    await refused(discounted(), await approved(colleague, manager, { action: "discount" }), /somebody else/);
    await refused(discounted(), await approve({ action: "price" }), /is for `price`/);
    await refused(discounted(), "nothing of ours", /not valid/);
  });

  it("where the sale is refused for something else it is not spent", async () => {
    const approval = await approve({ action: "discount" });
    expectProblem(await sell({ ...discounted(), payments: [] }, approval), 409, "payment_short");
    expectStatus(await sell(discounted(), approval), 201);
  });
});

describe("goods that come back without their sale", () => {
  /** Two at another price than 10.00. */
  const back = async (unit_price: number, approval: string) => {
    const lines = [{ product_id: product.id, quantity: 2, override: { unit_price, reason: "As it was then" } }];
    const body = { store_id: shop.store.id, lines, payments: cash(unit_price * 2), reason: "No bill" };
    return cashier.post("/v1/refunds", body, { "Idempotency-Key": uuid(), "X-Approval": approval });
  };

  it("want leave for a higher price by what it gives out more, and for a lower one by nothing", async () => {
    const ask = async (limit: number) =>
      `${await approve({ action: "refund_unlinked" })},${await approve({ action: "price", limit })}`;
    const problem = expectProblem(await back(1300, await ask(599)), 403, "approval_required");
    expect(problem.detail).toMatch(/goes up to 599, and this is 600/);
    expectStatus(await back(1300, await ask(600)), 201);
    expectStatus(await back(700, await ask(0)), 201);
  });
});

describe("a parked sale", () => {
  it("is put aside without leave, and completed with it, for that sale", async () => {
    const aside = await park(shop, discounted(), { by: cashier });
    expectStatus(aside, 201);
    const { id } = aside.body;
    const body = { terminal_id: shop.terminal.id, payments: cash(700) };
    const problem = expectProblem(await complete(shop, id, body, { by: cashier }), 403, "approval_required");
    expect(problem).toMatchObject({ approvals_needed: [{ action: "discount", limit: 300_000, sale_id: id }] });
    const other = await approve({ action: "discount", sale_id: uuid() });
    expectProblem(await complete(shop, id, body, { by: cashier, approval: other }), 403, "approval_required");
    const approval = await approve({ action: "discount", sale_id: id });
    expectStatus(await complete(shop, id, body, { by: cashier, approval }), 200);
    expect(await approvalsOf(id)).toMatchObject([{ action: "discount", approved_by: manager.id }]);
  });
});

describe("what an offline till sold with approvals", () => {
  const YESTERDAY = Date.now() - 86_400_000;
  const at = (ms: number) => new Date(YESTERDAY + ms).toISOString();
  /** Given yesterday, for five minutes. */
  const given = async (asked: Asked) => alter(await approve(asked), { issued_at: at(0), expires_at: at(300_000) });

  let seq = 0;
  async function bring(
    request: Record<string, unknown>,
    approval: string | undefined,
    occurred_at: string,
    type = "sale",
  ): Promise<SyncResult> {
    seq += 1;
    const command = {
      ...saleCommand(seq, request, { occurred_at, type }),
      ...(approval === undefined ? {} : { approval }),
    };
    if (type === "complete") command.body = request;
    const answer = await sync(shop, [command], api(cashier.token));
    expectStatus(answer, 200);
    const [result] = answer.body.results;
    if (!result) throw new Error("there is no result");
    return result;
  }

  const REJECTED = { outcome: "rejected", problem: { code: "approval_required" } };

  it("is judged by when it happened, and an approval is spent there too", async () => {
    const token = await given({ action: "discount" });
    expect(await bring(discounted(), undefined, at(1000))).toMatchObject(REJECTED);
    expect(await bring(discounted(), token, at(300_001))).toMatchObject(REJECTED);
    const sale = await bring(discounted(), token, at(60_000));
    expect(sale.outcome).toBe("applied");
    expect(await approvalsOf(sale.resource?.id ?? "")).toMatchObject([{ action: "discount", approved_by: manager.id }]);
    expect(await bring(discounted(), token, at(60_000))).toMatchObject(REJECTED);
    // A token of today is none of yesterday's.
    expect(await bring(discounted(), await approve({ action: "discount" }), at(60_000))).toMatchObject(REJECTED);
  });

  it("bears two where it needs two", async () => {
    const [price, discount] = [await given({ action: "price" }), await given({ action: "discount" })];
    expect(await bring(both(), price, at(1000))).toMatchObject(REJECTED);
    expect(await bring(both(), `${price},${discount}`, at(1000))).toMatchObject({ outcome: "applied" });
  });

  it("may be a basket that was put aside", async () => {
    const { id } = await parked(shop, overridden());
    const completion = { sale_id: id, payments: cash(1600) };
    expect(await bring(completion, undefined, at(1000), "complete")).toMatchObject(REJECTED);
    const token = await given({ action: "price", sale_id: id, limit: 400 });
    expect(await bring(completion, token, at(1000), "complete")).toMatchObject({ outcome: "applied" });
    expect(await readSale(shop, id)).toMatchObject({ status: "completed", total: 1600, sold_at: at(1000) });
  });
});
