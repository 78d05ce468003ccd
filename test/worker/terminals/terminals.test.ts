import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  countRows,
  createStore,
  createTerminal,
  expectProblem,
  expectStatus,
  type SignedIn,
  type StoreBody,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";
import type { NewTill } from "../pin/till.ts";

let admin: SignedIn;
let cashier: SignedIn;
let main: StoreBody;
let north: StoreBody;
let till: TerminalBody;
let northTill: TerminalBody;

/** Without what only the answer to its making told. */
function terminalOf(made: TerminalBody): TerminalBody {
  const { pairing_code: _code, pairing_expires_at: _until, ...terminal } = made as NewTill;
  return terminal;
}

interface Page {
  data: TerminalBody[];
  next_cursor: string | null;
}

beforeAll(async () => {
  admin = await asAdmin();
  [main, north] = [await createStore(), await createStore()];
  till = await createTerminal(main.id);
  northTill = await createTerminal(north.id);
  cashier = await asUser("cashier", [main.id], main.code);
});

describe("POST /v1/terminals", () => {
  it("puts a terminal in a store, with its audit entry", async () => {
    const answer = await admin.post<NewTill>("/v1/terminals", { store_id: main.id, code: "Z9", name: "Kiosk" });
    expectStatus(answer, 201);
    const { pairing_code, pairing_expires_at, ...terminal } = answer.body;
    expect([pairing_code, pairing_expires_at]).toEqual([expect.any(String), expect.any(String)]);
    const { id, created_at, ...rest } = terminal;
    const fresh = { active: true, version: 1, paired_at: null, last_seq: 0 };
    expect(rest).toEqual({ store_id: main.id, code: "Z9", name: "Kiosk", ...fresh });
    expect((await admin.get(`/v1/terminals/${id}`)).body).toEqual(terminal);
    const entry = await env.DB.prepare("SELECT at, action, actor_id FROM audit_entries WHERE entity_id = ?1")
      .bind(id)
      .first();
    expect(entry).toEqual({ at: created_at, action: "terminal.create", actor_id: admin.user.id });
  });

  it("takes the same code in another store, and no code twice in one", async () => {
    expect([till.code, northTill.code]).toEqual(["01", "01"]);
    const before = [await countRows("terminals"), await countRows("audit_entries")];
    expectProblem(await admin.post("/v1/terminals", { store_id: main.id, code: "01", name: "Again" }), 409, "conflict");
    expect([await countRows("terminals"), await countRows("audit_entries")]).toEqual(before);
  });

  it("refuses a store that does not exist", async () => {
    const before = [await countRows("terminals"), await countRows("audit_entries")];
    expectProblem(await admin.post("/v1/terminals", { store_id: uuid(), code: "02", name: "Lost" }), 404, "not_found");
    expect([await countRows("terminals"), await countRows("audit_entries")]).toEqual(before);
  });

  it.each([
    ["no store", { store_id: undefined }, "/store_id"],
    ["a store that is no id", { store_id: "MAIN" }, "/store_id"],
    ["the code of no till", { code: "00" }, "/code"],
    ["a code of three", { code: "001" }, "/code"],
    ["a code in small letters", { code: "a1" }, "/code"],
    ["no name", { name: "" }, "/name"],
    ["an unknown field", { last_seq: 7 }, "/last_seq"],
  ])("refuses %s", async (_, over, pointer) => {
    const answer = await admin.post("/v1/terminals", { store_id: main.id, code: "03", name: "Till", ...over });
    expect(expectProblem(answer, 422, "validation_failed").errors?.map((one) => one.pointer)).toEqual([pointer]);
  });

  it.each(["employee", "cashier"] as const)("is not for a %s", async (role) => {
    const user = await asUser(role, [main.id]);
    expectProblem(await user.post("/v1/terminals", { store_id: main.id, code: "04", name: "Mine" }), 403, "forbidden");
  });
});

describe("GET /v1/terminals/{id}", () => {
  it("tells the highest number of a command it has sent", async () => {
    expect((await cashier.get<TerminalBody>(`/v1/terminals/${till.id}`)).body.last_seq).toBe(0);
    const seen = (seq: number): D1PreparedStatement =>
      env.DB.prepare("INSERT INTO sync_commands (terminal_id, seq, key, received_at) VALUES (?1, ?2, 'k', ?3)").bind(
        till.id,
        seq,
        new Date().toISOString(),
      );
    await env.DB.batch([seen(1), seen(12), seen(3)]);
    expect((await cashier.get<TerminalBody>(`/v1/terminals/${till.id}`)).body.last_seq).toBe(12);
    expect((await admin.get<TerminalBody>(`/v1/terminals/${northTill.id}`)).body.last_seq).toBe(0);
  });

  it("tells a terminal of another store from none at all by nothing", async () => {
    const theirs = expectProblem(await cashier.get(`/v1/terminals/${northTill.id}`), 404, "not_found");
    const none = expectProblem(await cashier.get(`/v1/terminals/${uuid()}`), 404, "not_found");
    expect(theirs.detail).toBe(none.detail);
    expectProblem(await api(null).get(`/v1/terminals/${till.id}`), 401, "unauthenticated");
  });
});

describe("GET /v1/terminals", () => {
  it("shows the terminals of one store", async () => {
    const page = (await admin.get<Page>(`/v1/terminals?store_id=${north.id}`)).body;
    expect(page).toEqual({ data: [terminalOf(northTill)], next_cursor: null });
  });

  it("shows an admin all of them, page by page", async () => {
    const all = (await admin.get<Page>("/v1/terminals")).body.data;
    expect(all.map((one) => one.id).slice(0, 2)).toEqual([till.id, northTill.id]);
    const first = (await admin.get<Page>("/v1/terminals?limit=1")).body;
    const rest = (await admin.get<Page>(`/v1/terminals?cursor=${first.next_cursor ?? ""}`)).body;
    expect([...first.data, ...rest.data]).toEqual(all);
  });

  it("shows everybody else those of their stores, and no other store's", async () => {
    const { data } = (await cashier.get<Page>("/v1/terminals")).body;
    expect(new Set(data.map((one) => one.store_id))).toEqual(new Set([main.id]));
    expectProblem(await cashier.get(`/v1/terminals?store_id=${north.id}`), 404, "not_found");
    expectProblem(await cashier.get("/v1/terminals?store_id=x"), 422, "validation_failed");
  });
});
