/** What money pays off: which part of which tender goes to which sale. Minor units throughout. */

/** A sale of which something is due. */
export interface Owed {
  sale_id: string;
  due: number;
}

/** A tender, or the part of one, and the sale that it pays; null for what no sale is left for. */
export interface Share<T> {
  tender: T;
  sale_id: string | null;
}

/**
 * Lays tenders, in their order, upon sales, in theirs: a sale is paid whole before the next gets anything, and a tender
 * that spans sales is cut. The shares of a tender sum to it.
 */
export function splitTenders<T extends { amount: number }>(tenders: readonly T[], owed: readonly Owed[]): Share<T>[] {
  const shares: Share<T>[] = [];
  let place = 0;
  let due = owed[0]?.due ?? 0;
  for (const tender of tenders) {
    let left = tender.amount;
    while (left > 0) {
      while (due === 0 && place < owed.length) {
        place += 1;
        due = owed[place]?.due ?? 0;
      }
      const sale = owed[place];
      const amount = sale ? Math.min(left, due) : left;
      shares.push({ tender: { ...tender, amount }, sale_id: sale?.sale_id ?? null });
      left -= amount;
      due -= sale ? amount : 0;
    }
  }
  return shares;
}

/** What each sale gets, in the order in which it is paid. */
export function sumBySale(shares: readonly Share<{ amount: number }>[]): { sale_id: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { sale_id, tender } of shares) {
    if (sale_id !== null) sums.set(sale_id, (sums.get(sale_id) ?? 0) + tender.amount);
  }
  return [...sums].map(([sale_id, amount]) => ({ sale_id, amount }));
}
