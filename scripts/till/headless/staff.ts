import { randomBytes, randomInt } from "node:crypto";
import { newId } from "../../../src/core/ids.ts";
import { Failure } from "../../support/failure.ts";
import type { Shift, ShiftReport, Store, Terminal } from "../wire.ts";
import type { Manager } from "./manager.ts";
import { CASHIERS_PER_TILL, CUSTOMERS_PER_TILL } from "./plan.ts";
import type { Person, RunFile, RunTill } from "./run-file.ts";

/** Whom and what a run needs: made when it is missing, found when it is there. */

type User = { id: string; username: string; active: boolean };

const TILL_NAME = "Headless till";
const CREDIT_LIMIT = 100_000_000;
const PIN_ATTEMPTS = 20;

/** Throws a Failure where there is no such store. */
export async function findStore(manager: Manager, code: string): Promise<Store> {
  const [store] = await manager.list<Store>("/v1/stores", { code });
  if (!store) throw new Failure(`There is no store ${code}.`);
  return store;
}

/** Sees to the tills, their people and customers, one after another, each remembered when it is ready. */
export async function prepareStaff(manager: Manager, file: RunFile, store: Store, tills: number): Promise<void> {
  const users = new Map((await manager.list<User>("/v1/users")).map((user) => [user.username, user]));
  const terminals = await manager.list<Terminal>("/v1/terminals", { store_id: store.id });
  const prefix = `till-${store.code.toLowerCase()}`;
  if (file.run.manager === null) {
    const username = `${prefix}-manager`;
    file.change({ manager: await hire(manager, users.get(username), { username, role: "employee", store }) });
  }
  for (let place = file.run.tills.length; place < tills; place += 1) {
    const code = codeOf(place);
    const terminal = await findTerminal(manager, terminals, store, code);
    await closeLeftOpen(manager, terminal);
    const cashiers: Person[] = [];
    for (let n = 0; n < CASHIERS_PER_TILL; n += 1) {
      const username = `${prefix}-${code.toLowerCase()}-${String(n + 1)}`;
      cashiers.push(await hire(manager, users.get(username), { username, role: "cashier", store }));
    }
    const customer_ids: string[] = [];
    for (let n = 0; n < CUSTOMERS_PER_TILL; n += 1) {
      customer_ids.push(await addCustomer(manager, `Headless customer ${code}-${String(n + 1)}`));
    }
    const till: RunTill = { code, terminal_id: terminal.id, cashiers, customer_ids };
    file.change({ tills: [...file.run.tills, till] });
  }
}

/** H0 to HZ, then I0 and on: apart from the tills of people. */
function codeOf(place: number): string {
  const first = "HIJ"[Math.floor(place / 36)] ?? "K";
  return `${first}${(place % 36).toString(36).toUpperCase()}`;
}

async function findTerminal(manager: Manager, known: Terminal[], store: Store, code: string): Promise<Terminal> {
  const found = known.find((one) => one.code === code);
  if (found && !found.name.startsWith(TILL_NAME)) {
    throw new Failure(`The store's till ${code} is "${found.name}"; a headless run needs that code for itself.`);
  }
  if (found) return found;
  const body = { store_id: store.id, code, name: `${TILL_NAME} ${code}` };
  return manager.expect<Terminal>({ method: "POST", path: "/v1/terminals", body }, `Making till ${code}`);
}

/** A shift that an earlier run left open is closed with what the server expects to be there. */
async function closeLeftOpen(manager: Manager, terminal: Terminal): Promise<void> {
  const [shift] = await manager.list<Shift>("/v1/shifts", { terminal_id: terminal.id, status: "open" });
  if (!shift) return;
  const { cash } = await manager.get<ShiftReport>(`/v1/shifts/${shift.id}/report`);
  const body = {
    counted: [{ method: "cash", amount: Math.max(0, cash.expected) }],
    note: "left open by an earlier run",
  };
  const call = { method: "POST", path: `/v1/shifts/${shift.id}/close`, body, idempotency_key: newId() } as const;
  await manager.expect(call, `Closing the shift left open at till ${terminal.code}`);
}

/** A user of the store with a new PIN. */
async function hire(
  manager: Manager,
  known: User | undefined,
  person: { username: string; role: string; store: Store },
): Promise<Person> {
  const { username, role, store } = person;
  const body = {
    username,
    full_name: `Headless ${role}`,
    email: `${username}@regal.example`,
    // Nobody signs in with it.
    password: randomBytes(24).toString("base64url"),
    role,
    store_ids: [store.id],
  };
  const call = { method: "POST", path: "/v1/users", body } as const;
  const user = known ?? (await manager.expect<User>(call, `Adding the user ${username}`));
  for (let attempt = 1; attempt <= PIN_ATTEMPTS; attempt += 1) {
    const pin = String(randomInt(10_000_000, 100_000_000));
    const set = { method: "PUT", path: `/v1/users/${user.id}/pin`, body: { store_id: store.id, pin } } as const;
    const outcome = await manager.ask(set);
    if (outcome.kind === "done") return { username, pin };
    // A PIN that is easily guessed is refused.
    if (outcome.kind !== "refused" || outcome.status !== 422) {
      const why = outcome.kind === "refused" ? outcome.problem.detail : outcome.reason;
      throw new Failure(`${username} got no PIN: ${why}`);
    }
  }
  throw new Failure(`${username} got no PIN.`);
}

async function addCustomer(manager: Manager, name: string): Promise<string> {
  const body = { name, credit_limit: CREDIT_LIMIT };
  const call = { method: "POST", path: "/v1/customers", body } as const;
  return (await manager.expect<{ id: string }>(call, `Adding ${name}`)).id;
}
