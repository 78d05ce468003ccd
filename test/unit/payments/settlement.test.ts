import { describe, expect, it } from "vitest";
import { Problem } from "../../../src/http/problem.ts";
import { sumOf, takeExactly } from "../../../src/modules/payments/receive.ts";
import { splitTenders, sumBySale } from "../../../src/modules/payments/settlement.ts";

describe("splitTenders", () => {
  it("cuts a tender where it spans sales, and leaves what no sale is left for", () => {
    const tenders = [
      { method: "card", amount: 70, reference: "tok_1" },
      { method: "cash", amount: 50 },
    ];
    const shares = splitTenders(tenders, [
      { sale_id: "a", due: 30 },
      { sale_id: "b", due: 60 },
    ]);
    expect(shares).toEqual([
      { tender: { method: "card", amount: 30, reference: "tok_1" }, sale_id: "a" },
      { tender: { method: "card", amount: 40, reference: "tok_1" }, sale_id: "b" },
      { tender: { method: "cash", amount: 20 }, sale_id: "b" },
      { tender: { method: "cash", amount: 30 }, sale_id: null },
    ]);
    expect(sumBySale(shares)).toEqual([
      { sale_id: "a", amount: 30 },
      { sale_id: "b", amount: 60 },
    ]);
  });

  it("lays nothing upon nothing", () => {
    expect(splitTenders([], [{ sale_id: "a", due: 5 }])).toEqual([]);
    expect(splitTenders([{ amount: 5 }], [])).toEqual([{ tender: { amount: 5 }, sale_id: null }]);
  });

  it("passes over a sale of which nothing is due", () => {
    const owed = [
      { sale_id: "a", due: 0 },
      { sale_id: "b", due: 5 },
    ];
    expect(splitTenders([{ amount: 5 }], owed)).toEqual([{ tender: { amount: 5 }, sale_id: "b" }]);
  });
});

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return "nothing";
}

describe("takeExactly", () => {
  it("gives change from the last cash, and drops a tender that goes back whole", () => {
    const taken = takeExactly(100, [
      { method: "cash", amount: 60 },
      { method: "card", amount: 30 },
      { method: "cash", amount: 20 },
      { method: "cash", amount: 5 },
    ]);
    expect(taken).toEqual({
      tenders: [
        { method: "cash", amount: 60 },
        { method: "card", amount: 30 },
        { method: "cash", amount: 10, change_given: 10 },
      ],
      change_due: 15,
    });
  });

  it("refuses too little, and more than cash can give back", () => {
    expect(refusalOf(() => takeExactly(100, [{ method: "cash", amount: 99 }]))).toBe("payment_short");
    expect(
      refusalOf(() =>
        takeExactly(100, [
          { method: "card", amount: 101 },
          { method: "cash", amount: 0 },
        ]),
      ),
    ).toBe("validation_failed");
  });
});

describe("sumOf", () => {
  it("sums up to what the books hold", () => {
    expect(sumOf([{ amount: 999_999_999_998 }, { amount: 1 }])).toBe(999_999_999_999);
    expect(refusalOf(() => sumOf([{ amount: 999_999_999_999 }, { amount: 1 }]))).toBe("validation_failed");
  });
});
