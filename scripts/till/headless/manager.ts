import type { ApiCall } from "../../support/api-exchange.ts";
import { IN_THE_BACKGROUND, type ClientOptions, type Outcome } from "../client.ts";
import { expectDone, Session, SessionEnded } from "../session.ts";
import type { Page } from "../wire.ts";

/** The manager who prepares a run and looks it over. */
export class Manager {
  readonly #session: Session;
  readonly #username: string;
  readonly #password: string;

  constructor(client: ClientOptions, username: string, password: string) {
    this.#session = new Session(client);
    this.#username = username;
    this.#password = password;
  }

  /** Asks; a session that has ended is begun anew. */
  async ask<T>(call: ApiCall): Promise<Outcome<T>> {
    if (!this.#session.isOpen) await this.#session.signInByPassword(this.#username, this.#password);
    try {
      return await this.#session.ask<T>(call, IN_THE_BACKGROUND);
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      await this.#session.signInByPassword(this.#username, this.#password);
      return this.#session.ask<T>(call, IN_THE_BACKGROUND);
    }
  }

  /** Throws a Failure for anything but success. */
  async expect<T>(call: ApiCall, what: string): Promise<T> {
    return expectDone(await this.ask<T>(call), what);
  }

  async get<T>(path: string): Promise<T> {
    return this.expect<T>({ method: "GET", path }, `GET ${path}`);
  }

  /** Every record of a list, page after page. */
  async list<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
    const records: T[] = [];
    let cursor: string | null = null;
    do {
      const asked = new URLSearchParams({ ...query, limit: "200", ...(cursor === null ? {} : { cursor }) });
      const page: Page<T> = await this.get<Page<T>>(`${path}?${asked.toString()}`);
      records.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return records;
  }
}
