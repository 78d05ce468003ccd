/**
 * Reads the bytes for a receipt printer back, as a printer does: by Epson's ESC/POS Command Reference. What is no command
 * that a bill may hold, and no character, throws.
 */

export type PrinterCommand =
  | { command: "initialize" }
  | { command: "cancel_kanji" }
  | { command: "character_set"; country: number }
  | { command: "code_page"; page: number }
  | { command: "align"; side: "left" | "centre" | "right" }
  | { command: "strong"; on: boolean }
  | { command: "drawer"; pin: 2 | 5; on_ms: number; off_ms: number }
  | { command: "qr"; fn: number; parameters: number[] }
  | { command: "cut"; full: boolean; feed: number }
  /** A line that was ended, in the code pages that its characters stand in. */
  | { command: "line"; text: string; strong: boolean };

/** ESC t: the tables of the TM printers by number, as the Encoding Standard names them. */
const PAGE_LABELS: Record<number, string> = {
  16: "windows-1252",
  17: "ibm866",
  45: "windows-1250",
  46: "windows-1251",
  47: "windows-1253",
  48: "windows-1254",
  49: "windows-1255",
  50: "windows-1256",
  51: "windows-1257",
  52: "windows-1258",
};

const STRICT = { fatal: true, ignoreBOM: false };

const [LF, ESC, FS, GS] = [0x0a, 0x1b, 0x1c, 0x1d];

export function readPrinterBytes(bytes: Uint8Array): PrinterCommand[] {
  return new Reader(bytes).read();
}

/** What is on the paper, line by line. */
export function linesOf(commands: readonly PrinterCommand[]): string[] {
  return commands.flatMap((one) => (one.command === "line" ? [one.text] : []));
}

/** The text of the QR codes that are printed. Each must be set up whole before it is. */
export function qrTextsOf(commands: readonly PrinterCommand[]): string[] {
  const functions = commands.filter((one) => one.command === "qr");
  const texts: string[] = [];
  let stored: string | null = null;
  for (const { fn, parameters } of functions) {
    if (fn === 80) stored = new TextDecoder("utf-8", STRICT).decode(Uint8Array.from(parameters.slice(1)));
    if (fn !== 81) continue;
    if (stored === null) throw new Error("a QR code is printed of which nothing is stored");
    texts.push(stored);
  }
  return texts;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #commands: PrinterCommand[] = [];
  #at = 0;
  /** Of the table that is set; until one is, a byte above ASCII may be anything. */
  #decoder: TextDecoder | null = null;
  #strong = false;
  #line: string | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): PrinterCommand[] {
    while (this.#at < this.#bytes.length) this.#readOne(this.#next());
    if (this.#line !== null) throw new Error("the last line is not ended: it stays in the printer");
    return this.#commands;
  }

  #readOne(byte: number): void {
    if (byte === ESC) this.#readEscape(this.#next());
    else if (byte === GS) this.#readGroup(this.#next());
    else if (byte === FS && this.#next() === 0x2e) this.#commands.push({ command: "cancel_kanji" });
    else if (byte === LF) this.#endLine();
    else if (byte >= 0x20 && byte !== 0x7f) this.#line = (this.#line ?? "") + this.#character(byte);
    else throw this.#unknown();
  }

  #readEscape(byte: number): void {
    switch (byte) {
      case 0x40:
        this.#decoder = null;
        this.#strong = false;
        this.#atLineStart({ command: "initialize" });
        break;
      case 0x52:
        this.#commands.push({ command: "character_set", country: this.#next() });
        break;
      case 0x74: {
        const page = this.#next();
        const label = PAGE_LABELS[page];
        if (label === undefined) throw new Error(`there is no table ${String(page)}`);
        this.#decoder = new TextDecoder(label, STRICT);
        this.#commands.push({ command: "code_page", page });
        break;
      }
      case 0x61:
        this.#atLineStart({ command: "align", side: choice(this.#next(), ["left", "centre", "right"]) });
        break;
      case 0x45:
        this.#strong = choice(this.#next(), [false, true]);
        this.#commands.push({ command: "strong", on: this.#strong });
        break;
      case 0x70:
        this.#commands.push({
          command: "drawer",
          pin: choice(this.#next(), [2, 5]),
          on_ms: this.#next() * 2,
          off_ms: this.#next() * 2,
        });
        break;
      default:
        throw this.#unknown();
    }
  }

  #readGroup(byte: number): void {
    if (byte === 0x56) {
      const mode = this.#next();
      if (mode !== 0x41 && mode !== 0x42) throw this.#unknown();
      this.#atLineStart({ command: "cut", full: mode === 0x41, feed: this.#next() });
    } else if (byte === 0x28 && this.#next() === 0x6b) {
      const length = this.#next() + this.#next() * 256;
      if (this.#next() !== 0x31) throw this.#unknown();
      const fn = this.#next();
      const parameters = Array.from({ length: length - 2 }, () => this.#next());
      this.#atLineStart({ command: "qr", fn, parameters });
    } else throw this.#unknown();
  }

  /** What a printer does only where nothing of a line stands in its buffer. */
  #atLineStart(command: PrinterCommand): void {
    if (this.#line !== null) throw new Error(`${command.command} within a line`);
    this.#commands.push(command);
  }

  #endLine(): void {
    this.#commands.push({ command: "line", text: this.#line ?? "", strong: this.#strong });
    this.#line = null;
  }

  #character(byte: number): string {
    const character = byte < 0x80 ? String.fromCharCode(byte) : (this.#decoder?.decode(Uint8Array.of(byte)) ?? "");
    if (character === "" || /\p{Cc}/u.test(character))
      throw new Error(`byte ${String(byte)} is no character of its table`);
    return character;
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error("the bytes end within a command");
    this.#at += 1;
    return byte;
  }

  #unknown(): Error {
    const around = this.#bytes.slice(Math.max(0, this.#at - 3), this.#at + 2);
    const shown = Array.from(around, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return new Error(`no command that a bill has: ${shown} at ${String(this.#at)}`);
  }
}

function choice<T>(value: number, values: readonly T[]): T {
  const chosen = values[value];
  if (chosen === undefined) throw new Error(`${String(value)} is none of its values`);
  return chosen;
}
