/** The permission table of the three built-in roles, as data. */

export const PERMISSIONS = [
  "users:manage",
  "stores:manage",
  "terminals:manage",
  "stores:read",
  "terminals:read",
  "catalog:read",
  "catalog:write",
  "catalog:deactivate",
  "catalog:cost",
  "stock:read",
  "stock:write",
  "customers:read",
  "customers:write",
  "customers:credit",
  "salespeople:read",
  "salespeople:write",
  "sales:read",
  "sales:write",
  "refunds:write",
  "sync:write",
  "exceptions:manage",
  "reports:read",
  "reports:today",
  "approve:discount",
  "approve:price",
  "approve:refund_unlinked",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const CASHIER: readonly Permission[] = [
  "stores:read",
  "terminals:read",
  "catalog:read",
  "stock:read",
  "customers:read",
  "customers:write",
  "salespeople:read",
  "sales:read",
  "sales:write",
  "refunds:write",
  "sync:write",
  "reports:today",
];

const EMPLOYEE: readonly Permission[] = [
  ...CASHIER,
  "catalog:write",
  "stock:write",
  "salespeople:write",
  "exceptions:manage",
  "reports:read",
  "approve:discount",
  "approve:price",
  "approve:refund_unlinked",
];

export interface Role {
  permissions: ReadonlySet<Permission>;
  /** Line plus order discount, measured per line, in parts per million of the line's subtotal. */
  max_discount_ppm: number;
}

export const ROLES = {
  admin: { permissions: new Set(PERMISSIONS), max_discount_ppm: 1_000_000 },
  employee: { permissions: new Set(EMPLOYEE), max_discount_ppm: 200_000 },
  cashier: { permissions: new Set(CASHIER), max_discount_ppm: 100_000 },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;

export const ROLE_NAMES = ["admin", "employee", "cashier"] as const satisfies RoleName[];

export function findRole(name: string): Role | undefined {
  return Object.hasOwn(ROLES, name) ? ROLES[name as RoleName] : undefined;
}
