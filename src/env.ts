import * as z from "zod";

/** Bindings and settings, parsed once an isolate. A wrong or missing setting stops the Worker with its name. */

const SECRET_HELP = "make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"";

const EXAMPLES = /^(?:change[-_ ]?me|example|secret|password|test|todo|x{6})/i;
/** 32 random bytes in base64url have 20 or more; what someone has typed to fill the place has few. */
const FEWEST_DISTINCT_CHARACTERS = 8;

function looksLikeExample(value: string): boolean {
  return EXAMPLES.test(value) || new Set(value).size < FEWEST_DISTINCT_CHARACTERS;
}

function secret(minLength: number) {
  return z
    .string({ error: `is missing; ${SECRET_HELP}` })
    .min(minLength, `is shorter than ${String(minLength)} characters; ${SECRET_HELP}`)
    .refine((value) => !looksLikeExample(value), `looks like an example; ${SECRET_HELP}`);
}

/** `kid:secret[,kid:secret]`: the first signs, all verify, so that keys rotate without signing anyone out. */
const accessTokenKeys = z
  .string({ error: `is missing; write k1:<secret>, and ${SECRET_HELP}` })
  .transform((value, ctx) =>
    value.split(",").map((pair) => {
      const [kid = "", key = ""] = pair.split(":", 2);
      const parsed = secret(43).safeParse(key);
      const wrong = /^[\w-]{1,32}$/.test(kid) ? parsed.error?.issues[0]?.message : "needs a key id before each colon";
      if (wrong !== undefined) ctx.addIssue({ code: "custom", message: wrong });
      return { kid, secret: new TextEncoder().encode(key) };
    }),
  )
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, "names a key id twice");

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
      (origins) => origins.every((origin) => !origin.includes("*") && URL.parse(origin)?.origin === origin),
      "is a comma-separated list of origins such as https://shop.example, with no path and no wildcard",
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

export type Settings = z.infer<typeof settingsSchema>;

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const parsed = new WeakMap<object, Settings>();

/** The settings of an environment; throws SettingsError, which names each wrong setting and how to mend it. */
export function readSettings(env: Env): Settings {
  const known = parsed.get(env);
  if (known) return known;
  const result = settingsSchema.safeParse(env);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new SettingsError(`The Worker cannot start: ${wrong.join("; ")}. Locally, put it in .dev.vars.`);
  }
  parsed.set(env, result.data);
  return result.data;
}
