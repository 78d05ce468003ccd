import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

const SECRETS: Record<string, () => string> = {
  ACCESS_TOKEN_KEYS: () => `k1:${randomSecret()}`,
  SETUP_TOKEN: randomSecret,
  PASSWORD_PEPPER: randomSecret,
};

/** 32 random bytes in base64url. */
function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

export type DevVars = {
  setup_token: string;
  /** The names that were missing and have been made. */
  made: string[];
};

/**
 * Makes sure the local secrets are there: writes the file, readable by its owner alone, or adds the names it lacks.
 * What a person wrote stays as it is.
 */
export function ensureDevVars(file: string): DevVars {
  const written = existsSync(file) ? readFileSync(file, "utf8") : "";
  const known = parseEnv(written);
  const made = Object.entries(SECRETS).filter(([name]) => !known[name]);
  if (made.length > 0) {
    const lines = made.map(([name, make]) => `${name}="${make()}"\n`);
    const gap = written === "" || written.endsWith("\n") ? "" : "\n";
    writeFileSync(file, written + gap + lines.join(""), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  const setup_token = parseEnv(readFileSync(file, "utf8"))["SETUP_TOKEN"];
  if (!setup_token) throw new Error(`${file} has no SETUP_TOKEN`);
  return { setup_token, made: made.map(([name]) => name) };
}
