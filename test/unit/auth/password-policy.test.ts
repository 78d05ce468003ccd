import { describe, expect, it } from "vitest";
import { isCommonPassword } from "../../../src/modules/auth/common-passwords.ts";
import { findPasswordFault, wordsAbout } from "../../../src/modules/auth/password-policy.ts";
import { findPinFault } from "../../../src/modules/auth/pin-policy.ts";

const ANN = wordsAbout({
  username: "ann.archer",
  full_name: "Ann Archer-Öz",
  email: "shop.lead@example.com",
  stores: [{ code: "LEEDS", name: "Harbour Road" }],
});

describe("a password", () => {
  it.each([
    "correct horse battery staple",
    "a long enough password",
    "kP3!vq9Zt#mW",
    "839201748263",
    "tangerine umbrella",
    "пароль из многих слов",
    "   spaces count   ",
    "🦊🐻🐼🦁🐯🐨🐸🐵🦉🦆🐝🐛",
  ])("may be %j", (password) => {
    expect(findPasswordFault(password, ANN)).toBeNull();
  });

  it.each([
    ["too short", "elevenchars", /12 characters/],
    ["too short in characters, not bytes", "🦊".repeat(11), /12 characters/],
    ["too long", "ab cd".repeat(30), /128/],
    ["of one character", "aaaaaaaaaaaaaaa", /too few/],
    ["of two", "abababababababab", /too few/],
    ["digits in order", "123456789012", /keyboard/],
    ["digits backwards", "098765432109", /keyboard/],
    ["a keyboard row and a half", "qwertyuiopasdf", /keyboard/],
    ["the alphabet", "abcdefghijklm", /keyboard/],
    ["doubled letters in order", "aabbccddeeff", /keyboard/],
    ["on the list as it is", "1qaz2wsx3edc", /many people/],
    ["a common word with digits", "Password2024!", /many people/],
    ["a common word between signs", "!!!!baseball!!!!", /many people/],
    ["a common word in disguise", "P@55w0rd!!!!", /many people/],
    ["a common word twice", "dragondragon", /many people/],
    ["a common word again and again, cut off", "monkeymonkeymon", /many people/],
    ["two common words", "letmeinmonkey", /many people/],
    ["with the user name", "xx Ann.Archer 77", /name/],
    ["with a part of the name", "my-archer-is-great", /name/],
    ["with the mail's local part", "SHOP.LEAD rocks!", /name/],
    ["with the store's code", "in leeds we trust", /name/],
    ["with a word of the store's name", "blue harbour tide", /name/],
    ["with this system's name", "the regalia of kings", /name/],
    ["with a name in wide letters", "ＡＲＣＨＥＲ forever", /name/],
  ])("is refused when it is %s", (_, password, fault) => {
    expect(findPasswordFault(password, ANN)).toMatch(fault);
  });

  it("is not refused for a name too short to mean anything", () => {
    expect(findPasswordFault("a banana in Annapolis", ["Ann", "NY", ""])).toBeNull();
  });
});

describe("the list of common passwords", () => {
  it.each(["123456", "password", "qwerty", "dragon"])("has %s", (word) => {
    expect(isCommonPassword(word)).toBe(true);
  });

  it.each(["", "constructor", "__proto__", "correct horse"])("has not %j", (word) => {
    expect(isCommonPassword(word)).toBe(false);
  });
});

describe("a PIN", () => {
  it.each(["483920", "9071642", "20250817", "100200"])("may be %s", (pin) => {
    expect(findPinFault(pin)).toBeNull();
  });

  it.each(["", "12345", "123456789", "12345a", " 483920", "４８３９２０", "48392\n", "4.8392"])(
    "of the wrong form is refused: %j",
    (pin) => {
      expect(findPinFault(pin)).toMatch(/6 to 8 digits/);
    },
  );

  it.each([
    "000000",
    "123456",
    "234567",
    "890123",
    "654321",
    "987654",
    "121212",
    "123123",
    "12341234",
    "1212121",
    "159753",
  ])("that everyone tries is refused: %s", (pin) => {
    expect(findPinFault(pin)).toMatch(/other digits/);
  });
});
