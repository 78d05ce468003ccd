import { describe, expect, it } from "vitest";
import {
  readAmount,
  readDiscount,
  readMethod,
  readPlace,
  readPpm,
  readQuantity,
  readTenders,
  splitWords,
} from "../../../scripts/till/ui/words.ts";
import { readOptions } from "../../../scripts/till/options.ts";

describe("what a cashier types", () => {
  it("is cut into words, of which quotes make one", () => {
    expect(splitWords('custom "Gift wrap, blue" 2.50  20%')).toEqual(["custom", "Gift wrap, blue", "2.50", "20%"]);
    expect(splitWords('  park ""')).toEqual(["park", ""]);
  });

  it("has amounts in major units, exact", () => {
    expect([readAmount("12.34", "GBP"), readAmount("12", "JPY"), readAmount("0.005", "KWD")]).toEqual([1234, 12, 5]);
    for (const text of ["1.234", "-1", "x", "1e3", "", undefined])
      expect(() => readAmount(text, "GBP")).toThrow("amount");
  });

  it("has quantities in what the product is sold by", () => {
    const read = [
      readQuantity("3", "each"),
      readQuantity("345g", "g"),
      readQuantity("345", "g"),
      readQuantity("1.2kg", "g"),
      readQuantity("0.5l", "ml"),
    ];
    expect(read).toEqual([3, 345, 345, 1200, 500]);
    for (const [text, unit] of [
      ["1.5", "each"],
      ["0", "each"],
      ["3kg", "each"],
      ["1.2345kg", "g"],
      ["0.5", "g"],
      ["-1", "each"],
      ["1l", "g"],
    ] as const) {
      expect(() => readQuantity(text, unit), text).toThrow("not a quantity");
    }
  });

  it("has rates and discounts", () => {
    expect([readPpm("7.5%"), readPpm("20"), readPpm("8.875%"), readPpm("100%")]).toEqual([
      75_000, 200_000, 88_750, 1_000_000,
    ]);
    for (const text of ["101%", "1.23456%", "x", undefined]) expect(() => readPpm(text)).toThrow("percentage");
    expect(readDiscount("10%", "GBP", "old")).toEqual({ ppm: 100_000, reason: "old" });
    expect(readDiscount("1.50", "GBP", "")).toEqual({ amount: 150 });
  });

  it("has tenders one after another, the rest where no amount is named", () => {
    const rest = (_method: string, paid: readonly { amount: number }[]) =>
      1000 - paid.reduce((sum, one) => sum + one.amount, 0);
    expect(readTenders(["card", "5.50", "last4=1234", "ref=slip", "cash"], "GBP", rest)).toEqual([
      { method: "card", amount: 550, card_last4: "1234", reference: "slip" },
      { method: "cash", amount: 450 },
    ]);
    expect(readTenders(["giftcard", "code=ABCD2345"], "GBP", rest)).toEqual([
      { method: "gift_card", amount: 1000, reference: "ABCD2345" },
    ]);
    expect(() => readMethod("shells")).toThrow("Pay by cash");
    expect(() => readTenders(["card", "5", "pin=1234"], "GBP", rest)).toThrow("not known");
  });

  it("never has a card's number", () => {
    expect(() => readTenders(["card", "5", "ref=4242424242424242"], "GBP", () => 0)).toThrow(
      "looks like a card's number",
    );
  });

  it("names lines that there are", () => {
    expect(readPlace("2", 3)).toBe(2);
    for (const text of ["0", "4", "x", undefined]) expect(() => readPlace(text, 3)).toThrow("from 1 to 3");
    expect(() => readPlace("1", 0)).toThrow("nothing there yet");
  });
});

describe("the command line", () => {
  const env = { REGAL_USERNAME: "admin", REGAL_PASSWORD: "secret" };

  it("is a person's till, unless it is headless", () => {
    expect(readOptions(["--pair", "7K4QX-M2ZPD"], {})).toMatchObject({
      mode: "interactive",
      base: null,
      pairing_code: "7K4QX-M2ZPD",
    });
    expect(readOptions(["--headless", "--seed", "9", "--base", "http://x.example/"], env)).toMatchObject({
      mode: "headless",
      base: "http://x.example",
      store_code: "MAIN",
      tills: 6,
      sales: 2000,
      offline: 0.3,
      refunds: 0.03,
      seed: 9,
      chaos: false,
    });
  });

  it.each([
    [["--headless"], {}, "REGAL_USERNAME"],
    [["--headless", "--offline", "30%"], env, "from 0 to 1"],
    [["--headless", "--tills", "0"], env, "from 1 to 50"],
    [["--headless", "--pair", "X"], env, "pairs its tills by itself"],
    [["--sales", "5"], env, "--sales is for --headless"],
    [["--base", "ftp://x"], env, "http or https"],
    [["--nonsense"], env, "--nonsense"],
  ])("%j is refused by name", (args, given, said) => {
    expect(() => readOptions(args, given)).toThrow(said);
  });
});
