/** How much of a product one sale may have, over all its lines. */

export interface LimitedLine {
  /** Lines of one product count together; null for a custom line, which has no limit. */
  product_id: string | null;
  /** Base units; null where there is no limit. */
  max_per_sale: number | null;
  /** Base units. */
  quantity: number;
}

/** The lines by which their product passes its `max_per_sale`, in their order. */
export function findAboveMaxPerSale(lines: readonly LimitedLine[]): { index: number; max_per_sale: number }[] {
  const sold = new Map<string, number>();
  return lines.flatMap(({ product_id, max_per_sale, quantity }, index) => {
    if (product_id === null || max_per_sale === null) return [];
    const together = (sold.get(product_id) ?? 0) + quantity;
    sold.set(product_id, together);
    return together > max_per_sale ? [{ index, max_per_sale }] : [];
  });
}
