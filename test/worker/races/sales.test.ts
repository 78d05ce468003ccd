import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import {
  type Answer,
  asUser,
  createTerminal,
  type Credentials,
  expectProblem,
  openShift,
  type ProblemBody,
  type SignedIn,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";
import { balanceOf, createCustomer, createGiftCard, even } from "../../support/ledgers.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { complete, parked, voidSale } from "../sales/actions.ts";
import {
  openShop,
  type Payment,
  readSale,
  refund,
  type Sale,
  sell,
  type Shop,
  sold,
  stockOf,
  stockProduct,
} from "../sales/shop.ts";

/**
 * What two tills can do to one thing at the same moment: of those that race as many go through as there is for them, and
 * the books are as if they had come one after the other. `RACE_ROUNDS=100 npx vitest run --project worker
 * test/worker/races --reporter=verbose` plays a hundred rounds of each and tells who won how often.
 */
const ROUNDS = Number(env.RACE_ROUNDS) || 5;
/** About what a command takes. */
const MOST_APART_MS = 12;
const TIMEOUT_MS = 30_000 + ROUNDS * 2000;

let shop: Shop;
let second: TerminalBody;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  shop = await openShop();
  second = await createTerminal(shop.store.id, { code: "02" });
  await openShift(second.id);
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
});

/** Plays as many rounds, and notes how each ended. */
async function play({ annotate }: TestContext, round: () => Promise<string>): Promise<void> {
  const tally = new Map<string, number>();
  for (let i = 0; i < ROUNDS; i += 1) {
    const outcome = await round();
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  }
  await annotate([...tally].map(([outcome, times]) => `${outcome}: ${String(times)}`).join("; "));
}

/** Begins all within a few milliseconds, any of them first; the answers stand in the order of what was asked. */
async function atOnce<const T extends readonly (() => Promise<unknown>)[]>(
  asked: T,
): Promise<{ -readonly [I in keyof T]: Awaited<ReturnType<T[I]>> }> {
  const begun = asked.map(async (ask) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MOST_APART_MS));
    return ask();
  });
  return (await Promise.all(begun)) as { -readonly [I in keyof T]: Awaited<ReturnType<T[I]>> };
}

const GOODS = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };
const cash = (amount: number) => [{ method: "cash", amount }];

/** Status, and the code of a refusal, of each: sorted, since any may have come first. */
function endsOf(answers: readonly Answer[]): string[] {
  return answers
    .map(({ status, body }) => (status < 300 ? "done" : `${String(status)} ${(body as ProblemBody).code}`))
    .toSorted();
}

/** A sale at one of the two tills: the even ones at the first. */
async function sellAt(till: number, payments: Payment[], over: Record<string, unknown> = {}): Promise<Answer<Sale>> {
  const terminal_id = till % 2 === 0 ? shop.terminal.id : second.id;
  const total = payments.reduce((sum, { amount }) => sum + amount, 0);
  const lines = [{ custom: { name: "Goods", unit_price: total, tax_rate_ppm: 0 }, quantity: 1 }];
  return sell(shop, { lines, payments, terminal_id, ...over });
}

async function statusOf(sale_id: string): Promise<string> {
  return (await readSale(shop, sale_id)).status;
}

describe("at the same moment", { timeout: TIMEOUT_MS }, () => {
  it("five refunds of a line of three give back three", async (context) =>
    play(context, async () => {
      const product = await stockProduct(shop, {}, 3);
      const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 3 }] });
      const lines = [{ line_no: 1, quantity: 1 }];
      const answers = await atOnce(
        Array.from({ length: 5 }, () => async () => refund(shop, sale.id, { lines, payments: cash(100) })),
      );
      expect(endsOf(answers)).toEqual(["409 over_refund", "409 over_refund", "done", "done", "done"]);
      expect(await readSale(shop, sale.id)).toMatchObject({ status: "refunded", lines: [{ refunded_quantity: 3 }] });
      expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 3, moved: 3 });
      const numbers = answers.flatMap(({ status, body }) => (status === 201 ? [body.refund_no] : []));
      expect(new Set(numbers).size).toBe(3);
      return "three";
    }));

  it("two tills complete one parked sale once", async (context) =>
    play(context, async () => {
      const product = await stockProduct(shop, {}, 5);
      const basket = await parked(shop, { lines: [{ product_id: product.id, quantity: 1 }] });
      const answers = await atOnce(
        [shop.terminal.id, second.id].map(
          (terminal_id) => async () => complete(shop, basket.id, { terminal_id, payments: cash(100) }),
        ),
      );
      expect(endsOf(answers)).toEqual(["409 already_resumed", "done"]);
      expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 4, moved: 4 });
      const won = answers.findIndex(({ status }) => status === 200);
      expect(await readSale(shop, basket.id)).toEqual(answers[won]?.body);
      return `till ${String(won + 1)}`;
    }));

  it("a parked sale is completed or thrown away", async (context) =>
    play(context, async () => {
      const basket = await parked(shop, { lines: [GOODS] });
      const answers = await atOnce([
        async () => complete(shop, basket.id, { payments: cash(100) }),
        async () => voidSale(shop, basket.id),
      ]);
      // A void that comes second finds a sale that is completed: that is voided too.
      const status = await statusOf(basket.id);
      if (status === "completed") expect(endsOf(answers)).toEqual(["409 already_resumed", "done"]);
      else expect(status).toBe("voided");
      const [completed] = answers;
      if (completed.status !== 200) expectProblem(completed, 409, "already_resumed");
      return `${completed.status === 200 ? "completed" : "not completed"}, ${status}`;
    }));

  it("a gift card pays at both tills no more than is on it", async (context) =>
    play(context, async () => {
      const card = await createGiftCard(shop.store.id, 100);
      const payment = { method: "gift_card", amount: 40, reference: card.code };
      const answers = await atOnce(Array.from({ length: 4 }, (_, i) => async () => sellAt(i, [payment])));
      expect(endsOf(answers)).toEqual(["409 insufficient_balance", "409 insufficient_balance", "done", "done"]);
      expect(await balanceOf("gift_card", card.id)).toEqual(even(20));
      return "two of four";
    }));

  it("store credit pays at both tills no more than there is", async (context) =>
    play(context, async () => {
      const customer_id = await createCustomer(shop.store.id, { store_credit: 100 });
      const payment = { method: "store_credit", amount: 60 };
      const answers = await atOnce([0, 1].map((i) => async () => sellAt(i, [payment], { customer_id })));
      expect(endsOf(answers)).toEqual(["409 insufficient_balance", "done"]);
      expect(await balanceOf("store_credit", customer_id)).toEqual(even(40));
      return `till ${String(answers.findIndex(({ status }) => status === 201) + 1)}`;
    }));

  it("an account goes at both tills no further than its limit", async (context) =>
    play(context, async () => {
      const customer_id = await createCustomer(shop.store.id, { credit_limit: 100 });
      const payment = { method: "on_account", amount: 60 };
      const answers = await atOnce([0, 1].map((i) => async () => sellAt(i, [payment], { customer_id })));
      expect(endsOf(answers)).toEqual(["409 credit_exceeded", "done"]);
      expect(await balanceOf("account", customer_id)).toEqual(even(60));
      return `till ${String(answers.findIndex(({ status }) => status === 201) + 1)}`;
    }));

  it("an approval is used once", async (context) =>
    play(context, async () => {
      const token = await approved(cashier, manager, { action: "discount" });
      const body = {
        store_id: shop.store.id,
        terminal_id: shop.terminal.id,
        lines: [{ ...GOODS, discount: { ppm: 500_000 } }],
        payments: [{ method: "card", amount: 50 }],
      };
      const answers = await atOnce(
        [0, 1].map(
          () => async () => cashier.post<Sale>("/v1/sales", body, { "Idempotency-Key": uuid(), "X-Approval": token }),
        ),
      );
      expect(endsOf(answers)).toEqual(["403 approval_required", "done"]);
      return "one of two";
    }));

  it("a sale is voided or refunded", async (context) =>
    play(context, async () => {
      const product = await stockProduct(shop, {}, 5);
      const customer_id = await createCustomer(shop.store.id, { store_credit: 100 });
      const sale = await sold(shop, {
        lines: [{ product_id: product.id, quantity: 1 }],
        customer_id,
        payments: [{ method: "store_credit", amount: 100 }],
      });
      const lines = [{ line_no: 1, quantity: 1 }];
      const payments = [{ method: "store_credit", amount: 100 }];
      const [voided, back] = await atOnce([
        async () => voidSale(shop, sale.id),
        async () => refund(shop, sale.id, { lines, payments, terminal_id: shop.terminal.id }),
      ]);
      if (voided.status === 200) expectProblem(back, 409, "over_refund");
      else expectProblem(voided, 409, "conflict");
      expect([voided.status, back.status].filter((status) => status < 300)).toHaveLength(1);
      // Whoever was first: goods and credit came back once.
      expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 5, moved: 5 });
      expect(await balanceOf("store_credit", customer_id)).toEqual(even(100));
      const status = await statusOf(sale.id);
      expect(status).toBe(voided.status === 200 ? "voided" : "refunded");
      return status;
    }));

  it("a sale is voided once", async (context) =>
    play(context, async () => {
      const product = await stockProduct(shop, {}, 5);
      const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 2 }] });
      const answers = await atOnce([0, 1, 2].map(() => async () => voidSale(shop, sale.id)));
      expect(endsOf(answers)).toEqual(["409 conflict", "409 conflict", "done"]);
      expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 5, moved: 5 });
      return "one of three";
    }));

  it("one key completes or voids once, and both are told the same", async (context) =>
    play(context, async () => {
      const basket = await parked(shop, { lines: [GOODS] });
      const key = uuid();
      const completed = await atOnce(
        [0, 1, 2].map(() => async () => complete(shop, basket.id, { payments: cash(100) }, { key })),
      );
      const voidKey = uuid();
      const voided = await atOnce([0, 1, 2].map(() => async () => voidSale(shop, basket.id, {}, { key: voidKey })));
      for (const answers of [completed, voided]) {
        expect(endsOf(answers)).toEqual(["done", "done", "done"]);
        expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
        expect(answers.filter(({ headers }) => headers.has("Idempotency-Replayed"))).toHaveLength(2);
      }
      return "one of three";
    }));
});
