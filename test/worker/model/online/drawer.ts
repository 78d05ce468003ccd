import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { writeSupplements } from "../../../../src/jobs/supplements.ts";
import { expectStatus, uuid } from "../../../support/api.ts";
import { type ModelMovement, type ModelShift, type ModelStore, openShiftOf } from "../books/books.ts";
import { businessDay } from "../books/clock.ts";
import { expectReport, type ShownReport } from "../comparing/reports-shown.ts";
import { isRefused } from "../expecting.ts";
import { reportShift } from "../books/reports.ts";
import { drawPerson, note, type Person, send, type World } from "../world.ts";
import { closeShift, grandTotalOf, writeSupplements as supplementTill } from "../books/z-chain.ts";

/** The till's day, online: shifts opened and closed, cash moved, X reports read. */

export async function openShift(world: World): Promise<void> {
  const { dice, books, clock } = world;
  // A till without a shift is what this is for; one that has one refuses.
  const without = books.tills.filter((till) => !openShiftOf(till));
  const till = dice.pick(without.length > 0 && !dice.onceIn(5) ? without : books.tills);
  const by = drawPerson(world, till.store);
  const body = { id: uuid(), terminal_id: till.id, opening_float: dice.pick([0, 5000, 12_345]) };
  const answer = await send(world, { path: "/v1/shifts", body, by });
  if (isRefused(world, "open shift", answer, openShiftOf(till) ? ["conflict"] : [])) return;
  const opened_at = clock.at();
  till.shifts.push({
    id: body.id,
    till,
    opening_float: body.opening_float,
    business_date: businessDay(opened_at, till.store),
    opened_at,
    opened_by: by.id,
    closed_at: null,
    closed_by: null,
  });
  world.touched.shifts.add(body.id);
}

export interface Movement {
  id: string;
  type: ModelMovement["type"];
  amount: number;
  reason: string;
}

export function drawMovement({ dice }: World): Movement {
  const type = dice.pick(["paid_in", "paid_out", "drop", "no_sale"] as const);
  return { id: uuid(), type, amount: type === "no_sale" ? 0 : dice.int(1, 4000), reason: "Because" };
}

export async function moveCash(world: World): Promise<void> {
  const { dice, books, clock } = world;
  const shift = drawShift(world);
  if (!shift) return;
  const { store } = shift.till;
  const by = drawPerson(world, store);
  const movement = drawMovement(world);
  const wrong = dice.onceIn(12) ? { ...movement, amount: movement.type === "no_sale" ? 1 : 0 } : movement;
  const answer = await send(world, { path: `/v1/shifts/${shift.id}/cash-movements`, body: wrong, by });
  const faults = [
    ...(wrong === movement ? [] : ["validation_failed"]),
    ...(shift.closed_at === null ? [] : ["shift_closed"]),
  ];
  if (isRefused(world, "move cash", answer, faults)) return;
  books.movements.push({ ...movement, store, shift, late: false, z: null, user_id: by.id, moved_at: clock.at() });
  world.touched.shifts.add(shift.id);
}

/** Mostly an open shift. */
function drawShift({ dice, books }: World): ModelShift | null {
  const open = books.tills.flatMap((till) => openShiftOf(till) ?? []);
  const all = books.tills.flatMap(({ shifts }) => shifts);
  const from = open.length > 0 && !dice.onceIn(8) ? open : all;
  return from.length > 0 ? dice.pick(from) : null;
}

interface Count {
  counted: { method: string; amount: number }[];
  denominations?: { value: number; count: number }[];
  note?: string;
}

/** A count of a shift: right, a little off, or one that is none. */
export function drawCount(world: World, shift: ModelShift): { count: Count; faults: string[] } {
  const { dice, books, clock } = world;
  const today = businessDay(clock.at(), shift.till.store);
  const { by_method } = reportShift(books, shift, { kind: "x", supplement: false, today, counted: null });
  const off = () => dice.pick([0, 0, 0, 0, 1, -60, 700]);
  const counted = by_method
    .filter(({ method }) => method === "cash" || dice.onceIn(2))
    .map(({ method, expected }) => ({ method, amount: Math.max(0, expected + off()) }));
  const cash = counted.find(({ method }) => method === "cash")?.amount ?? 0;
  const hundreds = { value: 100, count: Math.floor(cash / 100) };
  const rest = { value: 1, count: cash % 100 };
  const right = {
    counted,
    ...(dice.onceIn(2) && hundreds.count <= 1_000_000 ? { denominations: [hundreds, rest] } : {}),
  };
  switch (dice.int(1, 12)) {
    case 1:
      return {
        count: { ...right, counted: counted.filter(({ method }) => method !== "cash") },
        faults: ["validation_failed"],
      };
    case 2:
      return { count: { ...right, counted: [...counted, ...counted.slice(0, 1)] }, faults: ["validation_failed"] };
    case 3:
      return { count: { counted, denominations: [{ value: 7, count: cash + 1 }] }, faults: ["validation_failed"] };
    default:
      return { count: right, faults: [] };
  }
}

/** What a person lacks to close a shift with this count. */
export function closeFaults(world: World, shift: ModelShift, { counted }: Count, by: Person): string[] {
  if (!by.is_cashier) return [];
  const today = businessDay(world.clock.at(), shift.till.store);
  const { by_method } = reportShift(world.books, shift, { kind: "z", supplement: false, today, counted });
  const { drawer_tolerance } = shift.till.store;
  const off = by_method.some(({ difference }) => Math.abs(difference ?? 0) > drawer_tolerance);
  return off || shift.opened_by !== by.id ? ["approval_required"] : [];
}

export async function close(world: World): Promise<void> {
  const { books, clock, touched } = world;
  const shift = drawShift(world);
  if (!shift) return;
  const { till } = shift;
  const by = drawPerson(world, till.store);
  const { count, faults } = drawCount(world, shift);
  const answer = await send<{ report: ShownReport }>(world, { path: `/v1/shifts/${shift.id}/close`, body: count, by });
  const closed = shift.closed_at === null ? closeFaults(world, shift, count, by) : ["shift_closed"];
  if (isRefused(world, "close shift", answer, [...faults, ...closed])) return;
  const before = till.zs.length;
  const z = closeShift(books, shift, { at: clock.at(), by: by.id, counted: count.counted });
  if (till.zs.length > before + 1) note(world, "supplement");
  expectReport(answer.body.report, z.report, world.last);
  touched.shifts.add(shift.id);
}

/** The night: what came late for tills that open no other shift stands in supplements too. */
export async function passNight(world: World): Promise<void> {
  const { books, clock } = world;
  await writeSupplements(env, new Date(clock.at()));
  for (const till of books.tills) {
    const written = supplementTill(books, till);
    for (let count = 0; count < written; count += 1) note(world, "supplement of the night");
  }
}

/** Closes every shift with the right count, so that all that was sold at tills stands in Z reports. */
export async function closeAll(world: World): Promise<void> {
  const { books, clock, admin } = world;
  for (const till of books.tills) {
    // Twice: what came late waits for the next close.
    for (let times = 0; times < 2; times += 1) {
      clock.pass(1);
      if (!openShiftOf(till)) await openFor(world, till.store, till.id);
      const shift = openShiftOf(till);
      if (!shift) throw new Error("it was opened just now");
      const today = businessDay(clock.at(), till.store);
      const { cash } = reportShift(books, shift, { kind: "x", supplement: false, today, counted: null });
      const counted = [{ method: "cash", amount: Math.max(0, cash.expected) }];
      const answer = await send<{ report: ShownReport }>(world, {
        path: `/v1/shifts/${shift.id}/close`,
        body: { counted },
        by: admin,
      });
      expectStatus(answer, 200);
      const z = closeShift(books, shift, { at: clock.at(), by: admin.id, counted });
      expectReport(answer.body.report, z.report, world.last);
    }
  }
}

async function openFor(world: World, store: ModelStore, tillId: string): Promise<void> {
  const till = store.tills.find(({ id }) => id === tillId);
  const body = { id: uuid(), terminal_id: tillId, opening_float: 0 };
  expectStatus(await send(world, { path: "/v1/shifts", body, by: world.admin }), 201);
  const opened_at = world.clock.at();
  till?.shifts.push({
    id: body.id,
    till,
    opening_float: 0,
    business_date: businessDay(opened_at, store),
    opened_at,
    opened_by: world.admin.id,
    closed_at: null,
    closed_by: null,
  });
}

/** The X report of an open shift, figure by figure. */
export async function expectXReport(world: World, shift: ModelShift): Promise<void> {
  const { books, clock, admin } = world;
  const answer = await admin.client.get<ShownReport>(`/v1/shifts/${shift.id}/report`);
  expectStatus(answer, 200);
  const { till } = shift;
  if (shift.closed_at !== null) {
    const z = till.zs.find((one) => one.shift_id === shift.id && one.report["supplement"] === false);
    expectReport(answer.body, z?.report ?? {}, `the Z report of shift ${shift.id}`);
    return;
  }
  const today = businessDay(clock.at(), till.store);
  const report = reportShift(books, shift, { kind: "x", supplement: false, today, counted: null });
  const x = { ...report, number: null, grand_total: grandTotalOf(till) };
  expectReport(answer.body, x, `the X report of shift ${shift.id}`);
  expect([answer.body.hash, answer.body.previous_hash]).toEqual([null, null]);
}
