import {
  accountFaults,
  cardFaults,
  postAccountPayment,
  postCard,
  postSettlement,
  settleFaults,
} from "../online/accounts.ts";
import { type Bringing, drawerOf, type FactsOf, type Outcome, rejected, taken } from "./brought.ts";
import { businessDay } from "../books/clock.ts";
import { closeFaults } from "../online/drawer.ts";
import { note } from "../world.ts";
import { closeShift } from "../books/z-chain.ts";

/** What passed the drawer of an offline till and is no sale: its shifts, cash moved, cards sold, accounts paid. */

export function applyCard(bringing: Bringing, { card }: FactsOf<"gift_card">): Outcome {
  const { world, till, command } = bringing;
  const drawer = drawerOf(bringing);
  const faults = [...drawer.faults, ...cardFaults(world, card)];
  if (faults.length > 0) return rejected(...faults);
  postCard(world, { store: till.store, till, shift: drawer.shift, at: command.sent.occurred_at }, card);
  return taken("gift_card", card.id, { flags: drawer.flags });
}

export function applyAccountPayment(bringing: Bringing, facts: FactsOf<"customer_payment">): Outcome {
  const { world, till, command } = bringing;
  const { customer, payments } = facts;
  const drawer = drawerOf(bringing);
  const faults = [...drawer.faults, ...accountFaults(world, till.store, customer)];
  if (faults.length > 0) return rejected(...faults);
  const posting = { store: till.store, till, shift: drawer.shift, at: command.sent.occurred_at };
  postAccountPayment(world, posting, customer, payments);
  return taken("customer_payment", "", { flags: drawer.flags });
}

export function applySettlement(bringing: Bringing, facts: FactsOf<"payment">): Outcome {
  const { world, till, command } = bringing;
  const { sale_id, payments } = facts;
  const drawer = drawerOf(bringing);
  const { faults, kept } = settleFaults(world, sale_id, payments, true);
  if (drawer.faults.length + faults.length > 0) return rejected(...drawer.faults, ...faults);
  const posting = { store: till.store, till, shift: drawer.shift, at: command.sent.occurred_at };
  postSettlement(world, posting, sale_id, kept);
  const { invoice_no = "" } = world.books.sales.find(({ id }) => id === sale_id) ?? {};
  return taken("sale", sale_id, { flags: drawer.flags, sale_id, resource: { type: "sale", id: sale_id, invoice_no } });
}

export function applyShiftOpen({ world, till, command, by }: Bringing, facts: FactsOf<"shift_open">): Outcome {
  if (till.shifts.some(({ closed_at }) => closed_at === null)) return rejected("conflict");
  const opened_at = command.sent.occurred_at;
  till.shifts.push({
    id: facts.id,
    till,
    opening_float: facts.opening_float,
    business_date: businessDay(opened_at, till.store),
    opened_at,
    opened_by: by.id,
    closed_at: null,
    closed_by: null,
  });
  world.touched.shifts.add(facts.id);
  return taken("shift", facts.id);
}

export function applyShiftClose(bringing: Bringing, facts: FactsOf<"shift_close">): Outcome {
  const { world, till, command, by } = bringing;
  const { shift_id, counted } = facts;
  const shift = till.shifts.find(({ id }) => id === shift_id);
  if (!shift) return rejected("not_found");
  const leave = shift.closed_at === null ? closeFaults(world, shift, { counted }, by) : ["shift_closed"];
  if (facts.faults.length + leave.length > 0) return rejected(...facts.faults, ...leave);
  const before = till.zs.length;
  closeShift(world.books, shift, { at: command.sent.occurred_at, by: by.id, counted });
  if (till.zs.length > before + 1) note(world, "supplement");
  world.touched.shifts.add(shift_id);
  return taken("shift", shift_id);
}

export function applyMovement(bringing: Bringing, facts: FactsOf<"cash_movement">): Outcome {
  const { world, till, command, by } = bringing;
  const { id, shift_id, kind, amount, reason } = facts;
  const shift = till.shifts.find((one) => one.id === shift_id);
  if (!shift) return rejected("not_found");
  const late = shift.closed_at !== null;
  const moved = { id, type: kind, amount, reason, user_id: by.id, moved_at: command.sent.occurred_at };
  world.books.movements.push({ ...moved, store: till.store, shift, late, z: null });
  world.touched.shifts.add(shift_id);
  return taken("cash_movement", id, { flags: late ? ["closed_shift"] : [] });
}
