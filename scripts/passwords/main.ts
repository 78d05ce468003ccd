// `node scripts/passwords/main.ts LIST`: writes src/modules/auth/common-passwords.ts from a JSON array of passwords, the
// commonest first (passwords.json of the npm package @zxcvbn-ts/language-common, MIT).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeFailure, Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";

const TARGET = join(ROOT, "src", "modules", "auth", "common-passwords.ts");
const KEPT = 10_000;
const MAX_LINE_LENGTH = 118;

const HEAD = `import { undoSwaps } from "./letter-swaps.ts";

/**
 * The ${KEPT.toLocaleString("en")} commonest passwords, lower case, sorted: what people who guess try first. From the ranked list of the npm
 * package @zxcvbn-ts/language-common 4.1.3 (MIT), by scripts/passwords. One text, split when it is first needed, so that
 * start-up pays for none of it; sorted, because that compresses best.
 */
export const COMMON_PASSWORDS = \``;

const TAIL = `\`;

let words: ReadonlySet<string> | undefined;

/** Whether a text in lower case is among them, or one with digits for letters. */
export function isCommonPassword(text: string): boolean {
  words ??= new Set(undoSwaps(COMMON_PASSWORDS).split(/\\s+/));
  return words.has(undoSwaps(text));
}
`;

function readWords(file: string | undefined): string[] {
  if (file === undefined) throw new Failure("Name the list: node scripts/passwords/main.ts passwords.json");
  const list = JSON.parse(readFileSync(file, "utf8")) as string[];
  // Those that would have to be escaped are left out: nobody's password is the worse for it.
  const words = list.slice(0, KEPT).filter((word) => !/[\s`\\$]/.test(word));
  return [...new Set(words.map((word) => word.toLowerCase()))].toSorted();
}

function fillLines(words: readonly string[]): string {
  const lines: string[] = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= MAX_LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

try {
  writeFileSync(TARGET, HEAD + fillLines(readWords(process.argv[2])) + TAIL);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
