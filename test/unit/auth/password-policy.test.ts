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
    "a5Fk9Qw2Lz7Xe4",
    "another long enough one",
    "K7PXM-Q3RTW-9HVCN-4BZYF-J8DGS",
    "password of cashier-0198c0de-7a11-7000-8000-5eed00c0ffee",
    "a dragon and a monkey",
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
    ["a keyboard's signs", "!@#$%^&*()_+", /keyboard/],
    ["a keyboard's columns", "zaq12wsxcde3", /keyboard/],
    ["the alphabet", "abcdefghijklm", /keyboard/],
    ["doubled letters in order", "aabbccddeeff", /keyboard/],
    ["on the list as it is", "sonyericsson", /many people/],
    ["a common word with digits", "Password2024!", /many people/],
    ["a common word between signs", "!!!!baseball!!!!", /many people/],
    ["a common word in disguise", "P@55w0rd!!!!", /many people/],
    ["a common word that ends in disguise", "5un5h1n32024", /many people/],
    ["a common word in disguise with digits of its own", "4bc123!!!!!!?", /many people/],
    ["a common word with 1 for l", "1etmein2024!", /many people/],
    ["common digits and a few more", "159753159840", /many people/],
    ["a common word in pieces", "P a s s w o r d 1", /many people/],
    ["a common word twice, parted", "Passw0rd-Passw0rd", /many people/],
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

  it("is as long as 12 or 128 characters, however they are composed", () => {
    expect(findPasswordFault("ångström sæl".normalize("NFD"), [])).toBeNull();
    expect(findPasswordFault("ångström sæ".normalize("NFD"), [])).toMatch(/12 characters/);
    const long = "correct horse battery staple ".repeat(5);
    expect(findPasswordFault(long.slice(0, 128), [])).toBeNull();
    expect(findPasswordFault(long.slice(0, 129), [])).toMatch(/128/);
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
    "112233",
    "123321",
    "147258",
    "159753",
    "31415926",
  ])("that everyone tries is refused: %s", (pin) => {
    expect(findPinFault(pin)).toMatch(/other digits/);
  });
});
