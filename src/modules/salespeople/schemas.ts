import * as z from "zod";
import { codeText, component, id, newId, type OutputOf, pageOf, ratePpm, text } from "../../http/schemas.ts";

export const salespersonSchema = z.strictObject({
  id: newId,
  code: codeText(20).meta({ description: "Unique; a-z and A-Z are the same" }),
  name: text(200),
  commission_ppm: ratePpm,
});

export type SalespersonInput = z.output<typeof salespersonSchema>;

export const salespersonAnswer = component("Salesperson", () =>
  z.object({
    id,
    code: z.string(),
    name: z.string(),
    commission_ppm: ratePpm,
    created_at: z.string(),
  }),
);

export type Salesperson = OutputOf<typeof salespersonAnswer>;

export const salespersonPage = pageOf(salespersonAnswer);
