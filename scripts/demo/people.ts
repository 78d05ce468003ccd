import type { StoreCode } from "./stores.ts";

export const ADMIN = { username: "admin", full_name: "Ada Regal", email: "admin@regal.example" };

/** Who works in the demo's shop, beside the admin. */
export const STAFF: {
  username: string;
  full_name: string;
  email: string;
  role: string;
  store_codes: StoreCode[];
}[] = [
  {
    username: "employee",
    full_name: "Edwin Marsh",
    email: "employee@regal.example",
    role: "employee",
    store_codes: ["MAIN"],
  },
  {
    username: "cashier",
    full_name: "Carys Bell",
    email: "cashier@regal.example",
    role: "cashier",
    store_codes: ["MAIN"],
  },
];

export const DEMO_USERNAMES = [ADMIN.username, ...STAFF.map(({ username }) => username)];

// Telephone numbers are of the range that Ofcom keeps free for drama; the domain is reserved by RFC 2606.
export const CUSTOMERS = [
  { name: "Harriet Plumley", phone: "+44 20 7946 0018", email: "harriet@example.com" },
  { name: "Oakfield Nursery School", phone: "+44 20 7946 0127", email: "kitchen@oakfield.example" },
  { name: "Tomasz Wren", phone: "+44 20 7946 0391" },
];

export const SALESPEOPLE = [
  { code: "S01", name: "Imogen Hart", commission_ppm: 10_000 },
  { code: "S02", name: "Rafe Conway", commission_ppm: 15_000 },
];
