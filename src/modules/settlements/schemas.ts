import * as z from "zod";
import { id, named } from "../../http/schemas.ts";
import { moneyTenders } from "../payments/index.ts";

/** The wire shapes of paying off a sale. Amounts are minor units. */

export const settlementParams = z.object({ sale_id: id });

export const settlementSchema = named(
  "SettlementCreate",
  z.strictObject({
    payments: moneyTenders,
    terminal_id: id.optional().meta({ description: "The till; alone it means that till's open shift" }),
    shift_id: id.optional().meta({ description: "The shift whose drawer the money goes to; it must be open" }),
  }),
);

export type SettlementInput = z.output<typeof settlementSchema>;
