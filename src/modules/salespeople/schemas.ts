import { z } from "@hono/zod-openapi";
import { id, pageOf, ratePpm, text } from "../../http/schemas.ts";

export const salespersonSchema = z.strictObject({
  id: id.optional().openapi({ description: "The client's own UUIDv7; given out when left out" }),
  code: text(20).openapi({ description: "Unique; a-z and A-Z are the same" }),
  name: text(200),
  commission_ppm: ratePpm,
});

export type SalespersonInput = z.output<typeof salespersonSchema>;

export const salespersonAnswer = z
  .object({
    id,
    code: z.string(),
    name: z.string(),
    commission_ppm: ratePpm,
    created_at: z.string(),
  })
  .openapi("Salesperson");

export type Salesperson = z.output<typeof salespersonAnswer>;

export const salespersonPage = pageOf(salespersonAnswer);
