/** How approvals are sent: tokens with commas between them, as the header X-Approval or an offline till's envelope. */

/** A token has some 600 characters. */
const MAX_APPROVALS = 4;
export const MAX_APPROVALS_LENGTH = 4000;

/** The tokens, of which the first few are looked at; none of a text that is longer than all that are needed. */
export function splitApprovals(value = ""): string[] {
  if (value.length > MAX_APPROVALS_LENGTH) return [];
  const tokens = value.split(",").map((token) => token.trim());
  return tokens.filter((token) => token !== "").slice(0, MAX_APPROVALS);
}
