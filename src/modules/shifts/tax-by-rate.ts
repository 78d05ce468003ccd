import * as z from "zod";
import { later, type OutputOf } from "../../http/schemas.ts";

/** Tax by rate, as the reports of shifts and of days have it. */

/** Sums of lines of one rate, in minor units. */
export interface RateSum {
  tax_rate_ppm: number;
  /** Without tax. */
  taxable: number;
  tax: number;
}

export const taxByRateSchema = later(() =>
  z.array(
    z.object({
      tax_rate_ppm: z.int(),
      sales_taxable: z.int().meta({ description: "Without tax" }),
      sales_tax: z.int(),
      refunds_taxable: z.int(),
      refunds_tax: z.int(),
    }),
  ),
);

export type TaxByRate = OutputOf<typeof taxByRateSchema>;

/** One entry for each rate that occurs, the lowest first; a rate may occur in several of the sums. */
export function taxByRate(sold: readonly RateSum[], back: readonly RateSum[]): TaxByRate {
  const rates = [...new Set([...sold, ...back].map(({ tax_rate_ppm }) => tax_rate_ppm))];
  return rates
    .toSorted((a, b) => a - b)
    .map((rate) => ({
      tax_rate_ppm: rate,
      sales_taxable: sumAt(rate, sold, "taxable"),
      sales_tax: sumAt(rate, sold, "tax"),
      refunds_taxable: sumAt(rate, back, "taxable"),
      refunds_tax: sumAt(rate, back, "tax"),
    }));
}

function sumAt(rate: number, sums: readonly RateSum[], part: "taxable" | "tax"): number {
  return sums.reduce((sum, one) => (one.tax_rate_ppm === rate ? sum + one[part] : sum), 0);
}
