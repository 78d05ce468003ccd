import { approved } from "../../approvals/manager.ts";
import type { ModelStore } from "../books/books.ts";
import { note, type Person, type World } from "../world.ts";

/** A manager's approval for what a cashier may not do alone. */

export interface Leave {
  headers: Record<string, string>;
  /** What a cashier lacks without it. */
  faults: string[];
  /** Says that it was used: it is good for once. */
  spend: () => void;
}

interface Asked {
  action: "void" | "refund_unlinked";
  sale_id?: string;
}

/** Of a cashier: asks for leave, or does not, or shows a token that has been used. Anyone else needs none. */
export async function askLeave(world: World, store: ModelStore, by: Person, asked: Asked): Promise<Leave> {
  const { dice, managers, spent } = world;
  const none = { headers: {}, faults: by.is_cashier ? ["approval_required"] : [], spend: () => {} };
  const manager = managers.get(store.id);
  if (!by.is_cashier || !manager || dice.onceIn(3)) return none;
  const used = spent.findLast((one) => one.by === by && one.action === asked.action);
  if (used && dice.onceIn(4)) return { ...none, headers: { "X-Approval": used.token } };
  const token = await approved(by.client, manager, { ...asked });
  return {
    headers: { "X-Approval": token },
    faults: [],
    spend: () => {
      spent.push({ by, action: asked.action, token });
      note(world, `approved: ${asked.action}`);
    },
  };
}
