import { describe, expect, it } from "vitest";
import { findBuiltInRole, PERMISSIONS } from "../../../src/modules/auth/permissions.ts";

const rightsOf = (name: string) => findBuiltInRole(name) ?? { permissions: new Set<string>(), max_discount_ppm: -1 };

describe("the permission table", () => {
  it("lets an admin do everything", () => {
    expect([...rightsOf("admin").permissions].toSorted()).toEqual([...PERMISSIONS].toSorted());
  });

  it("keeps administration, deactivation, cost and credit from everybody else", () => {
    const reserved = new Set<string>([
      "users:manage",
      "roles:manage",
      "stores:manage",
      "terminals:manage",
      "catalog:deactivate",
      "catalog:cost",
      "customers:credit",
    ]);
    for (const name of ["employee", "cashier"] as const) {
      expect([...rightsOf(name).permissions].filter((one) => reserved.has(one))).toEqual([]);
    }
  });

  it("gives an employee all that a cashier has, and the approvals and the writing beside", () => {
    const cashier: ReadonlySet<string> = rightsOf("cashier").permissions;
    const employee: ReadonlySet<string> = rightsOf("employee").permissions;
    expect([...cashier].filter((one) => !employee.has(one))).toEqual([]);
    expect([...employee].filter((one) => !cashier.has(one)).toSorted()).toEqual([
      "approve:close_other",
      "approve:discount",
      "approve:drawer_difference",
      "approve:price",
      "approve:refund_unlinked",
      "approve:void",
      "catalog:write",
      "customers:edit",
      "exceptions:manage",
      "pins:unlock",
      "reports:read",
      "salespeople:write",
      "stock:write",
    ]);
  });

  it("limits the discount each may give alone", () => {
    expect(["admin", "employee", "cashier"].map((name) => rightsOf(name).max_discount_ppm)).toEqual([
      1_000_000, 200_000, 100_000,
    ]);
  });

  it.each(["", "Admin", "owner", "__proto__", "constructor", "toString"])("has no role %j", (name) => {
    expect(findBuiltInRole(name)).toBeUndefined();
  });
});
