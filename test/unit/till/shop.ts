import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFact } from "../../../scripts/till/database.ts";
import { openTill, PROFILE_FACT, type Till } from "../../../scripts/till/till.ts";
import type { Product, Profile, Store, Terminal } from "../../../scripts/till/wire.ts";
import { newId } from "../../../src/core/ids.ts";

/** A paired till with a cashier, without a server. */

export const STORE: Store = {
  id: newId(),
  code: "MAIN",
  name: "Main Street",
  currency: "GBP",
  timezone: "Europe/London",
  day_cutoff: "04:00",
  tax_mode: "inclusive",
  rounding: { mode: "half_up", scope: "line" },
  cash_rounding: 1,
  drawer_tolerance: 0,
  allow_oversell: false,
  receipt: { header: "", footer: "", width: 42 },
  active: true,
  version: 1,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
};

export const TERMINAL: Terminal = {
  id: newId(),
  code: "01",
  name: "Front",
  store_id: STORE.id,
  active: true,
  version: 1,
  created_at: STORE.created_at,
  paired_at: null,
  last_seq: 0,
};

export const CASHIER: Profile = {
  id: newId(),
  username: "cashier",
  full_name: "Carys Bell",
  email: "carys@regal.example",
  role: "cashier",
  permissions: ["sales:write", "refunds:write", "shifts:write", "sync:write"],
  max_discount_ppm: 100_000,
  store_ids: [STORE.id],
  must_change_password: false,
};

/** A folder that is paired with the API at this address. */
export function pairedFolder(base: string): string {
  const folder = mkdtempSync(join(tmpdir(), "regal-till-test-"));
  pairFolder(folder, base);
  return folder;
}

export function pairFolder(folder: string, base: string): void {
  mkdirSync(folder, { recursive: true });
  const device = { base, device_token: "device-token", terminal: TERMINAL, store: STORE };
  writeFileSync(join(folder, "device.json"), JSON.stringify(device));
}

/** Opens the folder's till with its cashier, whose numbers are known to begin at 1. */
export function openTestTill(folder: string, base: string): Till {
  const till = openTill({ folder, base, onWait: () => undefined });
  writeFact(till.database, PROFILE_FACT, CASHIER);
  till.numbers.raise("invoice", 0);
  till.numbers.raise("refund", 0);
  return till;
}

export function product(fields: Partial<Product>): Product {
  return {
    id: newId(),
    sku: "A",
    name: "A thing",
    description: "",
    barcodes: [],
    unit: "each",
    price_quantity: 1,
    unit_price: 250,
    cost_price: null,
    tax_rate_ppm: 200_000,
    discount_ppm: 0,
    category_id: null,
    brand_id: null,
    max_per_sale: null,
    track_stock: true,
    attributes: {},
    image_url: null,
    active: true,
    version: 1,
    created_at: STORE.created_at,
    updated_at: STORE.created_at,
    ...fields,
  };
}
