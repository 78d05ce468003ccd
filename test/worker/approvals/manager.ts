import type { GivenApproval } from "../../../src/modules/approvals/schemas.ts";
import {
  type Answer,
  api,
  type Client,
  createUser,
  type Credentials,
  expectStatus,
  type Fetcher,
  uuid,
} from "../../support/api.ts";
import { PIN, setPin } from "../pin/till.ts";

/** A manager who comes to the till, and what is asked of them. */

/** Someone who may approve, with a PIN at the store. */
export async function createManager(store_id: string, role = "employee"): Promise<Credentials> {
  const user = await createUser(role, role === "admin" ? [] : [store_id]);
  await setPin(user.id, store_id, PIN);
  return user;
}

export type Asked = Record<string, unknown>;

/** Asks for an approval from an address of its own. */
export async function ask(
  by: { token: string },
  asked: Asked,
  { fetcher, address = uuid() }: { fetcher?: Fetcher; address?: string } = {},
): Promise<Answer<GivenApproval>> {
  const body = { action: "refund_unlinked", pin: PIN, ...asked };
  return api(by.token, fetcher).post<GivenApproval>("/v1/approvals", body, { "CF-Connecting-IP": address });
}

/** The token of an approval that must be given. */
export async function approved(
  by: Client & { token: string },
  manager: Credentials,
  asked: Asked = {},
): Promise<string> {
  const answer = await ask(by, { manager: manager.username, ...asked });
  expectStatus(answer, 201);
  return answer.body.token;
}
