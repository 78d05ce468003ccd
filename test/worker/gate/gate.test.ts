import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Charge } from "../../../src/durable-objects/gate/protocol.ts";
import { uuid } from "../../support/api.ts";

/** The gate itself, called as its client calls it. */

function chargeOf(over: Partial<Charge> = {}): Charge {
  return { name: "write", key: "ann", limit: 3, window_s: 3600, cost: 1, ...over };
}

function newGate() {
  return env.GATE.getByName(uuid());
}

/** Waits until these are the buckets it has written down; only the object itself may look into its storage. */
async function expectKeys(gate: ReturnType<typeof newGate>, keys: string[]): Promise<void> {
  await vi.waitFor(async () => expect(await readKeys(gate)).toEqual(keys), { timeout: 20_000, interval: 100 });
}

async function readKeys(gate: ReturnType<typeof newGate>): Promise<string[]> {
  return runInDurableObject(gate, (_, state) =>
    state.storage.sql
      .exec<{ key: string }>("SELECT key FROM buckets")
      .toArray()
      .map(({ key }) => key),
  );
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("the gate's buckets", () => {
  it("let exactly the limit pass, however many come at once", async () => {
    const gate = newGate();
    const request = { session_id: null, charges: [chargeOf({ limit: 25 })] };
    const answers = await Promise.all(Array.from({ length: 60 }, async () => gate.pass(request)));
    expect(answers.filter((answer) => answer.retry_after_s === 0)).toHaveLength(25);
  });

  it("tell what is left, and how long to wait", async () => {
    const gate = newGate();
    const request = { session_id: null, charges: [chargeOf()] };
    const left: (number | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) left.push((await gate.pass(request)).allowances[0]?.remaining);
    expect(left).toEqual([2, 1, 0]);
    const refused = await gate.pass(request);
    expect(refused.retry_after_s).toBeGreaterThan(1190);
    expect(refused.retry_after_s).toBeLessThanOrEqual(1200);
    expect(refused.allowances).toEqual([{ name: "write", limit: 3, window_s: 3600, remaining: 0, reset_s: 3600 }]);
  });

  it("fill again at their pace", async () => {
    const gate = newGate();
    const request = { session_id: null, charges: [chargeOf({ limit: 2, window_s: 4 })] };
    await gate.pass(request);
    await gate.pass(request);
    expect((await gate.pass(request)).retry_after_s).toBeGreaterThan(0);
    await pause(2050);
    expect((await gate.pass(request)).retry_after_s).toBe(0);
    expect((await gate.pass(request)).retry_after_s).toBeGreaterThan(0);
  });

  it("are apart by key, by class and by gate", async () => {
    const gate = newGate();
    const one = chargeOf({ limit: 1 });
    expect((await gate.pass({ session_id: null, charges: [one] })).retry_after_s).toBe(0);
    expect((await gate.pass({ session_id: null, charges: [{ ...one, key: "ben" }] })).retry_after_s).toBe(0);
    expect((await gate.pass({ session_id: null, charges: [{ ...one, name: "read" }] })).retry_after_s).toBe(0);
    expect((await newGate().pass({ session_id: null, charges: [one] })).retry_after_s).toBe(0);
    expect((await gate.pass({ session_id: null, charges: [one] })).retry_after_s).toBeGreaterThan(0);
  });

  it("give nothing to a request that one of them refuses", async () => {
    const gate = newGate();
    const wide = chargeOf({ name: "address", limit: 5 });
    const narrow = chargeOf({ name: "name", limit: 1 });
    await gate.pass({ session_id: null, charges: [wide, narrow] });
    for (let count = 0; count < 10; count += 1) {
      const refused = await gate.pass({ session_id: null, charges: [wide, narrow] });
      expect(refused.retry_after_s).toBeGreaterThan(0);
      expect(refused.allowances.map((one) => one.remaining)).toEqual([4, 0]);
    }
  });

  it("give nothing to who only asks", async () => {
    const gate = newGate();
    for (let count = 0; count < 5; count += 1) {
      const asked = await gate.pass({ session_id: null, charges: [chargeOf({ limit: 1, cost: 0 })] });
      expect(asked).toMatchObject({ retry_after_s: 0, allowances: [{ remaining: 1 }] });
    }
    await gate.pass({ session_id: null, charges: [chargeOf({ limit: 1 })] });
    const asked = await gate.pass({ session_id: null, charges: [chargeOf({ limit: 1, cost: 0 })] });
    expect(asked.retry_after_s).toBeGreaterThan(0);
  });

  it("outlast the eviction of the object", async () => {
    const gate = newGate();
    const request = { session_id: null, charges: [chargeOf()] };
    await gate.pass(request);
    await gate.pass(request);
    await expectKeys(gate, ["write:ann"]);
    await evictDurableObject(gate);
    expect((await gate.pass(request)).allowances[0]?.remaining).toBe(0);
    expect((await gate.pass(request)).retry_after_s).toBeGreaterThan(0);
  });

  it("are forgotten when they are full again", async () => {
    const gate = newGate();
    await gate.pass({ session_id: null, charges: [chargeOf({ key: "short", window_s: 1 })] });
    await pause(1100);
    await gate.pass({ session_id: null, charges: [chargeOf({ key: "long" })] });
    await expectKeys(gate, ["write:long"]);
  });
});

describe("the gate's sessions", () => {
  const laterMs = (): number => Date.now() + 900_000;

  it("are alive until they are revoked, and no request without one is", async () => {
    const gate = newGate();
    const [mine, other] = [uuid(), uuid()];
    expect((await gate.pass({ session_id: mine, charges: [] })).session_alive).toBe(true);
    await gate.revoke([mine], laterMs());
    expect((await gate.pass({ session_id: mine, charges: [] })).session_alive).toBe(false);
    expect((await gate.pass({ session_id: other, charges: [] })).session_alive).toBe(true);
    expect((await gate.pass({ session_id: null, charges: [] })).session_alive).toBe(false);
  });

  it("stay revoked when the object is evicted, and when it is told twice", async () => {
    const gate = newGate();
    const ids = [uuid(), uuid()];
    await gate.revoke(ids, laterMs());
    await gate.revoke(ids, laterMs());
    await evictDurableObject(gate);
    for (const session_id of ids) expect((await gate.pass({ session_id, charges: [] })).session_alive).toBe(false);
  });

  it("are forgotten once no token of theirs can be valid", async () => {
    const gate = newGate();
    const [old, recent] = [uuid(), uuid()];
    await gate.revoke([old], Date.now() - 1);
    await gate.revoke([recent], laterMs());
    expect((await gate.pass({ session_id: old, charges: [] })).session_alive).toBe(true);
    expect((await gate.pass({ session_id: recent, charges: [] })).session_alive).toBe(false);
  });

  it("are dead for every request that begins after the answer, however many are under way", async () => {
    const gate = newGate();
    const session_id = uuid();
    const ask = async (): Promise<boolean> => (await gate.pass({ session_id, charges: [] })).session_alive;
    const under_way = Array.from({ length: 20 }, ask);
    await gate.revoke([session_id], laterMs());
    const after = await Promise.all(Array.from({ length: 20 }, ask));
    await Promise.all(under_way);
    expect(new Set(after)).toEqual(new Set([false]));
  });
});
