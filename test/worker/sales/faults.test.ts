import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api, countRows, expectProblem, expectStatus, fetchWith, uuid } from "../../support/api.ts";
import { openShop, type Sale, saleBody, type Shop } from "./shop.ts";

/** What becomes of a write when D1 fails: messages as D1 gives them. */

const LOST = "D1_ERROR: Network connection lost.";
const OVERLOADED = "D1_ERROR: D1 DB is overloaded. Requests queued for too long.";
const GOODS = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };

interface Faults {
  /** How many of the first writes fail. */
  times: number;
  message: string;
  /** The write is carried out, and only its answer is lost. */
  answer_lost?: boolean;
}

/** A D1 whose first batches that write fail, and a count of how many were sent. */
function failingD1({ times, message, answer_lost }: Faults) {
  const sent = { writes: 0 };
  const writing = new WeakSet<D1PreparedStatement>();
  const DB = {
    prepare: (sql: string) => ({
      bind: (...values: unknown[]) => {
        const bound = env.DB.prepare(sql).bind(...values);
        if (/^\s*(?:INSERT|UPDATE)/.test(sql)) writing.add(bound);
        return bound;
      },
    }),
    batch: async (statements: D1PreparedStatement[]) => {
      if (!statements.some((one) => writing.has(one))) return env.DB.batch(statements);
      sent.writes += 1;
      const failing = sent.writes <= times;
      if (!failing || answer_lost) {
        const results = await env.DB.batch(statements);
        if (!failing) return results;
      }
      throw new Error(message);
    },
  };
  return { DB, sent };
}

async function sellThrough(shop: Shop, faults: Faults) {
  const { DB, sent } = failingD1(faults);
  const body = saleBody(shop, { lines: [GOODS] });
  const client = api(shop.admin.token, fetchWith({ DB }));
  const answer = await client.post<Sale>("/v1/sales", body, { "Idempotency-Key": uuid() });
  return { answer, sent };
}

describe("a sale", () => {
  it("that never reached D1 is sent again", async () => {
    const shop = await openShop();
    const { answer, sent } = await sellThrough(shop, { times: 2, message: LOST });
    expectStatus(answer, 201);
    expect(answer.headers.get("Idempotency-Replayed")).toBeNull();
    expect(sent.writes).toBe(3);
  });

  it("whose answer was lost is sent again, meets itself, and happens once", async () => {
    const shop = await openShop();
    const before = await countRows("sales");
    const { answer } = await sellThrough(shop, { times: 1, message: LOST, answer_lost: true });
    expectStatus(answer, 201);
    expect(answer.headers.get("Idempotency-Replayed")).toBe("true");
    expect(answer.body.invoice_no).toMatch(/-000001$/);
    expect(await countRows("sales")).toBe(before + 1);
  });

  it("that keeps failing is of unknown outcome", async () => {
    const shop = await openShop();
    const { answer, sent } = await sellThrough(shop, { times: 9, message: LOST });
    expectProblem(answer, 503, "outcome_unknown");
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(sent.writes).toBe(3);
  });

  it("is not sent again to a D1 that is overloaded", async () => {
    const shop = await openShop();
    const { answer, sent } = await sellThrough(shop, { times: 9, message: OVERLOADED });
    expectProblem(answer, 503, "overloaded");
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(sent.writes).toBe(1);
  });
});

describe("a write without a key", () => {
  it("is sent once: it could not be told from another", async () => {
    const { admin } = await openShop();
    const { DB, sent } = failingD1({ times: 1, message: LOST, answer_lost: true });
    const answer = await api(admin.token, fetchWith({ DB })).post("/v1/customers", { name: "Ada" });
    expectProblem(answer, 503, "outcome_unknown");
    expect(sent.writes).toBe(1);
  });
});
