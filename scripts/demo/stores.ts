export type StoreCode = "MAIN" | "NORTH";

/** The demo's two stores: one with prices that include tax, one with prices that do not. Each has one till. */
export const STORES: { code: StoreCode; [field: string]: unknown }[] = [
  {
    code: "MAIN",
    name: "Regal Market, Main Street",
    currency: "GBP",
    timezone: "Europe/London",
    day_cutoff: "04:00",
    tax_mode: "inclusive",
    receipt: { header: "Regal Market\n1 Main Street", footer: "Thank you for shopping with us", width: 42 },
  },
  {
    code: "NORTH",
    name: "Regal Market, North Avenue",
    currency: "USD",
    timezone: "America/New_York",
    tax_mode: "exclusive",
    receipt: { header: "Regal Market\n200 North Avenue", footer: "Come back soon", width: 42 },
  },
];

export const TERMINAL = { code: "01", name: "Front till" };
