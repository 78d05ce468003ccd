import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, asUser, createStore, createUser, expectProblem, expectStatus, fetchWith } from "../../support/api.ts";
import { brokenD1, brokenGate } from "./broken.ts";

type Line = Record<string, unknown>;

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  for (const method of ["log", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(line);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

const worker = fetchWith({});

function requestLines(): Line[] {
  return lines.map((line) => JSON.parse(line) as Line).filter(({ message }) => message === "request");
}

/** What is logged while `act` runs. */
async function logOf(act: () => Promise<unknown>): Promise<Line[]> {
  lines = [];
  await act();
  return requestLines();
}

describe("the log", () => {
  it("has one line a request that tells what it was and what it cost", async () => {
    const store = await createStore();
    const cashier = await asUser("cashier", [store.id]);
    const client = api(cashier.token, worker);
    const logged = await logOf(async () => {
      const answer = await client.get(`/v1/reports/daily?store_id=${store.id}`, {
        "X-Request-Id": "till-01.000042",
      });
      expectStatus(answer, 200);
    });
    expect(logged).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        level: "info",
        message: "request",
        request_id: "till-01.000042",
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        method: "GET",
        route: "/v1/reports/daily",
        status: 200,
        duration_ms: expect.any(Number) as number,
        store_id: store.id,
        actor_id: cashier.user.id,
        rows_read: expect.any(Number) as number,
        rows_written: 0,
        round_trips: { d1: expect.any(Number) as number, do: 1, kv: 0 },
      },
    ]);
  });

  it.each([
    ["/v1/customers/01890a5d-ac96-774b-bcce-b302099a8057?phone=0171555", "/v1/customers/:id", 401],
    ["/problems/price_changed", "/problems/:code", 200],
    ["/v1/nothing/0171555", "unmatched", 404],
  ])("tells %s by its route alone", async (path, route, status) => {
    const logged = await logOf(() => api(null, worker).get(path));
    expect(logged).toEqual([expect.objectContaining({ route, status })]);
    expect(lines.join("\n")).not.toContain("0171555");
  });

  it("has a line for each refusal", async () => {
    const client = api(null, worker);
    const logged = await logOf(async () => {
      await client.post("/v1/auth/login", "{");
      await client.delete("/v1/customers");
      await client.post("/v1/auth/login", "x".repeat(1_048_577));
    });
    expect(logged.map(({ status }) => status)).toEqual([400, 405, 413]);
  });

  it("has the cause's kind and place when it was our fault, without the text that may hold parameters", async () => {
    const broken = api(null, fetchWith({ DB: brokenD1("no such table, near 'ann@example.org'") }));
    const credentials = { username: "ann", password: "a long enough password" };
    expectProblem(await broken.post("/v1/auth/login", credentials), 500, "internal");
    const logged = lines.map((line) => JSON.parse(line) as Line);
    const [request] = requestLines();
    expect(logged).toContainEqual(
      expect.objectContaining({
        level: "error",
        code: "internal",
        error: "Error",
        request_id: request?.["request_id"],
      }),
    );
    expect(logged.find(({ level }) => level === "error")).toHaveProperty("stack");
    expect(lines.join("\n")).not.toContain("ann@example.org");
  });

  it("has no password, no token and no contact in it, whatever becomes of the request", async () => {
    const store = await createStore();
    const { username, password } = await createUser("cashier", [store.id]);
    const client = api(null, worker);
    const wrong = "a wrong but long password";
    await client.post("/v1/auth/login", { username, password: wrong });
    const signIn = await client.post<{ access_token: string; refresh_token: string }>("/v1/auth/login", {
      username,
      password,
    });
    expectStatus(signIn, 200);
    const { access_token, refresh_token } = signIn.body;
    const cashier = api(access_token, worker);
    const contact = { phone: "+44 20 7946 0123", email: "somebody@mail.example", address: "1 High Street" };
    expectStatus(await cashier.post("/v1/customers", { name: "Somebody", ...contact }), 201);
    await cashier.post("/v1/customers", { name: "Somebody", ...contact, credit: 1 });
    await cashier.post("/v1/customers/search", { phone: contact.phone });
    await api(access_token, fetchWith({ DB: brokenD1(`near ${contact.phone}`), GATE: brokenGate() })).post(
      "/v1/customers",
      { name: "Somebody", ...contact },
    );
    await client.post("/v1/auth/refresh", { refresh_token });
    const secrets = [
      password,
      wrong,
      access_token,
      refresh_token,
      ...Object.values(contact),
      env.PASSWORD_PEPPER,
      env.SETUP_TOKEN,
    ];
    const log = lines.join("\n");
    expect(requestLines().length).toBeGreaterThanOrEqual(7);
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});

describe("wrong settings", () => {
  it.each([
    ["SETUP_TOKEN", undefined, "is missing"],
    ["PASSWORD_PEPPER", "short", "is shorter than"],
    ["ACCESS_TOKEN_KEYS", "k1:change-me-change-me-change-me-change-me-change-me", "looks like an example"],
    ["CORS_ORIGINS", "*", "no wildcard"],
  ])("stop the Worker: %s = %s is named in the log and not in the answer", async (name, value, why) => {
    const answer = await api(null, fetchWith({ [name]: value })).get("/health");
    expectStatus(answer, 500);
    expect(answer.body).toMatchObject({ code: "internal", status: 500 });
    expect(JSON.stringify(answer.body)).not.toContain(name);
    const told = lines.map((line) => JSON.parse(line) as { level: string; message: string });
    expect(told).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringMatching(new RegExp(`${name} .*${why}`)) as string,
      }),
    );
  });
});
