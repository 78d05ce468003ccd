import type { StoreAnswer } from "./schemas.ts";

/** A store as the rest of the house reads it: the columns, with booleans for 0 and 1. */
export interface Store {
  id: string;
  code: string;
  name: string;
  currency: string;
  timezone: string;
  day_cutoff: string;
  tax_mode: "inclusive" | "exclusive";
  rounding_mode: "half_up" | "half_even";
  rounding_scope: "line" | "invoice";
  /** Minor units; 1 rounds nothing. */
  cash_rounding: number;
  /** Minor units. */
  drawer_tolerance: number;
  allow_oversell: boolean;
  receipt_header: string;
  receipt_footer: string;
  /** Columns. */
  receipt_width: number;
  active: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

/** A store as SQL knows it. */
export type StoreRow = Omit<Store, "allow_oversell" | "active"> & {
  arrival: number;
  allow_oversell: 0 | 1;
  active: 0 | 1;
};

export function toStore({ arrival: _, ...row }: StoreRow): Store {
  return { ...row, allow_oversell: row.allow_oversell === 1, active: row.active === 1 };
}

/** The wire nests what belongs together. */
export function toStoreAnswer(store: Store): StoreAnswer {
  const { rounding_mode, rounding_scope, receipt_header, receipt_footer, receipt_width, ...same } = store;
  return {
    id: same.id,
    code: same.code,
    name: same.name,
    currency: same.currency,
    timezone: same.timezone,
    day_cutoff: same.day_cutoff,
    tax_mode: same.tax_mode,
    rounding: { mode: rounding_mode, scope: rounding_scope },
    cash_rounding: same.cash_rounding,
    drawer_tolerance: same.drawer_tolerance,
    allow_oversell: same.allow_oversell,
    receipt: { header: receipt_header, footer: receipt_footer, width: receipt_width },
    active: same.active,
    version: same.version,
    created_at: same.created_at,
    updated_at: same.updated_at,
  };
}
