import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { readApproval, signApproval } from "../../../src/modules/approvals/token.ts";
import {
  type Answer,
  api,
  asUser,
  countRows,
  type Credentials,
  expectProblem,
  expectStatus,
  type SignedIn,
  uuid,
} from "../../support/api.ts";
import { everyRow, openShop, type Refund, type Shop } from "../sales/shop.ts";
import { GOODS, refundCommand, sync } from "../sync/till.ts";
import { approved, createManager } from "./manager.ts";

/** Approvals as a command uses them: a refund without its sale. */

let shop: Shop;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  shop = await openShop();
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
});

/** Refunds a piece at 1.00 of goods nobody has a bill of. */
async function refund(
  approvals: string | undefined,
  { by = cashier, key = uuid(), store = shop.store }: { by?: SignedIn; key?: string; store?: { id: string } } = {},
): Promise<Answer<Refund>> {
  const body = {
    store_id: store.id,
    lines: [GOODS],
    payments: [{ method: "cash", amount: 100 }],
    reason: "No receipt",
  };
  const headers = { "Idempotency-Key": key, ...(approvals === undefined ? {} : { "X-Approval": approvals }) };
  return by.post<Refund>("/v1/refunds", body, headers);
}

async function expectRefused(approvals: string | undefined, told: RegExp, how: Parameters<typeof refund>[1] = {}) {
  const before = await everyRow();
  const problem = expectProblem(await refund(approvals, how), 403, "approval_required");
  expect(problem.detail).toMatch(told);
  expect(await everyRow()).toEqual(before);
  return problem;
}

const read = (token: string) => readApproval(readSettings(env), token);

/** The same approval with something else in it, as if we had given that. */
function alter(token: string, over: Record<string, unknown>): string {
  const approval = read(token);
  if (!approval) throw new Error("the token is not ours");
  return signApproval(readSettings(env), { ...approval, ...over });
}

describe("a command that needs a manager", () => {
  it("is carried out with an approval, and the audit entry says whose", async () => {
    const token = await approved(cashier, manager, { limit: 100 });
    const answer = await refund(token);
    expectStatus(answer, 201);
    const entry = await env.DB.prepare("SELECT actor_id, after FROM audit_entries WHERE entity_id = ?1")
      .bind(answer.body.id)
      .first<{ actor_id: string; after: string }>();
    expect(entry?.actor_id).toBe(cashier.user.id);
    expect(JSON.parse(entry?.after ?? "")).toEqual({
      total: 100,
      approvals: [{ action: "refund_unlinked", approval_id: read(token)?.id, approved_by: manager.id }],
    });
  });

  it("needs none of who may do it alone: a token that comes along is left whole", async () => {
    const spent = await countRows("spent_approvals");
    const employee = await asUser("employee", [shop.store.id], shop.store.code);
    const token = await approved(employee, manager);
    const answer = await refund(token, { by: employee });
    expectStatus(answer, 201);
    expect(await countRows("spent_approvals")).toBe(spent);
    const entry = await env.DB.prepare("SELECT after FROM audit_entries WHERE entity_id = ?1")
      .bind(answer.body.id)
      .first();
    expect(entry).toEqual({ after: '{"total":100}' });
  });

  it("tells without one what to ask for", async () => {
    const problem = await expectRefused(undefined, /needs the permission approve:refund_unlinked, or a manager's/);
    expect(problem).toMatchObject({ approvals_needed: [{ action: "refund_unlinked", limit: 100 }] });
  });

  it("takes the good one of several", async () => {
    const good = await approved(cashier, manager);
    const other = await approved(cashier, manager, { action: "void" });
    expectStatus(await refund(`nothing, ${other} ,,${good}`), 201);
  });

  it("takes no token beyond the fourth, and none of a header that is longer than four need", async () => {
    const good = await approved(cashier, manager);
    await expectRefused(`a,b,c,d,${good}`, /is not valid/);
    await expectRefused(`${"a".repeat(4000)},${good}`, /needs the permission/);
    expectStatus(await refund(`a,b,c,${good}`), 201);
  });
});

describe("an approval", () => {
  it("is spent by what it was used for, and by nothing that was refused", async () => {
    const token = await approved(cashier, manager);
    const body = { store_id: shop.store.id, lines: [GOODS], payments: [], reason: "No receipt" };
    const headers = { "Idempotency-Key": uuid(), "X-Approval": token };
    expectProblem(await cashier.post("/v1/refunds", body, headers), 409, "total_mismatch");
    expectStatus(await refund(token), 201);
    await expectRefused(token, /has been used/);
  });

  it("is used once, however many race for it", async () => {
    for (let round = 0; round < 10; round += 1) {
      const token = await approved(cashier, manager);
      const refunds = await countRows("refunds");
      const answers = await Promise.all(Array.from({ length: 4 }, async () => refund(token)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const answer of answers) {
        if (answer.status !== 201)
          expect(expectProblem(answer, 403, "approval_required").detail).toMatch(/has been used/);
      }
      expect(await countRows("refunds")).toBe(refunds + 1);
    }
  });

  it("is no hindrance to a command that is sent again: it is answered as before", async () => {
    const [token, key] = [await approved(cashier, manager), uuid()];
    const first = await refund(token, { key });
    expectStatus(first, 201);
    for (const approvals of [token, undefined]) {
      const again = await refund(approvals, { key });
      expectStatus(again, 201);
      expect(again.headers.get("Idempotency-Replayed")).toBe("true");
      expect(again.body).toEqual(first.body);
    }
  });

  it("is of one store", async () => {
    const other = await openShop();
    const both = await asUser("cashier", [shop.store.id, other.store.id], shop.store.code);
    const token = await approved(both, manager);
    await expectRefused(token, /another store/, { by: both, store: other.store });
    expectStatus(await refund(token, { by: both }), 201);
  });

  it("is of who asked for it", async () => {
    const colleague = await asUser("cashier", [shop.store.id], shop.store.code);
    await expectRefused(await approved(colleague, manager), /somebody else/);
  });

  it("is for what it was given for, and no more of it", async () => {
    await expectRefused(await approved(cashier, manager, { action: "price" }), /is for `price`/);
    await expectRefused(await approved(cashier, manager, { limit: 99 }), /goes up to 99, and this is 100/);
  });

  it("ends after five minutes", async () => {
    const token = await approved(cashier, manager);
    const ended = { issued_at: "2026-01-01T00:00:00.000Z", expires_at: "2026-01-01T00:05:00.000Z" };
    await expectRefused(alter(token, ended), /has expired/);
  });

  it("ends when the manager has left", async () => {
    const leaver = await createManager(shop.store.id);
    const token = await approved(cashier, leaver);
    expectStatus(await shop.admin.post(`/v1/users/${leaver.id}/deactivate`), 200);
    await expectRefused(token, /does not work here any more/);
  });

  it("is no sign-in", async () => {
    const token = await approved(cashier, manager);
    expectProblem(await api(token).get("/v1/auth/me"), 401, "unauthenticated");
    const [payload = "", kid = "", mac = ""] = token.split(".");
    expectProblem(await api(`${payload}.${kid}.${mac}`).get("/v1/auth/me"), 401, "unauthenticated");
  });
});

describe("what an offline till did with an approval", () => {
  it("is judged by when it did it", async () => {
    const issued = Date.now() - 86_400_000;
    const [issued_at, expires_at] = [new Date(issued).toISOString(), new Date(issued + 300_000).toISOString()];
    const bring = async (seq: number, token: string, at: number) => {
      const body = { lines: [GOODS], payments: [{ method: "cash", amount: 100 }] };
      const command = refundCommand(seq, body, { occurred_at: new Date(at).toISOString(), approval: token });
      const answer = await sync(shop, [command], api(cashier.token));
      expectStatus(answer, 200);
      return answer.body.results[0];
    };
    const token = alter(await approved(cashier, manager), { issued_at, expires_at });
    expect(await bring(1, token, issued + 300_001)).toMatchObject({
      outcome: "rejected",
      problem: { code: "approval_required" },
    });
    expect(await bring(2, token, issued + 60_000)).toMatchObject({ outcome: "applied" });
    expect(await bring(3, token, issued + 60_000)).toMatchObject({
      outcome: "rejected",
      problem: { code: "approval_required", detail: expect.stringMatching(/has been used/) as string },
    });
  });
});
