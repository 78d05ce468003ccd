import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../../../src/http/problem.ts";
import { api, expectProblem, expectStatus, fetchWith } from "../../support/api.ts";
import { assetsOf } from "../http/broken.ts";

const withAssets = fetchWith({
  ASSETS: assetsOf({
    "/openapi.json": "{}",
    "/docs/": "<title>docs</title>",
    "/docs/ui.js": "1",
    "/problems.css": "a{}",
  }),
});

const HOUR = "public, max-age=3600";

describe("the static files", () => {
  it.each(["/openapi.json", "/docs/", "/docs/ui.js", "/problems.css"])(
    "%s is public and kept for an hour",
    async (path) => {
      const answer = await api(null, withAssets).get(path);
      expectStatus(answer, 200);
      expect(answer.headers.get("Cache-Control")).toBe(HOUR);
      expect(answer.headers.get("ETag")).toBe('"of-the-file"');
    },
  );

  it("are not sent again to who has them", async () => {
    const answer = await api(null, withAssets).get("/openapi.json", { "If-None-Match": '"of-the-file"' });
    expectStatus(answer, 304);
    expect(answer.body).toBeNull();
    expect(answer.headers.get("Cache-Control")).toBe(HOUR);
  });

  it("answers 404 for a file that is not there", async () => {
    expectProblem(await api(null, withAssets).get("/docs/other.js"), 404, "not_found");
  });

  it("answers HEAD", async () => {
    const answer = await withAssets(new Request("http://regal.test/openapi.json", { method: "HEAD" }));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("");
  });

  it("may load what this host serves and nothing else", async () => {
    const answer = await api(null, withAssets).get("/docs/");
    expect(answer.headers.get("Content-Security-Policy")).toContain("script-src 'self';");
  });
});

describe("GET /problems", () => {
  it("lists every problem with a link to its page", async () => {
    const answer = await api(null).get<string>("/problems");
    expectStatus(answer, 200);
    expect(answer.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    for (const code of Object.keys(PROBLEMS)) expect(answer.body).toContain(`<a href="/problems/${code}">`);
  });
});

describe("GET /problems/{code}", () => {
  it.each(Object.entries(PROBLEMS))("%s says what it means and what to do", async (code, { title, status, advice }) => {
    const answer = await api(null).get<string>(`/problems/${code}`);
    expectStatus(answer, 200);
    expect(answer.headers.get("Cache-Control")).toBe(HOUR);
    const text = textOf(answer.body);
    for (const part of [title, String(status), code, advice.replaceAll("`", "")]) expect(text).toContain(part);
  });

  it("holds no script and no style of its own", async () => {
    const { body } = await api(null).get<string>("/problems/price_changed");
    expect(body).not.toMatch(/<script|<style|\son\w+=|\sstyle=/i);
  });

  it("is not sent again to who has it, compressed by the edge or not", async () => {
    const path = "/problems/price_changed";
    const tag = (await api(null).get(path)).headers.get("ETag") ?? "";
    expect(tag).toMatch(/^".+"$/);
    for (const known of [tag, `W/${tag}`]) {
      const answer = await api(null).get(path, { "If-None-Match": known });
      expectStatus(answer, 304);
      expect(answer.headers.get("ETag")).toBe(tag);
    }
    expectStatus(await api(null).get(path, { "If-None-Match": '"another"' }), 200);
  });

  it.each(["no_such_code", "constructor", "%3Cscript%3E"])("answers 404 for %s", async (code) => {
    expectProblem(await api(null).get(`/problems/${code}`), 404, "not_found");
  });
});

describe("other methods", () => {
  it.each(["/openapi.json", "/docs", "/docs/ui.js", "/problems", "/problems/price_changed"])(
    "POST %s is refused with what it takes",
    async (path) => {
      const answer = await api(null).post(path, {});
      expectProblem(answer, 405, "method_not_allowed");
      expect(answer.headers.get("Allow")).toBe("GET, HEAD");
    },
  );
});

/** What a reader sees of a page. */
function textOf(page: string): string {
  return page
    .replace(/<[^>]*>/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
