import { beforeAll, describe, expect, it } from "vitest";
import {
  asUser,
  createStore,
  createTerminal,
  expectProblem,
  expectStatus,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { everyRow, openShop, type Shop } from "../sales/shop.ts";
import { close, open, type Shift } from "./day.ts";

let shop: Shop;
let other: StoreBody;

beforeAll(async () => {
  [shop, other] = [await openShop({ currency: "EUR", timezone: "Pacific/Kiritimati" }), await createStore()];
});

let tills = 10;

/** The shop at another till, without a shift. */
async function anotherTill(over: Record<string, unknown> = {}): Promise<Shop> {
  tills += 1;
  return { ...shop, terminal: await createTerminal(shop.store.id, { code: String(tills), ...over }) };
}

describe("POST /v1/shifts", () => {
  it("opens a till's drawer with its float", async () => {
    const till = await anotherTill();
    const id = uuid();
    const answer = await open(till, { id, opening_float: 12_345 });
    expectStatus(answer, 201);
    const { business_date, opened_at, created_at } = answer.body;
    expect(answer.body).toEqual({
      id,
      store_id: shop.store.id,
      terminal_id: till.terminal.id,
      status: "open",
      currency: "EUR",
      opening_float: 12_345,
      business_date,
      opened_at,
      opened_by: shop.admin.user.id,
      closed_at: null,
      closed_by: null,
      note: null,
      created_at,
    });
    // Fourteen hours ahead of Greenwich all the year round.
    expect(business_date).toBe(new Date(Date.parse(opened_at) + 14 * 3_600_000).toISOString().slice(0, 10));
    const read = await shop.admin.get<Shift>(`/v1/shifts/${id}`);
    expect(read.body).toEqual(answer.body);
  });

  it("opens one for each till", async () => {
    const before = await everyRow();
    const problem = expectProblem(await open(shop), 409, "conflict");
    expect(problem.detail).toBe("The till has an open shift already; close it first.");
    expect(await everyRow()).toEqual(before);
    expectStatus(await open(await anotherTill()), 201);
  });

  it("is done once for a key, however often it is sent", async () => {
    const till = await anotherTill();
    const key = uuid();
    const first = await open(till, { opening_float: 5 }, { key });
    expectStatus(first, 201);
    const again = await open(till, { opening_float: 5 }, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await open(till, { opening_float: 6 }, { key }), 422, "idempotency_key_reused");
    const body = { terminal_id: till.terminal.id, opening_float: 5 };
    expectProblem(await shop.admin.post("/v1/shifts", body), 400, "idempotency_key_missing");
  });

  it("does not know the till of another store, and tells no more of it than of one that is not there", async () => {
    const cashier = await asUser("cashier", [other.id]);
    const theirs = expectProblem(await open(await anotherTill(), {}, { by: cashier }), 404, "not_found");
    const none = expectProblem(await open(shop, { terminal_id: uuid() }, { by: cashier }), 404, "not_found");
    expect(theirs.detail).toBe(none.detail);
    const { id } = shop.shift;
    expectProblem(await cashier.get(`/v1/shifts/${id}`), 404, "not_found");
    expectProblem(await cashier.get(`/v1/shifts?store_id=${shop.store.id}`), 404, "not_found");
    const listed = await cashier.get<{ data: Shift[] }>("/v1/shifts");
    expect(listed.body.data).toEqual([]);
  });

  it("opens none of a till that is not in use any more", async () => {
    const till = await anotherTill();
    expectStatus(await shop.admin.post(`/v1/terminals/${till.terminal.id}/deactivate`), 200);
    expect(expectProblem(await open(till), 409, "conflict").detail).toBe("The terminal is not in use any more.");
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["below nothing", { opening_float: -1 }, "/opening_float"],
    ["of half a unit", { opening_float: 0.5 }, "/opening_float"],
    ["in words", { opening_float: "100" }, "/opening_float"],
    ["beyond all amounts", { opening_float: 1_000_000_000_000_000 }, "/opening_float"],
    ["left out", { opening_float: undefined }, "/opening_float"],
    ["at a till that is a word", { terminal_id: "first" }, "/terminal_id"],
    ["with a status of its own choosing", { status: "closed" }, "/status"],
  ])("refuses a float %s", async (_, over, pointer) => {
    const { errors } = expectProblem(await open(await anotherTill(), over), 422, "validation_failed");
    expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe("GET /v1/shifts", () => {
  it("lists by store, till and status, in pages", async () => {
    const first = await anotherTill();
    const opened = await open(first);
    const mine = { ...first, shift: opened.body };
    expectStatus(await close(mine), 200);
    const second = await open(first);
    const read = async (query: string) => {
      const path = `/v1/shifts?terminal_id=${first.terminal.id}${query}`;
      const answer = await shop.admin.get<{ data: Shift[]; next_cursor: string | null }>(path);
      expectStatus(answer, 200);
      return { ids: answer.body.data.map(({ id }) => id), next: answer.body.next_cursor };
    };
    const [one, two] = [mine.shift.id, second.body.id];
    expect(await read("")).toEqual({ ids: [one, two], next: null });
    expect((await read("&status=open")).ids).toEqual([two]);
    expect((await read("&status=closed")).ids).toEqual([one]);
    expect((await read(`&store_id=${shop.store.id}&limit=1`)).ids).toEqual([one]);
    expect((await read(`&store_id=${other.id}`)).ids).toEqual([]);
    const page = await read("&limit=1");
    expect(await read(`&limit=1&cursor=${page.next ?? ""}`)).toEqual({ ids: [two], next: null });
  });
});
