import { afterEach, describe, expect, it, vi } from "vitest";
import type { GiftCard, GiftCardSale } from "../../../src/modules/gift-cards/schemas.ts";
import {
  type Answer,
  api,
  asUser,
  type Client,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  fetchWith,
  openShift,
  uuid,
} from "../../support/api.ts";
import { auditOf, closeShift, entriesOf, receivedOf } from "../payments/books.ts";
import { everyRow, openShop, type Shop, sold } from "../sales/shop.ts";

const newCode = () => uuid().replaceAll("-", "").toUpperCase().slice(-12);

interface How {
  by?: Client;
  key?: string;
}

async function buy(shop: Shop, over: Record<string, unknown> = {}, how: How = {}): Promise<Answer<GiftCardSale>> {
  const { by = shop.admin, key = uuid() } = how;
  const body = {
    store_id: shop.store.id,
    terminal_id: shop.terminal.id,
    amount: 2500,
    payments: [{ method: "card", amount: 2500 }],
    ...over,
  };
  return by.post<GiftCardSale>("/v1/gift-cards", body, { "Idempotency-Key": key });
}

async function bought(shop: Shop, over: Record<string, unknown> = {}): Promise<GiftCardSale> {
  const answer = await buy(shop, over);
  expectStatus(answer, 201);
  return answer.body;
}

async function readCard(by: Client, code: string): Promise<GiftCard> {
  const answer = await by.get<GiftCard>(`/v1/gift-cards/${encodeURIComponent(code)}`);
  expectStatus(answer, 200);
  return answer.body;
}

const goods = (amount: number) => [{ custom: { name: "Goods", unit_price: amount, tax_rate_ppm: 0 }, quantity: 1 }];

afterEach(() => {
  vi.restoreAllMocks();
});

describe("POST /v1/gift-cards", () => {
  it("sells none at a till that is not in use any more, though its shift is open still", async () => {
    const shop = await openShop();
    expectStatus(await shop.admin.post(`/v1/terminals/${shop.terminal.id}/deactivate`), 200);
    const before = await everyRow();
    expectProblem(await buy(shop), 409, "conflict");
    expect(await everyRow()).toEqual(before);
    expectStatus(await buy(shop, { terminal_id: undefined }), 201);
  });

  it("sells a card: money in the drawer, the same owed to whoever holds the card, and no sale", async () => {
    const shop = await openShop();
    const sales = await countRows("sales");
    const code = newCode();
    const payments = [
      { method: "card", amount: 1000, reference: "tok_1", card_last4: "4242" },
      { method: "cash", amount: 2000 },
    ];
    const card = await bought(shop, { code, payments });
    expect(card).toEqual({
      id: expect.any(String) as string,
      code,
      currency: "GBP",
      amount: 2500,
      balance: 2500,
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      business_date: card.created_at.slice(0, 10),
      user_id: shop.admin.user.id,
      payments: [
        { payment_no: 1, method: "card", amount: 1000, reference: "tok_1", card_last4: "4242" },
        { payment_no: 2, method: "cash", amount: 2000, reference: null, card_last4: null },
      ],
      change_due: 500,
      created_at: expect.any(String) as string,
    });
    const where = { kind: "gift_card", sale_id: null, shift_id: shop.shift.id, business_date: card.business_date };
    expect(await receivedOf(card.id)).toEqual([
      { ...where, method: "card", amount: 1000 },
      { ...where, method: "cash", amount: 1500 },
    ]);
    expect(await entriesOf(card.id)).toEqual([
      { ledger: "gift_card", kind: "issue", amount: 2500, balance_after: 2500 },
    ]);
    expect(await countRows("sales")).toBe(sales);
  });

  it("stands in the till's report apart from what was sold", async () => {
    const shop = await openShop();
    await bought(shop, { payments: [{ method: "cash", amount: 2500 }] });
    const report = await shop.admin.get<{ gross: number; net: number; cash: Record<string, number> }>(
      `/v1/shifts/${shop.shift.id}/report`,
    );
    expect(report.body).toMatchObject({ gross: 0, net: 0, cash: { sales: 0, expected: 2500 } });
  });

  it("is of its till's or shift's store where it names none, else of the store signed in to, else of the only one", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const { store, terminal, shift } = shop;
    const nameless = { store_id: undefined, terminal_id: undefined };
    const here = { store_id: store.id };
    expect(await bought(shop, { ...nameless, terminal_id: terminal.id })).toMatchObject({
      ...here,
      shift_id: shift.id,
    });
    expect(await bought(shop, { ...nameless, shift_id: shift.id })).toMatchObject({
      ...here,
      terminal_id: terminal.id,
    });
    const stores = [store.id, other.store.id];
    const by = await asUser("cashier", stores, store.code);
    expect((await buy(shop, nameless, { by })).body).toMatchObject({ ...here, terminal_id: null });
    // A till says more than the session.
    const away = await buy(shop, { ...nameless, terminal_id: other.terminal.id }, { by });
    expect(away.body).toMatchObject({ store_id: other.store.id });
    expect((await buy(shop, nameless, { by: await asUser("cashier", [store.id]) })).body).toMatchObject(here);
    for (const anywhere of [shop.admin, await asUser("cashier", stores)]) {
      const problem = expectProblem(await buy(shop, nameless, { by: anywhere }), 422, "validation_failed");
      expect(problem.errors).toMatchObject([{ pointer: "/store_id" }]);
    }
    const stranger = await asUser("cashier", [other.store.id]);
    for (const named of [
      { terminal_id: terminal.id },
      { shift_id: shift.id },
      { terminal_id: uuid() },
      { shift_id: uuid() },
    ]) {
      expectProblem(await buy(shop, { ...nameless, ...named }, { by: stranger }), 404, "not_found");
    }
  });

  it("is the same command whether it names its store or not", async () => {
    const shop = await openShop();
    const key = uuid();
    const first = await buy(shop, {}, { key });
    const again = await buy(shop, { store_id: undefined }, { key });
    expect(again.body).toEqual(first.body);
  });

  it("needs neither till nor code", async () => {
    const shop = await openShop();
    const card = await bought(shop, { terminal_id: undefined });
    expect(card).toMatchObject({ terminal_id: null, shift_id: null, balance: 2500 });
    expect(card.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    const other = await bought(shop);
    expect(other.code).not.toBe(card.code);
  });

  it("takes a code however it is typed, and any till of the company takes the card", async () => {
    const [here, there] = [await openShop(), await openShop()];
    const code = newCode();
    const card = await bought(here, { code: `${code.slice(0, 6).toLowerCase()}-${code.slice(6)} ` });
    expect(card.code).toBe(code);
    const reference = ` ${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`;
    const sale = await sold(there, { lines: goods(700), payments: [{ method: "gift_card", amount: 700, reference }] });
    expect(sale.payments).toMatchObject([{ method: "gift_card", amount: 700, reference: code }]);
    const cashier = await asUser("cashier", [there.store.id]);
    expect(await readCard(cashier, code.toLowerCase())).toEqual({
      id: card.id,
      code,
      currency: "GBP",
      balance: 1800,
      created_at: card.created_at,
    });
  });

  it("keeps the code out of the audit log and out of the log lines", async () => {
    const shop = await openShop();
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(line));
    const client = api(shop.admin.token, fetchWith({}));
    const answer = await buy(shop, {}, { by: client });
    expectStatus(answer, 201);
    await readCard(client, answer.body.code);
    expect(lines.join("\n")).toContain("/v1/gift-cards/:code");
    expect(lines.join("\n")).not.toContain(answer.body.code);
    expect(await auditOf(answer.body.id)).toEqual([
      { action: "gift_card.create", before: null, after: '{"amount":2500,"currency":"GBP"}' },
    ]);
  });

  it("goes on in the shift that is open now, where the one it remembers is closed", async () => {
    const shop = await openShop();
    await bought(shop);
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await buy(shop), 409, "shift_closed");
    const next = await openShift(shop.terminal.id);
    expect((await bought(shop)).shift_id).toBe(next.id);
    expectProblem(await buy(shop, { shift_id: shop.shift.id }), 409, "shift_closed");
  });
});

describe("a gift card that is sold twice", () => {
  it("by one key is sold once, and told again though the shift is closed by now", async () => {
    const shop = await openShop();
    const key = uuid();
    const first = await buy(shop, {}, { key });
    expectStatus(first, 201);
    await closeShift(shop.admin, shop.shift.id);
    const before = await everyRow();
    const again = await buy(shop, {}, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
    expectProblem(await buy(shop, { amount: 2499 }, { key }), 422, "idempotency_key_reused");
  });

  it("by ten requests with one key at once is sold once", async () => {
    const shop = await openShop();
    const key = uuid();
    const answers = await Promise.all(Array.from({ length: 10 }, async () => buy(shop, {}, { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
    expect(await receivedOf(answers[0]?.body.id ?? "")).toHaveLength(1);
  });

  it("by ten requests with one code at once is one card", async () => {
    const shop = await openShop();
    const code = newCode();
    const answers = await Promise.all(Array.from({ length: 10 }, async () => buy(shop, { code })));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken).toHaveLength(1);
    for (const one of answers.filter(({ status }) => status !== 201)) expectProblem(one, 409, "conflict");
    expect(await readCard(shop.admin, code)).toMatchObject({ id: taken[0]?.body.id, balance: 2500 });
  });
});

describe("a gift card is refused, and nothing is written", () => {
  it.each<[string, Record<string, unknown>, number, "validation_failed" | "payment_short", string | null]>([
    ["a card number for a code", { code: "4111 1111 1111 1111" }, 422, "validation_failed", "/code"],
    ["a card number within a code", { code: "AB4111111111111111" }, 422, "validation_failed", "/code"],
    ["a short code", { code: "ABC-DEFG" }, 422, "validation_failed", "/code"],
    ["a long code", { code: "A".repeat(33) }, 422, "validation_failed", "/code"],
    ["a code of other letters", { code: "ÄÖÜÄÖÜÄÖ" }, 422, "validation_failed", "/code"],
    ["nothing on it", { amount: 0, payments: [] }, 422, "validation_failed", "/amount"],
    ["too little paid", { payments: [{ method: "cash", amount: 2499 }] }, 409, "payment_short", null],
    ["too much by card", { payments: [{ method: "card", amount: 2501 }] }, 422, "validation_failed", "/payments"],
    [
      "paid on account",
      { payments: [{ method: "on_account", amount: 2500 }] },
      422,
      "validation_failed",
      "/payments/0/method",
    ],
    [
      "paid by gift card",
      { payments: [{ method: "gift_card", amount: 2500, reference: "ABCDEFGH" }] },
      422,
      "validation_failed",
      "/payments/0/method",
    ],
    ["a customer", { customer_id: uuid() }, 422, "validation_failed", "/customer_id"],
  ])("%s", async (_, over, status, code, pointer) => {
    const shop = await openShop();
    const before = await everyRow();
    const problem = expectProblem(await buy(shop, over), status, code);
    if (pointer !== null) expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await everyRow()).toEqual(before);
  });

  it("in another store, though the key is that of a card sold there", async () => {
    const shop = await openShop();
    const key = uuid();
    expectStatus(await buy(shop, {}, { key }), 201);
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await buy(shop, {}, { by: stranger, key }), 404, "not_found");
    expectProblem(await buy(shop, {}, { by: stranger }), 404, "not_found");
  });

  it("at another store's till", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    expectProblem(await buy(shop, { terminal_id: other.terminal.id }), 404, "not_found");
    expectProblem(await buy(shop, { terminal_id: undefined, shift_id: other.shift.id }), 404, "not_found");
  });
});

describe("GET /v1/gift-cards/{code}", () => {
  it("knows no card that was not sold, and takes no code that is none", async () => {
    const { admin } = await openShop();
    expectProblem(await admin.get(`/v1/gift-cards/${newCode()}`), 404, "not_found");
    const problem = expectProblem(await admin.get("/v1/gift-cards/SHORT"), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe("#path/code");
  });
});
