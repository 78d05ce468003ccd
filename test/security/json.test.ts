import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import type { AppEnv } from "../../src/http/app-env.ts";
import { toResponse } from "../../src/http/errors.ts";
import { requireJsonBody } from "../../src/middleware/json-body.ts";
import {
  type Answer,
  asAdmin,
  countRows,
  expectProblem,
  expectStatus,
  fetchWith,
  fetchWorker,
  type ProblemBody,
  type SignedIn,
} from "../support/api.ts";

/** What a body can do before any of its fields is looked at. */

const MEGABYTE = 1_048_576;

let admin: SignedIn;

beforeAll(async () => {
  admin = await asAdmin();
});

async function send(body: BodyInit, headers: Record<string, string> = {}): Promise<Answer<ProblemBody>> {
  const request = new Request("http://regal.test/v1/customers", {
    method: "POST",
    headers: { Authorization: `Bearer ${admin.token}`, "Content-Type": "application/json", ...headers },
    body,
  });
  const response = await fetchWorker(request);
  return { status: response.status, headers: response.headers, body: await response.json<ProblemBody>() };
}

async function refuse(body: BodyInit, status: number, code: ProblemBody["code"], headers?: Record<string, string>) {
  const before = await countRows("customers");
  const problem = expectProblem(await send(body, headers), status, code);
  expect(await countRows("customers")).toBe(before);
  return problem;
}

describe("API3:2023 broken object property level authorization / ASVS 15.3.6: prototype pollution", () => {
  it.each([
    ['{"name":"A","__proto__":{"role":"admin"}}', "/__proto__"],
    ['{"name":"A","constructor":{"prototype":{"role":"admin"}}}', "/constructor"],
    ['{"name":"A","prototype":1}', "/prototype"],
    ['{"name":"A","note":{"deep":[{"__proto__":1}]}}', "/note/deep/0/__proto__"],
    ['{"name":"A","\\u005f_proto__":{"role":"admin"}}', "/__proto__"],
  ])("is refused in %s", async (body, pointer) => {
    const problem = await refuse(body, 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect(({} as Record<string, unknown>)["role"]).toBeUndefined();
  });

  it("is not suspected in a value", async () => {
    expectStatus(await send('{"name":"__proto__ & constructor"}'), 201);
  });
});

describe("API4:2023 unrestricted resource consumption / ASVS 15.2.2: JSON bombs", () => {
  it.each([
    ["a megabyte of brackets that open", "[".repeat(MEGABYTE), 400],
    ["half a megabyte of depth", "[".repeat(MEGABYTE / 2 - 8) + "]".repeat(MEGABYTE / 2 - 8), 422],
    ["objects in objects", `${'{"a":'.repeat(40)}1${"}".repeat(40)}`, 422],
    ["half a million values", `[${"0,".repeat(MEGABYTE / 2 - 8)}0]`, 422],
    ["a name of half a megabyte", `{"${"n".repeat(MEGABYTE / 2)}":1}`, 422],
    ["ten thousand unknown names", `{${Array.from({ length: 10_000 }, (_, i) => `"n${String(i)}":1`).join(",")}}`, 422],
    ["a number without end", `{"name":"A","credit_limit":1${"0".repeat(400)}}`, 422],
    ["a text of a megabyte less a little", `{"name":"${"A".repeat(MEGABYTE - 100)}"}`, 422],
  ])("are refused: %s", async (_, body, status) => {
    const problem = await refuse(body, status, status === 400 ? "malformed_json" : "validation_failed");
    expect(JSON.stringify(problem).length).toBeLessThan(MEGABYTE);
  });

  it("are refused by size before they are read: sent whole, and in pieces without a length", async () => {
    const tooMuch = new TextEncoder().encode(`{"name":"${"A".repeat(MEGABYTE)}"}`);
    await refuse(tooMuch, 413, "payload_too_large");
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < tooMuch.length; at += 65_536) controller.enqueue(tooMuch.slice(at, at + 65_536));
        controller.close();
      },
    });
    await refuse(pieces, 413, "payload_too_large");
  });

  it("as deep as any of ours needs, is taken for what it is", async () => {
    const deep = `${'{"a":'.repeat(30)}1${"}".repeat(30)}`;
    const problem = await refuse(deep, 422, "validation_failed");
    expect(problem.errors?.map(({ detail }) => detail).join()).not.toMatch(/deeper/);
  });
});

describe("API8:2023 security misconfiguration / ASVS 1.5.3: one reading of JSON", () => {
  it.each([
    ["a byte order mark", '\uFEFF{"name":"A"}'],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ["UTF-16", new Uint8Array([0x7b, 0, 0x7d, 0])],
    ["an overlong encoding", new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ["a comment", '{"name":"A"/* */}'],
    ["a trailing comma", '{"name":"A",}'],
    ["NaN", '{"name":"A","credit_limit":NaN}'],
    ["two documents", '{"name":"A"}{"name":"B"}'],
    ["nothing", ""],
  ])("refuses %s", async (_, body) => {
    await refuse(body, 400, "malformed_json");
  });

  it("takes the last of two fields of one name", async () => {
    const answer = await send('{"name":"First","name":"Last"}');
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({ name: "Last" });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "json", ""])(
    "takes no body as %j",
    async (type) => {
      await refuse('{"name":"A"}', 415, "unsupported_media_type", { "Content-Type": type });
    },
  );

  it.each(["gzip", "br", "deflate, gzip", "aes128gcm"])("takes none that is encoded as %s", async (encoding) => {
    await refuse('{"name":"A"}', 415, "unsupported_media_type", { "Content-Encoding": encoding });
  });

  it.each(["null", "[]", '"name"', "7", "true"])("takes %s for no record", async (body) => {
    await refuse(body, 422, "validation_failed");
  });
});

describe("API4:2023 unrestricted resource consumption / ASVS 15.2.2: slow bodies", () => {
  const app = new Hono<AppEnv>();
  app.onError(toResponse);
  app.post("/", requireJsonBody({ deadline_ms: 50 }), async (c) => c.json(await c.req.json()));

  it("are given up at the deadline, and their sender is told", async () => {
    let cancelled = false;
    const dribble = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"name":'));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const headers = { "Content-Type": "application/json" };
    const response = await app.request("/", { method: "POST", headers, body: dribble });
    expect(response.status).toBe(400);
    const { code, detail } = await response.json<ProblemBody>();
    expect(code).toBe("malformed_json");
    expect(detail).toMatch(/in time/);
    expect(cancelled).toBe(true);
  });

  it("are no trouble in small pieces that come soon", async () => {
    const pieces = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of ['{"na', 'me":"', "é".slice(0, 1), '"}'])
          controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const response = await app.request("/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: pieces,
    });
    expect(await response.json()).toEqual({ name: "é" });
  });

  it("are not waited for by who does not let anyone in: the token comes first", async () => {
    let pulls = 0;
    const untouched = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulls += 1;
          controller.enqueue(new Uint8Array(65_536));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "Content-Type": "application/json" };
    const request = new Request("http://regal.test/v1/customers", { method: "POST", headers, body: untouched });
    expect((await fetchWith({})(request)).status).toBe(401);
    expect(pulls).toBe(0);
  });
});
