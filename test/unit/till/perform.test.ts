import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refused } from "../../../scripts/till/perform.ts";
import { sell } from "../../../scripts/till/selling.ts";
import { SessionEnded } from "../../../scripts/till/session.ts";
import { sendOutbox } from "../../../scripts/till/settling.ts";
import { openShift } from "../../../scripts/till/shift-deeds.ts";
import { closeTill, openShiftOf, type Till } from "../../../scripts/till/till.ts";
import type { Basket } from "../../../scripts/till/basket.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { CASHIER, openTestTill, pairedFolder, product } from "./shop.ts";

let api: FakeApi;
let folder: string;
let till: Till;
beforeEach(async () => {
  api = await startFakeApi();
  const user = { access_token: "access", refresh_token: "refresh", expires_in: 900, user: CASHIER };
  api.answers["/v1/auth/pin"] = () => ({ body: user });
  folder = pairedFolder(api.base);
  till = openTestTill(folder, api.base);
  till.link.tell(true);
  await openShift(till, 10_000);
  till.link.tell(false);
  await till.session.signInByPin("device-token", "cashier", "735192");
  await sendOutbox(till);
  api.requests.length = 0;
  api.kept.length = 0;
});
afterEach(async () => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

const thing = product({ sku: "A", unit_price: 250 });
const basket: Basket = { items: [{ product: thing, barcode: null, matched_whole: true, quantity: 2 }] };
const cash = [{ method: "cash" as const, amount: 1000 }];

const paths = () => api.requests.map(({ path }) => path);
const drawer = () => till.books.drawerOf(openShiftOf(till).id).map(({ what, amount }) => [what, amount]);

function reopen(): void {
  closeTill(till);
  till = openTestTill(folder, api.base);
}

describe("a sale", () => {
  it("is sent at once where the API is in reach, and stands as that says", async () => {
    const { sale, how } = await sell(till, basket, cash);
    expect([how, sale.invoice_no]).toEqual(["online", "MAIN-01-000001"]);
    expect(paths()).toEqual(["/v1/sales"]);
    expect(till.outbox.waitingCount).toBe(0);
    expect(drawer()).toEqual([
      ["float", 10_000],
      ["tendered", 1000],
      ["change", -500],
    ]);
  });

  it("has not happened when it is refused, and its number is free", async () => {
    api.reject = () => ({ code: "price_changed", detail: "A price is not the one in force any more." });
    await expect(sell(till, basket, cash)).rejects.toThrow(Refused);
    expect(till.outbox.waitingCount).toBe(0);
    expect(till.books.salesOf(openShiftOf(till).id)).toEqual([]);
    expect(drawer()).toEqual([["float", 10_000]]);
    api.reject = () => null;
    expect((await sell(till, basket, cash)).sale.invoice_no).toBe("MAIN-01-000001");
  });

  it("is done though its answer is lost, and is one sale when it comes again", async () => {
    api.fault = ({ path }) => (path === "/v1/sales" ? "half_heard" : null);
    const { sale, how } = await sell(till, basket, cash);
    expect([how, sale.invoice_no]).toEqual(["written", "MAIN-01-000001"]);
    expect(till.link.state).toBe("out of reach");
    api.fault = () => null;
    expect(await sendOutbox(till)).toMatchObject({ replayed: 1, applied: 0 });
    expect(api.kept).toHaveLength(1);
    expect(till.outbox.waitingCount).toBe(0);
  });

  it("is done though a refusal follows an attempt that nobody has answered: it may have been carried out", async () => {
    api.fault = (_request, count) => (count === 1 ? "lost" : null);
    api.reject = () => ({ code: "insufficient_stock", detail: "There is not enough." });
    expect((await sell(till, basket, cash)).how).toBe("written");
    expect(till.outbox.waitingCount).toBe(1);
  });

  it("names cash of nothing to the server, and keeps none of it", async () => {
    api.fault = () => "lost";
    const { sale } = await sell(till, basket, [{ method: "cash", amount: 0 }, ...cash]);
    expect(sale.payments).toMatchObject([{ payment_no: 1, method: "cash", amount: 1000 }]);
    const sent = api.requests.find(({ path }) => path === "/v1/sales")?.body as { payments: object[] };
    expect(sent.payments).toHaveLength(2);
  });

  it("waits in the outbox where the API is out of reach, and goes before what comes later", async () => {
    api.fault = () => "lost";
    const first = await sell(till, basket, cash);
    const second = await sell(till, basket, cash);
    expect([first.sale.invoice_no, second.sale.invoice_no]).toEqual(["MAIN-01-000001", "MAIN-01-000002"]);
    expect(second.how).toBe("written");
    api.fault = () => null;
    till.link.tell(false);
    api.requests.length = 0;
    const third = await sell(till, basket, cash);
    expect([third.how, third.sale.invoice_no]).toEqual(["online", "MAIN-01-000003"]);
    expect(paths()).toEqual(["/health", "/v1/sync/commands", "/v1/sales"]);
    expect(api.kept.map(({ invoice_no }) => invoice_no)).toEqual([
      "MAIN-01-000001",
      "MAIN-01-000002",
      "MAIN-01-000003",
    ]);
  });

  it("stands when the till stopped before it knew, whether the API had heard it or not", async () => {
    for (const fault of ["lost", "half_heard"] as const) {
      api.fault = ({ path }) => (path === "/v1/sales" ? fault : null);
      // The process ends while it waits for the answer: nothing after the sending is run.
      const { outbox } = till;
      outbox.keep = () => {
        throw new Error("ended");
      };
      await expect(sell(till, basket, cash)).rejects.toThrow("ended");
      reopen();
      expect(till.recovered).toHaveLength(1);
      api.fault = () => null;
      await till.session.signInByPin("device-token", "cashier", "735192");
      expect(await sendOutbox(till)).toMatchObject(fault === "lost" ? { applied: 1 } : { replayed: 1 });
    }
    expect(api.kept.map(({ invoice_no }) => invoice_no)).toEqual(["MAIN-01-000001", "MAIN-01-000002"]);
    expect(till.books.salesOf(openShiftOf(till).id).map(({ invoice_no }) => invoice_no)).toEqual([
      "MAIN-01-000001",
      "MAIN-01-000002",
    ]);
  });

  it("is not made by nobody, and where the session has ended nothing has happened", async () => {
    api.fault = () => ({ status: 401, code: "session_revoked" });
    await expect(sell(till, basket, cash)).rejects.toThrow(SessionEnded);
    expect(till.outbox.waitingCount).toBe(0);
    expect(drawer()).toEqual([["float", 10_000]]);
    await expect(sell(till, basket, cash)).rejects.toThrow("Nobody is signed in");
    expect(drawer()).toEqual([["float", 10_000]]);
  });

  it("needs a manager for more than the cashier may give, before anything is written", async () => {
    const generous: Basket = { ...basket, discount: { ppm: 150_000 } };
    const payments = [{ method: "cash" as const, amount: 425 }];
    till.link.tell(true);
    await expect(sell(till, generous, payments)).rejects.toThrow("A manager must approve: discount.");
    expect(till.outbox.waitingCount).toBe(0);
    const { sale } = await sell(till, generous, payments, { approval: "token" });
    expect(sale.total).toBe(425);
    expect(till.outbox.waiting()[0]?.approval).toBe("token");
  });

  it("can't be short, and gives change from cash alone", async () => {
    await expect(sell(till, basket, [{ method: "cash", amount: 499 }])).rejects.toThrow("1 is still due");
    await expect(sell(till, basket, [{ method: "card", amount: 501 }])).rejects.toThrow("only cash gives change");
    expect(api.requests).toEqual([]);
  });
});
