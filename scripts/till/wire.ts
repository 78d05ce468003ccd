/** The shapes of the API as the till meets them: the server's own types, of which nothing is left at run time. */
import type { OutputOf } from "../../src/http/schemas.ts";
import type { Profile as WireProfile } from "../../src/modules/auth/schemas.ts";
import type { productAnswer } from "../../src/modules/catalog/schemas.ts";
import type { Refund as WireRefund } from "../../src/modules/sales/refund-schemas.ts";
import type { Sale as WireSale } from "../../src/modules/sales/schemas.ts";
import type { Shift as WireShift, ShiftReport as WireReport } from "../../src/modules/shifts/schemas.ts";
import type { StoreAnswer } from "../../src/modules/stores/schemas.ts";
import type { Paired as WirePaired, Terminal as WireTerminal } from "../../src/modules/terminals/schemas.ts";

export type Profile = WireProfile;
export type Product = OutputOf<typeof productAnswer>;
export type Sale = WireSale;
export type Refund = WireRefund;
export type Shift = WireShift;
export type ShiftReport = WireReport;
export type Store = StoreAnswer;
export type Terminal = WireTerminal;
export type Paired = WirePaired;

export type Page<T> = { data: T[]; next_cursor: string | null };

export type Method = Sale["payments"][number]["method"];

/** A tender as a request names it. */
export type Tender = { method: Method; amount: number; reference?: string; card_last4?: string };

/** What of a discount a request may say. */
export type WireDiscount = ({ amount: number } | { ppm: number }) & { reason?: string };
