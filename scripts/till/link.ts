import { exchange, NoReply } from "../support/api-exchange.ts";

/** Whether the till speaks with the API: told to be offline, found it out of reach, or online. */

const PING_TIMEOUT_MS = 3_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

export class Link {
  readonly #base: string;
  #told = false;
  #reason: string | null = null;
  #tryAt = 0;
  #wait = FIRST_WAIT_MS;

  constructor(base: string) {
    this.#base = base;
  }

  get state(): "online" | "offline" | "out of reach" {
    if (this.#told) return "offline";
    return this.#reason === null ? "online" : "out of reach";
  }

  /** Why the API is out of reach. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Someone wants the till to be offline, or not any more; then it is tried at once. */
  tell(offline: boolean): void {
    this.#told = offline;
    this.#tryAt = 0;
    this.#wait = FIRST_WAIT_MS;
  }

  /** The API was asked and did not answer. */
  lose(reason: string): void {
    this.#reason = reason;
    this.#tryAt = Date.now() + this.#wait;
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
  }

  /** True when the API can be asked. Where it was out of reach it is tried again, not too often. */
  async isUp(): Promise<boolean> {
    if (this.#told) return false;
    if (this.#reason === null) return true;
    if (Date.now() < this.#tryAt) return false;
    try {
      const { status } = await exchange(
        this.#base,
        { method: "GET", path: "/health" },
        { timeout_ms: PING_TIMEOUT_MS },
      );
      if (status !== 200) throw new NoReply(`GET /health answered ${String(status)}`, true);
      this.#reason = null;
      this.#wait = FIRST_WAIT_MS;
      return true;
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      this.lose(error.message);
      return false;
    }
  }
}
