import { parseAmount } from "regal-pos/pricing";
import { looksLikeCardNumber } from "../../../src/core/card-number.ts";
import { Failure } from "../../support/failure.ts";
import type { Method, Tender, WireDiscount } from "../wire.ts";

/** Reading what a cashier types. */

/** Cuts a line into words; what stands in double quotes is one. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** Major units as people write them: 12.50. Throws a Failure. */
export function readAmount(text: string | undefined, currency: string): number {
  if (text === undefined) throw new Failure("An amount is missing.");
  try {
    const amount = parseAmount(text, currency);
    if (amount >= 0) return amount;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new Failure(`"${text}" is not an amount in ${currency}.`);
}

/** A discount: `10%`, or an amount. Throws a Failure. */
export function readDiscount(text: string | undefined, currency: string, reason: string): WireDiscount {
  const named = reason === "" ? {} : { reason };
  if (text?.endsWith("%") !== true) return { amount: readAmount(text, currency), ...named };
  return { ppm: readPpm(text), ...named };
}

/** `7.5%` or `7.5` as parts per million. Throws a Failure. */
export function readPpm(text: string | undefined): number {
  const [, whole = "", fraction = ""] = /^(\d{1,3})(?:\.(\d{1,4}))?%?$/.exec(text ?? "") ?? [];
  const ppm = Number(whole + fraction.padEnd(4, "0"));
  if (whole === "" || ppm > 1_000_000) throw new Failure(`"${text ?? ""}" is not a percentage from 0 to 100.`);
  return ppm;
}

/** A quantity in base units: `3`, `345g`, `1.2kg`, `0.5l`, `250ml`. Throws a Failure. */
export function readQuantity(text: string, unit: "each" | "g" | "ml"): number {
  const [, number = "", suffix = ""] = /^(\d{1,9}(?:\.\d{1,3})?)([a-z]*)$/i.exec(text) ?? [];
  const factor = factorOf(suffix.toLowerCase(), unit);
  const [whole = "", fraction = ""] = number.split(".");
  const thousandths = Number(whole + fraction.padEnd(3, "0")) * factor;
  if (number === "" || factor === 0 || thousandths % 1000 !== 0 || thousandths === 0) {
    throw new Failure(`"${text}" is not a quantity ${unit === "each" ? "of pieces" : `in ${unit}`}.`);
  }
  return thousandths / 1000;
}

function factorOf(suffix: string, unit: "each" | "g" | "ml"): number {
  if (suffix === "" || suffix === unit) return 1;
  return (unit === "g" && suffix === "kg") || (unit === "ml" && suffix === "l") ? 1000 : 0;
}

/** A number from 1, as a line of the basket has it. Throws a Failure. */
export function readPlace(text: string | undefined, most: number): number {
  const place = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || place < 1 || place > most) {
    throw new Failure(most === 0 ? "There is nothing there yet." : `Name a number from 1 to ${String(most)}.`);
  }
  return place;
}

const METHODS: Record<string, Method> = {
  cash: "cash",
  card: "card",
  wallet: "mobile_wallet",
  mobile_wallet: "mobile_wallet",
  transfer: "bank_transfer",
  bank_transfer: "bank_transfer",
  credit: "store_credit",
  store_credit: "store_credit",
  giftcard: "gift_card",
  gift_card: "gift_card",
  account: "on_account",
  on_account: "on_account",
};

/** Throws a Failure that lists what there is. */
export function readMethod(text: string | undefined): Method {
  const method = METHODS[(text ?? "").toLowerCase()];
  if (!method) throw new Failure("Pay by cash, card, wallet, transfer, credit, giftcard or account.");
  return method;
}

/**
 * Tenders as they are named one after another: `cash 20 card 5.50 last4=1234`. An amount left out is `rest`, which may be
 * so of the last alone. Throws a Failure.
 */
export function readTenders(
  words: readonly string[],
  currency: string,
  rest: (method: Method, paid: readonly Tender[]) => number,
): Tender[] {
  const tenders: Tender[] = [];
  for (let at = 0; at < words.length;) {
    const method = readMethod(words[at]);
    at += 1;
    const amount = words[at];
    const named = amount !== undefined && /^[\d.]+$/.test(amount);
    if (named) at += 1;
    const fields: { reference?: string; card_last4?: string } = {};
    for (; words[at]?.includes("=") === true; at += 1) Object.assign(fields, readField(words[at] ?? ""));
    tenders.push({ method, amount: named ? readAmount(amount, currency) : rest(method, tenders), ...fields });
  }
  return tenders;
}

/** A card's number is never written down, here as little as at the server. Throws a Failure. */
export function withoutCardNumber(text: string): string {
  if (looksLikeCardNumber(text)) throw new Failure("That looks like a card's number, which is never kept: last4=1234.");
  return text;
}

function readField(word: string): { reference: string } | { card_last4: string } {
  const [name = "", value = ""] = word.split("=", 2);
  if (name === "last4") return { card_last4: value };
  if (name === "ref" || name === "code") return { reference: withoutCardNumber(value) };
  throw new Failure(`"${word}" is not known: last4=1234, ref=TEXT or code=GIFTCARD.`);
}
