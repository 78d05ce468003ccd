import { randomInt } from "node:crypto";
import type { Progress } from "../bench/progress.ts";
import type { Keeper } from "../support/demo-shop.ts";
import { Failure } from "../support/failure.ts";
import { Manager } from "../till/headless/manager.ts";
import { startTill } from "./till-process.ts";

/** A cashier's session, typed in by a script: every command of the till, online and offline, and a restart in between. */

const EGGS = "5099910102176";
const BREAD = "5099910103043";
const TILL = "C1";

type Prepared = { pairing_code: string; pin: string; manager_pin: string };

/** Throws a Failure with the session's words where it is not as it must be. */
export async function tryCounter(keeper: Keeper, folder: string, progress: Progress): Promise<void> {
  const { pairing_code, pin, manager_pin } = await prepare(keeper);
  const invoice = (number: number) => `MAIN-${TILL}-${String(number).padStart(6, "0")}`;
  const morning = [
    "signin cashier",
    pin,
    "status",
    "open 100",
    `${EGGS} 2`,
    `2 x ${BREAD}`,
    "RM-10101 345g",
    'custom "Gift wrap" 2.50 20%',
    "discount 1 5% regular",
    "discount all 1%",
    "quantity 2 1",
    "find eggs",
    "pay card 5 last4=4242",
    "pay cash 20",
    "bill",
    BREAD,
    "park for Ann",
    "parked",
    "resume 1",
    "pay",
    "offline",
    `3 x ${EGGS}`,
    "pay cash 20",
    `refund ${invoice(1)} 1:1:damaged by cash`,
    "giftcard sell 25 TILLTESTCARD1",
    "outbox",
    "x",
    "online",
    "outbox",
    BREAD,
    "pay giftcard code=TILLTESTCARD1",
    BREAD,
    "price 1 0.50 dented",
    "pay",
    "employee",
    manager_pin,
    `void ${invoice(3)} wrong customer`,
    "employee",
    manager_pin,
    "in 10 coins from the bank",
    "drop 20 to the safe",
    "out 3 stamps",
    "no-sale change for a customer",
    "x",
  ];
  const first = await typeIn(keeper, ["--pair", pairing_code, "--state", folder], morning);
  expectIn(first, [
    "Paired as till C1",
    "Good day, Carys Bell (cashier).",
    "Still due:",
    `Sold ${invoice(1)}`,
    "TOTAL GBP",
    "Parked.",
    `Sold ${invoice(2)}`,
    `Sold ${invoice(3)}: `,
    "(in the outbox)",
    "3 waiting, 0 rejected",
    "X report by the till's own books",
    "Sent 3",
    "0 waiting, 0 rejected",
    `Sold ${invoice(4)}`,
    "A manager must approve: price.",
    `Sold ${invoice(5)}: 0.50`,
    `Voided ${invoice(3)}`,
    "own count of the drawer agrees",
  ]);
  if (first.includes(pin) || first.includes(manager_pin)) throw new Failure("The till shows a PIN.");
  progress("A cashier's morning is over; the till is started again");
  const expected = /Cash expected\s+(\d+\.\d\d)/.exec(first.slice(first.lastIndexOf("X report")))?.[1];
  if (expected === undefined) throw new Failure(`The X report names no cash:\n${first}`);
  const second = await typeIn(keeper, ["--state", folder], ["signin cashier", pin, `close ${expected}`, "status"]);
  expectIn(second, ["Z report 1", `counted ${expected}, difference 0.00`, "The shift is closed.", "none is open"]);
}

async function typeIn(keeper: Keeper, args: string[], lines: string[]): Promise<string> {
  const till = startTill([...args, "--base", keeper.base], {}, `${lines.join("\n")}\n`);
  const { code, output } = await till.ended;
  if (code !== 0) throw new Failure(`A session at the till ended with ${String(code)}:\n${output}`);
  return output;
}

/** In this order. */
function expectIn(output: string, wanted: readonly string[]): void {
  let at = 0;
  for (const text of wanted) {
    const found = output.indexOf(text, at);
    if (found < 0) throw new Failure(`The till did not say "${text}" where it should:\n${output}`);
    at = found;
  }
}

/** A till of the demo's MAIN with a code to pair it by, and PINs for its cashier and its employee. */
async function prepare({ base, username, password }: Keeper): Promise<Prepared> {
  const manager = new Manager({ base, onWait: () => undefined }, username, password);
  const [store] = await manager.list<{ id: string }>("/v1/stores", { code: "MAIN" });
  if (!store) throw new Failure("The demo has no store MAIN.");
  const till = { store_id: store.id, code: TILL, name: "Counter" };
  const terminal = { method: "POST", path: "/v1/terminals", body: till } as const;
  const { pairing_code } = await manager.expect<{ pairing_code: string }>(terminal, "Making the till");
  const users = await manager.list<{ id: string; username: string }>("/v1/users");
  const giveOne = async (name: string): Promise<string> => {
    const user = users.find((one) => one.username === name);
    const pin = `7${String(randomInt(10_000, 100_000))}92`;
    const path = `/v1/users/${String(user?.id)}/pin`;
    await manager.expect({ method: "PUT", path, body: { store_id: store.id, pin } }, `Giving ${name} a PIN`);
    return pin;
  };
  return { pairing_code, pin: await giveOne("cashier"), manager_pin: await giveOne("employee") };
}
