import { randomInt } from "node:crypto";
import { isGiftCardCode, normalizeGiftCardCode } from "../../src/core/gift-card-code.ts";
import { newId } from "../../src/core/ids.ts";
import { Failure } from "../support/failure.ts";
import { type Done, perform } from "./perform.ts";
import type { DrawerEvent, ReceivedRecord, SaleRecord } from "./records.ts";
import { type DeedOptions, deedOf, now, placeOf } from "./selling.ts";
import { openShiftOf, type Till } from "./till.ts";
import type { Tender } from "./wire.ts";

/** Taking money that is no sale's. */

/** Without what is misread. */
const ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const CODE_LENGTH = 16;

/** A code that nobody guesses, made by the till, because a card that is sold offline needs one too. */
export function newGiftCardCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** Sells a gift card. Throws Failure, Refused, SessionEnded. */
export async function sellGiftCard(
  till: Till,
  card: { code: string; amount: number; payments: readonly Tender[] },
  options: DeedOptions = {},
): Promise<{ change_due: number; how: Done<unknown>["how"] }> {
  const code = normalizeGiftCardCode(card.code);
  if (!isGiftCardCode(code)) throw new Failure("A gift card's code has 8 to 32 letters and digits.");
  const taken = take(card.amount, card.payments);
  const { id: shift_id } = openShiftOf(till);
  const id = newId();
  const body = { ...placeOf(till, shift_id), id, code, amount: card.amount, payments: [...card.payments] };
  const effects = { received: { id, kind: "gift_card" as const, shift_id, tenders: taken.tenders } };
  const drawer = drawerOf(effects.received, "deposit");
  const { how } = await perform(
    till,
    deedOf("gift_card", body, now(), options, () => ({ ...effects, drawer })),
  );
  return { change_due: taken.change_due, how };
}

/** Takes what a customer pays off the account. Throws Failure, Refused, SessionEnded. */
export async function payOffAccount(
  till: Till,
  customer_id: string,
  payments: readonly Tender[],
  options: DeedOptions = {},
): Promise<Done<unknown>["how"]> {
  const { id: shift_id } = openShiftOf(till);
  const received: ReceivedRecord = { id: newId(), kind: "account", shift_id, tenders: payments.map(bare) };
  const body = { customer_id, ...placeOf(till, shift_id), payments: [...payments] };
  const drawer = drawerOf(received, "account_payment");
  const { how } = await perform(
    till,
    deedOf("customer_payment", body, now(), options, () => ({ received, drawer })),
  );
  return how;
}

/** Takes what is still due of a sale on account. Throws Failure, Refused, SessionEnded. */
export async function settleSale(
  till: Till,
  sale: Pick<SaleRecord, "id" | "due">,
  payments: readonly Tender[],
  options: DeedOptions = {},
): Promise<{ change_due: number; how: Done<unknown>["how"] }> {
  const { id: shift_id } = openShiftOf(till);
  const asked = payments.reduce((sum, { amount }) => sum + amount, 0);
  const { tenders, change_due } = take(Math.min(asked, sale.due), payments);
  const received: ReceivedRecord = { id: newId(), kind: "account", shift_id, tenders };
  const { terminal_id } = placeOf(till, shift_id);
  const body = { sale_id: sale.id, terminal_id, shift_id, payments: [...payments] };
  const drawer = drawerOf(received, "account_payment");
  const own = till.books.sale(sale.id);
  const sales = own ? [withPayment(own, asked - change_due)] : [];
  const { how } = await perform(
    till,
    deedOf("payment", body, now(), options, () => ({ sales, received, drawer })),
  );
  return { change_due, how };
}

/** The sale once so much of its balance has been paid. */
function withPayment(sale: SaleRecord, amount: number): SaleRecord {
  const { paid_total, balance_due, due } = sale;
  return {
    ...sale,
    paid_total: paid_total + amount,
    balance_due: balance_due - amount,
    due: Math.max(0, due - amount),
  };
}

/** What stays of what was handed over for an amount; change comes from cash alone. Throws a Failure. */
function take(due: number, payments: readonly Tender[]) {
  const handed = payments.reduce((sum, { amount }) => sum + amount, 0);
  if (handed < due) throw new Failure(`${String(due - handed)} is still due.`);
  let change = handed - due;
  const tenders = payments.toReversed().flatMap((one) => {
    const back = one.method === "cash" ? Math.min(change, one.amount) : 0;
    change -= back;
    return back === one.amount ? [] : [{ method: one.method, amount: one.amount - back }];
  });
  if (change > 0) throw new Failure("That is more than is due, and only cash gives change.");
  return { tenders: tenders.toReversed(), change_due: handed - due };
}

function bare({ method, amount }: Tender): ReceivedRecord["tenders"][number] {
  return { method, amount };
}

function drawerOf({ id, shift_id, tenders }: ReceivedRecord, what: "deposit" | "account_payment"): DrawerEvent[] {
  const cash = tenders.reduce((sum, { method, amount }) => (method === "cash" ? sum + amount : sum), 0);
  return cash === 0 ? [] : [{ shift_id, what, amount: cash, source_id: id }];
}
