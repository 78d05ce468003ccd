/** The order of calculation of the specification (section 3), written a second time and another way: with fractions. */

export interface Rules {
  tax_mode: "inclusive" | "exclusive";
  mode: "half_up" | "half_even";
  scope: "line" | "invoice";
  cash_rounding: number;
}

export type Discount = { amount: number } | { ppm: number };

export interface Goods {
  unit_price: number;
  price_quantity: number;
  quantity: number;
  tax_rate_ppm: number;
  own_discount_ppm: number;
  discount: Discount | undefined;
}

export interface Parts {
  subtotal: number;
  discount_total: number;
  tax_total: number;
  total: number;
}

/** round(top / bottom) of what is not negative. */
export function round(top: bigint, bottom: bigint, mode: Rules["mode"]): number {
  const whole = top / bottom;
  const rest = top - whole * bottom;
  const up = rest * 2n > bottom || (rest * 2n === bottom && (mode === "half_up" || whole % 2n === 1n));
  return Number(up ? whole + 1n : whole);
}

function given(discount: Discount, base: number, mode: Rules["mode"]): number {
  return "amount" in discount ? discount.amount : round(BigInt(base) * BigInt(discount.ppm), 1_000_000n, mode);
}

/** Shares a total: everyone the whole units, then one more each by the size of what was cut off, the earlier first. */
function share(total: number, weights: number[]): number[] {
  const whole = sum(weights, (weight) => weight);
  if (whole === 0) return weights.map(() => 0);
  const cut = weights.map((weight) => (BigInt(total) * BigInt(weight)) % BigInt(whole));
  const shares = weights.map((weight) => Number((BigInt(total) * BigInt(weight)) / BigInt(whole)));
  const order = weights.map((_, i) => i).toSorted((a, b) => Number((cut[b] ?? 0n) - (cut[a] ?? 0n)) || a - b);
  const left = total - sum(shares, (part) => part);
  for (const i of order.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1;
  return shares;
}

/** What each line of a basket comes to; null where a discount is more than what it is of. */
export function price(rules: Rules, lines: Goods[], order: Discount | undefined): Parts[] | null {
  const { mode } = rules;
  const subtotals = lines.map((one) =>
    round(BigInt(one.unit_price) * BigInt(one.quantity), BigInt(one.price_quantity), mode),
  );
  const own = lines.map((one, i) => given(one.discount ?? { ppm: one.own_discount_ppm }, subtotals[i] ?? 0, mode));
  const after = subtotals.map((subtotal, i) => subtotal - (own[i] ?? 0));
  const left = sum(after, (amount) => amount);
  const orderDiscount = order ? given(order, left, mode) : 0;
  if (after.some((amount) => amount < 0) || orderDiscount > left) return null;
  const shares = share(orderDiscount, after);
  const nets = after.map((amount, i) => amount - (shares[i] ?? 0));
  const taxes = tax(rules, lines, nets);
  return lines.map((_, i) => {
    const [subtotal = 0, net = 0, tax_total = 0] = [subtotals[i], nets[i], taxes[i]];
    const total = net + (rules.tax_mode === "exclusive" ? tax_total : 0);
    return { subtotal, discount_total: subtotal - net, tax_total, total };
  });
}

function tax(rules: Rules, lines: Goods[], nets: number[]): number[] {
  const of = (net: number, rate: number) =>
    round(
      BigInt(net) * BigInt(rate),
      BigInt(rules.tax_mode === "exclusive" ? 1_000_000 : 1_000_000 + rate),
      rules.mode,
    );
  if (rules.scope === "line") return lines.map((line, i) => of(nets[i] ?? 0, line.tax_rate_ppm));
  const taxes = lines.map(() => 0);
  for (const rate of new Set(lines.map((line) => line.tax_rate_ppm))) {
    const weights = lines.map((line, i) => (line.tax_rate_ppm === rate ? (nets[i] ?? 0) : 0));
    const whole = of(
      sum(weights, (weight) => weight),
      rate,
    );
    for (const [i, part] of share(whole, weights).entries()) taxes[i] = (taxes[i] ?? 0) + part;
  }
  return taxes;
}

/** What pieces `before` + 1 to `before` + `quantity` of a line carry. */
export function partOf(rules: Rules, line: Parts & { quantity: number }, before: number, quantity: number): Parts {
  const upTo = (part: number, n: number) => round(BigInt(part) * BigInt(n), BigInt(line.quantity), rules.mode);
  const of = (part: number) => upTo(part, before + quantity) - upTo(part, before);
  const [subtotal, discount_total, tax_total] = [of(line.subtotal), of(line.discount_total), of(line.tax_total)];
  const added = rules.tax_mode === "exclusive" ? tax_total : 0;
  return { subtotal, discount_total, tax_total, total: subtotal - discount_total + added };
}

export interface Settled {
  /** What cash rounding adds or takes away. */
  adjustment: number;
  total: number;
  paid: number;
  change: number;
  /** What stays on account. */
  balance: number;
}

/**
 * What payments make of a total: what the other tenders leave is paid in whole multiples of `unit` where any of it is
 * paid in cash; cash alone gives change. Tells which fault it is when they do not settle.
 */
export function settle(
  total: number,
  payments: readonly { method: string; amount: number }[],
  { cash_rounding: unit, mode }: Pick<Rules, "cash_rounding" | "mode">,
): Settled | "payment_short" | "validation_failed" {
  const of = (is: (method: string) => boolean) => sum(payments, ({ method, amount }) => (is(method) ? amount : 0));
  const cash = of((method) => method === "cash");
  const balance = of((method) => method === "on_account");
  const left = total - of((method) => method !== "cash");
  if (left < 0) return "validation_failed";
  const due = cash === 0 ? left : round(BigInt(left), BigInt(unit), mode) * unit;
  if (cash < due) return "payment_short";
  const paid = sum(payments, ({ amount }) => amount) - balance;
  return { adjustment: due - left, total: total + due - left, paid, change: cash - due, balance };
}

export function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
