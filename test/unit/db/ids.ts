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
export const SPENT_APPROVAL = idOf(95);

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
