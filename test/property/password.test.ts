import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listCommonPasswords } from "../../src/modules/auth/common-passwords.ts";
import { findPasswordFault } from "../../src/modules/auth/password-policy.ts";

const WORDS = listCommonPasswords();
/** A number must be half of what it stands in; and a short word written in digits is a number. */
const DRESSABLE = WORDS.filter((word) => word.length >= 6 || /[^\doieastl]/.test(word));
const LEET: Record<string, string> = { o: "0", i: "1", l: "1", e: "3", a: "4", s: "5", t: "7" };
const IN_SIGNS: Record<string, string> = { a: "@", s: "$", i: "!" };
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
const random = fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 16, maxLength: 16 });

describe("the password policy", () => {
  it("refuses a random password at most once in many", () => {
    const refused = fc.sample(random, 20_000).filter((password) => findPasswordFault(password, []) !== null);
    expect(refused.length).toBeLessThanOrEqual(2);
  });

  it("refuses a random number of 12 digits at most once in a hundred", () => {
    const number = fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), minLength: 12, maxLength: 12 });
    const refused = fc.sample(number, 5000).filter((password) => findPasswordFault(password, []) !== null);
    expect(refused.length).toBeLessThanOrEqual(50);
  });

  it.each<[string, (word: string) => string]>([
    ["digits behind", (word) => word.padEnd(12, "830274196385")],
    ["digits in front", (word) => word.padStart(12, "830274196385")],
    ["a year and a sign", (word) => word.padEnd(12, "2024!")],
    ["upper case", (word) => word.toUpperCase().padEnd(12, "8302!")],
    ["digits for letters", (word) => swap(word, LEET).padEnd(12, "8302!9")],
    ["signs for letters", (word) => swap(word, IN_SIGNS).padEnd(12, "8302!9")],
  ])("refuses every common one with %s", (_, dress) => {
    expect(DRESSABLE.map(dress).filter((password) => findPasswordFault(password, []) === null)).toEqual([]);
  });

  it("refuses every common one over again, parted or not", () => {
    for (const parting of ["", " ", "-", "."]) {
      const passwords = WORDS.map((word) => Array.from({ length: 6 }, () => word).join(parting));
      expect(passwords.filter((password) => findPasswordFault(password, []) === null)).toEqual([]);
    }
  });

  it("refuses a common one, whatever digits and signs stand around it", () => {
    const dress = fc.string({ unit: fc.constantFrom(...Array.from("0123456789!?.-_#")), minLength: 4, maxLength: 12 });
    const common = fc.constantFrom(...WORDS.filter((word) => /[a-z]/.test(word)));
    fc.assert(
      fc.property(common, dress, dress, fc.boolean(), (word, before, after, upper) => {
        const password = `${before}${upper ? word.toUpperCase() : word}${after}`;
        fc.pre(password.length >= 12);
        expect(findPasswordFault(password, [])).not.toBeNull();
      }),
    );
  });

  it("refuses whatever contains a name, and answers something for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 60 }), (text, rest) => {
        findPasswordFault(text, [rest]);
        expect(findPasswordFault(`${rest} Wilhelmina ${rest}`.padEnd(20, "xyz"), ["wilhelmina"])).not.toBeNull();
      }),
    );
  });
});

function swap(word: string, swaps: Record<string, string>): string {
  return Array.from(word, (letter) => swaps[letter] ?? letter).join("");
}
