import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askApi } from "../../../scripts/till/client.ts";
import { Session, SessionEnded } from "../../../scripts/till/session.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { CASHIER } from "./shop.ts";

const QUICK = { retries: 2, timeout_ms: 2_000, longest_wait_ms: 1_500, deadline_ms: 10_000 };
const CALL = { method: "POST", path: "/v1/sales", body: { id: "a" }, idempotency_key: "k" } as const;

let api: FakeApi;
let waits: string[];
beforeEach(async () => {
  api = await startFakeApi();
  waits = [];
});
afterEach(async () => api.stop());

const client = () => ({ base: api.base, onWait: (why: string) => waits.push(why) });

function tokens(name: string) {
  const body = { access_token: `access ${name}`, refresh_token: `refresh ${name}`, expires_in: 900, user: CASHIER };
  return () => ({ body });
}

async function signedIn(): Promise<Session> {
  api.answers["/v1/auth/pin"] = tokens("1");
  const session = new Session(client());
  await session.signInByPin("device-token", "cashier", "735192");
  return session;
}

describe("the till's client", () => {
  it("waits as long as Retry-After says, and sends the very same", async () => {
    api.fault = (_request, count) =>
      count === 1 ? { status: 429, code: "rate_limited", headers: { "Retry-After": "1" } } : null;
    const started = performance.now();
    expect(await askApi(client(), CALL, { patience: QUICK })).toMatchObject({
      kind: "done",
      status: 201,
      replayed: false,
    });
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(api.requests.map(({ headers, body }) => [headers["idempotency-key"], body])).toEqual([
      ["k", { id: "a" }],
      ["k", { id: "a" }],
    ]);
    expect(waits).toHaveLength(1);
  });

  it("does not let a customer wait longer than there is patience", async () => {
    api.fault = () => ({ status: 429, code: "rate_limited", headers: { "Retry-After": "60" } });
    const outcome = await askApi(client(), CALL, { patience: QUICK });
    expect(outcome).toMatchObject({ kind: "unreached", unheard: true, status: 429 });
    expect(api.requests).toHaveLength(1);
  });

  it("gives up where an answer takes longer than a customer waits", async () => {
    api.fault = () => "silence";
    const started = performance.now();
    const patience = { ...QUICK, timeout_ms: 300, deadline_ms: 300 };
    expect(await askApi(client(), CALL, { patience })).toMatchObject({ kind: "unreached", unheard: false });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(api.requests).toHaveLength(1);
  });

  it("sends again after outcome_unknown, and a half-heard command is carried out once", async () => {
    const faults = [{ status: 503, code: "outcome_unknown" }, "half_heard"] as const;
    api.fault = (_request, count) => faults[count - 1] ?? null;
    expect(await askApi(client(), CALL, { patience: QUICK })).toMatchObject({ kind: "done", replayed: true });
    expect(api.kept).toHaveLength(1);
  });

  it("tells what can't have been heard from what may have been", async () => {
    const gone = await startFakeApi();
    await gone.stop();
    const nobody = { base: gone.base, onWait: () => undefined };
    const patience = { ...QUICK, retries: 0 };
    expect(await askApi(nobody, CALL, { patience })).toMatchObject({ kind: "unreached", unheard: true, status: null });
    api.fault = () => "lost";
    expect(await askApi(client(), CALL, { patience })).toMatchObject({ kind: "unreached", unheard: false });
    api.fault = () => ({ status: 500, code: "internal" });
    expect(await askApi(client(), CALL, { patience })).toMatchObject({
      kind: "unreached",
      unheard: false,
      status: 500,
    });
  });

  it("is not certain of a refusal that follows an attempt of which nobody knows", async () => {
    api.reject = () => ({ code: "insufficient_stock", detail: "There is not enough." });
    expect(await askApi(client(), CALL, { patience: QUICK })).toMatchObject({ kind: "refused", certain: true });
    api.fault = (_request, count) => (count === 2 ? "lost" : null);
    expect(await askApi(client(), CALL, { patience: QUICK })).toMatchObject({ kind: "refused", certain: false });
  });
});

describe("the till's session", () => {
  it("is opened by PIN with the device's token", async () => {
    const session = await signedIn();
    await session.ask(CALL, QUICK);
    expect(api.requests.map(({ headers }) => [headers["x-device-token"], headers.authorization])).toEqual([
      ["device-token", undefined],
      [undefined, "Bearer access 1"],
    ]);
  });

  it("is renewed when it has run out, once, and the command sent again", async () => {
    const session = await signedIn();
    api.answers["/v1/auth/refresh"] = tokens("2");
    api.fault = ({ headers }) =>
      headers.authorization === "Bearer access 1" ? { status: 401, code: "unauthenticated" } : null;
    expect(await session.ask(CALL, QUICK)).toMatchObject({ kind: "done" });
    expect(api.requests.filter(({ path }) => path === "/v1/auth/refresh")).toMatchObject([
      { body: { refresh_token: "refresh 1" } },
    ]);
    expect(api.kept).toHaveLength(1);
  });

  it("has ended where the refresh is refused or half heard: a refresh token is not sent twice", async () => {
    for (const fault of [{ status: 401, code: "session_revoked" }, "half_heard"] as const) {
      const session = await signedIn();
      api.answers["/v1/auth/refresh"] = tokens("2");
      api.requests.length = 0;
      api.fault = ({ path }) => (path === "/v1/auth/refresh" ? fault : { status: 401, code: "unauthenticated" });
      await expect(session.ask(CALL, QUICK)).rejects.toMatchObject({ name: "SessionEnded", certain: true });
      expect(api.requests.filter(({ path }) => path === "/v1/auth/refresh")).toHaveLength(1);
      expect(session.isOpen).toBe(false);
      api.fault = () => null;
    }
  });

  it("asks nothing for nobody", async () => {
    await expect(new Session(client()).ask(CALL)).rejects.toThrow(SessionEnded);
    expect(api.requests).toEqual([]);
  });

  it("never says the PIN or a token, whatever the API does", async () => {
    api.answers["/v1/auth/pin"] = tokens("1");
    api.fault = (_request, count) =>
      count < 3 ? { status: 503, code: "overloaded" } : { status: 401, code: "unauthenticated" };
    const session = new Session(client());
    const failure = await session.signInByPin("device-token", "cashier", "735192").catch((error: unknown) => error);
    const said = [...waits, String((failure as Error).stack)].join("\n");
    expect(said).toContain("unauthenticated");
    expect(said).not.toMatch(/735192|device-token|access|refresh 1/);
  });
});
