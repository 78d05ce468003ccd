import type { Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import {
  customerByIdStatement,
  customerPageStatement,
  type CustomerRow,
  customersByEmailStatement,
  customersByNameStatement,
  customersByPhoneStatement,
  insertCustomersStatement,
} from "./queries.ts";
import type { Customer, CustomerInput, CustomerSearch } from "./schemas.ts";

export async function listCustomers(
  ctx: Context,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: Customer[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<CustomerRow>(customerPageStatement(readCursor(page.cursor), page.limit + 1));
  return toPage(rows, page.limit, toCustomer);
}

export async function readCustomer(ctx: Context, id: string): Promise<Customer> {
  const row = await ctx.db.first<CustomerRow>(customerByIdStatement(id));
  if (!row) throw new Problem("not_found", "There is no such customer.");
  return toCustomer(row);
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

/** Brings a customer in. Refuses an id that is taken (`conflict`). */
export async function createCustomer(ctx: Context, input: CustomerInput): Promise<Customer> {
  const customer = newCustomer(ctx, input);
  await ctx.db.commit([
    auditStatement(ctx, [customerCreated(customer)]),
    insertCustomersStatement(JSON.stringify([customer])),
  ]);
  return customer;
}

/** The customer that an input will become, for `insertCustomersStatement`. */
export function newCustomer(ctx: Context, input: CustomerInput): Customer {
  return {
    id: input.id ?? ctx.newId(),
    name: input.name,
    phone: input.phone ?? null,
    email: input.email ?? null,
    address: input.address ?? null,
    note: input.note ?? null,
    created_at: ctx.now.toISOString(),
  };
}

/** The audit entry of a new customer: never more than the name, because the log outlives a person's erasure. */
export function customerCreated({ id, name }: Customer): AuditEntry {
  return { action: "customer.create", entity_type: "customer", entity_id: id, after: { name } };
}

function toCustomer({ id, name, phone, email, address, note, created_at }: CustomerRow): Customer {
  return { id, name, phone, email, address, note, created_at };
}
