import type { Command } from "./steps.ts";

export const MAX_COMMANDS = 50;
export const MAX_BYTES = 256 * 1024;

/** Where a command of a batch comes from. */
export type Source = {
  invoice_no: string;
  type: Command["type"];
  /** The place of its invoice in the file, from 1. */
  place: number;
};

const encoder = new TextEncoder();

/** Commands on their way to one POST /v1/sync/commands, as JSON text, bounded by count and bytes. */
export class Batch {
  readonly sources: Source[] = [];
  readonly #texts: string[] = [];
  #bytes = 0;
  readonly #terminalId: string;

  constructor(terminalId: string) {
    this.#terminalId = terminalId;
    this.#bytes = bytesOf(this.toBody());
  }

  /** Takes the command in if there is room; a command alone always has room. */
  add(command: Command & { seq: number }, source: Source): boolean {
    const text = JSON.stringify(command);
    const bytes = bytesOf(text) + 1;
    const full = this.sources.length === MAX_COMMANDS || this.#bytes + bytes > MAX_BYTES;
    if (full && this.sources.length > 0) return false;
    this.#texts.push(text);
    this.sources.push(source);
    this.#bytes += bytes;
    return true;
  }

  toBody(): string {
    return `{"terminal_id":${JSON.stringify(this.#terminalId)},"commands":[${this.#texts.join(",")}]}`;
  }
}

/** In UTF-8, as it is sent. */
function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
