import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver, toWire } from "../../../scripts/till/delivery.ts";
import type { Deed } from "../../../scripts/till/outbox.ts";
import { chaoticCourier, HELD } from "../../../scripts/till/headless/chaos.ts";
import { closeTill, type Till } from "../../../scripts/till/till.ts";
import { createRandom } from "../../../scripts/support/random.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { CASHIER, openTestTill, pairedFolder, TERMINAL } from "./shop.ts";

const PATIENCE = { retries: 1, timeout_ms: 2_000, longest_wait_ms: 100, deadline_ms: 10_000 };

let api: FakeApi;
let folder: string;
let till: Till;
beforeEach(async () => {
  api = await startFakeApi();
  api.answers["/v1/auth/pin"] = () => ({
    body: { access_token: "a", refresh_token: "r", expires_in: 900, user: CASHIER },
  });
  folder = pairedFolder(api.base);
  till = openTestTill(folder, api.base);
  await till.session.signInByPin("device-token", "cashier", "735192");
  api.requests.length = 0;
});
afterEach(async () => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

function write(name: string, type: Deed["type"] = "cash_movement", body: object = {}): void {
  till.outbox.write({
    type,
    body: { id: name, ...body },
    idempotency_key: name,
    occurred_at: "2026-11-24T10:00:00.000Z",
    effects: () => ({}),
  });
}

const writeMany = (count: number) => {
  for (let n = 1; n <= count; n += 1) write(`c${String(n)}`);
};

const send = (courier?: Parameters<typeof deliver>[0]["courier"]) =>
  deliver({ ...till, terminal_id: TERMINAL.id, patience: PATIENCE, ...(courier && { courier }) });

const batches = () => api.requests.map(({ body }) => (body["commands"] as { seq: number }[]).map(({ seq }) => seq));

describe("delivery", () => {
  it("sends at most 50 at a time, in order, under the till's name", async () => {
    writeMany(120);
    const left: number[] = [];
    const report = await deliver({ ...till, terminal_id: TERMINAL.id, onProgress: (count) => left.push(count) });
    expect(report).toEqual({ applied: 120, flagged: 0, replayed: 0, rejected: 0, stopped: null });
    expect(batches().map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(batches().flat()).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(api.requests.map(({ body }) => body["terminal_id"])).toEqual([TERMINAL.id, TERMINAL.id, TERMINAL.id]);
    expect(left).toEqual([70, 20, 0]);
  });

  it("sends a batch again that was half heard: what was carried out is replayed", async () => {
    writeMany(60);
    api.fault = (_request, count) => (count === 1 ? "half_heard" : null);
    expect(await send()).toMatchObject({ applied: 10, replayed: 50, stopped: null });
    expect(api.kept.map(({ key }) => key)).toEqual(Array.from({ length: 60 }, (_, n) => `c${String(n + 1)}`));
  });

  it("stops where the API is out of reach, and goes on there", async () => {
    writeMany(60);
    api.fault = (_request, count) => (count === 2 || count === 3 ? "lost" : null);
    const report = await send();
    expect(report.applied).toBe(50);
    expect(report.stopped).toContain("can't be reached");
    expect(till.outbox.waitingCount).toBe(10);
    expect(await send()).toMatchObject({ applied: 10, stopped: null });
  });

  it("brings what stands before a command that the server fails over", async () => {
    writeMany(20);
    api.fault = ({ body }) =>
      (body["commands"] as { idempotency_key: string }[]).some((one) => one.idempotency_key === "c13")
        ? { status: 500, code: "internal" }
        : null;
    const report = await send();
    expect(report.applied).toBe(12);
    expect(report.stopped).toContain("command 13, cash_movement");
  }, 20_000);

  it("halves a batch that is too large", async () => {
    writeMany(30);
    api.fault = ({ body }) =>
      (body["commands"] as unknown[]).length > 8 ? { status: 413, code: "payload_too_large" } : null;
    expect(await send()).toMatchObject({ applied: 30, stopped: null });
    expect(
      batches()
        .filter(({ length }) => length <= 8)
        .flat(),
    ).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  it("sets aside what is rejected and goes on", async () => {
    writeMany(3);
    api.reject = ({ id }) => (id === "c2" ? { code: "not_found", detail: "There is no such shift." } : null);
    expect(await send()).toMatchObject({ applied: 2, rejected: 1, stopped: null });
    expect(till.outbox.rejected().map(({ body, problem }) => [body.id, problem?.code])).toEqual([["c2", "not_found"]]);
    expect(await send()).toMatchObject({ applied: 0, rejected: 0 });
  });

  it("says why the server refuses the whole of it", async () => {
    writeMany(1);
    api.fault = () => ({ status: 403, code: "forbidden" });
    await expect(send()).rejects.toThrow("forbidden it is. (forbidden)");
    expect(till.outbox.waitingCount).toBe(1);
  });

  it("names the till's own number, and an approval, beside the body", () => {
    const command = {
      place: 1,
      seq: 4,
      idempotency_key: "k",
      occurred_at: "t",
      state: "waiting",
      problem: null,
    } as const;
    expect(toWire({ ...command, type: "sale", body: { id: "s" }, approval: null, number: "MAIN-01-000001" })).toEqual({
      seq: 4,
      idempotency_key: "k",
      type: "sale",
      occurred_at: "t",
      body: { id: "s", invoice_no: "MAIN-01-000001" },
    });
    expect(
      toWire({ ...command, type: "refund", body: { id: "r" }, approval: "yes", number: "MAIN-01-R000001" }),
    ).toMatchObject({
      approval: "yes",
      body: { id: "r", refund_no: "MAIN-01-R000001" },
    });
  });
});

describe("the chaotic courier", () => {
  it.each([1, 2, 3, 4, 5])(
    "brings everything once, and nothing past what must stay in its place (seed %i)",
    async (seed) => {
      const barriers = new Set<string>();
      for (let n = 1; n <= 200; n += 1) {
        const isBarrier = n % 17 === 0;
        write(`c${String(n)}`, isBarrier ? "refund" : "sale");
        if (isBarrier) barriers.add(`c${String(n)}`);
      }
      const report = await send(chaoticCourier(createRandom(seed)));
      expect(report).toMatchObject({ applied: 200, rejected: 0, stopped: null });
      expect(report.replayed).toBeGreaterThan(0);
      const came = api.kept.map(({ key }) => Number(key.slice(1)));
      expect(came).not.toEqual(came.toSorted((a, b) => a - b));
      expect(new Set(came).size).toBe(200);
      for (const [place, number] of came.entries()) {
        if (barriers.has(`c${String(number)}`)) expect(place).toBe(number - 1);
      }
    },
  );

  it("holds a sale back until its shift has been closed", async () => {
    write(`late${HELD}`, "sale");
    write("close", "shift_close");
    await send(chaoticCourier(createRandom(1)));
    expect(api.kept.map(({ key, seq }) => [key, seq])).toEqual([
      ["close", 2],
      [`late${HELD}`, 1],
    ]);
  });
});
