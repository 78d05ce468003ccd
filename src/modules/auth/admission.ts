import type { Context } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import { accountIn, worksAt } from "./account.ts";
import { type Device, findDevice, sentDeviceToken } from "./device.ts";
import type { AccountRow, SignInRow } from "./queries.ts";

/** Who may come in, and where, once the credential is found right. */
export interface Admission {
  account: AccountRow;
  /** The till's store, that of the code, or `hq`. */
  gate: string;
  device: Device | null;
}

/**
 * Null where there is no such user, an inactive one, or one who does not work there, so that the caller answers all
 * alike. Throws `unauthenticated` where a till's token was sent and it is of none that is paired.
 */
export function findAdmission(ctx: Context, row: SignInRow | null, storeCode: string | undefined): Admission | null {
  const device = sentDeviceToken(ctx) === null ? null : findDevice(row);
  const account = accountIn(row);
  const gate = findGate(row, device, storeCode);
  if (!account || account.active === 0 || gate === null || !worksAt(account, gate)) return null;
  return { account, gate, device };
}

/** Null where the till and the code name different stores, or the code names none. */
function findGate(row: SignInRow | null, device: Device | null, storeCode: string | undefined): string | null {
  const asked = storeCode === undefined ? undefined : (row?.asked_store_id ?? null);
  if (device) return asked === undefined || asked === device.till_store_id ? device.till_store_id : null;
  return asked === undefined ? HQ_GATE : asked;
}
