import { createHmac, scryptSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashPassword, needsRehash, verifyPassword } from "../../../src/modules/auth/password.ts";

const PEPPER = "a pepper of the tests";
const CHEAP = 1;

describe("hashPassword", () => {
  it("writes a PHC string of the cost that OWASP lists", async () => {
    const phc = await hashPassword("correct horse battery", PEPPER);
    expect(phc).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword("correct horse battery", PEPPER, phc)).toBe(true);
    expect(await verifyPassword("correct horse batterY", PEPPER, phc)).toBe(false);
  });

  it("is scrypt over the HMAC of the password with the pepper", async () => {
    const phc = await hashPassword("correct horse battery", PEPPER, CHEAP);
    const [, , , salt = "", hash] = phc.split("$");
    const peppered = createHmac("sha256", PEPPER).update("correct horse battery").digest();
    const saltBytes = Uint8Array.from(atob(salt), (character) => character.charCodeAt(0));
    const expected = scryptSync(peppered, saltBytes, 32, { N: 2 ** CHEAP, r: 8, p: 5 });
    expect(hash).toBe(expected.toString("base64").replaceAll("=", ""));
  });

  it("salts: no two hashes of one password are the same", async () => {
    const hashes = await Promise.all(
      Array.from({ length: 20 }, async () => hashPassword("one password", PEPPER, CHEAP)),
    );
    expect(new Set(hashes).size).toBe(20);
  });
});

describe("verifyPassword", () => {
  it("knows the password that was hashed and no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), async (password, other) => {
        const phc = await hashPassword(password, PEPPER, CHEAP);
        expect(await verifyPassword(password, PEPPER, phc)).toBe(true);
        expect(await verifyPassword(other, PEPPER, phc)).toBe(password.normalize("NFC") === other.normalize("NFC"));
      }),
      { numRuns: 50 },
    );
  });

  it("takes a letter for the same however the keyboard composes it", async () => {
    const phc = await hashPassword("caf\u00e9 au lait, twice", PEPPER, CHEAP);
    expect(await verifyPassword("cafe\u0301 au lait, twice", PEPPER, phc)).toBe(true);
  });

  it("is worth nothing without the pepper", async () => {
    const phc = await hashPassword("one password", PEPPER, CHEAP);
    expect(await verifyPassword("one password", "another pepper", phc)).toBe(false);
  });

  it("is false for nobody, at the cost of somebody", async () => {
    const phc = await hashPassword("one password", PEPPER);
    const somebody = await timeOf(async () => verifyPassword("wrong", PEPPER, phc));
    const nobody = await timeOf(async () => {
      expect(await verifyPassword("wrong", PEPPER, null)).toBe(false);
    });
    // A hash of the full cost takes tens of milliseconds; none takes microseconds. Neither is much of the other.
    expect(nobody).toBeGreaterThan(somebody / 4);
    expect(somebody).toBeGreaterThan(nobody / 4);
  });

  it.each([
    ["no PHC string", "plain text"],
    ["more memory than the Worker has", `$scrypt$ln=30,r=8,p=5$${"A".repeat(22)}$${"A".repeat(43)}`],
    ["wider blocks", `$scrypt$ln=14,r=99,p=5$${"A".repeat(22)}$${"A".repeat(43)}`],
    ["more lanes", `$scrypt$ln=14,r=8,p=99$${"A".repeat(22)}$${"A".repeat(43)}`],
    ["no cost", `$scrypt$ln=0,r=8,p=5$${"A".repeat(22)}$${"A".repeat(43)}`],
    ["a short hash", `$scrypt$ln=14,r=8,p=5$${"A".repeat(22)}$${"A".repeat(20)}`],
  ])("refuses a stored string with %s", async (_, phc) => {
    await expect(verifyPassword("one password", PEPPER, phc)).rejects.toThrow(/malformed or out of bounds/);
  });
});

describe("needsRehash", () => {
  const tail = `$${"A".repeat(22)}$${"A".repeat(43)}`;

  it("is false for what is hashed now", async () => {
    expect(needsRehash(await hashPassword("one password", PEPPER))).toBe(false);
  });

  it("is true for what was hashed more cheaply", async () => {
    expect(needsRehash(await hashPassword("one password", PEPPER, CHEAP))).toBe(true);
  });

  it.each(["ln=13,r=8,p=5", "ln=15,r=8,p=5", "ln=14,r=4,p=5", "ln=14,r=8,p=1", "ln=14,r=8,p=8"])(
    "is true for %s",
    (cost) => {
      expect(needsRehash(`$scrypt$${cost}${tail}`)).toBe(true);
    },
  );

  it.each(["", "plain text", `$scrypt$ln=30,r=8,p=5${tail}`])("refuses %j", (stored) => {
    expect(() => needsRehash(stored)).toThrow(/malformed or out of bounds/);
  });
});

/** The shortest of three: what a busy machine adds is not the work's own. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return Math.min(...times);
}
