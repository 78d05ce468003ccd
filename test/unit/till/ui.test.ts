import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { voidSale } from "../../../scripts/till/refunding.ts";
import { sell } from "../../../scripts/till/selling.ts";
import { closeTill, type Till } from "../../../scripts/till/till.ts";
import { runTill } from "../../../scripts/till/ui/run.ts";
import type { Terminal } from "../../../scripts/till/ui/terminal.ts";
import { newId } from "../../../src/core/ids.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { CASHIER, openTestTill, pairedFolder, product, STORE, TERMINAL } from "./shop.ts";

let api: FakeApi;
let folder: string;
let till: Till;
let managerSaysYes: boolean;
beforeEach(async () => {
  managerSaysYes = true;
  api = await startFakeApi();
  const products = [
    product({ sku: "EGGS", name: "Eggs", barcodes: ["5099910102176"], unit_price: 295, max_per_sale: 9 }),
    product({ sku: "APPLES", name: "Apples", unit: "g", unit_price: 199, price_quantity: 1000 }),
  ];
  api.answers["/v1/auth/pin"] = ({ body }) =>
    body["pin"] === "735192"
      ? { body: { access_token: "a", refresh_token: "r", expires_in: 900, user: CASHIER } }
      : { status: 401, body: { code: "unauthenticated", detail: "The name or the PIN is wrong." } };
  api.answers["/v1/approvals"] = () =>
    managerSaysYes
      ? { status: 201, body: { token: "yes" } }
      : { status: 403, body: { code: "approval_required", detail: "The name or the PIN is wrong." } };
  api.answers[`/v1/stores/${STORE.id}`] = () => ({ body: STORE });
  api.answers[`/v1/terminals/${TERMINAL.id}`] = () => ({ body: TERMINAL });
  api.answers["/v1/shifts"] = ({ method, body }) =>
    method === "GET"
      ? { body: { data: [], next_cursor: null } }
      : { status: 201, body: { ...body, status: "open", opened_by: CASHIER.id } };
  api.answers["/v1/products"] = () => ({ body: { data: products, next_cursor: null } });
  folder = pairedFolder(api.base);
  till = openTestTill(folder, api.base);
});
afterEach(async () => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

async function typeIn(...typed: string[]): Promise<{ ok: boolean; said: string }> {
  const said: string[] = [];
  const lines = [...typed];
  const read = () => Promise.resolve(lines.shift() ?? null);
  const terminal: Terminal = {
    interactive: false,
    say: (text) => said.push(text),
    readLine: read,
    readSecret: read,
    close: () => undefined,
  };
  return { ok: await runTill(till, terminal), said: said.join("\n") };
}

const SIGN_IN = ["signin cashier", "735192", "offline", "open 100"];

describe("the till in the terminal", () => {
  it("sells, takes back and closes offline, and tells what lies in the outbox", async () => {
    const { ok, said } = await typeIn(
      ...SIGN_IN,
      "5099910102176",
      "2 x 5099910102176",
      "apples 0.345kg",
      "discount 1 10%",
      "quantity 2 400g",
      "pay card 2 cash 10",
      "refund main-01-000001 1:1 by cash",
      "outbox",
      "close 104.11",
      "status",
    );
    expect(ok, said).toBe(true);
    for (const text of [
      "Good day, Carys Bell",
      "1  3 x Eggs",
      "Sold MAIN-01-000001: 8.76, change 3.24 (in the outbox)",
      "Refunded MAIN-01-R000001: 2.65 (in the outbox)",
      "3 waiting, 0 rejected",
      "The shift is closed (in the outbox)",
      "none is open",
    ]) {
      expect(said).toContain(text);
    }
  });

  it("takes what is still owed of a sale off the account before it gives money back", async () => {
    await typeIn(...SIGN_IN);
    const eggs = till.catalogue.find("EGGS")?.product ?? null;
    const items = [{ product: eggs, barcode: null, matched_whole: true, quantity: 4 }];
    const payments = [
      { method: "on_account", amount: 500 },
      { method: "card", amount: 680 },
    ] as const;
    await sell(till, { items }, payments, { customer_id: newId() });
    const shown = await typeIn("refund MAIN-01-000001");
    expect(shown.said).toMatch(/Still owed +5\.00/);
    const inCash = await typeIn("refund MAIN-01-000001 1:1 by cash");
    expect(inCash).toMatchObject({ ok: false });
    expect(inCash.said).toContain("295 of it is still owed");
    expect((await typeIn("refund MAIN-01-000001 1:1")).ok).toBe(true);
    expect(till.books.saleByNumber("MAIN-01-000001")).toMatchObject({ balance_due: 500, due: 205 });
    expect((await typeIn("settle MAIN-01-000001 cash 1.05")).ok).toBe(true);
    expect(till.books.saleByNumber("MAIN-01-000001")).toMatchObject({ paid_total: 785, balance_due: 395, due: 100 });
    expect((await typeIn("refund MAIN-01-000001 1:2")).ok).toBe(true);
    const refunds = till.books.refundsOf(till.books.openShift()?.id ?? "");
    expect(refunds.map((one) => one.payments.map(({ method, amount }) => [method, amount]))).toEqual([
      [["on_account", 295]],
      [
        ["on_account", 100],
        ["cash", 490],
      ],
    ]);
    expect((await typeIn("settle MAIN-01-000001 cash 1")).said).toContain("Nothing is due of it");
    expect((await typeIn("refund MAIN-01-000001 all by cash")).ok).toBe(true);
  });

  it("owes nothing of a sale that is voided", async () => {
    await typeIn(...SIGN_IN);
    const custom = { name: "Wrap", unit_price: 100, tax_rate_ppm: 0 };
    const items = [{ product: null, barcode: null, matched_whole: true, quantity: 1, custom }];
    const { sale } = await sell(till, { items }, [{ method: "on_account", amount: 100 }], { customer_id: newId() });
    expect(sale).toMatchObject({ balance_due: 100, due: 100 });
    await voidSale(till, sale, "by mistake", { approval: "token" });
    expect(till.books.sale(sale.id)).toMatchObject({ status: "voided", balance_due: 100, due: 0 });
  });

  it("never shows a PIN", async () => {
    const { said } = await typeIn(...SIGN_IN, "status");
    expect(said).not.toContain("735192");
  });

  it("asks a manager for what a cashier may not do alone, and sends the yes with the sale", async () => {
    const { ok, said } = await typeIn(
      "signin cashier",
      "735192",
      "open 100",
      "EGGS",
      "discount 1 50% dented",
      "pay",
      "manager",
      "846203",
      "EGGS",
      "discount 1 50%",
      "pay",
      "",
    );
    expect(ok).toBe(false);
    expect(said).toContain("A manager must approve: discount.");
    expect(said).toContain("Sold MAIN-01-000001: 1.47");
    expect(said).toContain("Not approved.");
    const asked = api.requests.find(({ path }) => path === "/v1/approvals");
    expect(asked?.body).toMatchObject({ action: "discount", manager: "manager", limit: 500_000, store_id: STORE.id });
    expect(api.requests.filter(({ headers }) => headers["x-approval"] === "yes")).toHaveLength(1);
    expect(said).not.toContain("846203");
  });

  it("does nothing where the manager says no, or can't be asked offline", async () => {
    managerSaysYes = false;
    const no = await typeIn("signin cashier", "735192", "open 100", "EGGS", "discount 1 50%", "pay", "manager", "1");
    expect(no.ok).toBe(false);
    expect(no.said).toContain("The approval was refused");
    const away = await typeIn("offline", "EGGS", "discount 1 50%", "pay", "manager", "846203");
    expect(away.said).toContain("A manager's yes needs the server");
    expect(till.books.lastSale()).toBeNull();
  });

  it("counts with a manager where the drawer is not what it should be", async () => {
    const { said } = await typeIn(...SIGN_IN, "close 99", "manager", "846203");
    expect(said).toContain("A manager must approve: drawer difference.\n  drawer difference: 1.00");
    expect(till.books.openShift()).not.toBeNull();
  });

  it.each([
    ["nothing-sold", "Nothing is sold under"],
    ["apples", "name the quantity"],
    ["EGGS 10", "at most 9 of Eggs"],
    ["remove 1", "nothing there yet"],
    ["pay", "The basket is empty"],
    ["close", "An amount is missing"],
    ["out 5", "Say why"],
    ["refund MAIN-01-000099", "This till has no sale MAIN-01-000099"],
    ["park", "The basket is empty"],
    ["resume 1", "nothing there yet"],
    ["customer 0123", "it is out of reach"],
    ["signin cashier", "A name and a PIN are needed"],
    ["open 5", "A shift is open already"],
  ])("refuses `%s` in words, and changes nothing", async (line, text) => {
    const { ok, said } = await typeIn(...SIGN_IN, line);
    expect(ok, said).toBe(false);
    expect(said).toContain(text);
    expect(till.outbox.waiting().map(({ type }) => type)).toEqual(["shift_open"]);
  });

  it.each([
    'custom "Wrap 4111 1111 1111 1111" 2.50 20%',
    "discount 1 10% 4111111111111111",
    "price 1 2.00 4111-1111-1111-1111",
    "void MAIN-01-000001 4111/1111/1111/1111",
    "out 5 4111 1111 1111 1111",
    'customer new "Ann 4111111111111111"',
    "customer new Ann 4111111111111111",
    "park 4111111111111111",
  ])("keeps no card's number: `%s`", async (line) => {
    const { ok, said } = await typeIn(...SIGN_IN, "EGGS", "pay cash 10", "EGGS", line);
    expect(ok, said).toBe(false);
    expect(said).toContain("looks like a card's number");
    expect(JSON.stringify(till.outbox.waiting())).not.toMatch(/4111\D?1111/);
  });

  it("tells a wrong PIN from a server that is out of reach", async () => {
    expect((await typeIn("signin cashier", "000000")).said).toContain("The name or the PIN is wrong");
    await api.stop();
    expect((await typeIn("signin cashier", "735192")).said).toContain("was given up");
  }, 30_000);

  it("parks and takes up a basket as it was, and gives it other lines", async () => {
    const { ok, said } = await typeIn(
      ...SIGN_IN,
      "EGGS 2",
      "discount all 0.50 regular",
      "park Ann",
      "parked",
      "resume 1",
      "EGGS",
      "pay cash 10",
      "bill",
    );
    expect(ok, said).toBe(true);
    expect(said).toContain("Ann");
    expect(said).toContain("Sold MAIN-01-000001: 8.35, change 1.65 (in the outbox)");
    expect(said).toMatch(/TOTAL GBP +8\.35/);
  });
});
