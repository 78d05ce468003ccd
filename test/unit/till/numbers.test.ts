import fc from "fast-check";
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findHighest, Numbers } from "../../../scripts/till/numbers.ts";
import { closeTill, openTill, type Till } from "../../../scripts/till/till.ts";
import { pairedFolder } from "./shop.ts";

let folder: string;
let till: Till;
beforeEach(() => {
  folder = pairedFolder("http://127.0.0.1:1");
  till = openTill({ folder, base: "http://127.0.0.1:1", onWait: () => undefined });
});
afterEach(() => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
});

describe("numbers", () => {
  it("are not made up before anybody has told how far they have come", () => {
    expect([till.numbers.next("invoice"), till.numbers.next("refund")]).toEqual([null, null]);
    till.numbers.note("MAIN-01-R000007");
    expect([till.numbers.next("invoice"), till.numbers.next("refund")]).toEqual([null, "MAIN-01-R000008"]);
  });

  it("go on from the highest, whoever gave it out, and never back", () => {
    const { numbers } = till;
    for (const text of ["MAIN-01-000004", "MAIN-01-000002"]) numbers.note(text);
    expect(numbers.next("invoice")).toBe("MAIN-01-000005");
    expect(numbers.next("invoice")).toBe("MAIN-01-000005");
    numbers.note("MAIN-01-999999");
    expect(numbers.next("invoice")).toBe("MAIN-01-1000000");
  });

  it("are this till's alone", () => {
    const { numbers } = till;
    numbers.raise("invoice", 3);
    for (const text of ["MAIN-02-000009", "MAIN-00-000009", "MAIN-01-9", "MAIN-01-X000009", "", null])
      numbers.note(text);
    expect(numbers.next("invoice")).toBe("MAIN-01-000004");
    const others = new Numbers(till.database, { store_code: "MAIN", terminal_code: "0" });
    others.note("MAIN-01-000009");
    expect(others.highest("invoice")).toBe(3);
  });
});

describe("findHighest", () => {
  it("finds the end of numbers without gaps, in few questions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3_000_000 }), async (highest) => {
        let asked = 0;
        const found = await findHighest((number) => {
          asked += 1;
          return Promise.resolve(number <= highest);
        });
        expect(found).toBe(highest);
        expect(asked).toBeLessThanOrEqual(2 * Math.log2(highest + 1) + 3);
      }),
    );
  });
});
