import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../../scripts/import-sales/client.ts";

type Reply = { status: number; body?: object; headers?: Record<string, string> } | "cut";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers each path from its own list of replies, the last of them for ever. */
async function serve(replies: Record<string, Reply[]>) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { url = "", headers } = request;
    asked.push(`${url} ${headers.authorization ?? "-"} ${String(headers["idempotency-key"] ?? "-")}`);
    const list = replies[url] ?? [];
    const reply = list.length > 1 ? list.shift() : list[0];
    request.resume();
    if (!reply || reply === "cut") {
      response.destroy();
      return;
    }
    response.writeHead(reply.status, { "Content-Type": "application/json", ...reply.headers });
    response.end(JSON.stringify(reply.body ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const waits: string[] = [];
  const connection = {
    base,
    store_code: "UCI",
    username: "u",
    password: "p",
    onWait: (why: string) => waits.push(why),
  };
  return { connection, asked, waits };
}

const signedIn = (name: string): Reply => ({ status: 200, body: { access_token: name, refresh_token: `r-${name}` } });
const problem = (status: number, code: string): Reply => ({ status, body: { code, detail: `${code} it is.` } });
const PATH = "/v1/sync/commands";
const call = { method: "POST", path: PATH, body: "{}", idempotency_key: "k" } as const;

describe("the client", () => {
  it("sends the same again after 429, 503 and a lost connection", async () => {
    const { connection, asked, waits } = await serve({
      "/v1/auth/login": [signedIn("a")],
      [PATH]: [
        { status: 429, headers: { "Retry-After": "1" } },
        problem(503, "outcome_unknown"),
        "cut",
        { status: 200, body: { results: [] } },
      ],
    });
    const api = await connect(connection);
    const started = performance.now();
    expect(await api.ask(call)).toEqual({ ok: true, body: { results: [] } });
    expect(performance.now() - started).toBeGreaterThan(3900);
    expect(asked.slice(1)).toEqual(Array.from({ length: 4 }, () => `${PATH} Bearer a k`));
    expect(waits).toHaveLength(3);
    expect(waits[0]).toBe("the server answered 429; trying again in 1 s");
  }, 15_000);

  it("renews its session when that has run out", async () => {
    const { connection, asked } = await serve({
      "/v1/auth/login": [signedIn("a")],
      "/v1/auth/refresh": [signedIn("b")],
      [PATH]: [problem(401, "unauthenticated"), { status: 200, body: { results: [] } }],
    });
    const api = await connect(connection);
    expect(await api.ask(call)).toMatchObject({ ok: true });
    expect(asked.map((line) => line.split(" ").slice(0, -1).join(" "))).toEqual([
      "/v1/auth/login -",
      `${PATH} Bearer a`,
      "/v1/auth/refresh -",
      `${PATH} Bearer b`,
    ]);
  });

  it("signs in again when the session has ended", async () => {
    const { connection, asked } = await serve({
      "/v1/auth/login": [signedIn("a"), signedIn("c")],
      "/v1/auth/refresh": [problem(401, "session_revoked")],
      [PATH]: [problem(401, "session_revoked"), { status: 200, body: {} }],
    });
    const api = await connect(connection);
    expect(await api.ask(call)).toMatchObject({ ok: true });
    expect(asked.at(-1)).toBe(`${PATH} Bearer c k`);
  });

  it("hands on what the server refuses, and stops a reading with it", async () => {
    const { connection } = await serve({
      "/v1/auth/login": [signedIn("a")],
      [PATH]: [problem(422, "validation_failed")],
      "/v1/stores": [problem(403, "forbidden")],
    });
    const api = await connect(connection);
    expect(await api.ask(call)).toEqual({
      ok: false,
      status: 422,
      problem: { code: "validation_failed", detail: "validation_failed it is." },
    });
    await expect(api.get("/v1/stores")).rejects.toThrow(
      "GET /v1/stores was refused with 403 forbidden: forbidden it is.",
    );
  });

  it("says that it could not sign in", async () => {
    const { connection } = await serve({ "/v1/auth/login": [problem(401, "unauthenticated")] });
    await expect(connect(connection)).rejects.toThrow("Signing in was refused with 401 unauthenticated");
  });
});
