import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pairDevice, readDevice } from "../../../scripts/till/device.ts";
import { catchUp, signIn } from "../../../scripts/till/settling.ts";
import { openShift } from "../../../scripts/till/shift-deeds.ts";
import { cashierOf, closeTill, openTill, storeOf, type Till } from "../../../scripts/till/till.ts";
import { newId } from "../../../src/core/ids.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { CASHIER, pairedFolder, product, STORE, TERMINAL } from "./shop.ts";

let api: FakeApi;
let folder: string;
let till: Till;
let products: ReturnType<typeof product>[];
let highest: number;
beforeEach(async () => {
  api = await startFakeApi();
  products = [product({ sku: "A", barcodes: ["5099910102176"] }), product({ sku: "B", name: "Brown bread" })];
  highest = 0;
  api.answers["/v1/auth/pin"] = () => ({
    body: { access_token: "a", refresh_token: "r", expires_in: 900, user: CASHIER },
  });
  api.answers[`/v1/stores/${STORE.id}`] = () => ({ body: { ...STORE, name: "Renamed" } });
  api.answers[`/v1/terminals/${TERMINAL.id}`] = () => ({ body: { ...TERMINAL, last_seq: 17 } });
  api.answers["/v1/shifts"] = () => ({ body: { data: [], next_cursor: null } });
  api.answers["/v1/products"] = ({ path }) => {
    const isSecond = path.includes("cursor=");
    return {
      body: { data: isSecond ? products.slice(1) : products.slice(0, 1), next_cursor: isSecond ? null : "more" },
    };
  };
  api.answers["/v1/sales"] = ({ path }) => {
    const number = Number(/invoice_no=MAIN-01-(\d+)/.exec(path)?.[1]);
    return { body: { data: number <= highest ? [{ id: "s" }] : [], next_cursor: null } };
  };
  folder = pairedFolder(api.base);
  till = openTill({ folder, base: api.base, onWait: () => undefined });
});
afterEach(async () => {
  closeTill(till);
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

describe("pairing", () => {
  it("keeps the credential for its owner alone", async () => {
    const place = join(folder, "new");
    api.answers["/v1/terminals/pair"] = () => ({ body: { device_token: "secret", terminal: TERMINAL, store: STORE } });
    await pairDevice(till.client, place, "7K4QX-M2ZPD");
    expect(readDevice(place)).toMatchObject({ device_token: "secret", base: api.base });
    expect(statSync(join(place, "device.json")).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
  });

  it("does not mix the books of two tills", async () => {
    const other = { ...TERMINAL, id: newId(), code: "02" };
    api.answers["/v1/terminals/pair"] = () => ({ body: { device_token: "secret", terminal: other, store: STORE } });
    await expect(pairDevice(till.client, folder, "7K4QX-M2ZPD")).rejects.toThrow("has the books of till MAIN-01");
    expect(readDevice(folder)?.device_token).toBe("device-token");
  });
});

describe("signing in and catching up", () => {
  it("hears the store's rules, the catalogue and the till's numbers", async () => {
    highest = 41;
    await signIn(till, "cashier", "735192");
    const lines: string[] = [];
    await catchUp(till, (line) => lines.push(line));
    expect([cashierOf(till).username, storeOf(till).name]).toEqual(["cashier", "Renamed"]);
    expect(till.catalogue.count).toBe(2);
    expect(till.numbers.next("invoice")).toBe("MAIN-01-000042");
    expect(till.numbers.next("refund")).toBeNull();
    till.outbox.write({
      type: "customer",
      body: {},
      idempotency_key: "k",
      occurred_at: "2026-11-24T10:00:00.000Z",
      effects: () => ({}),
    });
    expect(till.outbox.nextBatch(1).map(({ seq }) => seq)).toEqual([18]);
  });

  it("knows that a till that never did anything has refunded nothing", async () => {
    api.answers[`/v1/terminals/${TERMINAL.id}`] = () => ({ body: TERMINAL });
    await signIn(till, "cashier", "735192");
    await catchUp(till);
    expect(till.numbers.next("refund")).toBe("MAIN-01-R000001");
  });

  it("keeps neither PIN nor tokens", async () => {
    await signIn(till, "cashier", "735192");
    closeTill(till);
    const kept = readFileSync(join(folder, "till.db")).toString("latin1");
    expect(kept).toContain("Carys Bell");
    expect(kept).not.toContain("735192");
    till = openTill({ folder, base: api.base, onWait: () => undefined });
    expect(till.session.isOpen).toBe(false);
  });

  it("sends what the last cashier did in that one's name", async () => {
    await signIn(till, "cashier", "735192");
    await catchUp(till);
    till.link.tell(true);
    await openShift(till, 100);
    till.link.tell(false);
    api.requests.length = 0;
    await signIn(till, "cashier", "735192");
    expect(api.requests.map(({ path }) => path)).toEqual(["/v1/sync/commands", "/v1/auth/pin"]);
  });

  it("follows the server's word on a shift that was opened or closed elsewhere", async () => {
    const shift = { id: newId(), status: "open", opened_by: CASHIER.id, terminal_id: TERMINAL.id, store_id: STORE.id };
    api.answers["/v1/shifts"] = () => ({ body: { data: [shift], next_cursor: null } });
    await signIn(till, "cashier", "735192");
    await catchUp(till);
    expect(till.books.openShift()?.id).toBe(shift.id);
    api.answers["/v1/shifts"] = () => ({ body: { data: [], next_cursor: null } });
    api.answers[`/v1/shifts/${shift.id}`] = () => ({ body: { ...shift, status: "closed" } });
    await catchUp(till);
    expect(till.books.openShift()).toBeNull();
  });
});

describe("the catalogue on disk", () => {
  beforeEach(async () => {
    await signIn(till, "cashier", "735192");
    await till.catalogue.refresh(till.session);
  });

  it("is there when the till is opened again, and finds by barcode, SKU and words", () => {
    closeTill(till);
    till = openTill({ folder, base: api.base, onWait: () => undefined });
    const { catalogue } = till;
    expect(catalogue.find("5099910102176")).toMatchObject({
      product: { sku: "A" },
      by: "barcode",
      matched_whole: true,
    });
    expect(catalogue.find("05099910102176")).toMatchObject({ product: { sku: "A" }, by: "barcode" });
    expect(catalogue.find("b")).toMatchObject({ product: { sku: "B" }, by: "sku" });
    expect(catalogue.find("C")).toBeNull();
    expect(catalogue.search("bread brown", 5).map(({ sku }) => sku)).toEqual(["B"]);
    expect(catalogue.search("%", 5)).toEqual([]);
  });

  it("asks for what has changed, and takes over what passed from one product to another", async () => {
    const [a, b] = products;
    if (!a || !b) throw new Error("there are two");
    products = [
      { ...a, barcodes: [], unit_price: 300 },
      { ...b, barcodes: ["5099910102176"] },
    ];
    api.requests.length = 0;
    await till.catalogue.refresh(till.session);
    expect(api.requests[0]?.path).toContain("updated_since=");
    expect(till.catalogue.find("5099910102176")?.product.sku).toBe("B");
    expect(till.catalogue.find("A")?.product.unit_price).toBe(300);
  });

  it("does not sell what is not on sale any more", async () => {
    products = products.map((one) => ({ ...one, active: false }));
    await till.catalogue.refresh(till.session);
    expect([till.catalogue.find("A"), till.catalogue.find("5099910102176")]).toEqual([null, null]);
  });

  it("begins anew where reading was cut off", async () => {
    closeTill(till);
    rmSync(join(folder, "till.db"), { force: true });
    till = openTill({ folder, base: api.base, onWait: () => undefined });
    await signIn(till, "cashier", "735192");
    api.fault = ({ path }) => (path.includes("cursor=") ? { status: 403, code: "forbidden" } : null);
    await expect(till.catalogue.refresh(till.session)).rejects.toThrow("Reading the catalogue was refused");
    expect(till.catalogue.askedAt).toBeNull();
    api.fault = () => null;
    await till.catalogue.refresh(till.session);
    expect(till.catalogue.count).toBe(2);
  });
});
