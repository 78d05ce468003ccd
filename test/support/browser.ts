import { api, type Answer, createUser, type Credentials, expectStatus, fetchWorker } from "./api.ts";

/** A browser as far as the API sees one: it keeps cookies, and sends them everywhere on its own. */

export const OWN_ORIGIN = "http://regal.test";

interface CookieSession {
  token_type: "Cookie";
  csrf_token: string;
  expires_in: number;
}

/** A Set-Cookie header field, taken apart (RFC 6265, 5.2). */
export interface SetCookie {
  name: string;
  value: string;
  attributes: Record<string, string>;
}

export function parseSetCookies(headers: Headers): SetCookie[] {
  return headers.getSetCookie().map((line) => {
    const [pair = "", ...rest] = line.split(/;\s*/);
    const [name = "", value = ""] = pair.split("=");
    const attributes = rest.map((one) => one.split("=")).map(([key = "", to = ""]) => [key.toLowerCase(), to] as const);
    return { name, value, attributes: Object.fromEntries(attributes) };
  });
}

export class Browser {
  readonly jar = new Map<string, string>();
  csrf_token = "";

  /** Signs a user in by name and password, with cookies. */
  async signIn({ username, password }: Pick<Credentials, "username" | "password">): Promise<Answer<CookieSession>> {
    const answer = await this.send<CookieSession>("POST", "/v1/auth/login", {
      body: { username, password },
      headers: { "X-Session-Transport": "cookie", "CF-Connecting-IP": username },
    });
    expectStatus(answer, 200);
    this.csrf_token = answer.body.csrf_token;
    return answer;
  }

  /** A request with the jar's cookies; what it is answered goes into the jar. Nothing else is added. */
  async send<T>(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetchWorker(
      new Request(`${OWN_ORIGIN}${path}`, {
        method,
        headers: {
          Cookie: this.cookies(),
          ...(typeof body === "object" ? { "Content-Type": "application/json" } : {}),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      }),
    );
    for (const { name, value, attributes } of parseSetCookies(response.headers)) {
      if (attributes["max-age"] === "0") this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const told = await response.text();
    return { status: response.status, headers: response.headers, body: (told === "" ? null : JSON.parse(told)) as T };
  }

  cookies(): string {
    return Array.from(this.jar, ([name, value]) => `${name}=${value}`).join("; ");
  }

  /** The value of a cookie of ours: access, refresh or csrf. */
  cookie(name: string): string {
    return this.jar.get(`__Host-regal_${name}`) ?? "";
  }

  /** The same access token, as if it had been sent as a bearer's. */
  asBearer() {
    return api(this.cookie("access"));
  }
}

/** A new admin in a browser of their own. */
export async function openBrowser(): Promise<Browser> {
  const browser = new Browser();
  await browser.signIn(await createUser("admin"));
  return browser;
}
