import type { InputError } from "../../http/problem.ts";

/**
 * The lines of a document that would take a product below zero, taken in their order; `on_hand` is what there is
 * before that line. `levels` are the levels before the document.
 */
export function findShortages(
  lines: readonly { product_id: string; quantity: number }[],
  levels: ReadonlyMap<string, number>,
): InputError[] {
  const current = new Map(levels);
  return lines.flatMap(({ product_id, quantity }, index): InputError[] => {
    const on_hand = current.get(product_id) ?? 0;
    const after = on_hand + quantity;
    if (quantity > 0 || after >= 0) {
      current.set(product_id, after);
      return [];
    }
    const detail = `takes ${String(-quantity)} where ${String(Math.max(on_hand, 0))} are on hand`;
    return [{ pointer: `/lines/${String(index)}/quantity`, detail, on_hand }];
  });
}
