import * as z from "zod";
import { codeText, component, id, type OutputOf } from "../../http/schemas.ts";
import { ACTION_RULES, APPROVAL_ACTIONS } from "./actions.ts";

/** The wire shapes of approvals. */

const LIMIT =
  "How far it goes; left out, as far as the action does. `discount`: parts per million of a line's subtotal that its " +
  "line and order discounts come to. `price`: the most that the overrides of a sale take off its list prices, in minor " +
  "units. `refund_unlinked`: the refund's total, in minor units. `void`: the sale's total, in minor units. " +
  "`drawer_difference`: the difference whichever way it lies, in minor units. `close_other` has none";

export const approvalInput = z
  .strictObject({
    action: z.enum(APPROVAL_ACTIONS).meta({ description: "The approver needs the permission `approve:` and its name" }),
    manager: codeText(64).meta({ description: "The username of who approves" }),
    pin: z.string().min(1).max(64).meta({ format: "password", description: "The approver's PIN at the store" }),
    limit: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({ description: LIMIT }),
    sale_id: id.optional().meta({
      description:
        "Good for this sale alone, which need not be there yet, or for the sale that this order becomes: `discount`, `price` and `void`",
    }),
    store_id: id
      .optional()
      .meta({ description: "Left out, the session's store, else that of the sale, else the only one you work in" }),
  })
  .superRefine(({ action, limit, sale_id }, check) => {
    const { max_limit, of_a_sale } = ACTION_RULES[action];
    const refuse = (field: string, message: string) => {
      check.addIssue({ code: "custom", path: [field], message });
    };
    if (limit !== undefined && max_limit === null) refuse("limit", `is of no meaning for ${action}`);
    if (limit !== undefined && max_limit !== null && limit > max_limit) {
      refuse("limit", `must be at most ${String(max_limit)} for ${action}`);
    }
    if (sale_id !== undefined && !of_a_sale) refuse("sale_id", `is of no meaning for ${action}`);
  });

export type ApprovalInput = z.output<typeof approvalInput>;

export const approvalAnswer = component("Approval", () =>
  z.object({
    token: z.string().meta({ description: "Sent as X-Approval with the command it is for; good for one" }),
    action: z.enum(APPROVAL_ACTIONS),
    expires_at: z.string().meta({ description: "Five minutes from now" }),
  }),
);

export type GivenApproval = OutputOf<typeof approvalAnswer>;
