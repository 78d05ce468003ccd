import { beforeAll, describe, expect, it } from "vitest";
import { asUser, createTerminal, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { canonicalJson, hashOf } from "../../support/canonical-json.ts";
import { openShop, type Shop, sold } from "../sales/shop.ts";
import { synced } from "../sync/till.ts";
import { closed, goods, late, moved, nextShift, reportOf, type ShiftReport, zReportsOf } from "./day.ts";

const DAY_MS = 86_400_000;

let shop: Shop;
let made: ShiftReport[];

beforeAll(async () => {
  let till = await openShop();
  made = [];
  for (const amount of [1000, 2550, 1]) {
    await sold(till, { lines: [goods(amount, 200_000)] });
    await moved(till, { type: "no_sale", reason: '“Größe” "x" \u20AC \uD83D\uDE00 \\ /' });
    made.push(await closed(till));
    till = await nextShift(till);
  }
  shop = till;
});

describe("JSON by RFC 8785, as these tests write it", () => {
  it("is that of the RFC's own example", () => {
    const value = {
      numbers: [333_333_333.333_333_3, 1e30, 4.5, 2e-3, 0.000_000_000_000_000_000_000_000_001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\u002f",
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
});

describe("the Z reports of a till", () => {
  it("are numbered from 1, and sum up its net", () => {
    expect(made.map(({ number, net, grand_total }) => ({ number, net, grand_total }))).toEqual([
      { number: 1, net: 1000, grand_total: 1000 },
      { number: 2, net: 2550, grand_total: 3550 },
      { number: 3, net: 1, grand_total: 3551 },
    ]);
  });

  it("are a chain: each has the hash of what it says, and names the one before", () => {
    let previous: string | null = null;
    for (const report of made) {
      expect(report.previous_hash).toBe(previous);
      expect(report.hash).toBe(hashOf(report));
      previous = report.hash;
    }
    const [first] = made;
    if (first) expect(hashOf({ ...first, net: first.net + 1 })).not.toBe(first.hash);
  });

  it("stay what they were, wherever they are read", async () => {
    const listed = await zReportsOf(shop);
    expect(listed).toEqual(made);
    expect(listed.map((report) => hashOf(report))).toEqual(made.map(({ hash }) => hash));
    for (const report of made) {
      const read = await shop.admin.get(`/v1/shifts/${report.shift_id}/report`);
      expect(read.body).toEqual(report);
    }
  });

  it("are told by the X report that comes after them, which is none of them", async () => {
    expect(await reportOf(shop)).toMatchObject({
      kind: "x",
      number: null,
      grand_total: 3551,
      previous_hash: null,
      hash: null,
      net: 0,
    });
  });

  it("begin at 1 for each till", async () => {
    const terminal = await createTerminal(shop.store.id, { code: "02" });
    const other = await nextShift({ ...shop, terminal });
    await sold(other, { lines: [goods(70)] });
    expect(await closed(other)).toMatchObject({ number: 1, previous_hash: null, grand_total: 70 });
  });
});

describe("GET /v1/z-reports", () => {
  interface Page {
    data: ShiftReport[];
    next_cursor: string | null;
  }

  async function numbersOf(query: string): Promise<(number | null)[]> {
    const answer = await shop.admin.get<Page>(`/v1/z-reports?${query}`);
    expectStatus(answer, 200);
    return answer.body.data.map(({ number }) => number);
  }

  it("finds by store, till, shift and business day", async () => {
    const [first] = made;
    const [till, store] = [`terminal_id=${shop.terminal.id}`, `store_id=${shop.store.id}`];
    const day = first?.business_date ?? "";
    expect(await numbersOf(till)).toEqual([1, 2, 3]);
    expect((await numbersOf(store)).slice(0, 3)).toEqual([1, 2, 3]);
    expect(await numbersOf(`${store}&${till}&business_date=${day}`)).toEqual([1, 2, 3]);
    expect(await numbersOf(`${till}&business_date=2020-02-02`)).toEqual([]);
    expect(await numbersOf(`shift_id=${made[1]?.shift_id ?? ""}`)).toEqual([2]);
    expect(await numbersOf(`${till}&store_id=${(await openShop()).store.id}`)).toEqual([]);
  });

  it("goes through them page by page", async () => {
    const seen: (number | null)[] = [];
    let cursor = "";
    for (let pages = 0; pages < 3; pages += 1) {
      const path = `/v1/z-reports?terminal_id=${shop.terminal.id}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const answer = await shop.admin.get<Page>(path);
      expectStatus(answer, 200);
      seen.push(...answer.body.data.map(({ number }) => number));
      if (answer.body.next_cursor === null) break;
      cursor = answer.body.next_cursor;
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it("shows an employee those of an own store alone", async () => {
    const employee = await asUser("employee", [(await openShop()).store.id]);
    expect((await employee.get<Page>("/v1/z-reports")).body.data).toEqual([]);
    expectProblem(await employee.get(`/v1/z-reports?store_id=${shop.store.id}`), 404, "not_found");
    const own = await asUser("employee", [shop.store.id]);
    expect((await own.get<Page>(`/v1/z-reports?terminal_id=${shop.terminal.id}`)).body.data).toEqual(made);
  });

  it.each([
    ["store_id=first", "#query/store_id"],
    ["business_date=2026-02-30", "#query/business_date"],
    ["limit=201", "#query/limit"],
    ["number=1", "#query/number"],
  ])("refuses ?%s", async (query, pointer) => {
    const { errors } = expectProblem(await shop.admin.get(`/v1/z-reports?${query}`), 422, "validation_failed");
    expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe("a shift that is left open over midnight", () => {
  it("is of the business day on which it was opened, and names each that it touched", async () => {
    const today = await openShop({ timezone: "UTC" });
    await closed(today);
    const at = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString();
    const dayOf = (moment: string) => moment.slice(0, 10);
    const [opened, sold_at, received_at] = [at(3), at(2), at(1)];
    const id = uuid();
    const long: Shop = { ...today, shift: { ...today.shift, id } };
    const results = await synced(today, [
      { seq: 1, idempotency_key: uuid(), type: "shift_open", occurred_at: opened, body: { id, opening_float: 400 } },
      late(long, 2, "sale", { lines: [goods(50)], payments: [{ method: "cash", amount: 50 }] }, sold_at),
      late(long, 3, "gift_card", { amount: 70, payments: [{ method: "cash", amount: 70 }] }, received_at),
    ]);
    expect(results).toMatchObject([
      { outcome: "applied", resource: { type: "shift", id } },
      { outcome: "applied" },
      { outcome: "applied" },
    ]);
    const sale = await sold(long, { lines: [goods(60)] });
    expect(sale.shift_id).toBe(id);
    const x = await reportOf(long);
    const days = [dayOf(opened), dayOf(sold_at), dayOf(received_at), sale.business_date];
    expect(x).toMatchObject({ business_date: days[0], opened_at: opened, business_dates: days, gross: 110 });
    const z = await closed(long);
    expect(z).toMatchObject({ number: 2, business_date: days[0], business_dates: days, cash: { expected: 580 } });
    const found = async (day: string | undefined) => {
      const path = `/v1/z-reports?store_id=${today.store.id}&business_date=${day ?? ""}`;
      return (await today.admin.get<{ data: ShiftReport[] }>(path)).body.data.map(({ number }) => number);
    };
    expect([await found(days[0]), await found(days[1])]).toEqual([[2], []]);
  });
});
