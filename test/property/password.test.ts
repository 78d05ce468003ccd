import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPasswordFault } from "../../src/modules/auth/password-policy.ts";

const COMMON = ["password", "qwerty", "dragon", "baseball", "letmein", "michael", "shadow", "monkey"];
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
const random = fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 16, maxLength: 16 });

describe("the password policy", () => {
  it("refuses a random password at most once in many", () => {
    const refused = fc.sample(random, 20_000).filter((password) => findPasswordFault(password, []) !== null);
    expect(refused.length).toBeLessThanOrEqual(2);
  });

  it("refuses a common one, whatever digits and signs stand around it", () => {
    const dress = fc.string({ unit: fc.constantFrom(...Array.from("0123456789!?.-_#")), minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...COMMON), dress, dress, fc.boolean(), (word, before, after, upper) => {
        const password = `${before}${upper ? word.toUpperCase() : word}${after}`;
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
