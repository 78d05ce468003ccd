/** What can be permitted, and the three built-in roles, as data. */

/** What a role that an admin makes may hold. */
export const GRANTABLE_PERMISSIONS = [
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
  "customers:edit",
  "customers:credit",
  "salespeople:read",
  "salespeople:write",
  "sales:read",
  "sales:write",
  "refunds:write",
  "orders:read",
  "orders:write",
  "shifts:read",
  "shifts:write",
  "sync:write",
  "exceptions:manage",
  "pins:unlock",
  "reports:read",
  "reports:today",
  "approve:discount",
  "approve:price",
  "approve:refund_unlinked",
  "approve:void",
  "approve:close_other",
  "approve:drawer_difference",
] as const;

/** The administration of the whole company: an admin's alone, so that nobody can be given the way to more. */
const ADMIN_PERMISSIONS = ["users:manage", "roles:manage", "stores:manage", "terminals:manage"] as const;

export const PERMISSIONS = [...ADMIN_PERMISSIONS, ...GRANTABLE_PERMISSIONS] as const;

export type Permission = (typeof PERMISSIONS)[number];
export type GrantablePermission = (typeof GRANTABLE_PERMISSIONS)[number];

const CASHIER = [
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
  "orders:read",
  "orders:write",
  "shifts:read",
  "shifts:write",
  "sync:write",
  "reports:today",
] as const satisfies GrantablePermission[];

const EMPLOYEE = [
  ...CASHIER,
  "catalog:write",
  "stock:write",
  "customers:edit",
  "salespeople:write",
  "exceptions:manage",
  "pins:unlock",
  "reports:read",
  "approve:discount",
  "approve:price",
  "approve:refund_unlinked",
  "approve:void",
  "approve:close_other",
  "approve:drawer_difference",
] as const satisfies GrantablePermission[];

export interface RoleRights {
  permissions: ReadonlySet<Permission>;
  /** Line plus order discount, measured per line, in parts per million of the line's subtotal. */
  max_discount_ppm: number;
}

export const BUILT_IN_ROLES: Readonly<Record<string, RoleRights>> = {
  admin: { permissions: new Set(PERMISSIONS), max_discount_ppm: 1_000_000 },
  employee: { permissions: new Set(EMPLOYEE), max_discount_ppm: 200_000 },
  cashier: { permissions: new Set(CASHIER), max_discount_ppm: 100_000 },
};

const ADMINISTRATION: ReadonlySet<Permission> = new Set(ADMIN_PERMISSIONS);

/** What is left on a till to whoever signed in by PIN: six digits seen over a shoulder must not open the whole company. */
export function withoutAdministration({ permissions, max_discount_ppm }: RoleRights): RoleRights {
  return { permissions: new Set([...permissions].filter((one) => !ADMINISTRATION.has(one))), max_discount_ppm };
}

/** The rights of a built-in role; undefined for any other name. */
export function findBuiltInRole(name: string): RoleRights | undefined {
  return Object.hasOwn(BUILT_IN_ROLES, name) ? BUILT_IN_ROLES[name] : undefined;
}
