/** Commands on their way to POST /v1/sync/commands. */

export const MAX_COMMANDS = 50;
export const MAX_BYTES = 256 * 1024;

const encoder = new TextEncoder();

/** Commands for one request, as JSON text, bounded by count and bytes; `sources` says where each comes from. */
export class SyncBatch<Source> {
  readonly sources: Source[] = [];
  readonly #texts: string[] = [];
  #bytes = 0;
  readonly #terminalId: string;
  readonly #mostCommands: number;

  constructor(terminalId: string, mostCommands = MAX_COMMANDS) {
    this.#terminalId = terminalId;
    this.#mostCommands = mostCommands;
    this.#bytes = bytesOf(this.toBody());
  }

  /** Takes the command in if there is room; a command alone always has room. */
  add(command: object, source: Source): boolean {
    const text = JSON.stringify(command);
    const bytes = bytesOf(text) + 1;
    const full = this.sources.length >= this.#mostCommands || this.#bytes + bytes > MAX_BYTES;
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
