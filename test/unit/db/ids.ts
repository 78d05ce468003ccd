export const AT = "2026-03-02T09:30:00.000Z";

/** A well-formed UUIDv7 that ends in this number. */
export function idOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** The ids of fresh rows that attacks name. */
export const NEW_STORE = idOf(101);
export const NEW_USER = idOf(121);
export const NEW_SESSION = idOf(131);
export const NEW_SALE = idOf(171);
export const NEW_REFUND = idOf(181);
export const NEW_ORDER = idOf(261);
export const NEW_RECEIVED = idOf(262);

/** Where no row is. */
export const NOWHERE = idOf(999);

export const MAIN = idOf(1);
export const NORTH = idOf(2);
export const SHUT = idOf(3);
export const TILL = idOf(11);
export const NORTH_TILL = idOf(12);
export const DEAD_TILL = idOf(13);
export const ANN = idOf(21);
export const BEN = idOf(22);
export const GONE = idOf(23);
export const LIVE_SESSION = idOf(31);
export const ENDED_SESSION = idOf(32);
export const GONE_SESSION = idOf(33);
/** Of `BEN`, who works in `MAIN` alone. */
export const BEN_SESSION = idOf(34);
/** A user of the role that an admin made. */
export const KIM = idOf(24);
/** On `TILL`, and one that was on `NORTH_TILL`. */
export const DEVICE = idOf(35);
export const GONE_DEVICE = idOf(36);
export const PASSKEY = idOf(37);
export const DAIRY = idOf(41);
export const OWN_BRAND = idOf(42);
export const MILK = idOf(51);
export const TEA = idOf(52);
export const DROPPED = idOf(53);
export const UNSOLD = idOf(54);
export const CUSTOMER = idOf(61);
export const SELLER = idOf(62);
/** A completed sale of two milk and one tea, one milk of it refunded. */
export const SOLD = idOf(71);
/** A parked sale that lacks nothing to be completed. */
export const READY_SALE = idOf(72);
/** A parked sale of nothing. */
export const EMPTY_SALE = idOf(73);
export const REFUNDED = idOf(81);
/** An unsealed refund without a sale that lacks nothing to be sealed. */
export const READY_REFUND = idOf(82);
/** An unsealed refund of nothing. */
export const EMPTY_REFUND = idOf(83);
/** An unsealed refund of `SOLD` that has no line yet. */
export const OPEN_REFUND = idOf(84);
export const OPEN_EXCEPTION = idOf(91);
export const CLOSED_EXCEPTION = idOf(92);
export const NUMBER_EXCEPTION = idOf(93);
export const SPENT_APPROVAL = idOf(95);

/** Tills of `MAIN`: one with a closed shift and an open one after it, and one whose closed shift has no Z report yet. */
export const BACK_TILL = idOf(14);
export const SIDE_TILL = idOf(15);
/** Of `TILL`: the world's sales are in it. */
export const OPEN_SHIFT = idOf(201);
/** Of `BACK_TILL`: closed with its Z report and a supplement; and open with one record, so that it can be closed. */
export const CLOSED_SHIFT = idOf(202);
export const QUIET_SHIFT = idOf(203);
/** Of `SIDE_TILL`. */
export const UNTOLD_SHIFT = idOf(204);
export const OTHER_CUSTOMER = idOf(63);
/** Of 100 on account, of which 40 have been paid since by `SETTLEMENT`. */
export const CREDIT_SALE = idOf(74);
export const SETTLEMENT = idOf(211);
/** A voided sale, and one that lacks nothing to be voided; the latter was parked first. */
export const VOIDED = idOf(75);
export const VOIDABLE = idOf(76);
/** In `CLOSED_SHIFT`. */
export const CLOSED_SALE = idOf(77);
/** Paid in part by the deposit of `DONE_ORDER`. */
export const DEPOSIT_SALE = idOf(78);
/** A refund as store credit. */
export const CREDIT_REFUND = idOf(85);
/** Of 50, spent once and given back by a void. */
export const GIFT_CARD = idOf(221);
export const GIFT_CODE = "GIFT00000050";
/** Orders: ready, with a deposit of 50 in cash; pending, without; completed; cancelled, its deposit given back. */
export const HELD_ORDER = idOf(231);
export const PLAIN_ORDER = idOf(232);
export const DONE_ORDER = idOf(233);
export const CANCELLED_ORDER = idOf(234);
export const DEPOSIT = idOf(212);
export const USED_DEPOSIT = idOf(213);
export const RETURNED_DEPOSIT = idOf(214);
export const PARKED = idOf(241);
export const THROWN_AWAY = idOf(242);
export const MOVEMENT = idOf(251);
/** Cash movements that came late for `CLOSED_SHIFT`: in its supplement Z report, and waiting for one. */
export const TAKEN_LATE = idOf(252);
export const WAITING_LATE = idOf(253);
/** Hashes of the Z reports of `BACK_TILL`. */
export const FIRST_HASH = "1".repeat(64);
export const SECOND_HASH = "2".repeat(64);

export const TOKEN = "a".repeat(64);
export const NEXT_TOKEN = "b".repeat(64);
/** Pairing codes: used on `TILL`; used on `NORTH_TILL`; and unused ones of `NORTH_TILL`, `TILL` and `DEAD_TILL`. */
export const USED_CODE = "1".repeat(64);
export const GONE_CODE = "2".repeat(64);
export const OPEN_CODE = "3".repeat(64);
export const SECOND_CODE = "4".repeat(64);
export const DEAD_CODE = "5".repeat(64);
/** Of `NORTH_TILL`, too old. */
export const OLD_CODE = "6".repeat(64);
export const EARLIER = "2026-03-02T09:29:59.999Z";
export const LATER = "2026-03-02T09:45:00.000Z";
