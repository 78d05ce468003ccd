import { uuid } from "../../../support/api.ts";
import { type ModelShift, type ModelStore, type ModelTill, openShiftOf } from "../books/books.ts";
import type { World } from "../world.ts";

/** In which drawer a request puts its money, by what it names. */

export interface Place {
  store: ModelStore;
  till: ModelTill | null;
  shift: ModelShift | null;
  /** What of the request names it. */
  body: { terminal_id?: string; shift_id?: string };
  faults: string[];
}

/** A place of a store to sell at: a till that is not offline, by itself or by its shift, or none; rarely a wrong one. */
export function drawPlace(world: World, store: ModelStore): Place {
  const { dice, outboxes } = world;
  const online = store.tills.filter((till) => outboxes.get(till)?.offline !== true);
  if (online.length === 0 || dice.onceIn(8)) return { store, till: null, shift: null, body: {}, faults: [] };
  const till = dice.pick(online);
  const shift = openShiftOf(till);
  if (dice.onceIn(20)) return drawWrongPlace(world, store, till);
  if (shift && dice.onceIn(3)) return at(till, shift, { shift_id: shift.id });
  if (shift && dice.onceIn(4)) return at(till, shift, { terminal_id: till.id, shift_id: shift.id });
  return { ...at(till, shift, { terminal_id: till.id }), faults: shift ? [] : ["shift_closed"] };
}

function at(till: ModelTill, shift: ModelShift | null, body: Place["body"]): Place {
  return { store: till.store, till, shift, body, faults: [] };
}

function drawWrongPlace({ dice, books }: World, store: ModelStore, till: ModelTill): Place {
  const wrong = (body: Place["body"], fault: string): Place => ({ ...at(till, null, body), faults: [fault] });
  const closed = till.shifts.find(({ closed_at }) => closed_at !== null);
  const others = books.tills.filter((one) => one !== till).flatMap(({ shifts }) => shifts);
  const ofTill = others.find((shift) => shift.till.store === store);
  const ofStore = others.find((shift) => shift.till.store !== store);
  switch (dice.int(1, 5)) {
    case 1:
      return wrong({ shift_id: uuid() }, "not_found");
    case 2:
      return closed ? wrong({ shift_id: closed.id }, "shift_closed") : wrong({ terminal_id: uuid() }, "not_found");
    case 3:
      return ofTill
        ? wrong({ terminal_id: till.id, shift_id: ofTill.id }, "conflict")
        : wrong({ terminal_id: uuid() }, "not_found");
    case 4:
      return ofStore ? wrong({ shift_id: ofStore.id }, "not_found") : wrong({ shift_id: uuid() }, "not_found");
    default:
      return wrong({ terminal_id: uuid() }, "not_found");
  }
}
