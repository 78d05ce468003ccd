import type { Actor } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import type { NamedFields, Product } from "./product.ts";

/** Which fields of a product need more than the permission to write the catalogue. */

/** Refuses a cost price or an activity that differs from what is there, by an actor who may not change it. */
export function refuseUnpermittedFields(actor: Actor, before: Product | null, named: NamedFields, place: string): void {
  const { cost_price, active } = named;
  const { permissions } = actor;
  if (cost_price !== undefined && cost_price !== (before?.cost_price ?? null) && !permissions.has("catalog:cost")) {
    throw forbidField(`${place}/cost_price`, "catalog:cost");
  }
  if (active !== undefined && active !== (before?.active ?? true) && !permissions.has("catalog:deactivate")) {
    throw forbidField(`${place}/active`, "catalog:deactivate");
  }
}

/** A product as this reader may see it: what it cost is for those who work with the stock. */
export function showProduct(actor: Actor, product: Product): Product {
  return actor.permissions.has("stock:write") ? product : { ...product, cost_price: null };
}

function forbidField(pointer: string, permission: string): Problem {
  const detail = `needs the permission ${permission}`;
  return new Problem("forbidden", `${pointer} ${detail}.`, { errors: [{ pointer, detail }] });
}
