import type { Restock } from "../refunding.ts";
import type { MovementType } from "../shift-deeds.ts";
import type { Method, WireDiscount } from "../wire.ts";

/** What a till of a headless run does, one thing after another. Sales and refunds are named by their places at the till. */

/** A line of a basket. */
export type PlannedLine = {
  /** By barcode, or where that is null by SKU; null of both is a custom line. */
  barcode: string | null;
  sku: string | null;
  /** Base units; null where the printed code carries it. */
  quantity: number | null;
  custom?: { name: string; unit_price: number; tax_rate_ppm: number };
  override?: { unit_price: number; reason: string };
  discount?: WireDiscount;
};

export type PlannedBasket = { lines: PlannedLine[]; discount?: WireDiscount };

/** One tender: a share of the total in parts per million; the last of a sale takes the rest. */
export type PlannedTender = {
  method: Method;
  share_ppm: number;
  /** Of cash: a note above what is due, so that change goes back. */
  note: boolean;
  /** The gift card that was sold as the n-th of this till, or the refund that went to store credit as the n-th refund. */
  source: number | null;
};

export type Action =
  | { do: "sign_in"; cashier: number }
  | { do: "offline" }
  | { do: "online" }
  | { do: "open"; opening_float: number }
  | {
      do: "sell";
      sale: number;
      basket: PlannedBasket;
      tenders: PlannedTender[];
      customer: number | null;
      held: boolean;
    }
  | { do: "park"; sale: number; basket: PlannedBasket }
  | { do: "complete"; sale: number; tenders: PlannedTender[] }
  | { do: "refund"; refund: number; sale: number; lines: PlannedRefundLine[]; method: Method; customer: number | null }
  | { do: "refund_goods"; refund: number; basket: PlannedBasket; method: Method }
  | { do: "void"; sale: number }
  | { do: "cash"; type: MovementType; amount: number; reason: string }
  | { do: "gift_card"; card: number; amount: number; method: Method }
  | { do: "pay_off"; customer: number; amount: number; method: Method }
  | { do: "x_report" }
  | { do: "bill"; sale: number }
  /** `off_by`: how far the count lies from what the till knows to be there. */
  | { do: "close"; off_by: number };

export type PlannedRefundLine = {
  line_no: number;
  /** Base units; null is all that is left of the line. */
  quantity: number | null;
  restock: Restock;
};

export type TillPlan = { place: number; actions: Action[] };
