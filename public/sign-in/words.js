// What the page says of the API's data.

/** Between two facts; a line breaks after it, never before. */
const DOT = "\u00a0· ";

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function describeTime(iso) {
  return WHEN.format(new Date(iso));
}

const BROWSERS = [
  ["Edge", /\bEdg\w*\//],
  ["Opera", /\bOPR\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\//],
  ["Safari", /\bSafari\//],
];

const SYSTEMS = [
  ["Android", /\bAndroid\b/],
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMacintosh\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

/** A browser as people call it, from what it says of itself; that itself where it is none that is known. */
export function describeAgent(agent) {
  if (!agent) return "Unknown device";
  const [browser] = BROWSERS.find(([, form]) => form.test(agent)) ?? [];
  const [system] = SYSTEMS.find(([, form]) => form.test(agent)) ?? [];
  if (!browser) return agent.slice(0, 60);
  return system ? `${browser} on ${system}` : browser;
}

const METHODS = { password: "by password", pin: "by PIN", passkey: "by passkey" };

/** One line of a session: where, how, from where, since when. */
export function describeSession({ store_id, terminal_id, method, ip, created_at, refreshed_at }, storeNames) {
  const place = store_id === null ? "Headquarters" : (storeNames.get(store_id) ?? "A store");
  const till = terminal_id === null ? "" : ", on a till";
  const active = refreshed_at === created_at ? "" : `, active ${describeTime(refreshed_at)}`;
  const from = ip === null ? "" : ` from ${ip}`;
  return `${place}${till}${DOT}${METHODS[method] ?? method}${from}${DOT}opened ${describeTime(created_at)}${active}`;
}

/** One line of a passkey. */
export function describePasskey({ created_at, last_used_at, backed_up }) {
  const used = last_used_at === null ? "not used yet" : `used ${describeTime(last_used_at)}`;
  return `${backed_up ? "Kept by a password manager" : "On one device"}${DOT}added ${describeTime(created_at)}${DOT}${used}`;
}

/** One line of a person: name to sign in with, role, stores. */
export function describeUser({ username, role, store_ids }, storeNames) {
  const names = store_ids.map((id) => storeNames.get(id)).filter((name) => name !== undefined);
  const stores = role === "admin" ? "all stores" : names.length > 0 ? names.join(", ") : `${store_ids.length} stores`;
  return `${username}${DOT}${role}${DOT}${stores}`;
}
