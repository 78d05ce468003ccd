import type { Rules } from "./arithmetic.ts";

/** What the stores of a world are like, and what they sell. */

export type StoreKind = Record<string, unknown> & {
  currency: string;
  timezone: string;
  day_cutoff: string;
  tax_mode: Rules["tax_mode"];
  rounding: { mode: Rules["mode"]; scope: Rules["scope"] };
  cash_rounding: number;
  drawer_tolerance: number;
  allow_oversell: boolean;
};

export const STORES: readonly StoreKind[] = [
  {
    currency: "GBP",
    timezone: "Europe/London",
    day_cutoff: "04:00",
    tax_mode: "inclusive",
    rounding: { mode: "half_up", scope: "line" },
    cash_rounding: 1,
    drawer_tolerance: 100,
    allow_oversell: false,
  },
  {
    currency: "USD",
    timezone: "America/New_York",
    day_cutoff: "00:00",
    tax_mode: "exclusive",
    rounding: { mode: "half_even", scope: "invoice" },
    cash_rounding: 10,
    drawer_tolerance: 0,
    allow_oversell: false,
  },
  {
    currency: "PKR",
    timezone: "Asia/Karachi",
    day_cutoff: "06:00",
    tax_mode: "exclusive",
    rounding: { mode: "half_up", scope: "invoice" },
    cash_rounding: 100,
    drawer_tolerance: 500,
    allow_oversell: true,
  },
];
export const TILLS = ["01", "02"];
export const CUSTOMERS_PER_STORE = 2;

export const PRODUCTS = [
  { unit_price: 100, tax_rate_ppm: 200_000 },
  { unit_price: 1, tax_rate_ppm: 50_000 },
  { unit_price: 333, tax_rate_ppm: 200_000, discount_ppm: 125_000 },
  { unit_price: 1590, price_quantity: 1000, unit: "g", tax_rate_ppm: 88_750 },
  { unit_price: 2499, tax_rate_ppm: 0, max_per_sale: 6 },
  { unit_price: 775, tax_rate_ppm: 175_000, track_stock: false },
];
