import { createHash } from "node:crypto";
import type { Context as HonoContext } from "hono";
import { Problem } from "../../http/problem.ts";
import type { AppEnv } from "../../http/app-env.ts";
import type { App } from "../../http/route.ts";
import { isProblemCode, renderProblemList, renderProblemPage } from "./problem-pages.ts";

/**
 * What a person opens in a browser: the sign-in page, the API's reference, the problems. All of it is public and the
 * same for everyone.
 */

const CACHED_FOR_AN_HOUR = "public, max-age=3600";

const ASSET_PATHS = [
  "/openapi.json",
  "/problems.css",
  ...["/docs", "/sign-in"].flatMap((folder) => [folder, `${folder}/`, `${folder}/:file{.+}`]),
];
const PROBLEM_LIST = "/problems";
const PROBLEM_PAGE = "/problems/:code";

export function mountPages(app: App): void {
  for (const path of ASSET_PATHS) app.get(path, serveAsset);
  app.get(PROBLEM_LIST, async (c) => answerPage(c, await renderProblemList()));
  app.get(PROBLEM_PAGE, async (c) => {
    const code = c.req.param("code");
    if (!isProblemCode(code)) throw new Problem("not_found", "There is no problem with this code.");
    return answerPage(c, await renderProblemPage(code));
  });
  for (const path of [...ASSET_PATHS, PROBLEM_LIST, PROBLEM_PAGE]) app.all(path, refuseMethod);
}

/** A static file. The Worker stands in front of all of them, so that each leaves with the headers of a page. */
async function serveAsset(c: HonoContext<AppEnv>): Promise<Response> {
  const { if_none_match, env } = c.get("ctx");
  const headers = if_none_match === null ? {} : { "If-None-Match": if_none_match };
  const asset = await env.ASSETS.fetch(new Request(c.req.url, { headers }));
  if (asset.status === 404) throw new Problem("not_found", "There is nothing at this address.");
  const answer = new Response(asset.body, asset);
  answer.headers.set("Cache-Control", CACHED_FOR_AN_HOUR);
  return answer;
}

function answerPage(c: HonoContext<AppEnv>, page: string): Response {
  const tag = `"${createHash("sha256").update(page).digest("base64url")}"`;
  const headers = {
    "Cache-Control": CACHED_FOR_AN_HOUR,
    ETag: tag,
    "Content-Type": "text/html; charset=utf-8",
  };
  // Not compared whole: the edge makes a tag weak (W/) when it compresses the page.
  if (c.get("ctx").if_none_match?.includes(tag)) return new Response(null, { status: 304, headers });
  return new Response(page, { headers });
}

function refuseMethod(): never {
  throw new Problem("method_not_allowed", "This address takes GET, HEAD.", {
    headers: { Allow: "GET, HEAD" },
  });
}
