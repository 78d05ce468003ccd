import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePassword } from "../../../scripts/start/demo-state.ts";
import { ensureDevVars } from "../../../scripts/start/dev-vars.ts";
import { findFreePort, requireFreePort } from "../../../scripts/start/ports.ts";
import { readLocalSettings } from "../../../scripts/support/settings.ts";
import { lockState } from "../../../scripts/support/state-lock.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "regal-house-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the local secrets", () => {
  it("are made at random, for their owner's eyes alone", () => {
    const [one, other] = [join(folder, "one"), join(folder, "other")];
    expect(ensureDevVars(one).made).toEqual(["ACCESS_TOKEN_KEYS", "SETUP_TOKEN", "PASSWORD_PEPPER"]);
    ensureDevVars(other);
    const vars = parseEnv(readFileSync(one, "utf8"));
    expect(vars["ACCESS_TOKEN_KEYS"]).toMatch(/^k1:[\w-]{43}$/);
    expect(vars["SETUP_TOKEN"]).toMatch(/^[\w-]{43}$/);
    expect(vars["PASSWORD_PEPPER"]).toMatch(/^[\w-]{43}$/);
    expect(statSync(one).mode & 0o777).toBe(0o600);
    expect(readFileSync(other, "utf8")).not.toBe(readFileSync(one, "utf8"));
  });

  it("stay as they are when they are there, and only what is missing is added", () => {
    const file = join(folder, ".dev.vars");
    writeFileSync(file, 'SETUP_TOKEN="mine"\nOTHER=1');
    const { setup_token, made } = ensureDevVars(file);
    expect(setup_token).toBe("mine");
    expect(made).toEqual(["ACCESS_TOKEN_KEYS", "PASSWORD_PEPPER"]);
    expect(readFileSync(file, "utf8")).toMatch(/^SETUP_TOKEN="mine"\nOTHER=1\nACCESS_TOKEN_KEYS=/);
    const before = readFileSync(file, "utf8");
    expect(ensureDevVars(file).made).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

describe("the lock of a state folder", () => {
  it("refuses a second holder by the first one's name, until it is released", () => {
    const release = lockState(folder, 8787);
    expect(() => lockState(folder, 8788)).toThrow(`Process ${String(process.pid)} is using`);
    release();
    lockState(folder, 8788)();
  });

  it("is not held by a process that is gone, nor by a file cut off", () => {
    for (const text of ['{"pid":2147483646,"port":1}', '{"pid"', '{"pid":-1}']) {
      writeFileSync(join(folder, "lock.json"), text);
      lockState(folder, null)();
    }
    expect(() => statSync(join(folder, "lock.json"))).toThrow("ENOENT");
  });
});

describe("ports", () => {
  it("that are taken are refused with what to do", async () => {
    const server = createServer();
    const port = await findFreePort();
    await new Promise<void>((resolve) => {
      server.listen(port, "127.0.0.1", resolve);
    });
    await expect(requireFreePort(port)).rejects.toThrow(`PORT=${String(port + 1)} npm start`);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    await expect(requireFreePort(port)).resolves.toBeUndefined();
  });

  it.each(["0", "65536", "-1", "8787.5", "http", " ", ""])("of PORT=%j is refused", (PORT) => {
    expect(() => readLocalSettings({ PORT })).toThrow("whole number from 1 to 65535");
  });
});

it("a demo password is long, random and readable", () => {
  const passwords = Array.from({ length: 50 }, makePassword);
  expect(new Set(passwords).size).toBe(50);
  for (const password of passwords) expect(password).toMatch(/^([2-9A-HJKMNP-Z]{5}-){4}[2-9A-HJKMNP-Z]{5}$/);
});
