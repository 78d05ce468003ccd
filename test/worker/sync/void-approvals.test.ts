import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { readApproval, signApproval } from "../../../src/modules/approvals/token.ts";
import { readSettings } from "../../../src/env.ts";
import { api, asUser, type Credentials, expectStatus, type SignedIn, uuid } from "../../support/api.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { openShop, readSale, type Shop } from "../sales/shop.ts";
import { saleCommand, sync, type SyncResult } from "./till.ts";

/** A void that an offline till did with a manager's approval, brought in the day after. */

let shop: Shop;
let cashier: SignedIn;
let manager: Credentials;
let seq = 0;

beforeAll(async () => {
  shop = await openShop();
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
});

/** So many seconds after yesterday's noon, which is far from the end of any business day. */
function yesterday(seconds: number): string {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  return new Date(Date.parse(`${day}T12:00:00.000Z`) + seconds * 1000).toISOString();
}

async function bring(command: Record<string, unknown>): Promise<SyncResult> {
  seq += 1;
  const answer = await sync(shop, [{ ...saleCommand(seq), ...command, seq }], api(cashier.token));
  expectStatus(answer, 200);
  const [result] = answer.body.results;
  if (!result) throw new Error("there is no result");
  return result;
}

/** A sale of yesterday's noon. */
async function soldYesterday(): Promise<string> {
  const id = uuid();
  const { body } = saleCommand(seq + 1, { id });
  expect((await bring({ occurred_at: yesterday(0), body })).outcome).not.toBe("rejected");
  return id;
}

const voided = async (sale_id: string, approval: string, occurred_at: string) =>
  bring({ type: "void", occurred_at, body: { sale_id, reason: "Changed her mind" }, approval });

/** The same approval, given yesterday at noon for five minutes. */
function asOfYesterday(token: string): string {
  const approval = readApproval(readSettings(env), token);
  if (!approval) throw new Error("the token is not ours");
  return signApproval(readSettings(env), { ...approval, issued_at: yesterday(0), expires_at: yesterday(300) });
}

describe("the approval of a void that an offline till did", () => {
  it("must have been good when it did it", async () => {
    const sale_id = await soldYesterday();
    const token = asOfYesterday(await approved(cashier, manager, { action: "void", sale_id }));
    const late = await voided(sale_id, token, yesterday(301));
    expect(late).toMatchObject({ outcome: "rejected", problem: { code: "approval_required" } });
    expect(late.problem?.detail).toContain("has expired");
    expect((await readSale(shop, sale_id)).status).toBe("completed");
    expect((await voided(sale_id, token, yesterday(300))).outcome).toBe("applied");
    expect((await readSale(shop, sale_id)).status).toBe("voided");
  });

  it("need not be good now, and one that is good now was not good then", async () => {
    const sale_id = await soldYesterday();
    const token = await approved(cashier, manager, { action: "void", sale_id });
    expect(await voided(sale_id, token, yesterday(60))).toMatchObject({
      outcome: "rejected",
      problem: { code: "approval_required" },
    });
    expect((await readSale(shop, sale_id)).status).toBe("completed");
  });
});
