import type { Context } from "../../context.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import {
  insertSalespersonStatement,
  salespersonByIdStatement,
  salespersonPageStatement,
  type SalespersonRow,
} from "./queries.ts";
import type { Salesperson, SalespersonInput } from "./schemas.ts";

export async function listSalespeople(
  ctx: Context,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: Salesperson[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<SalespersonRow>(salespersonPageStatement(readCursor(page.cursor), page.limit + 1));
  return toPage(rows, page.limit, toSalesperson);
}

export async function readSalesperson(ctx: Context, id: string): Promise<Salesperson> {
  const row = await ctx.db.first<SalespersonRow>(salespersonByIdStatement(id));
  if (!row) throw new Problem("not_found", "There is no such salesperson.");
  return toSalesperson(row);
}

/** Refuses an id or a code that is taken (`conflict`). */
export async function createSalesperson(ctx: Context, input: SalespersonInput): Promise<Salesperson> {
  const { code, name, commission_ppm } = input;
  const salesperson = {
    id: input.id ?? ctx.newId(),
    code,
    name,
    commission_ppm,
    created_at: ctx.now.toISOString(),
  };
  await ctx.db.commit([
    auditStatement(ctx, [
      {
        action: "salesperson.create",
        entity_type: "salesperson",
        entity_id: salesperson.id,
        after: { code, name, commission_ppm },
      },
    ]),
    insertSalespersonStatement(salesperson),
  ]);
  return salesperson;
}

function toSalesperson({ id, code, name, commission_ppm, created_at }: SalespersonRow): Salesperson {
  return { id, code, name, commission_ppm, created_at };
}
