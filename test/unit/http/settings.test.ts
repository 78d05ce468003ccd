import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readSettings, SettingsError } from "../../../src/env.ts";

const KEY = "d8Jk3LmN5pQr7StV9wXy2ZaB4cDe6FgHiJkLmNoPqRs";
const OTHER_KEY = "b7f3Q9vK2mXw8ZrT5nYc1LhD6sGjA4eUoPiRxWqMzB0";

const VALID = {
  ACCESS_TOKEN_KEYS: `k1:${KEY}`,
  SETUP_TOKEN: "w5TzKp8RqXnB3vYc7LmD2sGhJ9aFeUoPiQxWtMrV6k4",
  PASSWORD_PEPPER: "q2WvN8zKtXb5Rc7YmD3sLhJ9aGfEuPoTiQxZwMrV6k1",
};

function settingsOf(changes: Record<string, string | undefined>) {
  return readSettings({ ...VALID, ...changes } as unknown as Env);
}

function refusalOf(changes: Record<string, string | undefined>): string {
  try {
    settingsOf(changes);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message;
  }
  throw new Error(`accepted: ${JSON.stringify(changes)}`);
}

describe("readSettings", () => {
  it("fills in all but the secrets", () => {
    expect(settingsOf({})).toMatchObject({
      ENVIRONMENT: "production",
      CORS_ORIGINS: [],
      LIMIT_READ_PER_MINUTE: 1200,
      LIMIT_WRITE_PER_MINUTE: 600,
      LIMIT_REPORT_PER_MINUTE: 60,
      LIMIT_SIGN_IN_FAILURES_PER_MINUTE: 10,
      LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: 100,
    });
  });

  it("parses an environment once", () => {
    const env = { ...VALID } as unknown as Env;
    expect(readSettings(env)).toBe(readSettings(env));
  });

  it("reads several keys, the first of which signs", () => {
    const { ACCESS_TOKEN_KEYS } = settingsOf({ ACCESS_TOKEN_KEYS: `k2:${OTHER_KEY},k1:${KEY}` });
    expect(ACCESS_TOKEN_KEYS.map(({ kid }) => kid)).toEqual(["k2", "k1"]);
    expect(new TextDecoder().decode(ACCESS_TOKEN_KEYS[0]?.secret)).toBe(OTHER_KEY);
  });

  it("reads origins apart", () => {
    const here = ["http://localhost:5173", "http://127.0.0.1:8787", "http://[::1]:8787"];
    const { CORS_ORIGINS } = settingsOf({ CORS_ORIGINS: `https://till.example, ${here.join(",")} ,` });
    expect(CORS_ORIGINS).toEqual(["https://till.example", ...here]);
  });

  it.each(["ACCESS_TOKEN_KEYS", "SETUP_TOKEN", "PASSWORD_PEPPER"])("names %s when it is missing", (name) => {
    expect(refusalOf({ [name]: undefined })).toContain(`${name} is missing`);
  });

  it("takes every random secret for what it is, however it begins", () => {
    const beginnings = ["aa", "aA", "000", "--", "_-_-", "test", "Todo9"].map((beginning) => beginning + KEY);
    const random = Array.from({ length: 2000 }, () => randomBytes(32).toString("base64url"));
    for (const key of [...beginnings, ...random]) {
      expect(settingsOf({ SETUP_TOKEN: `${key}S`, PASSWORD_PEPPER: `${key}P` }).SETUP_TOKEN).toBe(`${key}S`);
    }
  });

  it.each([
    ["ACCESS_TOKEN_KEYS", `k1:${KEY.slice(0, 42)}`, "is shorter than 43 characters"],
    ["ACCESS_TOKEN_KEYS", KEY, "needs a key id before each colon"],
    ["ACCESS_TOKEN_KEYS", "", "needs a key id before each colon"],
    ["ACCESS_TOKEN_KEYS", `:${KEY}`, "needs a key id before each colon"],
    ["ACCESS_TOKEN_KEYS", `a key:${KEY}`, "needs a key id before each colon"],
    ["ACCESS_TOKEN_KEYS", `k1:${KEY},k2:`, "is shorter than"],
    ["ACCESS_TOKEN_KEYS", `k1:${KEY},k1:${OTHER_KEY}`, "names a key id twice"],
    ["ACCESS_TOKEN_KEYS", `k1:${"change-me-".repeat(5)}`, "looks like an example"],
    ["ACCESS_TOKEN_KEYS", `k1:${KEY},k2:${KEY}`, "repeats a secret"],
    ["ACCESS_TOKEN_KEYS", `k1: ${KEY}`, "has a space or a line break in it"],
    ["SETUP_TOKEN", KEY, "repeats a secret"],
    ["SETUP_TOKEN", `${VALID.SETUP_TOKEN}\n`, "has a space or a line break in it"],
    ["PASSWORD_PEPPER", VALID.SETUP_TOKEN, "repeats a secret"],
    ["PASSWORD_PEPPER", KEY, "repeats a secret"],
    ["SETUP_TOKEN", VALID.SETUP_TOKEN.slice(0, 31), "is shorter than 32 characters"],
    ["SETUP_TOKEN", "example-".repeat(4), "looks like an example"],
    ["PASSWORD_PEPPER", "a".repeat(40), "looks like an example"],
    ["SETUP_TOKEN", "test-".repeat(8), "looks like an example"],
    ["SETUP_TOKEN", `TODO_me_${"x7Q".repeat(12)}`, "looks like an example"],
    ["PASSWORD_PEPPER", "secret-pepper-of-thirty-two-chars", "looks like an example"],
    ["PASSWORD_PEPPER", "ab".repeat(20), "looks like an example"],
    ["PASSWORD_PEPPER", `xxxxxxxx${KEY}`, "looks like an example"],
    ["LIMIT_READ_PER_MINUTE", "0", ""],
    ["LIMIT_WRITE_PER_MINUTE", "many", ""],
    ["LIMIT_REPORT_PER_MINUTE", "1.5", ""],
    ["ENVIRONMENT", "", ""],
  ])("refuses %s = %s by name, never by value", (name, value, why) => {
    const refusal = refusalOf({ [name]: value });
    expect(refusal).toContain(name);
    expect(refusal).toContain(why);
    if (value.length > 20) expect(refusal).not.toContain(value);
  });

  it.each([
    "*",
    "https://*.example",
    "https://till.example/",
    "https://till.example/app",
    "https://till.example:443",
    "https://ann@till.example",
    "https://TILL.example",
    "https://till.example, *",
    "http://till.example",
    "http://localhost.example",
    "ftp://till.example",
    "till.example",
    "null",
  ])("refuses %s as an origin", (origin) => {
    expect(refusalOf({ CORS_ORIGINS: origin })).toContain("CORS_ORIGINS is a comma-separated list of origins");
  });

  it("names all that is wrong at once", () => {
    const refusal = refusalOf({ SETUP_TOKEN: undefined, PASSWORD_PEPPER: "short" });
    expect(refusal).toContain("SETUP_TOKEN");
    expect(refusal).toContain("PASSWORD_PEPPER");
  });
});
