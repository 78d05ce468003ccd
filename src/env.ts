import * as z from "zod";

/** Bindings and settings, parsed once an isolate. A wrong or missing setting stops the Worker with its name. */

const SECRET_HELP = "make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"";

// Of `test` and `todo` alone some secrets in a million begin, drawn at random.
const EXAMPLES =
  /^(?:change[-_ ]?me|example|secret|password|x{6}|(?:test|todo)[-_ ]?(?:test|todo|secret|key|token|pepper|only|ing|me))/i;
/** 32 random bytes in base64url have 20 or more; what someone has typed to fill the place has few. */
const FEWEST_DISTINCT_CHARACTERS = 8;

function looksLikeExample(value: string): boolean {
  return EXAMPLES.test(value) || new Set(value).size < FEWEST_DISTINCT_CHARACTERS;
}

function secret(minLength: number) {
  return z
    .string({ error: `is missing; ${SECRET_HELP}` })
    .min(minLength, `is shorter than ${String(minLength)} characters; ${SECRET_HELP}`)
    .refine((value) => !/\s/.test(value), `has a space or a line break in it; ${SECRET_HELP}`)
    .refine((value) => !looksLikeExample(value), `looks like an example; ${SECRET_HELP}`);
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** `kid:secret[,kid:secret]`: the first signs, all verify, so that keys rotate without signing anyone out. */
const accessTokenKeys = z
  .string({ error: `is missing; write k1:<secret>, and ${SECRET_HELP}` })
  .transform((value, ctx) =>
    value.split(",").map((pair) => {
      const [kid = "", ...rest] = pair.split(":");
      const key = rest.join(":");
      const parsed = secret(43).safeParse(key);
      const wrong = /^[\w-]{1,32}$/.test(kid) ? parsed.error?.issues[0]?.message : "needs a key id before each colon";
      if (wrong !== undefined) ctx.addIssue({ code: "custom", message: wrong });
      return { kid, secret: ENCODER.encode(key) };
    }),
  )
  .refine((keys) => areDistinct(keys.map(({ kid }) => kid)), "names a key id twice");

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** Where a page of ours may stand: TLS everywhere but on the developer's own machine. Spelt as browsers send it. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  const isLocal = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return url?.origin === text && (url.protocol === "https:" || (url.protocol === "http:" && isLocal));
}

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

const settingsSchema = z.object({
  ENVIRONMENT: z.string().min(1).max(40).default("production"),
  CORS_ORIGINS: z
    .string()
    .default("")
    .transform((value) =>
      value
        .split(",")
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ""),
    )
    .refine(
      (origins) => origins.every((origin) => !origin.includes("*") && isOrigin(origin)),
      "is a comma-separated list of origins such as https://shop.example: https, lower case, no path and no wildcard",
    ),
  ACCESS_TOKEN_KEYS: accessTokenKeys,
  SETUP_TOKEN: secret(32),
  PASSWORD_PEPPER: secret(32),
  LIMIT_READ_PER_MINUTE: perMinute(1200),
  LIMIT_WRITE_PER_MINUTE: perMinute(600),
  LIMIT_REPORT_PER_MINUTE: perMinute(60),
  LIMIT_SIGN_IN_FAILURES_PER_MINUTE: perMinute(10),
  LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: perMinute(100),
});

/** One secret that leaks must open one door only. */
const safeSettings = settingsSchema.superRefine(({ ACCESS_TOKEN_KEYS, SETUP_TOKEN, PASSWORD_PEPPER }, ctx) => {
  const seen = new Set<string>();
  const secrets: [keyof Settings, string][] = [
    ...ACCESS_TOKEN_KEYS.map((key): [keyof Settings, string] => ["ACCESS_TOKEN_KEYS", DECODER.decode(key.secret)]),
    ["SETUP_TOKEN", SETUP_TOKEN],
    ["PASSWORD_PEPPER", PASSWORD_PEPPER],
  ];
  for (const [name, value] of secrets) {
    if (seen.has(value)) ctx.addIssue({ code: "custom", path: [name], message: `repeats a secret; ${SECRET_HELP}` });
    seen.add(value);
  }
});

export type Settings = z.infer<typeof settingsSchema>;

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const parsed = new WeakMap<object, Settings>();

/** The settings of an environment; throws SettingsError, which names each wrong setting and how to mend it. */
export function readSettings(env: Env): Settings {
  const known = parsed.get(env);
  if (known) return known;
  const result = safeSettings.safeParse(env);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new SettingsError(`The Worker cannot start: ${wrong.join("; ")}. Locally, put it in .dev.vars.`);
  }
  parsed.set(env, result.data);
  return result.data;
}
