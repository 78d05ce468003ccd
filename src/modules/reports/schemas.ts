import { z } from "@hono/zod-openapi";
import { businessDay, id } from "../../http/schemas.ts";

/** The most business days one report spans: a leap year. */
const MAX_DAYS = 366;

const DAY_MS = 86_400_000;

const count = z.int().min(0);
const total = z.int().openapi({ description: "Minor units of `currency`" });

export const dailyQuery = z.strictObject({
  store_id: id,
  date: businessDay.optional().openapi({ description: "A business day; the store's today when left out" }),
});

export const salesQuery = z
  .strictObject({
    store_id: id,
    from: businessDay,
    to: businessDay.openapi({ description: `Inclusive; at most ${String(MAX_DAYS)} days` }),
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

const methodFigures = z.object({
  method: z.string(),
  sales: total.openapi({ description: "What sales took by this method; of cash, what stayed after change" }),
  refunds: total,
  net: total.openapi({ description: "`sales` less `refunds`" }),
});

const figures = z.object({
  sales_count: count,
  refunds_count: count,
  gross: total.openapi({ description: "The sum of sale totals, with tax" }),
  discount_total: total,
  tax_total: total,
  refund_total: total.openapi({ description: "With tax; a refund counts on its own business day" }),
  refund_tax_total: total,
  net: total.openapi({ description: "`gross` less `refund_total`" }),
  by_method: z.array(methodFigures).openapi({ description: "Sorted; only methods that occur" }),
});

export type Figures = z.output<typeof figures>;

export const dailyAnswer = figures
  .extend({ store_id: id, business_date: businessDay, currency: z.string() })
  .openapi("DailyReport");

export const salesAnswer = z.object({
  data: z.array(
    figures.extend({
      key: z.string().nullable(),
      label: z.string().nullable(),
      store_id: id,
      currency: z.string(),
    }),
  ),
});

export type DailyReport = z.output<typeof dailyAnswer>;
export type SalesReport = z.output<typeof salesAnswer>;
