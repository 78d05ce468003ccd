import type { Context } from "../../context.ts";
import { rememberedShifts, rememberedTerminals, type ShelfTerminal, type ShiftPlace } from "../../db/catalog-cache.ts";
import type { Row } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { drawerStatements } from "./drawer-queries.ts";

/**
 * Which drawer money belongs to, by what a request names (section 3 of the specification): a till's open shift, a shift,
 * or none. What is remembered is proven by the commit: the schema refuses a shift that is closed (`shift_closed`).
 */

export interface DrawerRequest {
  store_id: string;
  terminal_id: string | null;
  shift_id: string | null;
  /** No money moves: a till without an open shift will do. */
  without_shift?: boolean;
}

export interface Drawer {
  terminal: ShelfTerminal | null;
  shift_id: string | null;
}

const NO_DRAWER: Drawer = { terminal: null, shift_id: null };

/** The drawer as this isolate remembers it; null when it has to be read. */
export function recallDrawer(request: DrawerRequest): Drawer | null {
  const { terminal_id, shift_id, without_shift = false } = request;
  if (terminal_id === null && shift_id === null) return NO_DRAWER;
  const shift = shift_id === null ? null : rememberedShifts.get(shift_id);
  if (shift === undefined) return null;
  const terminal = rememberedTerminals.get(terminal_id ?? shift?.terminal_id ?? "");
  // A till without an open shift may have opened one since, and one that was deactivated be in use again.
  if (!terminal) return null;
  const isOpen = terminal.active && (shift !== null || terminal.open_shift !== null);
  if (!isOpen && !without_shift) return null;
  return chooseDrawer(request, terminal, shift);
}

/** The drawer from the rows of `drawerStatements`, which it remembers. Throws Problem `not_found`, `conflict`, `shift_closed`. */
export function readDrawerRows(request: DrawerRequest, tills: Row[], shifts: Row[]): Drawer {
  const { terminal, shift } = rememberRows(tills, shifts);
  return chooseDrawer(request, terminal, shift);
}

function rememberRows(tills: Row[], shifts: Row[]): { terminal: ShelfTerminal | null; shift: ShiftPlace | null } {
  const terminal = tills[0] && toTerminal(tills[0]);
  const shift = shifts[0] as unknown as ShiftPlace | undefined;
  if (terminal) rememberedTerminals.set(terminal.id, terminal);
  if (shift) rememberedShifts.set(shift.id, shift);
  return { terminal: terminal ?? null, shift: shift ?? null };
}

/** The store of a till, or of a shift, as is named. One round trip, or none where it is remembered. Throws Problem `not_found`. */
export async function findStoreOfDrawer(
  ctx: Context,
  terminalId: string | null,
  shiftId: string | null,
): Promise<string> {
  const known = terminalId === null ? rememberedShifts.get(shiftId ?? "") : rememberedTerminals.get(terminalId);
  if (known) return known.store_id;
  const [tills = [], shifts = []] = await ctx.db.readAll(drawerStatements(terminalId, shiftId));
  const { terminal, shift } = rememberRows(tills, shifts);
  const found = terminalId === null ? shift : terminal;
  if (found) return found.store_id;
  throw new Problem("not_found", `There is no such ${terminalId === null ? "shift" : "terminal"}.`);
}

/** Forgets a till, whose shift was opened or closed here, or turned out to have been elsewhere. */
export function forgetDrawer(terminalId: string | null): void {
  if (terminalId !== null) rememberedTerminals.delete(terminalId);
}

function chooseDrawer(request: DrawerRequest, terminal: ShelfTerminal | null, shift: ShiftPlace | null): Drawer {
  const { store_id, terminal_id, shift_id } = request;
  if (terminal_id === null && shift_id === null) return NO_DRAWER;
  if (shift_id !== null && shift?.store_id !== store_id) throw notFound("shift");
  if (terminal?.store_id !== store_id) throw notFound("terminal");
  if (!terminal.active && !request.without_shift) {
    throw new Problem("conflict", "The till is deactivated; use another one.", {
      errors: [{ pointer: terminal_id === null ? "/shift_id" : "/terminal_id", detail: "is of a deactivated till" }],
    });
  }
  if (shift) {
    if (shift.terminal_id === terminal.id) return { terminal, shift_id: shift.id };
    throw new Problem("conflict", "The shift is another till's.", {
      errors: [{ pointer: "/shift_id", detail: "is a shift of another till" }],
    });
  }
  if (request.without_shift) return { terminal, shift_id: null };
  if (terminal.open_shift === null) {
    throw new Problem("shift_closed", "The till has no open shift; open one first.", {
      errors: [{ pointer: "/terminal_id", detail: "has no open shift" }],
    });
  }
  return { terminal, shift_id: terminal.open_shift.id };
}

function notFound(what: "shift" | "terminal"): Problem {
  return new Problem("not_found", `The store has no such ${what}.`);
}

/** A till from a row of `drawerStatements`. */
export function toTerminal(row: Row): ShelfTerminal {
  const { open_shift_id, open_shift_opened_at, active, ...same } = row;
  return {
    ...same,
    active: active === 1,
    open_shift: open_shift_id === null ? null : { id: open_shift_id, opened_at: open_shift_opened_at },
  } as unknown as ShelfTerminal;
}
