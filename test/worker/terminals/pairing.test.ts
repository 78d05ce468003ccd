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
  type TerminalBody,
  uuid,
} from "../../support/api.ts";
import { addPairedTill, addTill, createCashier, enterPin, type NewTill, pair, PIN } from "../pin/till.ts";

let admin: SignedIn;
let main: StoreBody;

beforeAll(async () => {
  admin = await asAdmin();
  main = await createStore();
});

const etagOf = async (id: string) => (await admin.get(`/v1/terminals/${id}`)).headers.get("ETag") ?? "";

describe("POST /v1/terminals/pair", () => {
  it("trades a code for a device token, and tells the till where it stands", async () => {
    const till = await addTill(main.id);
    expect(till.pairing_code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const minutes = (Date.parse(till.pairing_expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    const answer = await pair(till.pairing_code.toLowerCase().replace("-", " ").replaceAll("0", "o"));
    expectStatus(answer, 200);
    expect(answer.body.device_token).toMatch(/^[\w-]{43}$/);
    expect(answer.body.terminal).toMatchObject({ id: till.id, store_id: main.id });
    expect(answer.body.terminal.paired_at).not.toBeNull();
    expect(answer.body.store).toMatchObject({ id: main.id, code: main.code, currency: "GBP" });
    const kept = await env.DB.prepare("SELECT token_hash, code_hash FROM devices WHERE terminal_id = ?1")
      .bind(till.id)
      .first();
    expect(JSON.stringify(kept)).not.toContain(answer.body.device_token);
    const log = await env.DB.prepare("SELECT before, after FROM audit_entries WHERE entity_id = ?1")
      .bind(till.id)
      .all();
    expect(JSON.stringify(log.results)).not.toContain(till.pairing_code);
    expect(JSON.stringify(log.results)).not.toContain(answer.body.device_token);
  });

  it("takes a code once, and answers a used one like one that never was", async () => {
    const till = await addTill(main.id, "P2");
    expectStatus(await pair(till.pairing_code), 200);
    const used = expectProblem(await pair(till.pairing_code), 404, "not_found");
    const wrong = expectProblem(await pair("AAAAA-AAAAA"), 404, "not_found");
    expect([used.code, used.title]).toEqual([wrong.code, wrong.title]);
  });

  it("refuses an old code, and one that a newer one made worthless", async () => {
    const till = await addTill(main.id, "P3");
    const renewed = await admin.post<NewTill>(`/v1/terminals/${till.id}/pairing-code`);
    expectStatus(renewed, 201);
    expectProblem(await pair(till.pairing_code), 404, "not_found");
    await env.DB.prepare("UPDATE pairing_codes SET expires_at = '2026-01-01T00:00:00.000Z' WHERE terminal_id = ?1")
      .bind(till.id)
      .run();
    expectProblem(await pair(renewed.body.pairing_code), 404, "not_found");
  });

  it("gives one device to twenty that use one code at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const till = await addTill(main.id, `R${String(round)}`);
      const answers = await Promise.all(Array.from({ length: 20 }, async () => pair(till.pairing_code)));
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(statuses).toEqual([200, ...Array<number>(19).fill(404)]);
      const devices = await env.DB.prepare("SELECT count(*) AS n FROM devices WHERE terminal_id = ?1")
        .bind(till.id)
        .first();
      expect(devices).toEqual({ n: 1 });
    }
  });

  it("cuts the earlier device off, with all that was opened on it", async () => {
    const first = await addPairedTill(main.id, "P4");
    const ann = await createCashier(main.id);
    const session = await enterPin(first.device_token, ann.username, PIN);
    expectStatus(session, 200);
    const code = await admin.post<NewTill>(`/v1/terminals/${first.terminal.id}/pairing-code`);
    expectStatus(await api(session.body.access_token).get("/v1/auth/me"), 200);
    expectStatus(await pair(code.body.pairing_code), 200);
    expectProblem(await api(session.body.access_token).get("/v1/auth/me"), 401, "session_revoked");
    expectProblem(await enterPin(first.device_token, ann.username, PIN), 401, "unauthenticated");
  });

  it.each([
    ["no code", {}],
    ["an empty one", { code: "" }],
    ["a number", { code: 12345 }],
    ["a huge one", { code: "A".repeat(100_000) }],
    ["a field more", { code: "AAAAA-AAAAA", store_id: uuid() }],
  ])("refuses %s", async (_, body) => {
    expectProblem(await api(null).post("/v1/terminals/pair", body), 422, "validation_failed");
  });

  it("counts attempts by address", async () => {
    const address = { "CF-Connecting-IP": "2001:db8:77::1" };
    const statuses: number[] = [];
    for (let round = 0; round < 110; round += 1) {
      statuses.push((await api(null).post("/v1/terminals/pair", { code: "AAAAA-AAAAA" }, address)).status);
    }
    expect(statuses.slice(0, 100).every((status) => status === 404)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("cutting a till off", () => {
  it.each(["unpair", "deactivate"])("by one call: %s", async (call) => {
    const till = await addPairedTill(main.id, call.slice(0, 2).toUpperCase());
    const [ann, ben] = [await createCashier(main.id), await createCashier(main.id)];
    const withPin = await enterPin(till.device_token, ann.username, PIN);
    const headers = { "CF-Connecting-IP": uuid(), "X-Device-Token": till.device_token };
    const byPassword = await api(null).post<{ access_token: string; refresh_token: string }>(
      "/v1/auth/login",
      { username: ben.username, password: ben.password },
      headers,
    );
    expectStatus(byPassword, 200);
    const open = await admin.post<NewTill>(`/v1/terminals/${till.terminal.id}/pairing-code`);
    for (let time = 0; time < 2; time += 1) {
      const answer = await admin.post<TerminalBody>(`/v1/terminals/${till.terminal.id}/${call}`);
      expectStatus(answer, 200);
      expect(answer.body).toMatchObject({ paired_at: null, active: call === "unpair" });
    }
    for (const { access_token } of [withPin.body, byPassword.body]) {
      expectProblem(await api(access_token).get("/v1/auth/me"), 401, "session_revoked");
    }
    const { refresh_token } = byPassword.body;
    expectProblem(await api(null).post("/v1/auth/refresh", { refresh_token }), 401, "session_revoked");
    expectProblem(await enterPin(till.device_token, ann.username, PIN), 401, "unauthenticated");
    expectProblem(await pair(open.body.pairing_code), 404, "not_found");
  });

  it("leaves it to admins", async () => {
    const till = await addPairedTill(main.id, "AD");
    const employee = await asUser("employee", [main.id], main.code);
    for (const call of ["unpair", "deactivate", "reactivate", "pairing-code"]) {
      expectProblem(await employee.post(`/v1/terminals/${till.terminal.id}/${call}`), 403, "forbidden");
    }
    expectProblem(await admin.post(`/v1/terminals/${uuid()}/unpair`), 404, "not_found");
  });
});

describe("changing a terminal", () => {
  it("renames it, by version", async () => {
    const till = await addTill(main.id, "N1");
    const path = `/v1/terminals/${till.id}`;
    expectProblem(await admin.patch(path, { name: "Bar" }), 428, "precondition_required");
    const etag = await etagOf(till.id);
    const answer = await admin.patch<TerminalBody>(path, { name: "Bar" }, { "If-Match": etag });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ name: "Bar", version: 2, code: "N1" });
    expect(answer.headers.get("ETag")).toBe('"v2"');
    expectProblem(await admin.patch(path, { name: "Door" }, { "If-Match": etag }), 412, "stale_version");
    for (const body of [{}, { code: "N2" }, { name: "" }, { name: "Bar", store_id: main.id }, { active: false }]) {
      expectProblem(await admin.patch(path, body, { "If-Match": '"v2"' }), 422, "validation_failed");
    }
  });

  it("takes it out of use and back, and pairs it only in use", async () => {
    const till = await addTill(main.id, "N3");
    const path = `/v1/terminals/${till.id}`;
    expectStatus(await admin.post(`${path}/deactivate`), 200);
    expectProblem(await admin.post(`${path}/pairing-code`), 409, "conflict");
    expectProblem(await pair(till.pairing_code), 404, "not_found");
    const back = await admin.post<TerminalBody>(`${path}/reactivate`);
    expect(back.body).toMatchObject({ active: true, version: 3 });
    const before = await countRows("devices");
    expectStatus(await admin.post(`${path}/reactivate`), 200);
    expect(await countRows("devices")).toBe(before);
  });
});
