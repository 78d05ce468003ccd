import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  countRows,
  createStore,
  createUser,
  type Credentials,
  expectProblem,
  expectStatus,
  fetchWith,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { addPairedTill, createCashier, enterPin, failuresOf, type PairedBody, PIN, setPin } from "./till.ts";

let admin: SignedIn;
let main: StoreBody;
let north: StoreBody;
let till: PairedBody;

beforeAll(async () => {
  admin = await asAdmin();
  [main, north] = [await createStore(), await createStore()];
  till = await addPairedTill(main.id);
});

const claimsOf = (token: string) => JSON.parse(atob(token.split(".")[1] ?? "")) as Record<string, unknown>;

describe("POST /v1/auth/pin", () => {
  it("signs in on the till, for its store", async () => {
    const ann = await createCashier(main.id);
    const answer = await enterPin(till.device_token, ann.username.toUpperCase(), PIN);
    expectStatus(answer, 200);
    expect(answer.body.user).toMatchObject({ id: ann.id, role: "cashier", store_ids: [main.id] });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      gate: main.id,
      method: "pin",
      terminal_id: till.terminal.id,
    });
    expectStatus(await api(answer.body.access_token).get(`/v1/stores/${main.id}`), 200);
    const renewed = await api(null).post<{ access_token: string }>("/v1/auth/refresh", {
      refresh_token: answer.body.refresh_token,
    });
    expect(claimsOf(renewed.body.access_token)).toMatchObject({ method: "pin", terminal_id: till.terminal.id });
  });

  it("switches the cashier: the last one's session ends, and no other", async () => {
    const [ann, ben] = [await createCashier(main.id), await createCashier(main.id)];
    const second = await addPairedTill(main.id, "S2");
    const elsewhere = await enterPin(second.device_token, ann.username, PIN);
    const first = await enterPin(till.device_token, ann.username, PIN);
    const next = await enterPin(till.device_token, ben.username, PIN);
    expectStatus(next, 200);
    expectProblem(await api(first.body.access_token).get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await api(next.body.access_token).get("/v1/auth/me"), 200);
    expectStatus(await api(elsewhere.body.access_token).get("/v1/auth/me"), 200);
  });

  it("answers every wrong thing alike, and opens nothing", async () => {
    const ann = await createCashier(main.id);
    const northerner = await createCashier(north.id);
    const withoutPin = await createUser("cashier", [main.id]);
    const gone = await createCashier(main.id);
    await env.DB.prepare("UPDATE users SET version = version + 1, active = 0 WHERE id = ?1").bind(gone.id).run();
    const moved = await createCashier(main.id);
    await env.DB.prepare("DELETE FROM user_stores WHERE user_id = ?1").bind(moved.id).run();
    const before = await countRows("sessions");
    const tries: [string, string][] = [
      [ann.username, "483921"],
      [ann.username, "4"],
      ["nobody", PIN],
      [northerner.username, PIN],
      [withoutPin.username, PIN],
      [gone.username, PIN],
      [moved.username, PIN],
    ];
    const details = new Set<string>();
    for (const [username, pin] of tries) {
      details.add(expectProblem(await enterPin(till.device_token, username, pin), 401, "unauthenticated").detail);
    }
    expect(details.size).toBe(1);
    expect(await countRows("sessions")).toBe(before);
  });

  it.each([
    ["none", null],
    ["a wrong one", "x".repeat(43)],
    ["a long one", "y".repeat(5000)],
  ])("asks for the till's token: %s", async (_, token) => {
    const ann = await createCashier(main.id);
    expectProblem(await enterPin(token, ann.username, PIN), 401, "unauthenticated");
  });

  it.each([
    ["no body", undefined],
    ["no PIN", { username: "ann" }],
    ["a number", { username: "ann", pin: 483920 }],
    ["an empty PIN", { username: "ann", pin: "" }],
    ["a huge PIN", { username: "ann", pin: "1".repeat(65) }],
    ["a store of its own choosing", { username: "ann", pin: PIN, store_code: "MAIN" }],
    ["a role", { username: "ann", pin: PIN, role: "admin" }],
  ])("refuses %s", async (_, body) => {
    const answer = await api(null).post("/v1/auth/pin", body, { "X-Device-Token": till.device_token });
    expect(answer.status).toBeGreaterThanOrEqual(415);
    expect(answer.status).toBeLessThanOrEqual(422);
  });
});

describe("an admin at a till", () => {
  it("sells, but does not administer: a PIN is too little for that", async () => {
    const boss = await createUser("admin");
    await setPin(boss.id, main.id, PIN);
    const answer = await enterPin(till.device_token, boss.username, PIN);
    expectStatus(answer, 200);
    expect(answer.body.user.permissions).toContain("approve:price");
    expect(answer.body.user.permissions.filter((one) => one.endsWith(":manage"))).toEqual(["exceptions:manage"]);
    const client = api(answer.body.access_token);
    expectStatus(await client.get(`/v1/stores/${main.id}`), 200);
    expectProblem(await client.get("/v1/users"), 403, "forbidden");
    expectProblem(await client.post("/v1/roles", { name: "mine", permissions: [] }), 403, "forbidden");
    expectProblem(await client.post(`/v1/terminals/${till.terminal.id}/unpair`), 403, "forbidden");
  });
});

describe("wrong PINs", () => {
  let ann: Credentials;
  beforeAll(async () => {
    ann = await createCashier(main.id);
  });

  it("count, and right ones do not: two hundred in a row", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "2", LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "5" });
    const address = uuid();
    for (let round = 0; round < 200; round += 1) {
      expectStatus(await enterPin(till.device_token, ann.username, PIN, fetcher, address), 200);
    }
    for (const status of [401, 401, 429, 429]) {
      expectStatus(await enterPin(till.device_token, ann.username, "111222", fetcher, address), status);
    }
    expectProblem(await enterPin(till.device_token, ann.username, PIN, fetcher), 429, "rate_limited");
    const other = await createCashier(main.id);
    expectStatus(await enterPin(till.device_token, other.username, PIN, fetcher), 200);
  });

  it("by one till do not keep the name from another", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "1" });
    const second = await addPairedTill(main.id, "W2");
    const ben = await createCashier(main.id);
    expectStatus(await enterPin(second.device_token, ben.username, "111222", fetcher), 401);
    expectStatus(await enterPin(second.device_token, ben.username, PIN, fetcher), 429);
    expectStatus(await enterPin(till.device_token, ben.username, PIN, fetcher), 200);
  });

  it("side by side give the right one no way in once they are used up, and lock after twenty", async () => {
    const ben = await createCashier(main.id);
    const pins = Array.from({ length: 40 }, (_, index) => (index === 39 ? PIN : String(200_000 + index)));
    const answers = await Promise.all(pins.map(async (pin) => enterPin(till.device_token, ben.username, pin)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.every((status) => [200, 401, 403, 429].includes(status))).toBe(true);
    expect(await failuresOf(ben.id)).toBeLessThanOrEqual(20);
  });

  it("lock the PIN after twenty in a row, whatever the till, until it is unlocked", async () => {
    const ben = await createCashier(main.id);
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "1000" });
    for (let round = 0; round < 19; round += 1) {
      expectStatus(await enterPin(till.device_token, ben.username, "111222", fetcher), 401);
    }
    expectStatus(await enterPin(till.device_token, ben.username, PIN, fetcher), 200);
    expect(await failuresOf(ben.id)).toBe(0);
    for (let round = 0; round < 20; round += 1) {
      expectStatus(await enterPin(till.device_token, ben.username, "111222", fetcher), 401);
    }
    expectProblem(await enterPin(till.device_token, ben.username, "111222", fetcher), 403, "forbidden");
    const sessions = await countRows("sessions");
    expectProblem(await enterPin(till.device_token, ben.username, PIN, fetcher), 403, "forbidden");
    expect(await countRows("sessions")).toBe(sessions);
    await env.DB.prepare("UPDATE user_pins SET failures = 0 WHERE user_id = ?1").bind(ben.id).run();
    expectStatus(await enterPin(till.device_token, ben.username, PIN, fetcher), 200);
  });
});

describe("a session that a till holds", () => {
  it("shares the till's limit with whoever is at it, and no other till's", async () => {
    const fetcher = fetchWith({ LIMIT_READ_PER_MINUTE: "3" });
    const [one, two] = [await addPairedTill(main.id, "L1"), await addPairedTill(main.id, "L2")];
    const [ann, ben] = [await createCashier(main.id), await createCashier(main.id)];
    const read = async (token: string) => (await api(token, fetcher).get(`/v1/stores/${main.id}`)).status;
    const first = await enterPin(one.device_token, ann.username, PIN);
    expect([await read(first.body.access_token), await read(first.body.access_token)]).toEqual([200, 200]);
    const next = await enterPin(one.device_token, ben.username, PIN);
    expect([await read(next.body.access_token), await read(next.body.access_token)]).toEqual([200, 429]);
    const elsewhere = await enterPin(two.device_token, ann.username, PIN);
    expect(await read(elsewhere.body.access_token)).toBe(200);
  });

  it("may be opened by password as well, and is then the till's", async () => {
    const ann = await createUser("cashier", [main.id, north.id]);
    const headers = { "CF-Connecting-IP": uuid(), "X-Device-Token": till.device_token };
    const body = { username: ann.username, password: ann.password };
    const answer = await api(null).post<{ access_token: string }>("/v1/auth/login", body, headers);
    expectStatus(answer, 200);
    expect(claimsOf(answer.body.access_token)).toMatchObject({ gate: main.id, terminal_id: till.terminal.id });
    const other = await api(null).post("/v1/auth/login", { ...body, store_code: north.code }, headers);
    expectProblem(other, 401, "unauthenticated");
  });

  it("is refused without the gate, and when the till was unpaired between the question and the answer", async () => {
    const ann = await createCashier(main.id);
    const lost = await addPairedTill(main.id, "U1");
    expectStatus(await admin.post(`/v1/terminals/${lost.terminal.id}/unpair`), 200);
    expectProblem(await enterPin(lost.device_token, ann.username, PIN), 401, "unauthenticated");
    await setPin(ann.id, main.id, PIN);
    const broken = { getByName: () => ({ pass: async () => Promise.reject(new Error("gone")) }) };
    expectProblem(await enterPin(till.device_token, ann.username, PIN, fetchWith({ GATE: broken })), 503, "overloaded");
  });
});
