// `node scripts/passwords/main.ts LIST`: writes src/modules/auth/common-password-list.ts from a JSON array of passwords, the
// commonest first (passwords.json of the npm package @zxcvbn-ts/language-common, MIT).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeFailure, Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";

const TARGET = join(ROOT, "src", "modules", "auth", "common-password-list.ts");
const KEPT = 10_000;
const MAX_LINE_LENGTH = 118;

const HEAD = `/**
 * The ${KEPT.toLocaleString("en")} commonest passwords, lower case, sorted: what people who guess try first. From the ranked list of the npm
 * package @zxcvbn-ts/language-common 4.1.3 (MIT), by scripts/passwords. Front coded: a capital says how many characters
 * a word shares with the one before it (A: none), and what follows is the rest; line feeds are nothing.
 */
export const FRONT_CODED = \``;

const TAIL = "`;\n";
/** What a capital from A to Z can say. */
const MOST_SHARED = 25;

function readWords(file: string | undefined): string[] {
  if (file === undefined) throw new Failure("Name the list: node scripts/passwords/main.ts passwords.json");
  const list = JSON.parse(readFileSync(file, "utf8")) as string[];
  // Those that would have to be escaped are left out: nobody's password is the worse for it.
  const words = list.slice(0, KEPT).filter((word) => !/[\s`\\$]/.test(word));
  return [...new Set(words.map((word) => word.toLowerCase()))].toSorted();
}

/** Of a sorted list, what each word does not share with the one before it. */
function frontCode(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const shared = countShared(words[at - 1] ?? "", word);
    return String.fromCodePoint("A".charCodeAt(0) + shared) + word.slice(shared);
  });
}

function countShared(before: string, word: string): number {
  let shared = 0;
  while (shared < Math.min(word.length, MOST_SHARED) && before[shared] === word[shared]) shared += 1;
  return shared;
}

function fillLines(parts: readonly string[]): string {
  const lines: string[] = [""];
  for (const part of parts) {
    const line = lines.at(-1) ?? "";
    if (line.length + part.length > MAX_LINE_LENGTH) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  return lines.join("\n");
}

try {
  writeFileSync(TARGET, HEAD + fillLines(frontCode(readWords(process.argv[2]))) + TAIL);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
