import { randomInt } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What this machine remembers of the demo in a state folder: a seeding cut off in the middle goes on from it. */
export type DemoState = { password: string; seeded: boolean };

// Without 0, 1, I, L, O and U: nothing that is misread, and no words.
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** A password of 122 random bits that can be read aloud. */
export function makePassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

export function readDemoState(state_dir: string): DemoState | null {
  const file = demoFile(state_dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DemoState) : null;
}

export function writeDemoState(state_dir: string, state: DemoState): void {
  writeFileSync(demoFile(state_dir), `${JSON.stringify(state)}\n`, { mode: 0o600 });
}

export function forgetDemoState(state_dir: string): void {
  rmSync(demoFile(state_dir), { force: true });
}

function demoFile(state_dir: string): string {
  return join(state_dir, "demo.json");
}
