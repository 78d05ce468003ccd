import type { Random } from "../../support/random.ts";
import type { Method } from "../wire.ts";
import type { Action, PlannedBasket, PlannedRefundLine, PlannedTender } from "./actions.ts";
import { drawBasket, type Goods } from "./draw-basket.ts";
import { drawLast } from "./draw-tenders.ts";

/** What comes back in a till's day: exactly as many refunds as are asked for, and a few voids. */

type Candidate = { sale: number; lines: { line_no: number; left: number | null }[]; refunded: boolean };
type Credit = { refund: number; customer: number };

const VOIDS = 0.01;
const WITHOUT_SALE = 0.12;
const TO_CREDIT = 0.15;
const METHODS: readonly Method[] = ["cash", "cash", "card", "mobile_wallet"];

export class Returns {
  readonly #random: Random;
  readonly #customers: number;
  /** How many refunds are due after each sale. */
  readonly #due: number[];
  #candidates: Candidate[] = [];
  #credits: Credit[] = [];
  #waiting = 0;
  #refunds = 0;

  constructor(random: Random, { sales, refunds, customers }: { sales: number; refunds: number; customers: number }) {
    this.#random = random;
    this.#customers = customers;
    this.#due = Array.from({ length: sales }, () => 0);
    for (let n = 0; n < refunds; n += 1) {
      const at = random.below(sales);
      this.#due[at] = (this.#due[at] ?? 0) + 1;
    }
  }

  /** A sale that may come back. */
  note(sale: number, { lines }: PlannedBasket): void {
    const left = lines.map(({ quantity }, index) => ({ line_no: index + 1, left: quantity }));
    this.#candidates.push({ sale, lines: left, refunded: false });
  }

  /** What comes back after a sale; what needs a manager only while the till is online. */
  draw(sale: number, isOffline: boolean, shelf: readonly Goods[]): Action[] {
    this.#waiting += this.#due[sale] ?? 0;
    return [...this.#drawRefunds(isOffline, shelf), ...(isOffline ? [] : this.#drawVoid())];
  }

  /** The refunds that found nothing to give back, at the end of the day. */
  rest(shelf: readonly Goods[]): Action[] {
    const actions: Action[] = [];
    for (; this.#waiting > 0; this.#waiting -= 1) actions.push(this.#drawLinked() ?? this.#drawUnlinked(shelf));
    return actions;
  }

  #drawRefunds(isOffline: boolean, shelf: readonly Goods[]): Action[] {
    const actions: Action[] = [];
    for (let n = this.#waiting; n > 0; n -= 1) {
      const withoutSale = !isOffline && this.#random.chance(WITHOUT_SALE);
      const action = withoutSale ? this.#drawUnlinked(shelf) : this.#drawLinked();
      if (action === null) break;
      actions.push(action);
      this.#waiting -= 1;
    }
    return actions;
  }

  #drawLinked(): Action | null {
    const candidate = this.#random.pick(this.#candidates);
    if (!candidate) return null;
    candidate.refunded = true;
    const wanted = candidate.lines.filter(() => this.#random.chance(0.6));
    const lines = (wanted.length > 0 ? wanted : candidate.lines.slice(0, 1)).map((line) => this.#take(line));
    candidate.lines = candidate.lines.filter(({ left }) => left !== 0);
    if (candidate.lines.length === 0) this.#candidates = this.#candidates.filter((one) => one !== candidate);
    const refund = this.#refunds;
    this.#refunds += 1;
    const toCredit = this.#random.chance(TO_CREDIT);
    const customer = toCredit ? this.#random.below(this.#customers) : null;
    if (customer !== null) this.#credits.push({ refund, customer });
    const method = toCredit ? "store_credit" : (this.#random.pick(METHODS) ?? "cash");
    return { do: "refund", refund, sale: candidate.sale, lines, method, customer };
  }

  /** Some of a line, or all that is left of it. */
  #take(line: Candidate["lines"][number]): PlannedRefundLine {
    const restock = this.#random.chance(0.8) ? "sellable" : this.#random.chance(0.5) ? "damaged" : "none";
    const quantity = line.left === null || this.#random.chance(0.5) ? null : 1 + this.#random.below(line.left);
    line.left = quantity === null || line.left === null ? 0 : line.left - quantity;
    return { line_no: line.line_no, quantity, restock };
  }

  #drawUnlinked(shelf: readonly Goods[]): Action {
    const refund = this.#refunds;
    this.#refunds += 1;
    return { do: "refund_goods", refund, basket: drawBasket(this.#random, shelf, null), method: "card" };
  }

  #drawVoid(): Action[] {
    if (!this.#random.chance(VOIDS)) return [];
    const candidate = this.#random.pick(this.#candidates.filter(({ refunded }) => !refunded));
    if (!candidate) return [];
    this.#candidates = this.#candidates.filter((one) => one !== candidate);
    return [{ do: "void", sale: candidate.sale }];
  }

  /** Store credit that someone comes to spend, as far as it goes, and by whom; null for nobody. */
  spend(): { tenders: PlannedTender[]; customer: number } | null {
    const [credit] = this.#credits;
    if (!credit || !this.#random.chance(0.2)) return null;
    this.#credits = this.#credits.slice(1);
    const spent: PlannedTender = { method: "store_credit", share_ppm: 1_000_000, note: false, source: credit.refund };
    return { tenders: [spent, drawLast(this.#random)], customer: credit.customer };
  }
}
