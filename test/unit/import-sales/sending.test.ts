import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalogue, toName } from "../../../scripts/import-sales/catalogue.ts";
import { type Checkpoint, openCheckpoint } from "../../../scripts/import-sales/checkpoint.ts";
import { Findings } from "../../../scripts/import-sales/findings.ts";
import { findTerminal } from "../../../scripts/import-sales/place.ts";
import { daysBetween, readReports, splitRange } from "../../../scripts/import-sales/reports.ts";
import type { Entry } from "../../../scripts/import-sales/row.ts";
import { Sender } from "../../../scripts/import-sales/sender.ts";
import type { Command } from "../../../scripts/import-sales/steps.ts";
import { bodyOf, fakeApi } from "./fake-api.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "regal-import-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a checkpoint", () => {
  it("is read back, under what it was written for alone", () => {
    const inside = join(folder, "one");
    const checkpoint = openCheckpoint(inside, ["file", 1]);
    expect(checkpoint.read()).toBe(0);
    checkpoint.write(7);
    checkpoint.write(12);
    expect(openCheckpoint(inside, ["file", 1]).read()).toBe(12);
    expect(openCheckpoint(inside, ["file", 2]).read()).toBe(0);
    expect(readdirSync(inside)).toHaveLength(1);
    checkpoint.forget();
    checkpoint.forget();
    expect(checkpoint.read()).toBe(0);
  });

  it("that is damaged says nothing", () => {
    const inside = join(folder, "two");
    const checkpoint = openCheckpoint(inside, ["file"]);
    checkpoint.write(7);
    const [name = ""] = readdirSync(inside);
    for (const damage of ["", "{", '{"invoices_done":-1}', '{"invoices_done":"7"}', "null"]) {
      writeFileSync(join(inside, name), damage);
      expect(checkpoint.read()).toBe(0);
    }
  });
});

describe("the catalogue", () => {
  const listed = { track_stock: false, tax_rate_ppm: 0, price_quantity: 1 };
  const pages = [
    { data: [{ id: "p1", sku: "Known", ...listed }], next_cursor: "more" },
    { data: [{ id: "p2", sku: "KEPT", ...listed, track_stock: true, tax_rate_ppm: 5000 }], next_cursor: null },
  ];
  const entry = (sku: string, description: string, unitPrice: number): Entry => ({
    kind: "sale",
    sku,
    description,
    quantity: 1,
    unit_price: unitPrice,
  });

  it("makes what the server has not, once, whatever the case of its SKU", async () => {
    const { api, calls } = fakeApi(({ method, path }) => {
      const page = path.includes("cursor=more") ? pages[1] : pages[0];
      return { ok: true, body: method === "GET" ? page : { data: [] } };
    });
    const catalogue = new Catalogue(api);
    await catalogue.load();
    expect(catalogue.factsOf("kept")).toEqual({ tax_rate_ppm: 5000, price_quantity: 1, tracked_id: "p2" });
    catalogue.need([
      entry("known", "x", 1),
      entry("85123a", "", 295),
      entry("85123A", "HEART", 255),
      entry("N", "", 3),
    ]);
    await catalogue.createMissing();
    catalogue.need([entry("85123A", "x", 1)]);
    await catalogue.createMissing();
    expect(calls.slice(2).map(bodyOf)).toEqual([
      {
        products: [
          { sku: "85123a", name: "HEART", unit_price: 295, track_stock: false },
          { sku: "N", name: "N", unit_price: 3, track_stock: false },
        ],
      },
    ]);
    expect(catalogue.created).toBe(2);
  });

  it("makes names that the API takes", () => {
    expect(toName("  A\tmug\n")).toBe("A mug");
    expect(toName("x".repeat(300))).toHaveLength(200);
    expect(toName(`${"x".repeat(199)}😀`)).toBe("x".repeat(199));
  });
});

describe("a sender", () => {
  const command = (name: string): Command => ({
    idempotency_key: name,
    type: "sale",
    occurred_at: "2010-12-01T08:26:00.000Z",
    body: {},
  });

  function senderWith(outcomeOf: (key: string) => string) {
    const written: number[] = [];
    const checkpoint: Checkpoint = { read: () => 0, write: (done) => written.push(done), forget: () => undefined };
    const { api, calls } = fakeApi((call) => {
      if (call.path === "/v1/stock/movements") {
        return {
          ok: false,
          status: 409,
          problem: { code: "insufficient_stock", detail: "There is not enough stock." },
        };
      }
      const { commands } = bodyOf(call) as { commands: { idempotency_key: string }[] };
      const results = commands.map(({ idempotency_key }) => ({
        outcome: outcomeOf(idempotency_key),
        problem: { code: "idempotency_key_reused", detail: "It was used." },
      }));
      return { ok: true, body: { results } };
    });
    const rejections = new Findings();
    const options = {
      api,
      store_id: "s",
      terminal_id: "t",
      last_seq: 10,
      catalogue: new Catalogue(api),
      checkpoint,
      rejections,
    };
    return { sender: new Sender(options), calls, written, rejections };
  }

  async function sendAll(sender: Sender, count: number): Promise<void> {
    for (let place = 1; place <= count; place += 1) {
      await sender.send(command(String(place)), { invoice_no: `no ${String(place)}`, type: "sale", place });
    }
    await sender.flush(count);
  }

  it("numbers on from the last number without a hole, and notes what the server has", async () => {
    const { sender, calls, written } = senderWith(() => "applied");
    await sendAll(sender, 120);
    const seqs = calls.map((call) => (bodyOf(call) as { commands: { seq: number }[] }).commands.map(({ seq }) => seq));
    expect(seqs.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(seqs.flat()).toEqual(Array.from({ length: 120 }, (_, index) => 11 + index));
    expect(written).toEqual([50, 100, 120]);
    expect(sender.booked).toBe(120);
    expect(sender.outcomes).toEqual({ applied: 120, flagged: 0, replayed: 0, rejected: 0 });
  });

  it("tells of what is rejected and lets the next run begin with it", async () => {
    const { sender, written, rejections } = senderWith((key) => (key === "60" ? "rejected" : "replayed"));
    await sendAll(sender, 120);
    expect(written).toEqual([50, 59]);
    expect(rejections.describe("Refused")).toEqual([
      "Refused:",
      "  invoice no 60, its sale: idempotency_key_reused: It was used. (this invoice_no was brought in before with other rows, or as paid otherwise)",
    ]);
  });

  it("corrects stock behind what was sold before, and tells of a refusal", async () => {
    const { sender, calls, written, rejections } = senderWith(() => "applied");
    await sender.send(command("1"), { invoice_no: "1", type: "sale", place: 1 });
    await sender.adjust(
      { idempotency_key: "k", lines: [{ product_id: "p", quantity: -1 }] },
      { invoice_no: "2", place: 2 },
    );
    await sender.flush(2);
    expect(calls.map(({ path, idempotency_key }) => [path, idempotency_key])).toEqual([
      ["/v1/sync/commands", undefined],
      ["/v1/stock/movements", "k"],
    ]);
    expect(written).toEqual([1]);
    expect(rejections.count).toBe(1);
  });
});

describe("the till", () => {
  const till = { id: "t", code: "IM", name: "Sales history import", last_seq: 0 };

  it("is made when the store has none", async () => {
    const { api, calls } = fakeApi(({ method }) => ({
      ok: true,
      body: method === "GET" ? { data: [{ ...till, code: "01" }], next_cursor: null } : till,
    }));
    expect(await findTerminal(api, "s")).toEqual(till);
    expect(calls[1]?.body).toEqual({ store_id: "s", code: "IM", name: "Sales history import" });
  });

  it("has the number that stands still", async () => {
    const seqs = [7, 50, 50];
    const { api, calls } = fakeApi(() => ({
      ok: true,
      body: { data: [{ ...till, last_seq: seqs.shift() ?? 50 }], next_cursor: null },
    }));
    expect(await findTerminal(api, "s")).toMatchObject({ last_seq: 50 });
    expect(calls).toHaveLength(3);
  });

  it("must not be another's", async () => {
    const { api } = fakeApi(() => ({ ok: true, body: { data: [{ ...till, name: "Front" }], next_cursor: null } }));
    await expect(findTerminal(api, "s")).rejects.toThrow('The store\'s till IM is "Front"');
  });
});

describe("reports", () => {
  it("are asked for by as many days as one may span", () => {
    expect(splitRange({ from: "2010-12-01", to: "2010-12-01" })).toEqual([{ from: "2010-12-01", to: "2010-12-01" }]);
    expect(splitRange({ from: "2010-01-01", to: "2012-01-02" })).toEqual([
      { from: "2010-01-01", to: "2011-01-01" },
      { from: "2011-01-02", to: "2012-01-02" },
    ]);
  });

  it("are of the store's business days", () => {
    const late = { timezone: "Europe/London", day_cutoff: "04:00" };
    expect(daysBetween(late, "2010-12-01T03:59:00.000Z", "2010-12-01T04:00:00.000Z")).toEqual({
      from: "2010-11-30",
      to: "2010-12-01",
    });
  });

  it("are summed", async () => {
    const day = { sales_count: 2, refunds_count: 1, gross: 500, refund_total: 100, net: 400 };
    const { api, calls } = fakeApi(() => ({ ok: true, body: { data: [day, day] } }));
    expect(await readReports(api, "s", { from: "2010-12-01", to: "2010-12-14" })).toEqual({
      sales: 4,
      refunds: 2,
      gross: 1000,
      refund_total: 200,
      net: 800,
    });
    expect(calls[0]?.path).toBe("/v1/reports/sales?store_id=s&from=2010-12-01&to=2010-12-14&group_by=day");
  });
});
