import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { asUser, createTerminal, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { openOrderShop, ordered } from "../orders/shop.ts";
import { changeUnseen, everyRow, openShop, readSale, type Shop, sold, stockOf, stockProduct } from "../sales/shop.ts";
import { exceptionsOf, GOODS, outcomes, refundCommand, saleCommand, sync, type SyncException, synced } from "./till.ts";

const cash = (amount: number) => [{ method: "cash", amount }];
const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe("a sale that has happened is kept", () => {
  it("though there was not enough stock: the oversold sales are told of, the others are not", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 3);
    const take = (seq: number, quantity: number) =>
      saleCommand(seq, { id: uuid(), lines: [{ product_id: product.id, quantity }] });
    const commands = [take(1, 2), take(2, 2), take(3, 1)];
    expect(await outcomes(shop, commands)).toEqual(["applied", "flagged", "flagged"]);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: -2, moved: -2 });
    expect(await exceptionsOf(shop)).toMatchObject(
      [2, 3].map((seq) => ({
        type: "oversold",
        state: "open",
        store_id: shop.store.id,
        terminal_id: shop.terminal.id,
        seq,
        seq_to: null,
        sale_id: commands[seq - 1]?.body["id"],
        resolved_at: null,
        resolved_by: null,
        note: null,
      })),
    );
    expect(await outcomes(shop, commands)).toEqual(["replayed", "replayed", "replayed"]);
    expect(await exceptionsOf(shop)).toHaveLength(2);
  });

  it("at the price it was sold at, though that is not the one in force any more", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 100 });
    await changeUnseen(product.id, "unit_price = 130");
    const line = { product_id: product.id, quantity: 2, unit_price: 100 };
    const command = saleCommand(1, { id: uuid(), lines: [line], payments: cash(200), total: 200 });
    expect(await outcomes(shop, [command])).toEqual(["flagged"]);
    expect(await readSale(shop, String(command.body["id"]))).toMatchObject({
      total: 200,
      lines: [{ unit_price: 100 }],
    });
    const [exception] = await exceptionsOf(shop);
    expect(exception).toMatchObject({ type: "stale_price", seq: 1, sale_id: command.body["id"] });
    expect(exception?.detail).toMatch(/100.*130/);
  });

  it("in the quantity that a printed price bought at the price it was sold at", async () => {
    const shop = await openShop();
    const goods = { unit: "g", unit_price: 1000, price_quantity: 1000, barcodes: ["2577001000004"] };
    const product = await stockProduct(shop, goods);
    await changeUnseen(product.id, "unit_price = 2000");
    const command = saleCommand(1, { id: uuid(), lines: [{ barcode: "2577001005009", unit_price: 1000 }] });
    expect(await outcomes(shop, [command])).toEqual(["flagged"]);
    // 5.00 at 10.00 a kilogram. At the price of now it would be 250 g.
    expect(await readSale(shop, String(command.body["id"]))).toMatchObject({ lines: [{ quantity: 500, total: 500 }] });
  });

  it("at the total the till charged, though tax has changed since", async () => {
    const shop = await openShop({ tax_mode: "exclusive" });
    const product = await stockProduct(shop, { unit_price: 1000, tax_rate_ppm: 200_000 });
    await changeUnseen(product.id, "tax_rate_ppm = 250000");
    const body = { lines: [{ product_id: product.id, quantity: 1, unit_price: 1000 }] };
    const charged = { ...body, id: uuid(), total: 1200, payments: [{ method: "card", amount: 1200 }] };
    const overcharged = { ...body, id: uuid(), total: 1300, payments: cash(1500) };
    const commands = [saleCommand(1, charged), saleCommand(2, overcharged)];
    expect(await outcomes(shop, commands)).toEqual(["flagged", "flagged"]);
    expect(await readSale(shop, charged.id)).toMatchObject({
      subtotal: 1000,
      discount_total: 40,
      tax_total: 240,
      rounding_adjustment: 0,
      total: 1200,
      paid_total: 1200,
    });
    expect(await readSale(shop, overcharged.id)).toMatchObject({
      rounding_adjustment: 50,
      total: 1300,
      change_due: 200,
    });
    const [exception] = await exceptionsOf(shop);
    expect(exception?.type).toBe("stale_price");
    expect(exception?.detail).toMatch(/1200.*1250/);
  });

  it("at the total the till charged, though the line names no price and it has risen", async () => {
    const shop = await openShop({ cash_rounding: 5 });
    const product = await stockProduct(shop, { unit_price: 103 });
    const line = { product_id: product.id, quantity: 1 };
    const rounded = saleCommand(1, { lines: [line], total: 105, payments: cash(105) });
    expect(await outcomes(shop, [rounded])).toEqual(["applied"]);
    await changeUnseen(product.id, "unit_price = 150");
    const late = saleCommand(2, { id: uuid(), lines: [line], total: 105, payments: cash(110) });
    expect(await outcomes(shop, [late])).toEqual(["flagged"]);
    expect(await readSale(shop, String(late.body["id"]))).toMatchObject({
      subtotal: 150,
      discount_total: 45,
      rounding_adjustment: 0,
      total: 105,
      change_due: 5,
    });
  });

  it.each<[string, string, number, number]>([
    ["has ended", "discount_ppm = 0", 2400, 800],
    ["has begun", "discount_ppm = 200000", 3000, 1000],
  ])("and refunded at what was charged: a product's own discount that %s", async (what, change, charged, one) => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 1000, discount_ppm: what === "has ended" ? 200_000 : 0 });
    await changeUnseen(product.id, change);
    const id = uuid();
    const lines = [{ product_id: product.id, quantity: 3, unit_price: 1000 }];
    const sale = saleCommand(1, { id, lines, total: charged, payments: cash(charged) });
    const back = refundCommand(2, { sale_id: id, lines: [{ line_no: 1, quantity: 1 }], payments: cash(one) });
    expect(await outcomes(shop, [sale, back])).toEqual(["flagged", "applied"]);
    expect(await readSale(shop, id)).toMatchObject({ total: charged, rounding_adjustment: 0 });
    const rest = await shop.admin.post(`/v1/sales/${id}/refunds/quote`, { lines: [{ line_no: 1, quantity: 2 }] });
    expect(rest.body).toMatchObject({ total: charged - one });
    const [exception] = await exceptionsOf(shop);
    expect(exception?.type).toBe("stale_price");
    expect(exception?.detail).toContain(what === "has ended" ? "no leave was asked" : "without the discounts");
  });

  it("and never refunded at more than was charged, though that was nothing", async () => {
    const shop = await openShop();
    const id = uuid();
    const goods = { custom: { name: "Goods", unit_price: 1000, tax_rate_ppm: 0 }, quantity: 900 };
    expect(await outcomes(shop, [saleCommand(1, { id, lines: [goods], payments: [], total: 0 })])).toEqual(["flagged"]);
    const rest = await shop.admin.post(`/v1/sales/${id}/refunds/quote`, { lines: [{ line_no: 1, quantity: 900 }] });
    expect(rest.body).toMatchObject({ subtotal: 900_000, discount_total: 900_000, total: 0 });
  });

  it("however much it is by which a discount that has begun since, or a lower price, changes it", async () => {
    const shop = await openShop({ currency: "VND" });
    const phone = await stockProduct(shop, { unit_price: 20_000_000, discount_ppm: 100_000 });
    const dearer = await stockProduct(shop, { unit_price: 20_000_000 });
    const sale = (seq: number, product_id: string, total: number) =>
      saleCommand(seq, { id: uuid(), lines: [{ product_id, quantity: 1 }], total, payments: cash(total) });
    const commands = [sale(1, phone.id, 20_000_000), sale(2, dearer.id, 15_000_000)];
    expect(await outcomes(shop, commands)).toEqual(["flagged", "flagged"]);
    for (const { body } of commands) {
      const kept = { total: body["total"], rounding_adjustment: 0, lines: [{ total: body["total"] }] };
      expect(await readSale(shop, String(body["id"]))).toMatchObject(kept);
    }
  });

  it("though the till did not round for coins", async () => {
    const shop = await openShop({ cash_rounding: 5 });
    const goods = { custom: { name: "Goods", unit_price: 1003, tax_rate_ppm: 0 }, quantity: 1 };
    expect(await outcomes(shop, [saleCommand(1, { lines: [goods], total: 1003, payments: cash(1003) })])).toEqual([
      "flagged",
    ]);
    const [{ detail } = { detail: "" }] = await exceptionsOf(shop);
    expect(detail).toBe(
      "The till charged 1003; by today's prices and taxes it is 1005. It is kept without rounding for coins.",
    );
  });

  it("but not where nobody says what was charged, it was not paid, or it is far above", async () => {
    const shop = await openShop();
    const goods = { custom: { name: "Goods", unit_price: 2_000_000, tax_rate_ppm: 0 }, quantity: 1 };
    const results = await synced(shop, [
      saleCommand(1, { payments: cash(99) }),
      saleCommand(2, { total: 99, payments: cash(98) }),
      saleCommand(3, { lines: [goods], total: 3_000_001, payments: cash(3_000_001) }),
      saleCommand(4, { lines: [goods], total: 1_000_000, payments: cash(1_000_000) }),
    ]);
    expect(results.map(({ outcome, problem }) => [outcome, problem?.code])).toEqual([
      ["rejected", "payment_short"],
      ["rejected", "payment_short"],
      ["rejected", "total_mismatch"],
      ["flagged", undefined],
    ]);
  });

  it("though nobody says what was charged and the product has changed since: that is told of", async () => {
    const shop = await openShop();
    const [product, same] = [await stockProduct(shop, { unit_price: 1000 }), await stockProduct(shop)];
    const before = new Date().toISOString();
    await changeUnseen(product.id, `unit_price = 1200, updated_at = '${ahead(1)}'`);
    const line = { product_id: product.id, quantity: 1 };
    const override = { unit_price: 1000, reason: "Old label" };
    const at = (seq: number, body: Record<string, unknown>, occurred_at = before) =>
      saleCommand(seq, { id: uuid(), payments: cash(2000), ...body }, { occurred_at });
    const silent = at(1, { lines: [line, { product_id: same.id, quantity: 1 }] });
    const commands = [
      silent,
      at(2, { lines: [line], total: 1200 }),
      at(3, { lines: [{ ...line, unit_price: 1200 }] }),
      at(4, { lines: [{ ...line, override }] }),
      at(5, { lines: [line] }, ahead(2)),
    ];
    expect(await outcomes(shop, commands)).toEqual(["flagged", "applied", "applied", "applied", "applied"]);
    const exceptions = await exceptionsOf(shop);
    expect(exceptions.map(({ type, sale_id }) => [type, sale_id])).toEqual([["stale_price", silent.body["id"]]]);
    expect(exceptions[0]?.detail).toMatch(/^\/lines\/0 does not say what was charged, .* 1200\.$/);
  });

  it("though its product was taken off sale meanwhile", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    await changeUnseen(product.id, "active = 0");
    const command = saleCommand(1, { id: uuid(), lines: [{ product_id: product.id, quantity: 1 }] });
    expect(await outcomes(shop, [command])).toEqual(["flagged"]);
    expect(await readSale(shop, String(command.body["id"]))).toMatchObject({ total: 100 });
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "stale_price", sale_id: command.body["id"] }]);
  });

  it("though it has more of a product than one sale may", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { max_per_sale: 1 });
    const command = saleCommand(1, { lines: [{ product_id: product.id, quantity: 2 }] });
    expect(await outcomes(shop, [command])).toEqual(["applied"]);
  });

  it("though the till's clock runs ahead", async () => {
    const shop = await openShop();
    const [near, far] = [saleCommand(1, {}, { occurred_at: ahead(4) }), saleCommand(2, {}, { occurred_at: ahead(6) })];
    expect(await outcomes(shop, [near, far])).toEqual(["applied", "flagged"]);
    const [exception, more] = await exceptionsOf(shop);
    expect([exception?.type, exception?.seq, more]).toEqual(["clock_skew", 2, undefined]);
    expect(exception?.detail).toContain(far.occurred_at);
  });

  it("though it was an order until then, and each exception names it", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const body = { order_id: id, terminal_id: shop.terminal.id, payments: cash(200) };
    const complete = saleCommand(1, {}, { type: "order_complete", occurred_at: ahead(60), body });
    const [, result] = await synced(shop, [saleCommand(1), complete]);
    expect(result).toMatchObject({ outcome: "flagged", resource: { type: "sale" } });
    expect((await exceptionsOf(shop)).map(({ type, sale_id }) => [type, sale_id])).toEqual([
      ["clock_skew", result?.resource?.id],
      ["number_repeat", result?.resource?.id],
    ]);
  });

  it("with everything that is odd about it", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 100 }, 1);
    const line = { product_id: product.id, quantity: 2, unit_price: 90 };
    expect(await outcomes(shop, [saleCommand(2, { lines: [line, line] }, { occurred_at: ahead(60) })])).toEqual([
      "flagged",
    ]);
    expect((await exceptionsOf(shop)).map(({ type }) => type).toSorted()).toEqual([
      "clock_skew",
      "number_gap",
      "oversold",
      "stale_price",
      "stale_price",
    ]);
  });
});

describe("a till's numbers", () => {
  it("never run so high that the till could not go on", async () => {
    const shop = await openShop();
    const own = (digits: string) => ({ invoice_no: `${shop.store.code}-${shop.terminal.code}-${digits}` });
    const results = await synced(shop, [
      saleCommand(1, own("99999999")),
      saleCommand(2, own("000001")),
      saleCommand(3, own("010002")),
      saleCommand(4, own("010001")),
    ]);
    expect(results.map(({ outcome, resource }) => [outcome, resource?.invoice_no])).toEqual([
      ["flagged", `${shop.store.code}-00-000001`],
      ["applied", own("000001").invoice_no],
      ["flagged", `${shop.store.code}-00-000002`],
      ["applied", own("010001").invoice_no],
    ]);
    const [first] = await exceptionsOf(shop, "&type=number_repeat");
    expect(first?.detail).toBe(
      `${own("99999999").invoice_no} is too far ahead: the last known number of the till is 000000.`,
    );
    expect(await sold(shop, { lines: [GOODS] })).toMatchObject(own("010002"));
  });

  it("go on with as many digits as the server gives them", async () => {
    const shop = await openShop();
    const own = (digits: string) => ({ invoice_no: `${shop.store.code}-${shop.terminal.code}-${digits}` });
    await sold(shop, { lines: [GOODS] });
    await env.DB.prepare("UPDATE number_sequences SET last = 99999999 WHERE store_id = ?").bind(shop.store.id).run();
    expect(await sold(shop, { lines: [GOODS] })).toMatchObject(own("100000000"));
    expect(await outcomes(shop, [saleCommand(1, own("100000001"))])).toEqual(["applied"]);
    expect(await sold(shop, { lines: [GOODS] })).toMatchObject(own("100000002"));
  });

  it("of commands that are too far ahead are not believed, and not heard", async () => {
    const shop = await openShop();
    const far = [saleCommand(9_007_199_254_740_991), saleCommand(1), saleCommand(10_002), saleCommand(10_001)];
    const [first, ...others] = await synced(shop, far);
    expect(first).toMatchObject({
      outcome: "rejected",
      problem: { code: "validation_failed", errors: [{ pointer: "/seq" }] },
    });
    expect(others.map(({ outcome }) => outcome)).toEqual(["applied", "rejected", "applied"]);
    const shift = saleCommand(30_000, {}, { type: "shift_close", body: { shift_id: shop.shift.id, counted: [] } });
    expect(await outcomes(shop, [shift, { ...saleCommand(30_001), body: {} }])).toEqual(["rejected", "rejected"]);
    const till = await shop.admin.get<{ last_seq: number }>(`/v1/terminals/${shop.terminal.id}`);
    expect(till.body.last_seq).toBe(10_001);
    expect(await outcomes(shop, [saleCommand(10_002)])).toEqual(["applied"]);
  });

  it("leave a hole that is told of once and closes by itself", async () => {
    const shop = await openShop();
    expect(await outcomes(shop, [saleCommand(1), saleCommand(5), saleCommand(8)])).toEqual([
      "applied",
      "applied",
      "applied",
    ]);
    const holes = async () =>
      (await exceptionsOf(shop)).map(({ type, state, seq, seq_to }) => [type, state, seq, seq_to]);
    expect(await holes()).toEqual([
      ["number_gap", "open", 2, 4],
      ["number_gap", "open", 6, 7],
    ]);
    await synced(shop, [saleCommand(3), saleCommand(7)]);
    expect((await holes()).map(([, state]) => state)).toEqual(["open", "open"]);
    // A command that is rejected has come all the same.
    expect(await outcomes(shop, [saleCommand(4), saleCommand(2), saleCommand(6, { payments: [] })])).toEqual([
      "applied",
      "applied",
      "rejected",
    ]);
    expect(await holes()).toEqual([
      ["number_gap", "resolved", 2, 4],
      ["number_gap", "resolved", 6, 7],
    ]);
    const [closed] = await exceptionsOf(shop);
    expect(closed).toMatchObject({ sale_id: null, resolved_by: null });
    expect(closed?.resolved_at).not.toBeNull();
  });

  it("are each till's own", async () => {
    const shop = await openShop();
    const second = { ...shop, terminal: await createTerminal(shop.store.id, { code: "02" }) };
    expect(await outcomes(shop, [saleCommand(1)])).toEqual(["applied"]);
    expect(await outcomes(second, [saleCommand(1)])).toEqual(["applied"]);
    expect(await exceptionsOf(shop)).toEqual([]);
  });

  it("that were used before are told of, and the sale is numbered from the store's sequence", async () => {
    const shop = await openShop();
    await synced(shop, [saleCommand(1)]);
    const repeat = saleCommand(1, { id: uuid() });
    expect(await synced(shop, [repeat])).toMatchObject([
      { outcome: "flagged", resource: { invoice_no: `${shop.store.code}-00-000001` } },
    ]);
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "number_repeat", seq: 1, sale_id: repeat.body["id"] }]);
  });

  it("that are used twice in one batch are told of too", async () => {
    const shop = await openShop();
    const results = await synced(shop, [saleCommand(1), saleCommand(1), saleCommand(2)]);
    expect(results.map(({ outcome, resource }) => [outcome, resource?.invoice_no])).toEqual([
      ["applied", `${shop.store.code}-01-000001`],
      ["flagged", `${shop.store.code}-00-000001`],
      ["applied", `${shop.store.code}-01-000002`],
    ]);
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "number_repeat", seq: 1 }]);
  });

  it("that are used twice in two requests at once are told of too", async () => {
    const shop = await openShop();
    const both = await Promise.all([outcomes(shop, [saleCommand(1)]), outcomes(shop, [saleCommand(1)])]);
    expect(both.flat().toSorted()).toEqual(["applied", "flagged"]);
  });

  it("that a replayed command bears are used by it", async () => {
    const shop = await openShop();
    const key = uuid();
    const request = { lines: [GOODS], payments: cash(100) };
    await sold(shop, request, { key });
    expect(await outcomes(shop, [saleCommand(1, request, { idempotency_key: key })])).toEqual(["replayed"]);
    expect(await outcomes(shop, [saleCommand(1)])).toEqual(["flagged"]);
    expect(await exceptionsOf(shop)).toMatchObject([{ type: "number_repeat", seq: 1 }]);
  });
});

describe("an invoice number that the till gave", () => {
  const number = (shop: Shop, digits: string) => `${shop.store.code}-01-${digits}`;

  it("is kept, and the next one online runs on from it", async () => {
    const shop = await openShop();
    const results = await synced(shop, [
      saleCommand(1, { invoice_no: number(shop, "000003") }),
      saleCommand(2, { invoice_no: number(shop, "000002") }),
      saleCommand(3),
    ]);
    expect(results.map(({ resource }) => resource?.invoice_no)).toEqual([
      number(shop, "000003"),
      number(shop, "000002"),
      number(shop, "000004"),
    ]);
    expect((await sold(shop, { lines: [GOODS] })).invoice_no).toBe(number(shop, "000005"));
  });

  it("leaves a hole that is told of, changes no outcome, and closes by itself", async () => {
    const shop = await openShop();
    const own = (seq: number, digits: string, over = {}) =>
      saleCommand(seq, { id: uuid(), invoice_no: number(shop, digits), ...over });
    const ninth = own(2, "000009");
    // The server itself gives the second.
    expect(await outcomes(shop, [own(1, "000001")])).toEqual(["applied"]);
    await sold(shop, { lines: [GOODS] });
    expect(await outcomes(shop, [ninth, own(3, "000011")])).toEqual(["applied", "applied"]);
    const holes = async () => (await exceptionsOf(shop)).map(({ type, state, detail }) => [type, state, detail]);
    const [eight, ten] = [
      ["number_gap", "Invoice numbers 000003 to 000008 are missing."],
      ["number_gap", "Invoice number 000010 is missing."],
    ].map(([type, detail]) => (state: string) => [type, state, detail]);
    expect(await holes()).toEqual([eight?.("open"), ten?.("open")]);
    const [shown] = await exceptionsOf(shop);
    expect(shown).toMatchObject({ seq: 2, seq_to: null, sale_id: ninth.body["id"] });
    expect(await outcomes(shop, [own(4, "000010", { payments: [] })])).toEqual(["rejected"]);
    const rest = ["000003", "000005", "000004", "000007", "000008"].map((digits, index) => own(5 + index, digits));
    expect(new Set(await outcomes(shop, rest))).toEqual(new Set(["applied"]));
    expect(await holes()).toEqual([eight?.("open"), ten?.("open")]);
    expect(await outcomes(shop, [own(10, "000006"), own(11, "000010")])).toEqual(["applied", "applied"]);
    expect(await holes()).toEqual([eight?.("resolved"), ten?.("resolved")]);
  });

  it.each([null, "sale"])(
    "leaves a hole behind those told of since its till was read, resolved or not (%s)",
    async (kind) => {
      const shop = await openShop();
      // As those of two requests that came first.
      for (const [first, last, at] of [
        [1, 4, "2026-03-02T10:00:00.000Z"],
        [6, 7, null],
      ]) {
        await env.DB.prepare(
          `INSERT INTO sync_exceptions (id, type, store_id, terminal_id, detail, opened_at, state, resolved_at, seq, seq_to,
           number_kind, number_from, number_to)
         SELECT ?1, 'number_gap', ?2, ?3, 'Missing.', '2026-03-02T10:00:00.000Z', iif(?4 IS NULL, 'open', 'resolved'), ?4,
           iif(?5 IS NULL, ?6, 1), iif(?5 IS NULL, ?7, 1), ?5, iif(?5 IS NULL, NULL, ?6), iif(?5 IS NULL, NULL, ?7)`,
        )
          .bind(uuid(), shop.store.id, shop.terminal.id, at, kind, first, last)
          .run();
      }
      const command = kind === null ? saleCommand(11) : saleCommand(1, { invoice_no: number(shop, "000011") });
      expect(await outcomes(shop, [command])).toEqual(["applied"]);
      expect((await exceptionsOf(shop)).map(({ detail, state }) => [detail, state])).toEqual([
        ["Missing.", "resolved"],
        ["Missing.", "open"],
        [kind === null ? "Commands 9 to 10 have not come." : "Invoice numbers 000009 to 000010 are missing.", "open"],
      ]);
    },
  );

  it("leaves a hole of each kind, also where a sale stands alone, and one for each number of digits", async () => {
    const shop = await openShop();
    const back = (seq: number, digits: string) =>
      refundCommand(seq, { lines: [GOODS], payments: cash(100), refund_no: number(shop, `R${digits}`) });
    const id = uuid();
    const parked = saleCommand(1, { id, status: "parked", payments: undefined });
    const complete = { sale_id: id, payments: cash(100), invoice_no: number(shop, "000002") };
    await synced(shop, [parked, saleCommand(2, {}, { type: "complete", body: complete }), back(3, "000003")]);
    expect((await exceptionsOf(shop)).map(({ seq, detail, sale_id }) => [seq, detail, sale_id])).toEqual([
      [2, "Invoice number 000001 is missing.", id],
      [3, "Refund numbers 000001 to 000002 are missing.", null],
    ]);
    await synced(shop, [saleCommand(4, { invoice_no: number(shop, "000001") }), back(5, "000002"), back(6, "000001")]);
    expect((await exceptionsOf(shop, "&state=open")).map(({ seq }) => seq)).toEqual([]);
    await env.DB.prepare("UPDATE number_sequences SET last = 999998 WHERE store_id = ?").bind(shop.store.id).run();
    await synced(shop, [saleCommand(7, { invoice_no: number(shop, "1000002") })]);
    expect((await exceptionsOf(shop, "&state=open")).map(({ detail }) => detail)).toEqual([
      "Invoice number 999999 is missing.",
      "Invoice numbers 1000000 to 1000001 are missing.",
    ]);
    const late = ["1000001", "999999", "1000000"].map((no, i) => saleCommand(8 + i, { invoice_no: number(shop, no) }));
    expect(new Set(await outcomes(shop, late))).toEqual(new Set(["applied"]));
    expect(await exceptionsOf(shop, "&state=open")).toEqual([]);
  });

  it("that is taken is told of, and the sale is numbered from the store's sequence", async () => {
    const shop = await openShop();
    const online = await sold(shop, { lines: [GOODS] });
    const twice = number(shop, "000002");
    const results = await synced(shop, [
      saleCommand(1, { invoice_no: online.invoice_no }),
      saleCommand(2, { invoice_no: twice }),
      saleCommand(3, { invoice_no: twice }),
    ]);
    expect(results.map(({ outcome, resource }) => [outcome, resource?.invoice_no])).toEqual([
      ["flagged", `${shop.store.code}-00-000001`],
      ["applied", twice],
      ["flagged", `${shop.store.code}-00-000002`],
    ]);
    const exceptions = await exceptionsOf(shop);
    expect(exceptions.map(({ type, seq }) => [type, seq])).toEqual([
      ["number_repeat", 1],
      ["number_repeat", 3],
    ]);
    expect(exceptions[0]?.detail).toContain(online.invoice_no);
  });

  it("is free again when the sale that bore it is rejected", async () => {
    const shop = await openShop();
    const invoice_no = number(shop, "000001");
    const results = await synced(shop, [saleCommand(1, { invoice_no, payments: [] }), saleCommand(2, { invoice_no })]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["rejected", "applied"]);
    expect(results[1]?.resource?.invoice_no).toBe(invoice_no);
  });

  it.each(["000000", "1", "0000001", "00001x", "1234567890"])("can't be %s", async (digits) => {
    const shop = await openShop();
    const results = await synced(shop, [saleCommand(1, { invoice_no: number(shop, digits) })]);
    expect(results).toMatchObject([
      { outcome: "rejected", problem: { code: "validation_failed", errors: [{ pointer: "/body/invoice_no" }] } },
    ]);
  });

  it("has its like for refunds", async () => {
    const shop = await openShop();
    const refund_no = number(shop, "R000007");
    const back = (seq: number, body: Record<string, unknown>) =>
      refundCommand(seq, { lines: [GOODS], payments: cash(100), ...body });
    const results = await synced(shop, [back(1, { refund_no }), back(2, { refund_no }), back(3, {})]);
    expect(results.map(({ outcome, resource }) => [outcome, resource?.refund_no])).toEqual([
      ["applied", refund_no],
      ["flagged", `${shop.store.code}-00-R000001`],
      ["applied", number(shop, "R000008")],
    ]);
  });
});

describe("the exceptions", () => {
  async function withExceptions(): Promise<{ shop: Shop; exceptions: SyncException[] }> {
    const shop = await openShop();
    await synced(shop, [saleCommand(3), saleCommand(4, {}, { occurred_at: ahead(10) })]);
    return { shop, exceptions: await exceptionsOf(shop) };
  }

  it("are listed by store, till, type and state", async () => {
    const { shop, exceptions } = await withExceptions();
    expect(exceptions.map(({ type }) => type)).toEqual(["number_gap", "clock_skew"]);
    const [gap, skew] = exceptions;
    expect(await exceptionsOf(shop, "&type=clock_skew")).toEqual([skew]);
    expect(await exceptionsOf(shop, `&terminal_id=${shop.terminal.id}&limit=1`)).toEqual([gap]);
    expect(await exceptionsOf(shop, `&terminal_id=${uuid()}`)).toEqual([]);
    expect(await exceptionsOf(shop, "&state=resolved")).toEqual([]);
    expectProblem(await shop.admin.get("/v1/sync/exceptions?type=odd"), 422, "validation_failed");
  });

  it("are resolved once, with a note, by who may", async () => {
    const { shop, exceptions } = await withExceptions();
    const [, skew] = exceptions;
    const path = `/v1/sync/exceptions/${skew?.id ?? ""}/resolve`;
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    expectProblem(await cashier.post(path, { note: "Set" }), 403, "forbidden");
    expectProblem(await cashier.get("/v1/sync/exceptions"), 403, "forbidden");
    const employee = await asUser("employee", [shop.store.id], shop.store.code);
    const resolved = await employee.post<SyncException>(path, { note: "The clock is set" });
    expectStatus(resolved, 200);
    expect(resolved.body).toMatchObject({
      ...skew,
      state: "resolved",
      resolved_by: employee.user.id,
      note: "The clock is set",
      resolved_at: expect.stringMatching(/Z$/) as string,
    });
    const before = await everyRow();
    expectProblem(await employee.post(path, { note: "Again" }), 409, "conflict");
    expectProblem(await employee.post(path, {}), 422, "validation_failed");
    expectProblem(await employee.post(`/v1/sync/exceptions/${uuid()}/resolve`, { note: "x" }), 404, "not_found");
    expect(await everyRow()).toEqual(before);
    expect(await exceptionsOf(shop, "&state=resolved")).toEqual([resolved.body]);
  });

  it("of another store are not there", async () => {
    const { exceptions, shop } = await withExceptions();
    const other = await openShop();
    const stranger = await asUser("employee", [other.store.id], other.store.code);
    const [gap] = exceptions;
    expectProblem(await stranger.post(`/v1/sync/exceptions/${gap?.id ?? ""}/resolve`, { note: "x" }), 404, "not_found");
    expectProblem(await stranger.get(`/v1/sync/exceptions?store_id=${shop.store.id}`), 404, "not_found");
    expect((await stranger.get<{ data: unknown[] }>("/v1/sync/exceptions")).body.data).toEqual([]);
  });

  it("are opened by nothing that is rejected", async () => {
    const shop = await openShop();
    const odd = saleCommand(1, { payments: [] }, { occurred_at: ahead(60) });
    expect(await outcomes(shop, [odd])).toEqual(["rejected"]);
    expect(await exceptionsOf(shop)).toEqual([]);
    expectStatus(await sync(shop, [saleCommand(1)]), 200);
  });
});
