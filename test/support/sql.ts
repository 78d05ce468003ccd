/** A token of SQL with its place in the text it was read from. Comments and white space give no token. */
export interface Token {
  readonly kind: "word" | "string" | "mark";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[\s\S]/gu;

/** Reads SQL into tokens; a bracket or a semicolon inside a string or a comment is never a mark. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0];
    if (/^(?:\s|--|\/\*)/u.test(text)) continue;
    const kind = text.startsWith("'") ? "string" : /^\w/u.test(text) ? "word" : "mark";
    tokens.push({ kind, text, start: match.index, end: match.index + text.length });
  }
  return tokens;
}

/** Tells whether a token is one of these words (upper case), whatever its own case. */
export function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toUpperCase());
}

/** The text of a string token without its quotes. */
export function unquote(token: Token): string {
  return token.text.slice(1, -1).replaceAll("''", "'");
}

/**
 * Splits tokens at a mark that stands outside every bracket, BEGIN and CASE. The mark goes with the part it ends,
 * when `keepMark` is set: a statement is removed with its semicolon, a table's item without its comma.
 */
export function splitAt(tokens: readonly Token[], mark: string, keepMark = false): Token[][] {
  const parts: Token[][] = [];
  let part: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(" || isWord(token, "BEGIN", "CASE")) depth += 1;
    if (token.text === ")" || isWord(token, "END")) depth -= 1;
    const ends = depth === 0 && token.text === mark;
    if (!ends || keepMark) part.push(token);
    if (!ends) continue;
    parts.push(part);
    part = [];
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** The tokens between the bracket that opens at `open` and the one that closes it, and the place of the latter. */
export function inBrackets(tokens: readonly Token[], open: number): { inner: Token[]; close: number } {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.text === "(") depth += 1;
    if (tokens[at]?.text === ")") depth -= 1;
    if (depth === 0) return { inner: tokens.slice(open + 1, at), close: at };
  }
  throw new Error(`a bracket is not closed after: ${tokens[open - 1]?.text ?? "the start"}`);
}
