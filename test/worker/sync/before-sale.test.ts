import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api, asUser, createTerminal } from "../../support/api.ts";
import { openShop, readSale, type Shop, sold } from "../sales/shop.ts";
import { exceptionsOf, GOODS, outcomes, refundCommand, saleCommand, sync } from "./till.ts";

/** What an offline till says came back of a sale before there was one. */

const BACK = { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "cash", amount: 100 }] };

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

const DAYS_40 = 40 * 86_400_000;

async function backOf(sale_id: string) {
  return env.DB.prepare("SELECT refunded_at, business_date, shift_id FROM refunds WHERE sale_id = ?")
    .bind(sale_id)
    .first<{ refunded_at: string; business_date: string; shift_id: string | null }>();
}

async function told(shop: Shop) {
  return (await exceptionsOf(shop)).map(({ type, sale_id, detail }) => ({ type, sale_id, detail }));
}

describe("a refund that a till dates before its sale", () => {
  it("stands at the time of the sale, in the shift of then, and is told of", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [GOODS] });
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const occurred_at = ago(DAYS_40);
    const command = refundCommand(1, { sale_id: sale.id, ...BACK }, { occurred_at });
    const { body } = await sync(shop, [command], api(cashier.token));
    expect(body.results).toMatchObject([{ outcome: "flagged", resource: { type: "refund" } }]);
    expect(await backOf(sale.id)).toEqual({
      refunded_at: sale.sold_at,
      business_date: sale.business_date,
      shift_id: shop.shift.id,
    });
    const detail = `The till's clock said ${occurred_at}, which is before the sale; it stands at the time of the sale, `;
    expect(await told(shop)).toEqual([
      {
        type: "clock_skew",
        sale_id: sale.id,
        detail: `${detail}${sale.sold_at}. It is about refund ${body.results[0]?.resource?.id ?? ""}.`,
      },
    ]);
    expect(await outcomes(shop, [command])).toEqual(["replayed"]);
    expect(await told(shop)).toHaveLength(1);
  });

  it("by a moment too, and in no shift where the till had none open", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [GOODS] });
    const other = { ...shop, terminal: await createTerminal(shop.store.id, { code: "02" }) };
    const before = new Date(Date.parse(sale.sold_at) - 1).toISOString();
    expect(await outcomes(other, [refundCommand(1, { sale_id: sale.id, ...BACK }, { occurred_at: before })])).toEqual([
      "flagged",
    ]);
    expect(await backOf(sale.id)).toMatchObject({ refunded_at: sale.sold_at, shift_id: null });
  });

  it("is kept as it is from the moment of the sale on", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [GOODS] });
    const command = refundCommand(1, { sale_id: sale.id, ...BACK }, { occurred_at: sale.sold_at });
    expect(await outcomes(shop, [command])).toEqual(["applied"]);
    expect(await told(shop)).toEqual([]);
  });
});

describe("a void that a till dates before its sale", () => {
  const voidOf = (seq: number, sale_id: string, occurred_at: string) =>
    saleCommand(seq, {}, { type: "void", occurred_at, body: { sale_id } });

  it("stands at the time of the sale and is told of, once", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [GOODS] });
    const command = voidOf(1, sale.id, ago(DAYS_40));
    expect(await outcomes(shop, [command])).toEqual(["flagged"]);
    expect((await readSale(shop, sale.id)).status).toBe("voided");
    const row = await env.DB.prepare("SELECT voided_at FROM sale_voids WHERE sale_id = ?").bind(sale.id).first();
    expect(row).toEqual({ voided_at: sale.sold_at });
    expect(await told(shop)).toMatchObject([{ type: "clock_skew", sale_id: sale.id }]);
    expect(await outcomes(shop, [command])).toEqual(["replayed"]);
    expect(await told(shop)).toHaveLength(1);
  });

  it("is kept as it is from the moment of the sale on", async () => {
    const shop = await openShop();
    const sale = await sold(shop, { lines: [GOODS] });
    expect(await outcomes(shop, [voidOf(1, sale.id, sale.sold_at)])).toEqual(["applied"]);
    expect(await told(shop)).toEqual([]);
  });
});
