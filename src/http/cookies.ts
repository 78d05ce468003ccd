import { parse, serialize } from "hono/utils/cookie";

/**
 * The cookies of a browser's session. `__Host-` (RFC 6265bis, 4.1.3.2) keeps another host of the domain from setting
 * them; without Max-Age they end with the browser.
 */
export const COOKIE_NAMES = {
  access: "__Host-regal_access",
  refresh: "__Host-regal_refresh",
  csrf: "__Host-regal_csrf",
} as const;

export type CookieName = keyof typeof COOKIE_NAMES;

const ATTRIBUTES = { path: "/", httpOnly: true, secure: true, sameSite: "Strict" } as const;

/** The value of a cookie, or null. */
export function readCookie(headers: Headers, name: CookieName): string | null {
  const sent = headers.get("Cookie");
  return sent === null ? null : (parse(sent, COOKIE_NAMES[name])[COOKIE_NAMES[name]] ?? null);
}

export function setCookie(answer: Headers, name: CookieName, value: string): void {
  answer.append("Set-Cookie", serialize(COOKIE_NAMES[name], value, ATTRIBUTES));
}

export function clearCookies(answer: Headers): void {
  for (const name of Object.values(COOKIE_NAMES)) {
    answer.append("Set-Cookie", serialize(name, "", { ...ATTRIBUTES, maxAge: 0 }));
  }
}
