import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";

let admin: SignedIn;
let employee: SignedIn;
let main: StoreBody;
let north: StoreBody;

interface Page {
  data: StoreBody[];
  next_cursor: string | null;
}

beforeAll(async () => {
  admin = await asAdmin();
  main = await createStore({ code: "MAIN" });
  north = await createStore({ code: "NORTH" });
  employee = await asUser("employee", [main.id]);
});

describe("POST /v1/stores", () => {
  it("fills in what is not named", async () => {
    const answer = await admin.post<StoreBody>("/v1/stores", {
      code: "B1",
      name: "  A \u0041\u030a shop ",
      currency: "JPY",
    });
    expectStatus(answer, 201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      code: "B1",
      name: "A \u00c5 shop",
      currency: "JPY",
      timezone: "UTC",
      day_cutoff: "00:00",
      tax_mode: "inclusive",
      rounding: { mode: "half_up", scope: "line" },
      cash_rounding: 1,
      drawer_tolerance: 0,
      allow_oversell: false,
      receipt: { header: "", footer: "", width: 42 },
      active: true,
      version: 1,
      created_at: answer.body.created_at,
      updated_at: answer.body.created_at,
    });
    expect(answer.body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await admin.get(`/v1/stores/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it("keeps all that is named", async () => {
    const input = {
      code: "FULL2026",
      name: "Full",
      currency: "CHF",
      timezone: "Europe/Zurich",
      day_cutoff: "04:30",
      tax_mode: "exclusive",
      rounding: { mode: "half_even", scope: "invoice" },
      cash_rounding: 5,
      drawer_tolerance: 200,
      allow_oversell: true,
      receipt: { header: "Regal\nBahnhofstrasse 1", footer: "Danke!", width: 32 },
    };
    const answer = await admin.post<StoreBody>("/v1/stores", input);
    expectStatus(answer, 201);
    expect((await admin.get(`/v1/stores/${answer.body.id}`)).body).toMatchObject(input);
  });

  it("fills in the rest of what is named in part", async () => {
    const store = await createStore({ rounding: { scope: "invoice" }, receipt: { footer: "Bye" } });
    expect(store.rounding).toEqual({ mode: "half_up", scope: "invoice" });
    expect(store.receipt).toEqual({ header: "", footer: "Bye", width: 42 });
  });

  it("writes the audit entry with it", async () => {
    const store = await createStore();
    const entry = await env.DB.prepare(
      "SELECT action, actor_id, after ->> 'code' AS code FROM audit_entries WHERE entity_id = ?1",
    )
      .bind(store.id)
      .first();
    expect(entry).toEqual({ action: "store.create", actor_id: admin.user.id, code: store.code });
  });

  it.each([
    ["no code", { code: undefined }, "/code"],
    ["a code of one letter", { code: "A" }, "/code"],
    ["a code of nine letters", { code: "ABCDEFGHI" }, "/code"],
    ["a code in small letters", { code: "main" }, "/code"],
    ["no name", { name: " " }, "/name"],
    ["a name too long", { name: "x".repeat(201) }, "/name"],
    ["a currency that is none", { currency: "ZZZ" }, "/currency"],
    ["a currency in small letters", { currency: "gbp" }, "/currency"],
    ["a time zone that is none", { timezone: "Europe/Atlantis" }, "/timezone"],
    ["a cutoff after midnight", { day_cutoff: "24:00" }, "/day_cutoff"],
    ["a cutoff that is no time", { day_cutoff: "4:00" }, "/day_cutoff"],
    ["an unknown tax mode", { tax_mode: "none" }, "/tax_mode"],
    ["an unknown rounding", { rounding: { mode: "up" } }, "/rounding/mode"],
    ["an unknown scope", { rounding: { scope: "day" } }, "/rounding/scope"],
    ["an unknown field of the rounding", { rounding: { step: 5 } }, "/rounding/step"],
    ["a cash rounding of nothing", { cash_rounding: 0 }, "/cash_rounding"],
    ["half a cash rounding", { cash_rounding: 0.5 }, "/cash_rounding"],
    ["a tolerance below zero", { drawer_tolerance: -1 }, "/drawer_tolerance"],
    ["a yes that is text", { allow_oversell: "yes" }, "/allow_oversell"],
    ["a receipt too narrow", { receipt: { width: 23 } }, "/receipt/width"],
    ["a receipt too wide", { receipt: { width: 81 } }, "/receipt/width"],
    ["an unknown field", { rounding_mode: "half_up" }, "/rounding_mode"],
  ])("refuses %s", async (_, over, pointer) => {
    const before = [await countRows("stores"), await countRows("audit_entries")];
    const answer = await admin.post("/v1/stores", { code: "OK1", name: "Ok", currency: "GBP", ...over });
    const problem = expectProblem(answer, 422, "validation_failed");
    expect(problem.errors?.map((one) => one.pointer)).toEqual([pointer]);
    expect([await countRows("stores"), await countRows("audit_entries")]).toEqual(before);
  });

  it("refuses a code that is taken, and writes nothing", async () => {
    const before = [await countRows("stores"), await countRows("audit_entries")];
    expectProblem(await admin.post("/v1/stores", { code: "MAIN", name: "Again", currency: "GBP" }), 409, "conflict");
    expect([await countRows("stores"), await countRows("audit_entries")]).toEqual(before);
  });

  it.each(["employee", "cashier"] as const)("is not for a %s", async (role) => {
    const user = await asUser(role, [main.id]);
    expectProblem(await user.post("/v1/stores", { code: "MINE", name: "Mine", currency: "GBP" }), 403, "forbidden");
  });
});

describe("GET /v1/stores/{id}", () => {
  it("bears an entity tag, and is not sent again to who has it", async () => {
    const answer = await employee.get(`/v1/stores/${main.id}`);
    expectStatus(answer, 200);
    expect(answer.headers.get("ETag")).toBe('"v1"');
    expectStatus(await employee.get(`/v1/stores/${main.id}`, { "If-None-Match": '"v1"' }), 304);
  });

  it("tells a store of others from none at all by nothing", async () => {
    const theirs = expectProblem(await employee.get(`/v1/stores/${north.id}`), 404, "not_found");
    const none = expectProblem(await employee.get(`/v1/stores/${uuid()}`), 404, "not_found");
    expect(theirs.detail).toBe(none.detail);
    expectProblem(await admin.get(`/v1/stores/${uuid()}`), 404, "not_found");
    expectProblem(await admin.get("/v1/stores/MAIN"), 422, "validation_failed");
  });
});

describe("GET /v1/stores", () => {
  it("shows an admin every store, page by page, in the order of their arrival", async () => {
    const all = (await admin.get<Page>("/v1/stores?limit=200")).body;
    expect(all.next_cursor).toBeNull();
    expect(all.data.slice(0, 2).map((store) => store.code)).toEqual(["MAIN", "NORTH"]);
    const first = (await admin.get<Page>("/v1/stores?limit=1")).body;
    expect(first.data).toEqual(all.data.slice(0, 1));
    const rest = (await admin.get<Page>(`/v1/stores?limit=200&cursor=${first.next_cursor ?? ""}`)).body;
    expect(rest).toEqual({ data: all.data.slice(1), next_cursor: null });
  });

  it("shows everybody else their own", async () => {
    expect((await employee.get<Page>("/v1/stores")).body).toEqual({ data: [main], next_cursor: null });
    const both = await asUser("cashier", [north.id, main.id]);
    expect((await both.get<Page>("/v1/stores")).body.data).toEqual([main, north]);
    const first = (await both.get<Page>("/v1/stores?limit=1")).body;
    expect((await both.get<Page>(`/v1/stores?cursor=${first.next_cursor ?? ""}`)).body.data).toEqual([north]);
    expect((await (await asUser("cashier")).get<Page>("/v1/stores")).body.data).toEqual([]);
  });

  it("finds one by its code", async () => {
    expect((await admin.get<Page>("/v1/stores?code=NORTH")).body).toEqual({ data: [north], next_cursor: null });
    expect((await employee.get<Page>("/v1/stores?code=MAIN")).body.data).toEqual([main]);
    expect((await employee.get<Page>("/v1/stores?code=NORTH")).body.data).toEqual([]);
    expect((await admin.get<Page>("/v1/stores?code=NONE")).body.data).toEqual([]);
  });

  it("refuses what it does not know", async () => {
    expectProblem(await admin.get("/v1/stores?limit=201"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/stores?cursor=a0"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/stores?name=Main"), 422, "validation_failed");
    expectProblem(await api(null).get("/v1/stores"), 401, "unauthenticated");
    const answer = await admin.delete("/v1/stores");
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.get("Allow")).toBe("GET, POST");
  });
});
