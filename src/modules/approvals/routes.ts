import { declareRoute } from "../../http/route.ts";
import { approvalAnswer, approvalInput } from "./schemas.ts";
import { giveApproval } from "./service.ts";

export const approvalRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/approvals",
    tag: "Approvals",
    summary: "Have a manager approve something",
    description:
      "For what your role may not do alone: the manager types a PIN, and the command is sent with the token as X-Approval. It is good for five minutes, for one command of yours, and for what it was given for. Twenty wrong PINs in a row lock the manager's PIN.",
    permission: "sales:write",
    rate_class: "write",
    without_gate: "refuse",
    // Asks the gate that counts guesses before and after; one read more where the sale tells the store.
    budget: { d1: 3, do: 3 },
    body: approvalInput,
    status: 201,
    response: approvalAnswer,
    problems: ["not_found", "approval_required", "outcome_unknown"],
    handle: (ctx, { body }) => giveApproval(ctx, body),
  }),
];
