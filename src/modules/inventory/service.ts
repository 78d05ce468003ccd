import { actorOf, type Context, requireStore, storeFilter } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { Violation } from "../../db/violation.ts";
import {
  fingerprintOf,
  keyOf,
  type OnceRecord,
  refuseReusedKey,
  type StoredAnswer,
  storedAnswersStatement,
} from "../../http/idempotency.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { type InputError, Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { keepDocumentStatement, type StockMovement, stockMovementsStatement } from "./movement-queries.ts";
import {
  documentStatement,
  type LevelRow,
  movementPageStatement,
  type MovementRow,
  productLevelsStatement,
  shelfStatement,
  type ShelfRow,
  storeLevelsStatement,
  storeStatement,
} from "./queries.ts";
import type { MovementQuery, StockDocumentInput, StockLevel, StockMovementEntry, StockQuery } from "./schemas.ts";
import { findShortages } from "./shortage.ts";

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** A store's levels, or one product's level in each store the actor works in. */
export async function listStock(ctx: Context, query: StockQuery): Promise<Page<StockLevel>> {
  const { store_id, product_id, limit } = query;
  if (store_id !== undefined) requireStore(ctx, store_id);
  const after = readCursor(query.cursor);
  const stores = store_id === undefined ? storeFilter(ctx) : JSON.stringify([store_id]);
  const page =
    store_id !== undefined && product_id === undefined
      ? storeLevelsStatement(store_id, after, limit + 1)
      : productLevelsStatement(product_id ?? "", stores, after, limit + 1);
  const showsCost = actorOf(ctx).permissions.has("stock:write");
  return toPage(await readPage<LevelRow>(ctx, store_id, page), limit, ({ arrival: _arrival, ...level }) => ({
    ...level,
    average_cost: showsCost ? level.average_cost : null,
  }));
}

export async function listMovements(ctx: Context, query: MovementQuery): Promise<Page<StockMovementEntry>> {
  const { store_id, product_id, limit } = query;
  if (store_id !== undefined) requireStore(ctx, store_id);
  const filters = { store_id, storesJson: storeFilter(ctx), product_id };
  const page = movementPageStatement(filters, readCursor(query.cursor), limit + 1);
  const showsCost = actorOf(ctx).permissions.has("stock:write");
  return toPage(await readPage<MovementRow>(ctx, store_id, page), limit, ({ arrival: _arrival, ...movement }) => ({
    ...movement,
    unit_cost: showsCost ? movement.unit_cost : null,
  }));
}

/** Reads a page, and in the same round trip whether there is the store it is asked of. */
async function readPage<R>(ctx: Context, storeId: string | undefined, page: Statement): Promise<R[]> {
  if (storeId === undefined) return (await ctx.db.readAll([page]))[0] as R[];
  const [rows, stores = []] = await ctx.db.readAll([page, storeStatement(storeId)]);
  if (stores.length === 0) throw unknownStore();
  return rows as R[];
}

/**
 * Receives or adjusts stock, once for its Idempotency-Key: one read, one commit. Refuses unknown and untracked
 * products (`validation_failed`) and levels below zero where the store does not allow them (`insufficient_stock`).
 * A closed store's stock can still be written off.
 */
export async function moveStock(ctx: Context, input: StockDocumentInput): Promise<RawBody> {
  requireStore(ctx, input.store_id);
  const record: OnceRecord = {
    store_id: input.store_id,
    key: keyOf(ctx),
    operation: "stock.move",
    fingerprint: fingerprintOf("stock.move", input),
    resource_id: input.id ?? ctx.newId(),
  };
  const reading = await readShelf(ctx, record, input);
  if (reading.stored) return replay(ctx, record, reading.stored);
  refuseFaults(input, reading);
  const created_at = ctx.now.toISOString();
  const { reason, note = null } = input;
  const movements = input.lines.map((line, index): StockMovement => ({
    store_id: input.store_id,
    product_id: line.product_id,
    reason,
    quantity: line.quantity,
    oversell: reading.allow_oversell ? 1 : 0,
    unit_cost: line.unit_cost ?? null,
    batch: line.batch ?? null,
    expires_on: line.expires_on ?? null,
    note,
    source_id: record.resource_id,
    line_no: index + 1,
    occurred_at: created_at,
  }));
  try {
    const results = await ctx.db.commit(
      [
        auditStatement(ctx, [
          {
            action: "stock.move",
            entity_type: "stock_document",
            entity_id: record.resource_id,
            store_id: input.store_id,
            after: { reason, note, lines: input.lines },
          },
        ]),
        stockMovementsStatement(movements, created_at),
        keepDocumentStatement({ ...record, id: record.resource_id, reason, note, created_at }),
      ],
      { retry: true },
    );
    return new RawBody(String(results.at(-1)?.[0]?.["response"]));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return explainRefusal(ctx, record, input, error);
  }
}

interface ShelfReading {
  stored: StoredAnswer | undefined;
  allow_oversell: boolean;
  /** What the store has of each product named; a product that is not tracked, or not there, is missing. */
  levels: Map<string, number>;
  /** Something else has the id of this document. */
  id_taken: boolean;
}

async function readShelf(ctx: Context, record: OnceRecord, input: StockDocumentInput): Promise<ShelfReading> {
  const products = [...new Set(input.lines.map(({ product_id }) => product_id))];
  const [answers = [], stores = [], shelf = [], documents = []] = await ctx.db.readAll([
    storedAnswersStatement(record.store_id, [record.key]),
    storeStatement(record.store_id),
    shelfStatement(record.store_id, products),
    documentStatement(record.resource_id),
  ]);
  const [store] = stores;
  if (!store) throw unknownStore();
  return {
    stored: (answers as unknown as StoredAnswer[])[0],
    allow_oversell: store["allow_oversell"] === 1,
    levels: new Map(
      (shelf as unknown as ShelfRow[])
        .filter(({ track_stock }) => track_stock === 1)
        .map(({ id, on_hand }) => [id, on_hand]),
    ),
    id_taken: documents.length > 0,
  };
}

function refuseFaults(input: StockDocumentInput, reading: ShelfReading): void {
  const unknown = input.lines.flatMap(({ product_id }, index): InputError[] =>
    reading.levels.has(product_id)
      ? []
      : [
          {
            pointer: `/lines/${String(index)}/product_id`,
            detail: "is not a product whose stock is tracked",
          },
        ],
  );
  if (unknown[0]) {
    throw new Problem("validation_failed", `${unknown[0].pointer} ${unknown[0].detail}`, { errors: unknown });
  }
  if (reading.id_taken) throw new Problem("conflict", "There is a stock document with this id already.");
  const shortages = reading.allow_oversell ? [] : findShortages(input.lines, reading.levels);
  if (shortages.length > 0) throw insufficientStock(shortages);
}

/**
 * What a refused commit means, looked at afresh: a repeat that came second gets the stored answer; a line that
 * another took the stock from is named.
 */
async function explainRefusal(
  ctx: Context,
  record: OnceRecord,
  input: StockDocumentInput,
  violation: Violation,
): Promise<RawBody> {
  const reading = await readShelf(ctx, record, input);
  if (reading.stored) return replay(ctx, record, reading.stored);
  if (violation.constraint === "insufficient_stock") {
    throw insufficientStock(findShortages(input.lines, reading.levels), violation);
  }
  throw violation;
}

function replay(ctx: Context, record: OnceRecord, stored: StoredAnswer): RawBody {
  refuseReusedKey(record, stored);
  ctx.answer_headers.set("Idempotency-Replayed", "true");
  return new RawBody(stored.response);
}

function unknownStore(): Problem {
  return new Problem("not_found", "There is no such store.");
}

function insufficientStock(errors: InputError[], cause?: Violation): Problem {
  const options = { ...(errors.length > 0 ? { errors } : {}), ...(cause ? { cause } : {}) };
  return new Problem("insufficient_stock", "There is not enough stock for this.", options);
}
