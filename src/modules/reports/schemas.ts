import * as z from "zod";
import { businessDay, component, id, later, type OutputOf } from "../../http/schemas.ts";
import { taxByRateSchema } from "../shifts/index.ts";

/** The most business days one report spans: a leap year. */
const MAX_DAYS = 366;

const DAY_MS = 86_400_000;

export const dailyQuery = z.strictObject({
  store_id: id,
  date: businessDay.optional().meta({ description: "A business day; the store's today when left out" }),
});

export const salesQuery = z
  .strictObject({
    store_id: id,
    from: businessDay,
    to: businessDay.meta({ description: `Inclusive; at most ${String(MAX_DAYS)} days` }),
    group_by: z.enum(["day"]),
  })
  .superRefine(({ from, to }, issues) => {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1) issues.addIssue({ code: "custom", path: ["to"], message: "Is before `from`" });
    if (days > MAX_DAYS) {
      issues.addIssue({
        code: "custom",
        path: ["to"],
        message: `Is more than ${String(MAX_DAYS)} days from \`from\``,
      });
    }
  });

const figures = later(() => {
  const count = z.int().min(0);
  const total = z.int().meta({ description: "Minor units of `currency`" });
  return z.object({
    sales_count: count,
    refunds_count: count,
    voids_count: count,
    voids_total: total.meta({ description: "The totals of voided sales, which are in no other figure" }),
    gross: total.meta({ description: "The sum of sale totals, with tax" }),
    discount_total: total,
    tax_total: total,
    refund_total: total.meta({ description: "With tax; a refund counts on its own business day" }),
    refund_tax_total: total,
    net: total.meta({ description: "`gross` less `refund_total`" }),
    by_method: z
      .array(
        z.object({
          method: z.string(),
          sales: total.meta({
            description: "What sales took by this method, or put on account; of cash, what stayed after change",
          }),
          refunds: total,
          net: total.meta({ description: "`sales` less `refunds`" }),
        }),
      )
      .meta({ description: "Sorted; only methods that occur" }),
  });
});

export type Figures = OutputOf<typeof figures>;

export const dailyAnswer = component("DailyReport", () =>
  figures().extend({
    store_id: id,
    business_date: businessDay,
    currency: z.string(),
    tax_by_rate: taxByRateSchema().meta({ description: "The lowest rate first; only rates that occur" }),
  }),
);

export const salesAnswer = later(() =>
  z.object({
    data: z.array(
      figures().extend({
        key: z.string().nullable(),
        label: z.string().nullable(),
        store_id: id,
        currency: z.string(),
      }),
    ),
  }),
);

export type DailyReport = OutputOf<typeof dailyAnswer>;
export type SalesReport = OutputOf<typeof salesAnswer>;
