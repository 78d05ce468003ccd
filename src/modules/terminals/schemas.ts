import * as z from "zod";
import { component, id, type OutputOf, pageOf, pageQuery, text } from "../../http/schemas.ts";

/** The wire shapes of terminals, which the shop calls tills. */

export const terminalInput = z.strictObject({
  store_id: id,
  code: z
    .string()
    .regex(/^(?!00)[A-Z0-9]{2}$/, { error: "Needs 2 of A-Z and 0-9; 00 numbers what is sold without a till" })
    .meta({ description: "Stands in every invoice number of the till", example: "01" }),
  name: text(200),
});

export type TerminalInput = z.output<typeof terminalInput>;

export const terminalAnswer = component("Terminal", () =>
  z.object({
    id,
    code: z.string(),
    name: z.string(),
    store_id: id,
    active: z.boolean(),
    created_at: z.string(),
    last_seq: z.int().meta({ description: "The highest number of a command it has sent; 0 before the first" }),
  }),
);

export type Terminal = OutputOf<typeof terminalAnswer>;

export const terminalPage = pageOf(terminalAnswer);

export const terminalQuery = z.strictObject({ ...pageQuery, store_id: id.optional() });

export type TerminalQuery = z.output<typeof terminalQuery>;
