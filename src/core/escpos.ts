import { encodeText, FIRST_PAGE } from "./code-pages.ts";

/**
 * Bytes for a receipt printer: the few commands of Epson's ESC/POS Command Reference that a bill needs, which printers of
 * other makers know too. Text reaches the printer through `line` alone, as bytes of 0x20 and above: it can't command.
 */

const [LF, ESC, FS, GS] = [0x0a, 0x1b, 0x1c, 0x1d];

/** The longest text that function 180 of GS ( k takes. */
const MAX_QR_BYTES = 7089;

export class PrinterBytes {
  readonly #bytes: number[] = [];
  #page = FIRST_PAGE;

  /** Begins with ESC @: as the printer is when switched on, whatever was printed before; one byte is one character. */
  constructor() {
    // FS . ends the mode of Asian models in which bytes above ASCII are halves of characters; ESC R 0 is for those
    // that are set to put a yen or a won in the place of the backslash.
    this.#add(ESC, 0x40).#add(FS, 0x2e).#add(ESC, 0x52, 0).#add(ESC, 0x74, FIRST_PAGE);
  }

  /** A line of text: ESC t before characters of another table; what no table has becomes a question mark. */
  line(text: string): this {
    for (const { page, bytes } of encodeText(text, this.#page)) {
      if (page !== this.#page) this.#add(ESC, 0x74, page);
      this.#page = page;
      this.#add(...bytes);
    }
    return this.#add(LF);
  }

  /** ESC E: bold. */
  strong(on: boolean): this {
    return this.#add(ESC, 0x45, on ? 1 : 0);
  }

  /** ESC a: of all lines that follow. */
  align(side: "left" | "centre"): this {
    return this.#add(ESC, 0x61, side === "centre" ? 1 : 0);
  }

  /** ESC p: opens the drawer at pin 2, by 50 ms of current and half a second without. */
  openDrawer(): this {
    return this.#add(ESC, 0x70, 0, 25, 250);
  }

  /**
   * GS ( k, functions 165, 167, 169, 180 and 181: a QR code, model 2, of 6 dots a module, that stands 15 % of damage.
   * RangeError when the text is longer than it can hold.
   */
  qrCode(text: string): this {
    const data = new TextEncoder().encode(text);
    if (data.length > MAX_QR_BYTES) throw new RangeError(`a QR code does not hold ${String(data.length)} bytes`);
    return this.#qr(0x41, 50, 0)
      .#qr(0x43, 6)
      .#qr(0x45, 49)
      .#qr(0x50, 48, ...data)
      .#qr(0x51, 48);
  }

  /** GS V B 0: feeds what was printed past the knife and cuts, but for one point. */
  cut(): this {
    return this.#add(GS, 0x56, 0x42, 0);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  #qr(fn: number, ...parameters: number[]): this {
    const length = parameters.length + 2;
    return this.#add(GS, 0x28, 0x6b, length % 256, Math.trunc(length / 256), 0x31, fn, ...parameters);
  }

  #add(...bytes: number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }
}
