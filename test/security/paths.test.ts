import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  api,
  asAdmin,
  asUser,
  countRows,
  expectProblem,
  expectStatus,
  fetchWorker,
  type SignedIn,
} from "../support/api.ts";

/** Other spellings of a path, a method or a caller's address than the ones that are checked. */

let admin: SignedIn;
let cashier: SignedIn;

beforeAll(async () => {
  admin = await asAdmin();
  cashier = await asUser("cashier");
});

async function statusOf(path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetchWorker(new Request(`http://regal.test${path}`, { redirect: "manual", ...init }));
  await response.arrayBuffer();
  return response.status;
}

const bearer = ({ token }: SignedIn) => ({ Authorization: `Bearer ${token}` });

describe("API5:2023 broken function level authorization / ASVS 1.1.1, 8.3.1: another spelling of a path", () => {
  const SPELLINGS = [
    "//v1/users",
    "/v1//users",
    "/v1/users/",
    "/V1/users",
    "/v1/USERS",
    "/v1/%75sers",
    "/v1%2fusers",
    "/v1%2Fusers",
    "/v1%252fusers",
    "/v1/./users",
    "/v1/x/../users",
    "/v1/x/%2e%2e/users",
    "/v1/x/..%2fusers",
    "/v1/x/%2e%2e%2fusers",
    "/v1/x/%252e%252e/users",
    "/docs/../v1/users",
    "/docs/..%2fv1%2fusers",
    "/docs/%2e%2e%5cv1/users",
    "/health/../v1/users",
    "/health;/../v1/users",
    "/v1/users;jsessionid=1",
    "/v1/users.json",
    "/v1/users%00",
    "/v1/users%00.json",
    "/v1/users%20",
    "/v1/users%0a",
    "/v1\\users",
    "/v1/health/users",
    "/problems/../v1/users",
    "/v1/u\u0000sers",
  ];

  it.each(SPELLINGS)("%j lets nobody further", async (path) => {
    // Nobody and a cashier get the list of users by no name; an admin may, where it is the same address after all.
    expect([401, 404]).toContain(await statusOf(path));
    expect([403, 404]).toContain(await statusOf(path, { headers: bearer(cashier) }));
    expect([200, 404]).toContain(await statusOf(path, { headers: bearer(admin) }));
  });

  it("is not corrected by sending the caller, and the token, elsewhere", async () => {
    for (const path of ["/v1/users/", "//v1/users", "/v1//users", "//evil.example/v1/users", "/\\evil.example"]) {
      const response = await fetchWorker(new Request(`http://regal.test${path}`, { redirect: "manual" }));
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.has("Location")).toBe(false);
    }
  });

  it("is bounded, and not decoded twice", async () => {
    expect(await statusOf(`/v1/users/${"a".repeat(15_000)}`, { headers: bearer(admin) })).toBe(422);
    expect(await statusOf("/v1/users/%ff", { headers: bearer(admin) })).toBe(422);
    expect(await statusOf("/v1/users/%", { headers: bearer(admin) })).toBe(422);
    expect(
      await statusOf(`/v1/users/${encodeURIComponent(encodeURIComponent(admin.user.id.replaceAll("-", "/")))}`, {
        headers: bearer(admin),
      }),
    ).toBe(422);
  });
});

describe("API8:2023 security misconfiguration / ASVS 4.1.4: methods", () => {
  it.each(["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])("%s overrides nothing", async (field) => {
    const before = await countRows("customers");
    const headers = { ...bearer(admin), [field]: "POST", "Content-Type": "application/json" };
    expect(await statusOf("/v1/customers", { headers })).toBe(200);
    expect(await statusOf("/v1/customers", { method: "DELETE", headers })).toBe(405);
    const search = await admin.post<unknown>("/v1/customers/search", { name: "Nobody" }, { [field]: "DELETE" });
    expectStatus(search, 200);
    expectStatus(await admin.get("/v1/customers?_method=POST"), 422);
    expect(await countRows("customers")).toBe(before);
  });

  it.each(["TRACE", "CONNECT", "PROPFIND", "QUERY", "get", "BREW"])("%s is none of ours", async (method) => {
    let status: number;
    try {
      status = await statusOf("/v1/customers", { method, headers: bearer(admin) });
    } catch (error) {
      // Some can't even be sent by what speaks for browsers here.
      expect(error).toBeInstanceOf(TypeError);
      return;
    }
    // In lower case it is another method (RFC 9110, 9.1), but the Fetch standard spells `get` right before it is sent.
    expect(status).toBe(method === "get" ? 200 : 405);
  });
});

describe("API8:2023 security misconfiguration / ASVS 4.1.3: what a caller says of itself", () => {
  it("does not count as its address", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const claims = ["X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Forwarded", "X-Client-IP"];
    const headers = Object.fromEntries(claims.map((name, i) => [name, `for=203.0.113.${String(i)}`]));
    const guess = { username: "nobody-of-this-name", password: "a wrong password it is" };
    const statuses = new Set<number>();
    for (let i = 0; i < 15; i += 1) {
      const other = { ...headers, "X-Forwarded-For": `203.0.113.${String(i)}` };
      const answer = await api(null).post("/v1/auth/login", guess, { ...other, "CF-Connecting-IP": "198.51.100.7" });
      statuses.add(answer.status);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect(log.mock.calls.length).toBeGreaterThan(10);
    expect(JSON.stringify(log.mock.calls)).not.toContain("203.0.113");
    log.mockRestore();
  });

  it("does not name the host that pages and cookies are for", async () => {
    const user = await asUser("admin");
    const headers = { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Original-URL": "/v1/users" };
    const answer = await api(user.token).get("/problems", headers);
    expect(JSON.stringify(answer.body)).not.toContain("evil.example");
    expectProblem(
      await api(null).get("/v1/nothing", { "X-Original-URL": "/health", "X-Rewrite-URL": "/health" }),
      404,
      "not_found",
    );
  });
});

describe("API8:2023 security misconfiguration / ASVS 4.2.4, 16.4.1: header injection", () => {
  it.each(["X-Request-Id", "traceparent", "Origin", "If-None-Match", "Idempotency-Key", "User-Agent"])(
    "what is put into %s comes back in no header field and in no log line of its own",
    async (field) => {
      const log = vi.spyOn(console, "log").mockReturnValue();
      for (const value of ["x%0d%0aSet-Cookie:evil=1", "%0aevil: 1", '{"level":"error"}', "x\ty"]) {
        const { headers } = await api(null).post("/v1/sales", {}, { [field]: value });
        expect([...headers].flat().join("\n")).not.toMatch(/evil/i);
      }
      expect(log.mock.calls.length).toBeGreaterThanOrEqual(4);
      for (const [line] of log.mock.calls) expect(() => JSON.parse(String(line)) as unknown).not.toThrow();
      log.mockRestore();
    },
  );

  it("can't even be sent with a line break", () => {
    for (const value of ["a\r\nSet-Cookie: evil=1", "a\nb", "a\u0000b"]) {
      expect(() => new Headers({ "X-Request-Id": value })).toThrow(TypeError);
    }
  });
});
