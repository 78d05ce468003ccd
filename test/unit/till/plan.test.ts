import { describe, expect, it } from "vitest";
import type { Action, PlannedBasket } from "../../../scripts/till/headless/actions.ts";
import { drawBasket, type Goods, printWeight } from "../../../scripts/till/headless/draw-basket.ts";
import { type DayOptions, planDay } from "../../../scripts/till/headless/plan.ts";
import { drawSpells } from "../../../scripts/till/headless/spells.ts";
import { sumNeeds } from "../../../scripts/till/headless/stock.ts";
import { tendersOf } from "../../../scripts/till/headless/tenders.ts";
import { createRandom } from "../../../scripts/support/random.ts";
import { hasValidCheckDigit } from "../../../src/core/barcode.ts";
import { readDemoCatalog } from "../../../scripts/demo/catalog.ts";
import { product, STORE } from "./shop.ts";

const shelf: Goods[] = readDemoCatalog().map(({ barcode, ...goods }) => ({ ...goods, barcodes: [barcode] }));
const day: DayOptions = { seed: 7, tills: 6, sales: 2000, offline: 0.3, refunds: 0.03, chaos: false };
const plans = planDay(day, shelf);
const all = plans.flatMap(({ actions }) => actions);

const count = (actions: Action[], ...kinds: Action["do"][]) => actions.filter((one) => kinds.includes(one.do)).length;

describe("a planned day", () => {
  it("is the same for a seed, and another for another", () => {
    expect(planDay(day, shelf)).toEqual(plans);
    expect(planDay({ ...day, seed: 8 }, shelf)).not.toEqual(plans);
  });

  it("has exactly the sales and refunds that are asked for, and each parked sale is finished", () => {
    expect(plans).toHaveLength(6);
    expect(count(all, "sell", "park")).toBe(2000);
    expect(count(all, "park")).toBe(count(all, "complete"));
    expect(count(all, "refund", "refund_goods")).toBe(60);
  });

  it("sells the share that is asked for offline", () => {
    let offline = 0;
    for (const { actions } of plans) {
      let away = false;
      for (const action of actions) {
        if (action.do === "offline" || action.do === "online") away = action.do === "offline";
        if (away && (action.do === "sell" || action.do === "park")) offline += 1;
      }
    }
    expect(offline).toBe(600);
  });

  it("has something of everything", () => {
    const kinds = new Set(all.map((one) => one.do));
    expect([...kinds].toSorted()).toEqual(
      [
        "bill",
        "cash",
        "close",
        "complete",
        "gift_card",
        "offline",
        "online",
        "open",
        "park",
        "pay_off",
        "refund",
        "refund_goods",
        "sell",
        "sign_in",
        "void",
        "x_report",
      ].toSorted(),
    );
    const methods = new Set(all.flatMap((one) => ("tenders" in one ? one.tenders.map(({ method }) => method) : [])));
    expect(methods.size).toBe(7);
  });

  it("takes back no more than was sold, and voids nothing that came back", () => {
    for (const { actions } of plans) {
      const sold = new Map<number, PlannedBasket>();
      const back = new Map<string, number>();
      const touched = new Set<number>();
      for (const action of actions) {
        if (action.do === "sell") sold.set(action.sale, action.basket);
        if (action.do === "void") {
          expect(sold.has(action.sale) && !touched.has(action.sale)).toBe(true);
          touched.add(action.sale);
        }
        if (action.do !== "refund") continue;
        expect(sold.has(action.sale)).toBe(true);
        touched.add(action.sale);
        for (const { line_no, quantity } of action.lines) {
          const key = `${String(action.sale)}/${String(line_no)}`;
          const bought = sold.get(action.sale)?.lines[line_no - 1]?.quantity ?? null;
          const taken = back.get(key) ?? 0;
          expect(taken).not.toBe(Infinity);
          if (quantity !== null) expect(taken + quantity).toBeLessThanOrEqual(bought ?? 0);
          back.set(key, quantity === null || taken + quantity === bought ? Infinity : taken + quantity);
        }
      }
    }
  });

  it("brings a sale late, where chaos is asked for", () => {
    for (const { actions } of planDay({ ...day, sales: 60, chaos: true }, shelf)) {
      expect(actions.slice(-6).map((one) => one.do)).toEqual(["offline", "sell", "close", "online", "open", "close"]);
      expect(actions.filter((one) => one.do === "sell" && one.held)).toHaveLength(1);
    }
  });

  it("knows what it needs of every product", () => {
    const [first] = shelf;
    if (!first) throw new Error("the demo has products");
    const known = product({ sku: first.sku, barcodes: first.barcodes });
    const basket: PlannedBasket = {
      lines: [
        { barcode: null, sku: first.sku, quantity: 3 },
        { barcode: first.barcodes[0] ?? "", sku: null, quantity: 2 },
        { barcode: null, sku: null, quantity: 9, custom: { name: "x", unit_price: 1, tax_rate_ppm: 0 } },
      ],
    };
    const sell: Action = { do: "sell", sale: 0, basket, tenders: [], customer: null, held: false };
    expect(sumNeeds([{ place: 0, actions: [sell, { do: "park", sale: 1, basket }] }], [known])).toEqual(
      new Map([[known.id, 10]]),
    );
  });
});

describe("spells", () => {
  it.each([0, 0.01, 0.3, 0.5, 0.99, 1])("have exactly a share of %d", (share) => {
    for (let seed = 0; seed < 50; seed += 1) {
      const spells = drawSpells(createRandom(seed), 100, share);
      expect(spells).toHaveLength(100);
      expect(spells.filter(Boolean)).toHaveLength(Math.round(100 * share));
    }
  });
});

describe("baskets", () => {
  it("have weights in codes that a scale could print", () => {
    const code = printWeight("2110101000004", 345);
    expect(code).toMatch(/^211010100345\d$/);
    expect(hasValidCheckDigit(code ?? "")).toBe(true);
    expect(printWeight("5099910102176", 345)).toBeNull();
  });

  it("stay within what one sale may have", () => {
    const limited: Goods[] = [{ ...(shelf[0] as Goods), max_per_sale: 2 }];
    for (let seed = 0; seed < 200; seed += 1) {
      const { lines } = drawBasket(createRandom(seed), limited, null);
      for (const { quantity, custom } of lines) if (!custom) expect(quantity).toBeLessThanOrEqual(2);
    }
  });
});

describe("tenders", () => {
  const of = (method: "cash" | "card" | "gift_card", share_ppm: number, note = false) => ({
    method,
    share_ppm,
    note,
    source: null,
  });

  it("come to the total, in coins where there are no smaller ones", () => {
    const coins = { ...STORE, cash_rounding: 5 };
    expect(tendersOf(coins, 1003, [of("card", 500_000), of("cash", 0)], () => null)).toMatchObject([
      { method: "card", amount: 501 },
      { method: "cash", amount: 500 },
    ]);
    expect(tendersOf(STORE, 1003, [of("cash", 0, true)], () => null)).toEqual([{ method: "cash", amount: 2000 }]);
    expect(tendersOf(STORE, 12_345, [of("cash", 0, true)], () => null)).toEqual([{ method: "cash", amount: 15_000 }]);
    expect(tendersOf(STORE, 10_000, [of("cash", 0, true)], () => null)).toEqual([{ method: "cash", amount: 10_000 }]);
    expect(tendersOf(STORE, 0, [of("cash", 0)], () => null)).toEqual([]);
  });

  it("take from a card no more than it has", () => {
    const planned = [{ method: "gift_card" as const, share_ppm: 1_000_000, note: false, source: 0 }, of("card", 0)];
    const source = (amount: number) => (one: { source: number | null }) =>
      one.source === null ? null : { amount, reference: "CODE" };
    expect(tendersOf(STORE, 700, planned, source(500))).toMatchObject([
      { method: "gift_card", amount: 500, reference: "CODE" },
      { method: "card", amount: 200 },
    ]);
    expect(tendersOf(STORE, 300, planned, source(500))).toEqual([
      { method: "gift_card", amount: 300, reference: "CODE" },
    ]);
  });
});
