import { businessDate } from "../../core/business-day.ts";
import { actorOf, type Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import type { OnceRecord } from "../../http/idempotency.ts";
import type { Leave } from "../approvals/index.ts";
import type { StockMovement } from "../inventory/index.ts";
import { type LedgerEntry, tenderEntries } from "../ledgers/index.ts";
import type { SoldBasket, SoldLine } from "./basket.ts";
import type { NumberRequest } from "./commit-queries.ts";
import type { Sale, SaleInput } from "./schemas.ts";
import type { Shelf } from "./shelf.ts";
import { type KeptAs, type Payment, refuseNobody, settleAsCharged, settleClaimed } from "./tender.ts";

/** All the rows of one sale or refund, ready to be committed with others in one batch. */
export interface Draft {
  kind: "sale" | "refund";
  id: string;
  once: OnceRecord;
  number: NumberRequest;
  /** Begins the number. */
  store_code: string;
  header: object;
  lines: object[];
  payments: object[];
  /** Where in the request each of them stands; left out where they are all of it, in order. */
  payment_places?: readonly number[];
  movements: StockMovement[];
  /** What tenders write into ledgers. */
  entries: LedgerEntry[];
  /** Leave that was given for what its person may not do alone. */
  leave: Leave;
  /** What else it changes, before its own rows and after them: the parked sale or the order it comes from. */
  before: Statement[];
  after: Statement[];
  /** The answer, but for the number, which only the commit knows. */
  answer: object;
  audit_total: number;
  /** What an offline till charged where the books come to another total; null where they agree. */
  charged_otherwise: { charged: number; books: number; kept_as: KeptAs } | null;
}

export interface DraftOptions {
  once: OnceRecord;
  /** Already happened at an offline till: never refused for stock or price. */
  happened: boolean;
  /** The number an offline till gave, and what it counts to. */
  own_number?: { text: string; number: number } | undefined;
  /** Numbered from the store's own sequence, because the till's number is taken. */
  number_from_store?: boolean;
  leave: Leave;
  /** Received before, for the order that becomes this sale. */
  deposits?: readonly Payment[];
  before?: Statement[];
  after?: Statement[];
}

/** What a sale is made of, wherever it comes from. */
export type SaleContent = Omit<SaleInput, "lines" | "status">;

/** Puts a priced basket and its payments into rows. Throws Problem `payment_short`, `total_mismatch`, `validation_failed`. */
export function draftSale(
  ctx: Context,
  input: SaleContent,
  shelf: Shelf,
  sold: SoldBasket,
  options: DraftOptions,
): Draft {
  const { store, terminal } = shelf;
  const saleId = options.once.resource_id;
  const soldAt = input.sold_at ?? ctx.now.toISOString();
  const createdAt = ctx.now.toISOString();
  const tendered: Payment[] = [...(options.deposits ?? []), ...input.payments];
  refuseNobody(tendered, input.customer_id);
  const settled = options.happened
    ? settleAsCharged(shelf, sold, { payments: tendered, total: input.total })
    : {
        ...settleClaimed(shelf, sold.totals.total, tendered, input.total),
        totals: sold.totals,
        otherwise: null,
      };
  const { totals } = settled;
  const header = {
    id: saleId,
    status: "completed" as const,
    store_id: store.id,
    terminal_id: terminal?.id ?? null,
    shift_id: shelf.shift_id,
    customer_id: input.customer_id ?? null,
    salesperson_id: input.salesperson_id ?? null,
    user_id: actorOf(ctx).user_id,
    business_date: businessDate(soldAt, store.timezone, store.day_cutoff),
    sold_at: soldAt,
    currency: store.currency,
    tax_mode: store.tax_mode,
    subtotal: totals.subtotal,
    discount_total: totals.discount_total,
    tax_total: totals.tax_total,
    rounding_adjustment: settled.rounding_adjustment,
    total: settled.total,
    paid_total: settled.paid_total,
    change_due: settled.change_due,
    balance_due: settled.balance_due,
    note: input.note ?? null,
    created_at: createdAt,
  };
  const lines = sold.lines.map((line, index) => ({
    id: ctx.newId(),
    ...describeLine({ ...line, priced: totals.lines[index] ?? line.priced }),
  }));
  // Cash of 0 only said how the rest is paid.
  const taken = tendered.filter(({ amount }) => amount > 0);
  const payments = paymentRows(taken);
  const happened = options.happened ? 1 : 0;
  const answer: Sale = {
    ...header,
    invoice_no: "",
    due: settled.balance_due,
    lines: lines.map((line) => ({ ...line, refunded_quantity: 0 })),
    payments,
  };
  return {
    kind: "sale",
    id: saleId,
    once: options.once,
    number: numberRequest(shelf, "sale", options),
    store_code: store.code,
    header: {
      ...header,
      status: "parked",
      store_version: options.happened ? null : store.version,
      happened,
      rounding_mode: store.rounding_mode,
      invoice_no: options.own_number?.text ?? null,
    },
    lines: lines.map((line, index) => lineRow(saleId, line, sold.lines[index], options.happened)),
    payments: payments.map((payment, index) => ({
      ...payment,
      owner_id: saleId,
      deposit_id: taken[index]?.deposit_id ?? null,
      created_at: createdAt,
    })),
    payment_places: taken.map((one) => tendered.indexOf(one)),
    movements: sold.lines.flatMap((line) =>
      line.product?.track_stock
        ? [
            movement(store.id, line.product.id, "sale", -line.quantity, {
              source_id: saleId,
              line_no: line.line_no,
              occurred_at: soldAt,
              oversell: store.allow_oversell || options.happened ? 1 : 0,
            }),
          ]
        : [],
    ),
    entries: tenderEntries(payments, {
      kind: "sale",
      source_id: saleId,
      customer_id: header.customer_id,
      currency: store.currency,
      store_id: store.id,
      user_id: header.user_id,
      occurred_at: soldAt,
      happened,
    }),
    leave: options.leave,
    before: options.before ?? [],
    after: options.after ?? [],
    answer,
    audit_total: settled.total,
    charged_otherwise: settled.otherwise && { charged: settled.total, ...settled.otherwise },
  };
}

export function movement(
  storeId: string,
  productId: string,
  reason: StockMovement["reason"],
  quantity: number,
  place: Pick<StockMovement, "source_id" | "line_no" | "occurred_at" | "oversell">,
): StockMovement {
  return {
    store_id: storeId,
    product_id: productId,
    reason,
    quantity,
    unit_cost: null,
    batch: null,
    expires_on: null,
    note: null,
    ...place,
  };
}

export function numberRequest(shelf: Shelf, kind: "sale" | "refund", options: DraftOptions): NumberRequest {
  return {
    store_id: shelf.store.id,
    terminal_code: options.number_from_store ? "00" : (shelf.terminal?.code ?? "00"),
    kind,
    own_number: options.own_number?.number ?? null,
  };
}

export function paymentRows(payments: readonly Payment[]) {
  return payments.map((payment, index) => ({
    payment_no: index + 1,
    method: payment.method,
    amount: payment.amount,
    reference: payment.reference ?? null,
    card_last4: payment.card_last4 ?? null,
  }));
}

/** A sold line as the wire shows it. */
export function describeLine(line: SoldLine) {
  const { priced } = line;
  return {
    line_no: line.line_no,
    product_id: line.product?.id ?? null,
    sku: line.product?.sku ?? null,
    barcode: line.barcode,
    name: line.name,
    unit: line.unit,
    price_quantity: line.price_quantity,
    list_price: line.list_price,
    unit_price: line.unit_price,
    override_reason: line.override_reason,
    quantity: line.quantity,
    tax_rate_ppm: line.tax_rate_ppm,
    subtotal: priced.subtotal,
    line_discount: priced.line_discount,
    order_discount: priced.order_discount,
    discount_total: priced.discount_total,
    discount_reason: line.discount_reason,
    tax_total: priced.tax_total,
    total: priced.total,
    note: line.note,
  };
}

/** What only the books keep of a line: the version that proves its price, and its cost at the time. */
function lineRow(saleId: string, line: object, sold: SoldLine | undefined, happened: boolean): object {
  return {
    ...line,
    sale_id: saleId,
    product_version: happened ? null : (sold?.product?.version ?? null),
    category_id: sold?.product?.category_id ?? null,
    cost_price: sold?.product?.cost_price ?? null,
    track_stock: sold?.product?.track_stock ? 1 : 0,
  };
}
