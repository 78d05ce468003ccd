import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import fc from "fast-check";
import { countRows, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { balanceOf, createCustomer, createGiftCard, even } from "../../support/ledgers.ts";
import { saleCommand, synced } from "../sync/till.ts";
import { everyRow, openShop, type Payment, readSale, refund, sell, type Shop, sold } from "./shop.ts";

/** How a sale is paid: any mix of tenders, and the ledgers that some of them are kept in. */

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

/** Goods that come to this much. */
const worth = (unit_price: number) => [{ custom: { name: "Goods", unit_price, tax_rate_ppm: 0 }, quantity: 1 }];

/** A sale that must be refused: nothing is written. */
async function refused(request: Parameters<typeof sell>[1], status: number, code: Parameters<typeof expectProblem>[2]) {
  const before = await everyRow();
  const problem = expectProblem(await sell(shop, request), status, code);
  expect(await everyRow()).toEqual(before);
  return problem;
}

describe("tenders", () => {
  it("are taken in any mix, and the answer says what was handed over", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 400, store_credit: 100 });
    const card = await createGiftCard(shop.store.id, 200);
    const payments = [
      { method: "cash", amount: 100 },
      { method: "card", amount: 150, reference: "auth 77", card_last4: "1111" },
      { method: "gift_card", amount: 200, reference: card.code },
      { method: "mobile_wallet", amount: 50, card_last4: "4444" },
      { method: "on_account", amount: 250 },
      { method: "bank_transfer", amount: 25 },
      { method: "store_credit", amount: 75 },
      { method: "cash", amount: 200 },
      { method: "on_account", amount: 150 },
    ];
    const sale = await sold(shop, { lines: worth(1000), customer_id, payments });
    expect(sale).toMatchObject({ total: 1000, paid_total: 800, change_due: 200, balance_due: 400 });
    expect(sale.payments).toEqual(
      payments.map((one, index) => ({ reference: null, card_last4: null, ...one, payment_no: index + 1 })),
    );
    expect(await readSale(shop, sale.id)).toEqual(sale);
    expect(await balanceOf("account", customer_id)).toEqual(even(400));
    expect(await balanceOf("store_credit", customer_id)).toEqual(even(25));
    expect(await balanceOf("gift_card", card.id)).toEqual(even(0));
  });

  it("add up, whatever the mix: paid less change, with what is on account, is the total", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 1_000_000_000, store_credit: 1_000_000 });
    const card = await createGiftCard(shop.store.id, 1_000_000);
    const tender = fc.record({
      method: fc.constantFrom(
        "cash",
        "cash",
        "cash",
        "card",
        "mobile_wallet",
        "gift_card",
        "store_credit",
        "on_account",
      ),
      amount: fc.integer({ min: 1, max: 400 }),
    });
    const mix = fc.record({
      price: fc.integer({ min: 0, max: 1500 }),
      tenders: fc.array(tender, { maxLength: 6 }),
      last: fc.constantFrom([], [{ method: "cash", amount: 1500 }]),
    });
    let [taken, onAccount] = [0, 0];
    for (const { price, tenders, last } of fc.sample(mix, { numRuns: 60, seed: 20_260_302 })) {
      const payments = [...tenders, ...last].map((one) =>
        one.method === "gift_card" ? { ...one, reference: card.code } : one,
      );
      const answer = await sell(shop, { lines: worth(price), customer_id, payments });
      const of = (...methods: string[]) =>
        payments.reduce((sum, { method, amount }) => sum + (methods.includes(method) ? amount : 0), 0);
      const all = payments.reduce((sum, { amount }) => sum + amount, 0);
      if (all - of("cash") > price) {
        expectProblem(answer, 422, "validation_failed");
      } else if (all < price) {
        expect(expectProblem(answer, 409, "payment_short")).toMatchObject({ due: price - all });
      } else {
        expectStatus(answer, 201);
        const { total, paid_total, change_due, balance_due } = answer.body;
        expect({ total, paid_total, change_due, balance_due }).toEqual({
          total: price,
          paid_total: all - of("on_account"),
          change_due: all - price,
          balance_due: of("on_account"),
        });
        expect(paid_total - change_due + balance_due).toBe(total);
        taken += 1;
        onAccount += balance_due;
      }
    }
    // Enough of them were sales, or this proves nothing.
    expect(taken).toBeGreaterThan(10);
    expect(onAccount).toBeGreaterThan(0);
    expect(await balanceOf("account", customer_id)).toEqual(even(onAccount));
  });

  it("give change from cash alone", async () => {
    const [card, customer_id] = [
      await createGiftCard(shop.store.id, 500),
      await createCustomer(shop.store.id, { credit_limit: 500, store_credit: 500 }),
    ];
    for (const method of ["card", "mobile_wallet", "bank_transfer", "gift_card", "store_credit", "on_account"]) {
      const payments: Payment[] = [
        { method: "cash", amount: 50 },
        { method, amount: 101, ...(method === "gift_card" ? { reference: card.code } : {}) },
      ];
      const problem = await refused({ lines: worth(100), customer_id, payments }, 422, "validation_failed");
      expect(problem.errors).toMatchObject([{ pointer: "/payments/1/amount" }]);
    }
    const sale = await sold(shop, {
      lines: worth(100),
      payments: [
        { method: "card", amount: 60 },
        { method: "cash", amount: 50 },
      ],
    });
    expect(sale).toMatchObject({ paid_total: 110, change_due: 10, balance_due: 0 });
  });

  it("that come short say what is due", async () => {
    const problem = await refused(
      { lines: worth(100), payments: [{ method: "card", amount: 40 }] },
      409,
      "payment_short",
    );
    expect(problem).toMatchObject({ due: 60 });
    expect(await refused({ lines: worth(100), payments: [] }, 409, "payment_short")).toMatchObject({ due: 100 });
  });

  it("round what is left in cash, after those that are not cash", async () => {
    const swiss = await openShop({ cash_rounding: 5 });
    const customer_id = await createCustomer(swiss.store.id, { credit_limit: 500 });
    const sale = await sold(swiss, {
      lines: worth(1003),
      customer_id,
      payments: [
        { method: "on_account", amount: 401 },
        { method: "cash", amount: 700 },
      ],
    });
    expect(sale).toMatchObject({
      rounding_adjustment: -2,
      total: 1001,
      paid_total: 700,
      change_due: 100,
      balance_due: 401,
    });
  });
});

describe("cash of 0 says that the rest is paid in coins", () => {
  const none = { method: "cash", amount: 0 };

  it("which round it to nothing: no tender is kept or shown", async () => {
    const swiss = await openShop({ cash_rounding: 5 });
    const sale = await sold(swiss, { lines: worth(2), payments: [none], total: 0 });
    expect(sale).toMatchObject({ rounding_adjustment: -2, total: 0, paid_total: 0, change_due: 0, payments: [] });
    expect(await readSale(swiss, sale.id)).toEqual(sale);
    const beside = await sold(swiss, { lines: worth(1002), payments: [none, { method: "card", amount: 1000 }] });
    expect(beside).toMatchObject({ rounding_adjustment: -2, total: 1000, paid_total: 1000 });
    expect(beside.payments).toMatchObject([{ payment_no: 1, method: "card", amount: 1000 }]);
    const [offline] = await synced(swiss, [saleCommand(1, { lines: worth(2), payments: [none], total: 0 })]);
    expect(offline).toMatchObject({ outcome: "applied" });
  });

  it("and is short where they do not", async () => {
    const problem = await refused({ lines: worth(100), payments: [none] }, 409, "payment_short");
    expect(problem).toMatchObject({ due: 100 });
  });

  it("and leaves the others where they stand", async () => {
    const gift = { method: "gift_card", amount: 100, reference: "NOSUCHCARD1" };
    const problem = await refused({ lines: worth(100), payments: [none, gift] }, 422, "validation_failed");
    expect(problem.errors).toMatchObject([{ pointer: "/payments/1/reference" }]);
  });

  it("which only a sale's tender does", async () => {
    const problem = await refused(
      { lines: worth(1), payments: [{ method: "card", amount: 0 }] },
      422,
      "validation_failed",
    );
    expect(problem.errors).toMatchObject([{ pointer: "/payments/0/amount" }]);
    const sale = await sold(shop, { lines: worth(2), payments: [{ method: "cash", amount: 2 }] });
    const back = await refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 1 }], payments: [none] });
    expect(expectProblem(back, 422, "validation_failed").errors).toMatchObject([{ pointer: "/payments/0/amount" }]);
  });
});

describe("on account", () => {
  it("may be owed up to the limit, and not a penny more", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 300 });
    const on = (amount: number) => ({
      lines: worth(amount),
      customer_id,
      payments: [{ method: "on_account", amount }],
    });
    await sold(shop, on(200));
    const problem = await refused(on(101), 409, "credit_exceeded");
    expect(problem.errors).toMatchObject([{ pointer: "/payments/0/amount", credit_left: 100 }]);
    await sold(shop, on(100));
    expect(await balanceOf("account", customer_id)).toEqual(even(300));
    const full = await refused(on(1), 409, "credit_exceeded");
    expect(full.errors).toMatchObject([{ pointer: "/payments/0/amount", credit_left: 0 }]);
  });

  it("in two tenders that are too much only together points at the second", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 300 });
    const half = { method: "on_account", amount: 200 };
    const problem = await refused({ lines: worth(400), customer_id, payments: [half, half] }, 409, "credit_exceeded");
    expect(problem.errors).toMatchObject([{ pointer: "/payments/1/amount", credit_left: 100 }]);
  });

  it("is somebody's: without a customer it is refused, as is store credit", async () => {
    for (const method of ["on_account", "store_credit"]) {
      const problem = await refused(
        { lines: worth(100), payments: [{ method, amount: 100 }] },
        422,
        "validation_failed",
      );
      expect(problem.errors).toMatchObject([{ pointer: "/customer_id" }]);
    }
    const problem = await refused(
      { lines: worth(100), customer_id: uuid(), payments: [{ method: "on_account", amount: 100 }] },
      422,
      "validation_failed",
    );
    expect(problem.errors).toMatchObject([{ pointer: "/customer_id" }]);
  });

  it("is kept in one currency, as is store credit", async () => {
    const abroad = await createStore({ currency: "EUR" });
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 1000, store_credit: 500 });
    await sold(shop, { lines: worth(100), customer_id, payments: [{ method: "on_account", amount: 100 }] });
    for (const method of ["on_account", "store_credit"]) {
      const body = { store_id: abroad.id, lines: worth(100), customer_id, payments: [{ method, amount: 100 }] };
      const before = await everyRow();
      const problem = expectProblem(
        await shop.admin.post("/v1/sales", body, { "Idempotency-Key": uuid() }),
        422,
        "validation_failed",
      );
      expect(problem.errors).toMatchObject([{ pointer: "/payments/0/method" }]);
      expect(await everyRow()).toEqual(before);
    }
  });

  it("goes down by a refund to the account", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 300 });
    const payments = [{ method: "on_account", amount: 300 }];
    const sale = await sold(shop, { lines: [{ ...worth(100)[0], quantity: 3 }], customer_id, payments });
    const lines = [{ line_no: 1, quantity: 2 }];
    expectStatus(await refund(shop, sale.id, { lines, payments: [{ method: "on_account", amount: 200 }] }), 201);
    expect(await balanceOf("account", customer_id)).toEqual(even(100));
  });
});

describe("store credit", () => {
  it("is given by a refund and spent by a sale, down to nothing", async () => {
    const customer_id = await createCustomer(shop.store.id);
    const sale = await sold(shop, { lines: worth(300), customer_id });
    const lines = [{ line_no: 1, quantity: 1 }];
    expectStatus(await refund(shop, sale.id, { lines, payments: [{ method: "store_credit", amount: 300 }] }), 201);
    expect(await balanceOf("store_credit", customer_id)).toEqual(even(300));
    expect(await balanceOf("account", customer_id)).toEqual(even(0));
    const spend = (amount: number) => ({
      lines: worth(amount),
      customer_id,
      payments: [{ method: "store_credit", amount }],
    });
    const problem = await refused(spend(301), 409, "insufficient_balance");
    expect(problem.errors).toMatchObject([{ pointer: "/payments/0/amount", balance: 300 }]);
    await sold(shop, spend(300));
    expect(await balanceOf("store_credit", customer_id)).toEqual(even(0));
    expect((await refused(spend(1), 409, "insufficient_balance")).errors).toMatchObject([{ balance: 0 }]);
  });

  it("of a sale that names nobody goes to whom the refund names, and to nobody else's", async () => {
    const [customer_id, named] = [await createCustomer(shop.store.id), await createCustomer(shop.store.id)];
    const lines = [{ line_no: 1, quantity: 1 }];
    const payments = [{ method: "store_credit", amount: 100 }];
    const anonymous = await sold(shop, { lines: worth(100) });
    const problem = expectProblem(await refund(shop, anonymous.id, { lines, payments }), 422, "validation_failed");
    expect(problem.errors).toMatchObject([{ pointer: "/customer_id" }]);
    expectStatus(await refund(shop, anonymous.id, { lines, payments, customer_id: named }), 201);
    expect(await balanceOf("store_credit", named)).toEqual(even(100));
    const own = await sold(shop, { lines: worth(100), customer_id });
    expectStatus(await refund(shop, own.id, { lines, payments }), 201);
    expect(await balanceOf("store_credit", customer_id)).toEqual(even(100));
  });
});

describe("a gift card", () => {
  const by = (amount: number, reference: string) => ({ method: "gift_card", amount, reference });

  it("pays what is on it, in several tenders of one sale too", async () => {
    const card = await createGiftCard(shop.store.id, 1000);
    await sold(shop, { lines: worth(900), payments: [by(600, card.code), by(300, card.code)] });
    expect(await balanceOf("gift_card", card.id)).toEqual(even(100));
    const problem = await refused(
      { lines: worth(120), payments: [by(60, card.code), by(60, card.code)] },
      409,
      "insufficient_balance",
    );
    expect(problem.errors).toMatchObject([{ pointer: "/payments/1/amount", balance: 40 }]);
    await sold(shop, { lines: worth(100), payments: [by(100, card.code)] });
    expect(await balanceOf("gift_card", card.id)).toEqual(even(0));
  });

  it("with too little on it is refused, and the refusal tells how much there is", async () => {
    const card = await createGiftCard(shop.store.id, 99);
    const request = { lines: worth(200), payments: [{ method: "cash", amount: 100 }, by(100, card.code)] };
    const problem = await refused(request, 409, "insufficient_balance");
    expect(problem.errors).toMatchObject([{ pointer: "/payments/1/amount", balance: 99 }]);
  });

  it("that nobody sold is refused, as is one of another currency, and one without its code", async () => {
    const abroad = await createStore({ currency: "EUR" });
    const euros = await createGiftCard(abroad.id, 500);
    for (const reference of ["GIFT0000NONE", euros.code]) {
      const problem = await refused({ lines: worth(100), payments: [by(100, reference)] }, 422, "validation_failed");
      expect(problem.errors).toMatchObject([{ pointer: "/payments/0/reference" }]);
    }
    const request = { lines: worth(100), payments: [{ method: "gift_card", amount: 100 }] };
    expect((await refused(request, 422, "validation_failed")).errors).toMatchObject([
      { pointer: "/payments/0/reference" },
    ]);
  });

  it("takes a refund", async () => {
    const card = await createGiftCard(shop.store.id, 500);
    const sale = await sold(shop, { lines: worth(500), payments: [by(500, card.code)] });
    const lines = [{ line_no: 1, quantity: 1 }];
    expectStatus(await refund(shop, sale.id, { lines, payments: [by(500, card.code)] }), 201);
    expect(await balanceOf("gift_card", card.id)).toEqual(even(500));
    const other = await sold(shop, { lines: worth(100) });
    const problem = expectProblem(
      await refund(shop, other.id, { lines, payments: [by(100, "GIFT0000NONE")] }),
      422,
      "validation_failed",
    );
    expect(problem.errors).toMatchObject([{ pointer: "/payments/0/reference" }]);
  });
});

describe("a payment card's number", () => {
  let log: string[] = [];

  beforeEach(() => {
    log = [];
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
        log.push(parts.map(String).join(" "));
      });
    }
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  const numbers = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111–1111–1111–1111",
    "5500005555555559",
  ];
  it.each(
    numbers.flatMap((number) => [
      {
        number,
        where: "/payments/0/reference",
        request: { payments: [{ method: "card", amount: 100, reference: `auth ${number}` }] },
      },
      {
        number,
        where: "/payments/0/reference",
        request: { payments: [{ method: "gift_card", amount: 100, reference: number }] },
      },
      { number, where: "/note", request: { note: `Paid with ${number}` } },
      { number, where: "/lines/0/note", request: { lines: [{ ...worth(100)[0], note: number }] } },
    ]),
  )("is taken nowhere and logged nowhere: $number in $where", async ({ number, where, request }) => {
    const sales = await countRows("sales");
    for (const status of [undefined, "parked"]) {
      const payments = status === "parked" ? [] : [{ method: "cash", amount: 100 }];
      const body = { lines: worth(100), payments, ...request, ...(status ? { status } : {}) };
      const answer = await sell(shop, body);
      const problem = expectProblem(answer, 422, "validation_failed");
      expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([where]);
      expect(JSON.stringify(problem)).not.toContain(number);
    }
    expect(await countRows("sales")).toBe(sales);
    expect(log.length).toBeGreaterThan(0);
    const digits = number.replaceAll(/\D/g, "");
    expect(log.join("\n").replaceAll(/(?<=\d)[ –-](?=\d)/gu, "")).not.toContain(digits);
    expect(JSON.stringify(await everyRow())).not.toContain(digits);
  });
});
