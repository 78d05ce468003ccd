import { base64url } from "jose";
import type { Settings } from "../../env.ts";
import { isSigned, signText } from "../auth/index.ts";
import type { ApprovalAction } from "./actions.ts";

/** Approvals are signed and not kept: `payload.kid.mac`, the payload being JSON in base64url. */

export const APPROVAL_LIFE_MS = 5 * 60_000;

/** What a manager has approved, for whom and how far. */
export interface Approval {
  /** UUIDv7; what is spent. */
  id: string;
  action: ApprovalAction;
  store_id: string;
  /** Who asked, and alone may use it. */
  requested_by: string;
  approved_by: string;
  /** Null: as far as it goes. */
  limit: number | null;
  /** Null: of any sale. */
  sale_id: string | null;
  issued_at: string;
  expires_at: string;
}

const PURPOSE = "approval";
const FORM = /^([\w-]+)\.([\w-]+\.[\w-]+)$/;

export function signApproval(settings: Settings, approval: Approval): string {
  const payload = base64url.encode(JSON.stringify(approval));
  return `${payload}.${signText(settings, PURPOSE, payload)}`;
}

/** What a token says, if we have signed it; null for any other text. Whether it is still good is not looked at. */
export function readApproval(settings: Settings, token: string): Approval | null {
  const [, payload = "", signature = ""] = FORM.exec(token) ?? [];
  if (!isSigned(settings, PURPOSE, payload, signature)) return null;
  return JSON.parse(new TextDecoder().decode(base64url.decode(payload))) as Approval;
}
