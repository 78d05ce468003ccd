import { actorOf, type Context } from "../../context.ts";
import { namedFields } from "../../core/named-fields.ts";
import type { Statement } from "../../db/database.ts";
import { versionFromIfMatch } from "../../http/conditional.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { tagCustomer, toCustomer } from "./customer.ts";
import {
  customerByIdStatement,
  customerPageStatement,
  type CustomerRow,
  customersByEmailStatement,
  customersByNameStatement,
  customersByPhoneStatement,
  insertCustomersStatement,
  updateCustomerStatement,
} from "./queries.ts";
import type { Customer, CustomerChange, CustomerInput, CustomerSearch } from "./schemas.ts";

export async function listCustomers(
  ctx: Context,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: Customer[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<CustomerRow>(customerPageStatement(readCursor(page.cursor), page.limit + 1));
  return toPage(rows, page.limit, toCustomer);
}

export async function readCustomer(ctx: Context, id: string): Promise<Customer> {
  const customer = await loadCustomer(ctx, id);
  tagCustomer(ctx, customer);
  return customer;
}

async function loadCustomer(ctx: Context, id: string): Promise<Customer> {
  const row = await ctx.db.first<CustomerRow>(customerByIdStatement(id));
  if (!row) throw noSuchCustomer();
  return toCustomer(row);
}

export function noSuchCustomer(): Problem {
  return new Problem("not_found", "There is no such customer.");
}

export async function searchCustomers(ctx: Context, search: CustomerSearch): Promise<{ data: Customer[] }> {
  const rows = await ctx.db.all<CustomerRow>(searchStatement(search));
  return { data: rows.map(toCustomer) };
}

function searchStatement({ phone, email, name = "" }: CustomerSearch): Statement {
  if (phone !== undefined) return customersByPhoneStatement(phone);
  if (email !== undefined) return customersByEmailStatement(email);
  return customersByNameStatement(name);
}

/** Brings a customer in. Refuses an id that is taken (`conflict`), and credit that the actor may not give (`forbidden`). */
export async function createCustomer(ctx: Context, input: CustomerInput): Promise<Customer> {
  const customer = newCustomer(ctx, input);
  await ctx.db.commit([
    auditStatement(ctx, [customerCreated(customer)]),
    insertCustomersStatement(JSON.stringify([customer])),
  ]);
  return customer;
}

/** The customer that an input will become, for `insertCustomersStatement`. Throws Problem `forbidden`. */
export function newCustomer(ctx: Context, input: CustomerInput): Customer {
  const at = ctx.now.toISOString();
  const credit_limit = input.credit_limit ?? 0;
  if (credit_limit > 0) requireCreditPermission(ctx);
  return {
    id: input.id ?? ctx.newId(),
    name: input.name,
    phone: input.phone ?? null,
    email: input.email ?? null,
    address: input.address ?? null,
    note: input.note ?? null,
    credit_limit,
    balance: 0,
    store_credit: 0,
    accounts: [],
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

/** Who a customer is: the audit log tells that it was written, and never what, because the log outlives an erasure. */
const PERSONAL_FIELDS = ["name", "phone", "email", "address", "note"] as const;

/** The audit entry of a new customer. */
export function customerCreated(customer: Customer): AuditEntry {
  const { id, credit_limit } = customer;
  const changed = PERSONAL_FIELDS.filter((field) => customer[field] !== null);
  const after = { ...(credit_limit > 0 ? { credit_limit } : {}), changed };
  return { action: "customer.create", entity_type: "customer", entity_id: id, after };
}

/** Changes what is named; null empties a field. */
export async function changeCustomer(ctx: Context, id: string, change: CustomerChange): Promise<Customer> {
  const version = versionFromIfMatch(ctx);
  const before = await loadCustomer(ctx, id);
  if (before.version !== version) {
    throw new Problem("stale_version", "The customer was changed meanwhile; read it again.");
  }
  const named = namedFields(change);
  const after: Customer = { ...before, ...named, version: version + 1, updated_at: ctx.now.toISOString() };
  if (after.credit_limit !== before.credit_limit) requireCreditPermission(ctx);
  await ctx.db.commit([auditStatement(ctx, [customerChanged(before, after)]), updateCustomerStatement(after)]);
  tagCustomer(ctx, after);
  return after;
}

/** The audit entry of a change. */
function customerChanged(before: Customer, after: Customer): AuditEntry {
  const changed = PERSONAL_FIELDS.filter((field) => before[field] !== after[field]);
  return {
    action: "customer.update",
    entity_type: "customer",
    entity_id: after.id,
    before: { credit_limit: before.credit_limit },
    after: { credit_limit: after.credit_limit, changed },
  };
}

function requireCreditPermission(ctx: Context): void {
  if (actorOf(ctx).permissions.has("customers:credit")) return;
  const detail = "needs the permission customers:credit";
  throw new Problem("forbidden", `/credit_limit ${detail}.`, { errors: [{ pointer: "/credit_limit", detail }] });
}
