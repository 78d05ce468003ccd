// The API as this page calls it: signed in by cookies that no script reads, with the CSRF token beside them.

/** A refusal, as the API describes it (RFC 9457), or the server being out of reach. */
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const SAFE_METHODS = new Set(["GET", "HEAD"]);

let csrfToken = null;

/** Changes when a window has renewed the session: the others then ask for the CSRF token again. It is no token itself. */
const RENEWED = "regal-renewed";

/** Keeps the session's CSRF token; null when there is no session any more. */
export function keepCsrfToken(token) {
  csrfToken = token;
}

function keepRenewed(token) {
  keepCsrfToken(token);
  localStorage.setItem(RENEWED, String(Date.now()));
}

window.addEventListener("storage", ({ key }) => {
  if (key === RENEWED && csrfToken !== null) void readCsrfToken();
});

/** The answer's body, or null where there is none; throws a Refusal. Sent as it is: nothing is tried again. */
export async function send(method, path, { body, headers = {}, credentials = "same-origin" } = {}) {
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...json, ...headers },
      credentials,
      cache: "no-store",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refusal({
      code: "unreachable",
      detail: "The server can't be reached. Check the connection, then try again.",
    });
  }
  const text = await response.text();
  const parsed = parse(text);
  if (!response.ok)
    throw new Refusal(parsed ?? { code: "internal", detail: "The server did not answer as expected. Try again." });
  return parsed;
}

function parse(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** A call of who is signed in. Renews the session, or its CSRF token, once where that is what is missing. */
export async function call(method, path, body) {
  const attempt = () => {
    const csrf = SAFE_METHODS.has(method) ? {} : { "X-CSRF-Token": csrfToken ?? "" };
    return send(method, path, { body, headers: csrf });
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(await mend(error))) throw error;
    return attempt();
  }
}

async function mend(error) {
  const code = error instanceof Refusal ? error.problem.code : "";
  if (code === "unauthenticated") return renewSession();
  if (code !== "csrf_failed") return false;
  await readCsrfToken();
  return true;
}

async function readCsrfToken() {
  const { csrf_token } = await send("GET", "/v1/auth/csrf");
  keepCsrfToken(csrf_token);
}

/**
 * Trades the refresh cookie for a new session cookie; false when the session has ended. A refresh token is good for
 * one use, so one window does it at a time, and those that waited look whether there is anything left to do.
 */
export async function renewSession({ always = false } = {}) {
  return navigator.locks.request("regal-renew", async () => {
    try {
      await readCsrfToken();
      if (!always && (await isSignedIn())) return true;
      const answer = await send("POST", "/v1/auth/refresh", { headers: { "X-CSRF-Token": csrfToken } });
      keepRenewed(answer.csrf_token);
      return true;
    } catch (error) {
      if (error instanceof Refusal && ["unauthenticated", "session_revoked"].includes(error.problem.code)) return false;
      throw error;
    }
  });
}

async function isSignedIn() {
  try {
    await send("GET", "/v1/auth/me");
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === "unauthenticated") return false;
    throw error;
  }
}

/** Signs out a window that is closing: a beacon outlives its page, but sets no header. */
export function signOutByBeacon() {
  navigator.sendBeacon("/v1/auth/logout", new URLSearchParams({ csrf_token: csrfToken ?? "" }));
}
