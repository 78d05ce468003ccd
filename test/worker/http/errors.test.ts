import { describe, expect, it } from "vitest";
import { api, type Fetcher, expectProblem, fetchWith, fetchWorker, type ProblemBody } from "../../support/api.ts";
import { brokenD1, brokenGate } from "./broken.ts";

const LOGIN = "/v1/auth/login";
const MEGABYTE = 1_048_576;

async function send(body: BodyInit | null, headers: Record<string, string>, fetcher: Fetcher = fetchWorker) {
  const request = new Request(`http://regal.test${LOGIN}`, { method: "POST", headers, body });
  const response = await fetcher(request);
  return { status: response.status, headers: response.headers, body: await response.json<ProblemBody>() };
}

const JSON_TYPE = { "Content-Type": "application/json" };

describe("an address that is not there", () => {
  it.each(["/", "/v1", "/v1/nothing", "/v2/customers", "/v1/customers/", "/v1/customers/a/b", "/V1/customers"])(
    "%s is 404",
    async (path) => {
      const problem = expectProblem(await api(null).get(path), 404, "not_found");
      expect(problem.instance).toBe(path);
    },
  );

  it("never repeats the query, which may hold what nobody should keep", async () => {
    const answer = await api(null).get("/v1/nothing?phone=0171555");
    expect(JSON.stringify(expectProblem(answer, 404, "not_found"))).not.toContain("0171555");
  });
});

describe("a method that the address does not take", () => {
  it.each([
    ["delete", "/v1/customers", "GET, POST"],
    ["delete", "/v1/customers/search", "GET, PATCH, POST"],
    ["delete", LOGIN, "POST"],
    ["get", LOGIN, "POST"],
    ["post", "/health", "GET"],
  ] as const)("%s %s is 405 and told what it takes", async (method, path, allow) => {
    const client = api(null);
    const answer = method === "post" ? await client.post(path, {}) : await client[method](path);
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.get("Allow")).toBe(allow);
  });
});

describe("a body that is not JSON", () => {
  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json", ""])(
    "sent as '%s' is 415",
    async (type) => {
      expectProblem(
        await send(new TextEncoder().encode("{}"), type === "" ? {} : { "Content-Type": type }),
        415,
        "unsupported_media_type",
      );
    },
  );

  it.each(["", " ", "{", '{"username":', "undefined", "{'a':1}", "\u0000"])("'%s' is 400", async (body) => {
    expectProblem(await send(body, JSON_TYPE), 400, "malformed_json");
  });

  it("that is absent is 400", async () => {
    expectProblem(await send(null, JSON_TYPE), 400, "malformed_json");
  });

  it.each(["null", "[]", "7", '"text"', "true"])("%s is JSON but no object: 422", async (body) => {
    expectProblem(await send(body, JSON_TYPE), 422, "validation_failed");
  });

  it("may name its charset", async () => {
    const type = { "Content-Type": "application/json; charset=utf-8" };
    expectProblem(await send("{}", type), 422, "validation_failed");
  });
});

describe("a body with a field that nobody knows", () => {
  it("is 422 and points at it", async () => {
    const problem = expectProblem(
      await api(null).post(LOGIN, { username: "ann", password: "a long enough password", admin: true }),
      422,
      "validation_failed",
    );
    expect(problem.errors).toEqual([{ pointer: "/admin", detail: "is not a known field" }]);
  });
});

describe("a body that is too large", () => {
  const body = (bytes: number) => `{"username":"${"u".repeat(bytes - 15)}"}`;

  it("is 413 at 1 MB and a byte, and read at 1 MB", async () => {
    expect(body(MEGABYTE)).toHaveLength(MEGABYTE);
    expectProblem(await send(body(MEGABYTE), JSON_TYPE), 422, "validation_failed");
    expectProblem(await send(body(MEGABYTE + 1), JSON_TYPE), 413, "payload_too_large");
  });

  it("is 413 by what it says of its length, before it is read", async () => {
    const headers = { ...JSON_TYPE, "Content-Length": String(MEGABYTE + 1) };
    expectProblem(await send(body(MEGABYTE + 1), headers, fetchWith({})), 413, "payload_too_large");
  });

  it("is 413 when it says nothing of its length", async () => {
    const streamed = (bytes: number) => new Blob([body(bytes)]).stream();
    expectProblem(await send(streamed(MEGABYTE), JSON_TYPE, fetchWith({})), 422, "validation_failed");
    expectProblem(await send(streamed(MEGABYTE + 1), JSON_TYPE, fetchWith({})), 413, "payload_too_large");
  });
});

describe("a fault of ours", () => {
  const credentials = { username: "ann", password: "a long enough password" };

  it("is 500 and says nothing of its cause", async () => {
    const broken = fetchWith({ DB: brokenD1("D1_ERROR: no such table: users_of_regal") });
    const answer = await api(null, broken).post(LOGIN, credentials);
    expectProblem(answer, 500, "internal");
    expect(JSON.stringify(answer.body)).not.toMatch(/D1|table|users_of_regal|\.ts|at /);
  });

  it("is 503 when the database is too busy", async () => {
    const busy = fetchWith({ DB: brokenD1("D1_ERROR: D1 DB is overloaded. Too many requests queued.") });
    const answer = await api(null, busy).post(LOGIN, credentials);
    expectProblem(answer, 503, "overloaded");
    expect(answer.headers.get("Retry-After")).toBe("1");
  });

  it("is 503 when nobody can tell the session's state", async () => {
    const answer = await api(null, fetchWith({ GATE: brokenGate() })).post(LOGIN, credentials);
    expectProblem(answer, 503, "overloaded");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  });
});
