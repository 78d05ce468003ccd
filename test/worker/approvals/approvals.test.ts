import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { APPROVAL_ACTIONS } from "../../../src/modules/approvals/actions.ts";
import { readApproval } from "../../../src/modules/approvals/token.ts";
import { Probe, probeDatabase, probeObjects } from "../../bench/probe.ts";
import {
  api,
  asAdmin,
  asUser,
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
import { createRole } from "../../support/matrix.ts";
import { addPairedTill, createCashier, enterPin, failuresOf, PIN, setPin } from "../pin/till.ts";
import { openShop, sold } from "../sales/shop.ts";
import { ask, createManager } from "./manager.ts";

let main: StoreBody;
let north: StoreBody;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  [main, north] = [await createStore(), await createStore()];
  cashier = await asUser("cashier", [main.id], main.code);
  manager = await createManager(main.id);
});

const REFUSED = "The name or the PIN is wrong, or may not approve this.";
const WRONG = "111222";

async function entriesOf(action: string): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare("SELECT * FROM audit_entries WHERE action = ?1 ORDER BY seq")
    .bind(action)
    .all();
  return results;
}

describe("an approval", () => {
  it("is given for five minutes, and the audit log says by whom, to whom and for what", async () => {
    const sale_id = uuid();
    const before = Date.now();
    const asked = { action: "price", manager: manager.username.toUpperCase(), limit: 500, sale_id, store_id: main.id };
    const answer = await ask(cashier, asked);
    expectStatus(answer, 201);
    expect(Object.keys(answer.body).toSorted()).toEqual(["action", "expires_at", "token"]);
    const expires = Date.parse(answer.body.expires_at) - 300_000;
    expect(expires).toBeGreaterThanOrEqual(before);
    expect(expires).toBeLessThanOrEqual(Date.now());
    const approval = readApproval(readSettings(env), answer.body.token);
    expect(approval).toEqual({
      id: expect.any(String) as string,
      action: "price",
      store_id: main.id,
      requested_by: cashier.user.id,
      approved_by: manager.id,
      limit: 500,
      sale_id,
      issued_at: new Date(expires).toISOString(),
      expires_at: answer.body.expires_at,
    });
    const entry = (await entriesOf("approval.give")).at(-1);
    expect(entry).toMatchObject({
      entity_type: "approval",
      entity_id: approval?.id,
      store_id: main.id,
      actor_id: cashier.user.id,
    });
    expect(JSON.parse(String(entry?.["after"]))).toEqual({
      action: "price",
      approved_by: manager.id,
      limit: 500,
      sale_id,
    });
  });

  it.each(APPROVAL_ACTIONS)("for %s is given by employees and admins, and by no cashier", async (action) => {
    const boss = await createManager(main.id, "admin");
    for (const { username } of [manager, boss]) expectStatus(await ask(cashier, { action, manager: username }), 201);
    const colleague = await createCashier(main.id);
    expectProblem(await ask(cashier, { action, manager: colleague.username }), 403, "approval_required");
  });

  it("is given by a role of an admin's making, as far as that may", async () => {
    const role = await createRole(["approve:void"]);
    const { username } = await createManager(main.id, role);
    expectStatus(await ask(cashier, { action: "void", manager: username }), 201);
    expectProblem(await ask(cashier, { action: "price", manager: username }), 403, "approval_required");
  });

  it("is given by whoever asks, if they may", async () => {
    const employee = await asUser("employee", [main.id], main.code);
    await setPin(employee.user.id, main.id, PIN);
    expectStatus(await ask(employee, { manager: employee.user.username }), 201);
  });

  it("is asked for at a till by whoever a PIN signed in there", async () => {
    const till = await addPairedTill(main.id);
    const { username } = await createCashier(main.id);
    const { body } = await enterPin(till.device_token, username, PIN);
    expectStatus(await ask({ token: body.access_token }, { manager: manager.username }), 201);
    const stern = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "1" });
    const wrong = { manager: manager.username, pin: WRONG };
    expectProblem(await ask({ token: body.access_token }, wrong, { fetcher: stern }), 403, "approval_required");
    // The next cashier at the till finds its guesses used up.
    const next = await enterPin(till.device_token, (await createCashier(main.id)).username, PIN);
    expectProblem(await ask({ token: next.body.access_token }, wrong, { fetcher: stern }), 429, "rate_limited");
    expectStatus(await ask(cashier, { manager: manager.username }), 201);
  });
});

describe("the store of an approval", () => {
  const storeOf = (token: string) => readApproval(readSettings(env), token)?.store_id;

  it("is the one that is named, else the session's, else the only one of whoever asks", async () => {
    const both = await asUser("cashier", [main.id, north.id], main.code);
    const northern = await createManager(north.id);
    const named = await ask(both, { manager: northern.username, store_id: north.id });
    expect(storeOf(named.body.token)).toBe(north.id);
    expect(storeOf((await ask(both, { manager: manager.username })).body.token)).toBe(main.id);
    const alone = await asUser("cashier", [main.id]);
    expect(storeOf((await ask(alone, { manager: manager.username })).body.token)).toBe(main.id);
  });

  it("is that of the sale, for who works in several and stands in none", async () => {
    const shop = await openShop();
    const goods = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };
    const sale = await sold(shop, { lines: [goods] });
    const { username } = await createManager(shop.store.id);
    const asked = { action: "void", manager: username, sale_id: sale.id };
    const roaming = await asUser("cashier", [main.id, shop.store.id]);
    expect(storeOf((await ask(roaming, asked)).body.token)).toBe(shop.store.id);
    // Of another store it tells nothing, as if it were not there.
    const stranger = await asUser("cashier", [main.id, north.id]);
    for (const sale_id of [sale.id, uuid()]) {
      const { errors } = expectProblem(await ask(stranger, { ...asked, sale_id }), 422, "validation_failed");
      expect(errors).toEqual([{ pointer: "/store_id", detail: "is needed" }]);
    }
  });

  it("is needed where nothing tells it", async () => {
    const { errors } = expectProblem(
      await ask(await asAdmin(), { manager: manager.username }),
      422,
      "validation_failed",
    );
    expect(errors).toEqual([{ pointer: "/store_id", detail: "is needed" }]);
  });

  it("must be one's own, and there", async () => {
    expectProblem(await ask(cashier, { manager: manager.username, store_id: north.id }), 404, "not_found");
    const nowhere = { manager: manager.username, store_id: uuid() };
    expectProblem(await ask(await asAdmin(), nowhere), 404, "not_found");
  });
});

describe("what is not right", () => {
  it("is answered alike whatever it is, after the same work, and leaves no way to tell", async () => {
    const colleague = await createCashier(main.id);
    const northern = await createManager(north.id);
    const without = await createUser("employee", [main.id]);
    const gone = await createManager(main.id);
    await env.DB.prepare("UPDATE users SET version = version + 1, active = 0 WHERE id = ?1").bind(gone.id).run();
    const moved = await createManager(main.id);
    await env.DB.prepare("DELETE FROM user_stores WHERE user_id = ?1").bind(moved.id).run();
    const reset = await createManager(main.id);
    await env.DB.prepare("UPDATE users SET must_change_password = 1 WHERE id = ?1").bind(reset.id).run();
    const tries: [string, string][] = [
      [(await createManager(main.id)).username, WRONG],
      [(await createManager(main.id)).username, "4"],
      ["nobody", PIN],
      [colleague.username, PIN],
      [northern.username, PIN],
      [without.username, PIN],
      [gone.username, PIN],
      [moved.username, PIN],
      [reset.username, PIN],
    ];
    const seen = new Set<string>();
    for (const [username, pin] of tries) {
      const probe = new Probe();
      const fetcher = fetchWith({ DB: probeDatabase(env.DB, probe), GATE: probeObjects(env.GATE, probe) });
      const answer = await ask(cashier, { manager: username, pin }, { fetcher });
      const { detail, errors } = expectProblem(answer, 403, "approval_required");
      const work = probe.trips.map(({ hop, statements }) => [hop, statements.map(({ sql }) => sql)]);
      seen.add(JSON.stringify([detail, errors, answer.headers.get("RateLimit"), work]));
    }
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain(REFUSED);
  });

  it("is no more work than what is right", async () => {
    const trips = async (pin: string) => {
      const probe = new Probe();
      const fetcher = fetchWith({ DB: probeDatabase(env.DB, probe), GATE: probeObjects(env.GATE, probe) });
      await ask(cashier, { manager: manager.username, pin }, { fetcher });
      return [probe.count("d1"), probe.count("do")];
    };
    expect(await trips(PIN)).toEqual(await trips(WRONG));
  });

  it("stands in the audit log, without the name that was typed", async () => {
    const { username, id } = await createCashier(main.id);
    await ask(cashier, { manager: username, pin: WRONG });
    expect((await entriesOf("pin.fail")).at(-1)).toMatchObject({
      entity_type: "user",
      entity_id: id,
      store_id: main.id,
      actor_id: cashier.user.id,
      after: '{"permission":"approve:refund_unlinked"}',
    });
    await ask(cashier, { manager: username });
    expect((await entriesOf("pin.refuse")).at(-1)).toMatchObject({ entity_type: "user", entity_id: id });
    await ask(cashier, { manager: "my password", pin: "483921" });
    const entry = (await entriesOf("pin.fail")).at(-1);
    expect(entry).toMatchObject({ entity_type: "store", entity_id: main.id });
    expect(JSON.stringify(entry)).not.toMatch(/my password|483921/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no action", { action: undefined }, "/action"],
    ["an action nobody knows", { action: "everything" }, "/action"],
    ["no manager", { manager: undefined }, "/manager"],
    ["an empty PIN", { pin: "" }, "/pin"],
    ["a PIN that is a number", { pin: 483_920 }, "/pin"],
    ["a huge PIN", { pin: "1".repeat(65) }, "/pin"],
    ["a limit below nothing", { limit: -1 }, "/limit"],
    ["half a limit", { limit: 0.5 }, "/limit"],
    ["a discount of more than all", { action: "discount", limit: 1_000_001 }, "/limit"],
    ["more than any amount", { limit: 1_000_000_000_000_000 }, "/limit"],
    ["a limit of another's shift", { action: "close_other", limit: 1 }, "/limit"],
    ["a limit of nothing of another's shift", { action: "close_other", limit: 0 }, "/limit"],
    ["a sale that is a word", { action: "void", sale_id: "first" }, "/sale_id"],
    ["a sale of a refund without one", { sale_id: "019a3d50-0000-7000-8000-000000000001" }, "/sale_id"],
    [
      "a sale of another's shift",
      { action: "close_other", sale_id: "019a3d50-0000-7000-8000-000000000001" },
      "/sale_id",
    ],
    [
      "a sale of a drawer",
      { action: "drawer_difference", sale_id: "019a3d50-0000-7000-8000-000000000001" },
      "/sale_id",
    ],
    ["a life of its own choosing", { expires_at: "2099-01-01T00:00:00.000Z" }, "/expires_at"],
  ])("as %s is said to be so", async (_, over, pointer) => {
    const answer = await ask(cashier, { manager: manager.username, ...over });
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe(pointer);
  });
});

describe("wrong PINs of a manager", () => {
  it("count against the name for whoever asks, and right ones do not", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "2", LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "5" });
    const [one, other] = [await asUser("cashier", [main.id], main.code), await asUser("cashier", [main.id], main.code)];
    const { username } = await createManager(main.id);
    const enter = async (by: SignedIn, pin: string) => (await ask(by, { manager: username, pin }, { fetcher })).status;
    for (let round = 0; round < 8; round += 1) expect(await enter(one, PIN)).toBe(201);
    expect([await enter(one, WRONG), await enter(one, WRONG)]).toEqual([403, 403]);
    expect([await enter(one, WRONG), await enter(one, PIN)]).toEqual([429, 429]);
    expect(await enter(other, PIN)).toBe(201);
  });

  it("count against the address", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "2" });
    const [by, address] = [await asUser("cashier", [main.id], main.code), uuid()];
    const enter = async () => (await ask(by, { manager: `user-${uuid()}` }, { fetcher, address })).status;
    expect([await enter(), await enter(), await enter()]).toEqual([403, 403, 429]);
  });

  it("are not used up by what anyone can send as a till's token", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "1" });
    const by = await asUser("cashier", [main.id], main.code);
    const { username } = await createManager(main.id);
    for (const token of [`user:${by.user.id}`, by.user.id]) await enterPin(token, username, WRONG, fetcher);
    expectStatus(await ask(by, { manager: username }, { fetcher }), 201);
  });

  it("lock it after twenty in a row, and a right one before that forgets them", async () => {
    const { username, id } = await createManager(main.id);
    const fetcher = fetchWith({ LIMIT_SIGN_IN_FAILURES_PER_MINUTE: "1000" });
    const enter = async (pin: string) => ask(cashier, { manager: username, pin }, { fetcher });
    for (let round = 0; round < 19; round += 1) expectProblem(await enter(WRONG), 403, "approval_required");
    expect(await failuresOf(id)).toBe(19);
    expectStatus(await enter(PIN), 201);
    expect(await failuresOf(id)).toBe(0);
    for (let round = 0; round < 20; round += 1) expectProblem(await enter(WRONG), 403, "approval_required");
    for (const pin of [WRONG, PIN]) {
      expect(expectProblem(await enter(pin), 403, "forbidden").detail).toMatch(/^The PIN is locked/);
    }
    const till = await addPairedTill(main.id, "K1");
    expectProblem(await enterPin(till.device_token, username, PIN, fetcher), 403, "forbidden");
    const { status } = await api((await asAdmin()).token).post(`/v1/users/${id}/unlock-pin`, { store_id: main.id });
    expect(status).toBe(204);
    expectStatus(await enter(PIN), 201);
  });

  it("lock it also for a right one that was being looked at meanwhile", async () => {
    const { username, id } = await createManager(main.id);
    const given = (await entriesOf("approval.give")).length;
    // As another till's guesses would: after this one has read how many there were.
    const DB = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        const results = await env.DB.batch(statements);
        await env.DB.prepare("UPDATE user_pins SET failures = 20 WHERE user_id = ?1").bind(id).run();
        return results;
      },
    };
    const answer = await ask(cashier, { manager: username }, { fetcher: fetchWith({ DB }) });
    expect(expectProblem(answer, 403, "forbidden").detail).toMatch(/^The PIN is locked/);
    expect(await entriesOf("approval.give")).toHaveLength(given);
    expect(await failuresOf(id)).toBe(20);
  });

  it("of someone who may not approve leave a right one's count alone", async () => {
    const { username, id } = await createCashier(main.id);
    await ask(cashier, { manager: username, pin: WRONG });
    await ask(cashier, { manager: username });
    expect(await failuresOf(id)).toBe(1);
  });
});
