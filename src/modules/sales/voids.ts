import { actorOf, type Context, ofOwnStore } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Row } from "../../db/database.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { doOnce } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { takeLeave } from "../approvals/index.ts";
import { auditStatement } from "../audit/index.ts";
import { stockMovementsStatement } from "../inventory/index.ts";
import { ledgerStatement, type Tender, tenderEntries } from "../ledgers/index.ts";
import { findPlace } from "../shifts/index.ts";
import { movement } from "./draft.ts";
import { discardParked } from "./parked.ts";
import { insertVoid, selectSale, selectShiftOfSale } from "./queries.ts";
import { toParkedSale, toSale } from "./rows.ts";
import type { SaleVoid } from "./schemas.ts";

/** A void that an offline till did, and who hears of one that can't have been when its clock said. */
interface VoidedOffline {
  store_id: string;
  voided_at: string;
  before_sale: (soldAt: string) => void;
}

/**
 * Takes back a whole sale on its own business day while its shift is open: stock, ledgers and figures as if it had not
 * been, and its number kept. What has come of it meanwhile, such as a refund, makes it a `conflict`.
 */
export async function voidSale(ctx: Context, saleId: string, input: SaleVoid, past?: VoidedOffline): Promise<RawBody> {
  const [sales = [], lines = [], payments = [], received = [], parked = [], shifts = []] = await ctx.db.readAll([
    ...selectSale(saleId),
    selectShiftOfSale(saleId),
  ]);
  const header = ofOwnStore(ctx, sales[0] ?? parked[0], "sale", past?.store_id);
  if (!sales[0]) return discardParked(ctx, header, toParkedSale(header), input);
  const store_id = String(header["store_id"]);
  const once = {
    store_id,
    key: keyOf(ctx),
    operation: "sale.void",
    fingerprint: fingerprintOf("sale.void", { sale_id: saleId, ...input }),
    resource_id: saleId,
  };
  const soldAt = String(header["sold_at"]);
  const isBefore = past !== undefined && past.voided_at < soldAt;
  if (isBefore) past.before_sale(soldAt);
  const at = past ? new Date(isBefore ? soldAt : past.voided_at) : ctx.now;
  return doOnce(ctx, once, async () => {
    const { store } = await findPlace(ctx, { store_id });
    const day = businessDate(at, store.timezone, store.day_cutoff);
    refuseVoid(header, { payments, received, shift: shifts[0] }, day);
    const leave = takeLeave(ctx, [wantedFor(header)], at);
    const total = Number(header["total"]);
    const entry = {
      action: "sale.void",
      entity_type: "sale",
      entity_id: saleId,
      store_id,
      before: { status: header["status"], total },
      after: { status: "voided", reason: input.reason ?? null, ...leave.audit },
    } as const;
    const createdAt = ctx.now.toISOString();
    const voided = {
      sale_id: saleId,
      store_id,
      shift_id: header["shift_id"] as string | null,
      business_date: day,
      total,
      user_id: actorOf(ctx).user_id,
      reason: input.reason ?? null,
      voided_at: at.toISOString(),
      created_at: createdAt,
    };
    const back = lines.flatMap((line) => takeBackStock(line, store_id, voided.voided_at));
    const entries = tenderEntries(payments as unknown as Tender[], {
      kind: "void",
      source_id: saleId,
      customer_id: header["customer_id"] as string | null,
      currency: String(header["currency"]),
      store_id,
      user_id: voided.user_id,
      occurred_at: voided.voided_at,
      happened: 0,
    });
    return {
      statements: [
        auditStatement(ctx, [entry]),
        ...leave.statements,
        insertVoid(voided),
        ...(back.length > 0 ? [stockMovementsStatement(back, createdAt)] : []),
        ...(entries.length > 0 ? [ledgerStatement(entries, createdAt)] : []),
      ],
      response: toSale({ ...header, status: "voided", due: 0 }, lines, payments),
    };
  });
}

function wantedFor(header: Row) {
  return {
    action: "void" as const,
    store_id: String(header["store_id"]),
    sale_id: String(header["id"]),
    size: Number(header["total"]),
    why: "A void needs the permission approve:void, or a manager's approval.",
  };
}

/** Says why not, where the schema would only refuse (`void_refused`). */
function refuseVoid(
  header: Row,
  { payments, received, shift }: { payments: Row[]; received: Row[]; shift: Row | undefined },
  today: string,
): void {
  const { status, business_date } = header;
  if (status === "voided") throw new Problem("conflict", "The sale is voided already.");
  if (status !== "completed")
    throw new Problem("conflict", "Something of the sale has been refunded; refund the rest.");
  if (business_date !== today) {
    const day = String(business_date);
    throw new Problem("conflict", `The sale is of the business day ${day}, which is over; refund it instead.`);
  }
  if (shift?.["status"] === "closed") throw new Problem("conflict", "Its shift is closed; refund it instead.");
  if (received.length > 0) throw new Problem("conflict", "The sale's balance has been paid; refund it instead.");
  if (payments.some(({ deposit_id }) => deposit_id !== null)) {
    throw new Problem("conflict", "A deposit of its order is among its payments; refund it instead.");
  }
}

function takeBackStock(line: Row, storeId: string, at: string) {
  if (line["track_stock"] !== 1 || line["product_id"] === null) return [];
  const place = {
    source_id: String(line["sale_id"]),
    line_no: Number(line["line_no"]),
    occurred_at: at,
    oversell: 0 as const,
  };
  return [movement(storeId, String(line["product_id"]), "void", Number(line["quantity"]), place)];
}
