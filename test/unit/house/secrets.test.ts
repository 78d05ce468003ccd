import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { wranglerCommand, wranglerEnvironment } from "../../../scripts/support/wrangler.ts";

/** No secret stands in the repository, nor in what is deployed. */

const ROOT = join(import.meta.dirname, "../../..");

const FORMS: Record<string, RegExp> = {
  "a private key": /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/,
  "a JWT": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  "an access key of AWS": /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  "a token of GitHub": /\b(?:gh[pousr]_\w{36,}|github_pat_\w{60,})/,
  "a key of Stripe": /\b[rs]k_(?:live|test)_\w{16,}/,
  "a token of Slack": /\bxox[abprs]-[\w-]{10,}/,
  "a key of Google": /\bAIza[\w-]{35}\b/,
  "a token of Sentry or Cloudflare": /\b(?:sntry[su]_|cfut_|cfat_)[\w-]{20,}/,
  "a DSN with a password": /\b\w+:\/\/[^\s/:@"'`$<]+:[^\s/@"'`$<{]+@[\w.-]+/,
  "a named secret": /(?:secret|token|password|pepper|api_?key)["'\]]*\s*[:=]\s*["'`]((?:k\d:)?[\w-]{32,})["'`]/i,
};
/** 128 bits in base64url are spread over more characters than a name, a hash's label or a filler is. */
const FEWEST_DISTINCT = 18;

/** What of a text is a secret, by what it is. */
function findSecrets(text: string): string[] {
  return Object.entries(FORMS).flatMap(([what, form]) => {
    const found = form.exec(text);
    if (!found) return [];
    const value = found[1];
    return value !== undefined && new Set(value).size < FEWEST_DISTINCT ? [] : [`${what}: ${found[0].slice(0, 24)}`];
  });
}

/** Made up for the tests, where a random one would make a failure hard to repeat. They guard nothing. */
const OF_TESTS: Record<string, string> = {
  "vitest.config.ts": "the secrets of the Worker in the tests",
  "test/unit/http/settings.test.ts": "secrets that settings are read from",
};

const git = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
const tracked = git.stdout.split("\0").filter((file) => file !== "");

describe("a secret", () => {
  // In parts, so that this file has none itself.
  it.each<[string, string[]]>([
    ["a private key", ["-----BEGIN EC ", "PRIVATE KEY-----"]],
    ["a JWT", ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"]],
    ["an access key of AWS", ["AKIA", "IOSFODNN7EXAMPLE"]],
    ["a token of GitHub", ["ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"]],
    ["a key of Stripe", ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"]],
    ["a token of Slack", ["xoxb-", "123456789012-abcdefghij"]],
    ["a key of Google", ["AIza", "SyA1234567890abcdefghijklmnopqrstuv"]],
    ["a token of Sentry or Cloudflare", ["cfut_", "4eC39HqLyjWDarjtT1zdp7dc99"]],
    ["a DSN with a password", ["https://ann:", "hunter2@db.example"]],
    ["a named secret", ["SETUP_TOKEN=", '"w5TzKp8RqXnB3vYc7LmD2sGhJ9aFeUoPiQxWtMrV6k4"']],
    ["a named secret", ["password: ", "'w5TzKp8RqXnB3vYc7LmD2sGhJ9aFeUoPiQxWtMrV6k4'"]],
  ])("is found: %s", (what, parts) => {
    expect(findSecrets(`before ${parts.join("")} after`).map((one) => one.split(":")[0])).toContain(what);
  });

  it.each([
    'token: "a-name-that-is-a-token-of-nothing-at-all"',
    "const token = newRefreshToken(now);",
    "https://ann@till.example",
    'password_hash: "$scrypt$ln=14"',
  ])("is not seen where there is none: %s", (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it("is in no file of the repository but those of the tests", () => {
    expect(tracked.length).toBeGreaterThan(300);
    const found = tracked
      .filter((file) => !(file in OF_TESTS) && !/\.(?:png|jpg|woff2?)$/.test(file))
      .flatMap((file) => findSecrets(readFileSync(join(ROOT, file), "utf8")).map((what) => `${file}: ${what}`));
    expect(found).toEqual([]);
    for (const file of Object.keys(OF_TESTS))
      expect(findSecrets(readFileSync(join(ROOT, file), "utf8"))).not.toEqual([]);
  });

  it("has no file of its own in the repository", () => {
    expect(
      tracked.filter((file) => /(?:^|\/)(?:\.dev\.vars|\.env)(?:\.|$)|\.(?:pem|key|p12|sqlite3?)$/.test(file)),
    ).toEqual([]);
    const ignored = spawnSync("git", ["check-ignore", ".dev.vars", ".env", ".wrangler"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(ignored.stdout.trim().split("\n")).toEqual([".dev.vars", ".env", ".wrangler"]);
  });
});

describe("what is deployed", () => {
  let files: [string, string][] = [];

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "regal-bundle-"));
    try {
      const [command = "", ...args] = wranglerCommand("deploy", "--dry-run", "--outdir", folder);
      const done = spawnSync(command, args, {
        cwd: ROOT,
        env: wranglerEnvironment(join(folder, "logs")),
        encoding: "utf8",
      });
      expect(done.status, done.stderr).toBe(0);
      files = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, readFileSync(join(folder, name), "utf8")]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it("has no secret in it, nor a local one", () => {
    expect(files.map(([name]) => name)).toContain("index.js");
    const local = spawnSync("cat", [".dev.vars"], { cwd: ROOT, encoding: "utf8" }).stdout;
    const secrets = [...local.matchAll(/="(?:k\d+:)?([\w-]{32,})"/g)].map(([, value = ""]) => value);
    for (const [name, text] of files) {
      expect(findSecrets(text), name).toEqual([]);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it("has nothing of the tests, the demo or this machine in it", () => {
    const code = files.filter(([name]) => name.endsWith(".js")).map(([, text]) => text);
    expect(code).toHaveLength(1);
    for (const word of ["vitest", "fast-check", "REGAL_DEMO", ROOT]) {
      expect(
        code.map((text) => text.includes(word)),
        word,
      ).toEqual([false]);
    }
  });
});
