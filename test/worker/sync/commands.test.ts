import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  api,
  asUser,
  countRows,
  createTerminal,
  expectProblem,
  expectStatus,
  fetchWith,
  uuid,
} from "../../support/api.ts";
import { changeUnseen, everyRow, openShop, readSale, sell, sold, stockOf, stockProduct } from "../sales/shop.ts";
import { AT, exceptionsOf, GOODS, outcomes, refundCommand, saleCommand, sync, synced } from "./till.ts";

const cash = (amount: number) => [{ method: "cash", amount }];

describe("a command of a till that was offline", () => {
  it("is applied once, at the time it happened, and replayed ever after", async () => {
    const shop = await openShop({ timezone: "Asia/Karachi", day_cutoff: "04:00" });
    const product = await stockProduct(shop, {}, 5);
    const command = saleCommand(
      1,
      { id: uuid(), lines: [{ product_id: product.id, quantity: 2 }] },
      { occurred_at: "2026-03-01T22:30:00Z" },
    );
    const [first] = await synced(shop, [command]);
    const sale = await readSale(shop, String(command.body["id"]));
    expect(first).toEqual({
      seq: 1,
      outcome: "applied",
      resource: { type: "sale", id: sale.id, invoice_no: `${shop.store.code}-01-000001` },
    });
    // 22:30 is 03:30 of the next day in Karachi, where the day still is the one before.
    expect(sale).toMatchObject({
      sold_at: "2026-03-01T22:30:00.000Z",
      business_date: "2026-03-01",
      terminal_id: shop.terminal.id,
      total: 200,
    });
    const [again] = await synced(shop, [command]);
    expect(again).toEqual({ ...first, outcome: "replayed" });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 3, moved: 3 });
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it.each<[string, (command: ReturnType<typeof saleCommand>) => unknown]>([
    ["a body without lines", (command) => ({ ...command, body: { ...command.body, lines: [] } })],
    ["an unknown field", (command) => ({ ...command, body: { ...command.body, colour: "red" } })],
    ["an unknown field beside its body", (command) => ({ ...command, colour: "red" })],
    ["an unknown type", (command) => ({ ...command, type: "stocktake" })],
    ["no key", ({ idempotency_key: _key, ...rest }) => rest],
    ["a key with control characters", (command) => ({ ...command, idempotency_key: "a\u0000b" })],
    ["no number", ({ seq: _seq, ...rest }) => rest],
    ["the number 0", (command) => ({ ...command, seq: 0 })],
    ["a time that is none", (command) => ({ ...command, occurred_at: "this morning" })],
    ["a time after the year 9999", (command) => ({ ...command, occurred_at: "9999-12-31T23:59:59-01:00" })],
    [
      "an unknown product",
      (command) => ({ ...command, body: { ...command.body, lines: [{ sku: "none", quantity: 1 }] } }),
    ],
    ["an unknown customer", (command) => ({ ...command, body: { ...command.body, customer_id: uuid() } })],
    ["an unknown salesperson", (command) => ({ ...command, body: { ...command.body, salesperson_id: uuid() } })],
    ["another store", (command) => ({ ...command, body: { ...command.body, store_id: uuid() } })],
    ["another till", (command) => ({ ...command, body: { ...command.body, terminal_id: uuid() } })],
    ["another till's number", (command) => ({ ...command, body: { ...command.body, invoice_no: "MAIN-02-000001" } })],
    ["nothing", () => null],
    ["a word", () => "sale"],
  ])("is rejected alone when it has %s", async (_, spoil) => {
    const shop = await openShop();
    const bad = spoil(saleCommand(2));
    const results = await synced(shop, [saleCommand(1), bad, saleCommand(3)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "rejected", "applied"]);
    expect(results[1]?.problem).toMatchObject({ code: "validation_failed" });
    expect(results[1]?.problem?.errors).toHaveLength(1);
    expect(await countOf(shop.store.id)).toEqual({ sales: 2, keys: 2 });
  });

  it("that is no object is told so of the whole of it", async () => {
    const shop = await openShop();
    const [result] = await synced(shop, ["sale"]);
    expect(result?.problem?.errors).toMatchObject([{ pointer: "" }]);
    expect(result?.problem?.detail).toBe("A command must be an object.");
  });

  it("is told what is wrong with it by pointers that begin at the command", async () => {
    const shop = await openShop();
    const results = await synced(shop, [
      saleCommand(1, { lines: [{ ...GOODS, quantity: 0 }] }),
      saleCommand(2, { lines: [{ sku: "none", quantity: 1 }] }),
      saleCommand(3, { customer_id: uuid(), salesperson_id: uuid() }),
      saleCommand(4, { terminal_id: uuid() }),
    ]);
    expect(results.map(({ problem }) => problem?.errors?.map(({ pointer }) => pointer))).toEqual([
      ["/body/lines/0/quantity"],
      ["/body/lines/0/sku"],
      ["/body/customer_id", "/body/salesperson_id"],
      ["/body/terminal_id"],
    ]);
    // They have come all the same, and leave no hole.
    expect(await outcomes(shop, [saleCommand(5)])).toEqual(["applied"]);
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it("is rejected alone when its payment is short, and can be mended under its number", async () => {
    const shop = await openShop();
    const short = saleCommand(1, { payments: cash(99) });
    const [rejected, next] = await synced(shop, [short, saleCommand(2)]);
    expect([rejected?.outcome, rejected?.problem?.code, next?.outcome]).toEqual([
      "rejected",
      "payment_short",
      "applied",
    ]);
    const mended = { ...short, body: { ...short.body, payments: cash(100) } };
    expect(await outcomes(shop, [mended])).toEqual(["applied"]);
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it("twice in one batch is one command", async () => {
    const shop = await openShop();
    const command = saleCommand(1);
    const results = await synced(shop, [command, command, saleCommand(2)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "replayed", "applied"]);
    expect(results[1]?.resource).toEqual(results[0]?.resource);
  });

  it("in two requests at once is one command", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 100);
    const commands = Array.from({ length: 8 }, (_, i) =>
      saleCommand(i + 1, { lines: [{ product_id: product.id, quantity: 1 }] }),
    );
    const both = await Promise.all([outcomes(shop, commands), outcomes(shop, commands)]);
    for (const i of commands.keys()) {
      expect(new Set(both.map((results) => results[i]))).toEqual(new Set(["applied", "replayed"]));
    }
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 92, moved: 92 });
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it("under a key of another body is rejected", async () => {
    const shop = await openShop();
    const command = saleCommand(1);
    const other = { ...saleCommand(2, { payments: cash(100) }), idempotency_key: command.idempotency_key };
    const results = await synced(shop, [command, other]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "rejected"]);
    expect(results[1]?.problem?.code).toBe("idempotency_key_reused");
  });

  it("whose answer was lost online is replayed", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 5);
    const key = uuid();
    const request = { lines: [{ product_id: product.id, quantity: 1 }], payments: cash(100) };
    const online = await sold(shop, request, { key });
    const [result] = await synced(shop, [{ ...saleCommand(1, request), idempotency_key: key }]);
    expect(result).toEqual({
      seq: 1,
      outcome: "replayed",
      resource: { type: "sale", id: online.id, invoice_no: online.invoice_no },
    });
    // Also where it named no till online.
    const untilled = { store_id: shop.store.id, ...request };
    const named = await shop.admin.post<{ id: string }>("/v1/sales", untilled, { "Idempotency-Key": `${key}-2` });
    expectStatus(named, 201);
    const [brought] = await synced(shop, [{ ...saleCommand(3, request), idempotency_key: `${key}-2` }]);
    expect(brought).toMatchObject({ outcome: "replayed", resource: { id: named.body.id } });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 3, moved: 3 });
    // And the other way round: what came in by sync is known online.
    const offline = saleCommand(2, request);
    await synced(shop, [offline]);
    const again = await sell(shop, request, { key: offline.idempotency_key });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
  });

  it.each(["sale", "refund", "refund without its sale"])(
    "%s: named by its shift alone it is the same command online and by sync",
    async (what) => {
      const shop = await openShop();
      const shift_id = shop.shift.id;
      const { id: sale_id } = await sold(shop, { lines: [GOODS], payments: cash(100) });
      const lines = what === "refund" ? [{ line_no: 1, quantity: 1 }] : [GOODS];
      const body = { lines, payments: cash(100), shift_id, ...(what === "sale" ? {} : { reason: "Broken" }) };
      const path = { sale: "/v1/sales", refund: `/v1/sales/${sale_id}/refunds` }[what] ?? "/v1/refunds";
      const key = uuid();
      const online = await shop.admin.post<{ id: string; terminal_id: string }>(
        path,
        what === "refund" ? body : { ...body, store_id: shop.store.id },
        { "Idempotency-Key": key },
      );
      expectStatus(online, 201);
      expect(online.body.terminal_id).toBe(shop.terminal.id);
      const brought = what === "refund" ? { ...body, sale_id } : body;
      const command = what === "sale" ? saleCommand(1, brought) : refundCommand(1, brought);
      const [result] = await synced(shop, [{ ...command, idempotency_key: key }]);
      expect(result).toMatchObject({ outcome: "replayed", resource: { id: online.body.id } });
    },
  );

  it("is one of at most 50, and at least one", async () => {
    const shop = await openShop();
    const fifty = Array.from({ length: 50 }, (_, i) => saleCommand(i + 1));
    const before = await everyRow();
    expectProblem(await sync(shop, [...fifty, saleCommand(51)]), 422, "validation_failed");
    expectProblem(await sync(shop, []), 422, "validation_failed");
    expect(await everyRow()).toEqual(before);
  });

  it("is brought by who works at the till's store", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    expectStatus(await sync(shop, [saleCommand(1)], cashier), 200);
    const before = await everyRow();
    const elsewhere = await sync(other, [saleCommand(1)], cashier);
    expectProblem(elsewhere, 404, "not_found");
    const nowhere = { ...shop, terminal: { ...shop.terminal, id: uuid() } };
    const unknown = await sync(nowhere, [saleCommand(1)], cashier);
    expectProblem(unknown, 404, "not_found");
    const said = ({ body }: { body: unknown }) => (body as { detail: string }).detail;
    expect(said(elsewhere)).toBe(said(unknown));
    expect(await everyRow()).toEqual(before);
  });

  it("is rejected where the till is not in use any more, and taken when it is again", async () => {
    const shop = await openShop();
    const command = saleCommand(1);
    const setActive = async (active: number) =>
      env.DB.prepare("UPDATE terminals SET version = version + 1, active = ? WHERE id = ?")
        .bind(active, shop.terminal.id)
        .run();
    await setActive(0);
    const [result] = await synced(shop, [command]);
    expect(result).toMatchObject({ outcome: "rejected", problem: { code: "conflict" } });
    await setActive(1);
    expect(await outcomes(shop, [command])).toEqual(["applied"]);
  });

  it("of a session that ended changes nothing", async () => {
    const shop = await openShop();
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    await env.DB.prepare("UPDATE sessions SET revoked_at = ? WHERE user_id = ?").bind(AT, cashier.user.id).run();
    const before = await everyRow();
    expectProblem(await sync(shop, [saleCommand(1), saleCommand(2)], cashier), 401, "session_revoked");
    expect(await everyRow()).toEqual(before);
  });

  it("bears what its person may do: a cashier's override is rejected", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const override = { unit_price: 1, reason: "Friend" };
    const command = saleCommand(1, { lines: [{ product_id: product.id, quantity: 1, override }] });
    const { body } = await sync(shop, [command], cashier);
    expect(body.results).toMatchObject([{ outcome: "rejected", problem: { code: "approval_required" } }]);
  });
});

describe("a refund of a till that was offline", () => {
  it("may be of a sale in the same batch", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 5);
    const sale = saleCommand(1, { id: uuid(), lines: [{ product_id: product.id, quantity: 3 }] });
    const back = refundCommand(2, {
      sale_id: sale.body["id"],
      lines: [{ line_no: 1, quantity: 2 }],
      payments: cash(200),
    });
    const results = await synced(shop, [sale, back, saleCommand(3)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied"]);
    expect(results[1]?.resource).toMatchObject({ type: "refund", refund_no: `${shop.store.code}-01-R000001` });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 4, moved: 4 });
    expect(await outcomes(shop, [sale, back])).toEqual(["replayed", "replayed"]);
  });

  it("is rejected beyond what was bought, for a sale that is not there, and for another total", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const sale = await sold(shop, { lines: [GOODS] });
    const elsewhere = await sold(other, { lines: [GOODS] });
    const occurred_at = new Date().toISOString();
    const refundOf = (seq: number, sale_id: string, quantity: number, amount: number) =>
      refundCommand(seq, { sale_id, lines: [{ line_no: 1, quantity }], payments: cash(amount) }, { occurred_at });
    const results = await synced(shop, [
      refundOf(1, sale.id, 2, 200),
      refundOf(2, uuid(), 1, 100),
      refundOf(3, elsewhere.id, 1, 100),
      refundOf(4, sale.id, 1, 99),
      refundOf(5, sale.id, 1, 100),
      refundOf(6, sale.id, 1, 100),
    ]);
    expect(results.map(({ outcome, problem }) => problem?.code ?? outcome)).toEqual([
      "over_refund",
      "not_found",
      "not_found",
      "total_mismatch",
      "applied",
      "over_refund",
    ]);
    expect(results[3]?.problem).toMatchObject({ expected_total: 100 });
  });

  it("may be without a sale", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 5);
    const command = refundCommand(1, { lines: [{ sku: product.sku, quantity: 1 }], payments: cash(100) });
    const [first] = await synced(shop, [command]);
    expect(first).toMatchObject({ outcome: "applied", resource: { type: "refund" } });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 6, moved: 6 });
    expect(await outcomes(shop, [command])).toEqual(["replayed"]);
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const { body } = await sync(shop, [{ ...command, seq: 2, idempotency_key: uuid() }], cashier);
    expect(body.results).toMatchObject([{ outcome: "rejected", problem: { code: "approval_required" } }]);
  });
});

describe("a customer of a till that was offline", () => {
  it("is there for the sales that name it", async () => {
    const shop = await openShop();
    const id = uuid();
    const customer = { ...saleCommand(1), type: "customer", body: { id, name: "Amina", phone: "0300 1234567" } };
    const results = await synced(shop, [customer, saleCommand(2, { customer_id: id })]);
    expect(results).toMatchObject([{ outcome: "applied", resource: { type: "customer", id } }, { outcome: "applied" }]);
    expect((await shop.admin.get(`/v1/customers/${id}`)).body).toMatchObject({ name: "Amina", phone: "0300 1234567" });
    const again = { ...customer, seq: 3, idempotency_key: uuid() };
    expect(await synced(shop, [customer, again])).toMatchObject([
      { outcome: "replayed", resource: { type: "customer", id } },
      { outcome: "rejected", problem: { code: "conflict" } },
    ]);
  });
});

describe("what a sync costs", () => {
  it("is two round trips to the database for 50 sales", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 1000);
    const terminal = await createTerminal(shop.store.id, { code: "02" });
    const commands = Array.from({ length: 50 }, (_, i) =>
      saleCommand(i + 1, { lines: [{ product_id: product.id, quantity: 2 }, GOODS] }),
    );
    let trips = 0;
    const counting = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        trips += 1;
        return env.DB.batch(statements);
      },
    };
    const client = api(shop.admin.token, fetchWith({ DB: counting }));
    const answer = await sync({ ...shop, terminal }, commands, client);
    expectStatus(answer, 200);
    expect(answer.body.results.map(({ outcome }) => outcome)).toEqual(commands.map(() => "applied"));
    expect(trips).toBe(2);
  });

  it("is bounded: 50 sales of 100 lines are taken in, 1,000 lines at a time", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 1 }, 5000);
    const lines = Array.from({ length: 100 }, () => ({ product_id: product.id, quantity: 1 }));
    const results = await synced(
      shop,
      Array.from({ length: 50 }, (_, i) => saleCommand(i + 1, { lines })),
    );
    expect(results.every(({ outcome }) => outcome === "applied")).toBe(true);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 0, moved: 0 });
  });

  it("is told for a product that changed while the till was away: nothing is remembered here", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 100 });
    await sold(shop, { lines: [{ product_id: product.id, quantity: 1 }] });
    await changeUnseen(product.id, "unit_price = 120");
    const claim = saleCommand(1, { lines: [{ product_id: product.id, quantity: 1, unit_price: 120 }] });
    expect(await outcomes(shop, [claim])).toEqual(["applied"]);
    expect(await countRows("sync_exceptions WHERE type = 'stale_price'")).toBe(0);
  });
});

async function countOf(storeId: string): Promise<{ sales: number; keys: number }> {
  return {
    sales: await countRows(`sales WHERE store_id = '${storeId}'`),
    keys: await countRows(`idempotency_keys WHERE store_id = '${storeId}' AND operation <> 'shift.open'`),
  };
}
