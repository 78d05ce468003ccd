import { Failure } from "../support/failure.ts";
import type { ApiCall, ApiProblem } from "../support/api-exchange.ts";
import type { Profile } from "../../src/modules/auth/schemas.ts";
import { askApi, AT_THE_COUNTER, type ClientOptions, type Outcome, type Patience } from "./client.ts";

/** Who works at the till: signed in by name and PIN, renewed by the refresh token, in memory alone. */

type Tokens = { access_token: string; refresh_token: string; expires_in: number; user: Profile };

/** The cashier has to type the PIN again; nothing that is written down is lost by it. */
export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
  /** Whether what was asked can't have been carried out. */
  readonly certain: boolean;
  constructor(certain: boolean, message = "The session has ended: sign in again (signin NAME).") {
    super(message);
    this.certain = certain;
  }
}

/** What a till's commands are sent with. */
export class Session {
  readonly client: ClientOptions;
  #tokens: Tokens | null = null;

  constructor(client: ClientOptions) {
    this.client = client;
  }

  get isOpen(): boolean {
    return this.#tokens !== null;
  }

  /** Signs in by PIN at a paired till. Throws a Failure with what the API said, or that it is out of reach. */
  async signInByPin(deviceToken: string, username: string, pin: string): Promise<Profile> {
    const headers = { "X-Device-Token": deviceToken };
    return this.#signIn({ method: "POST", path: "/v1/auth/pin", body: { username, pin }, headers });
  }

  /** Signs in by password, in a store or at headquarters. Throws a Failure. */
  async signInByPassword(username: string, password: string): Promise<Profile> {
    return this.#signIn({ method: "POST", path: "/v1/auth/login", body: { username, password } });
  }

  async #signIn(call: ApiCall): Promise<Profile> {
    const outcome = await askApi<Tokens>(this.client, call, { patience: { ...AT_THE_COUNTER, retries: 4 } });
    const tokens = expectDone(outcome, "Signing in");
    this.#tokens = tokens;
    return tokens.user;
  }

  /** Ends the session, here and, where it is in reach, at the server. */
  async signOut(): Promise<void> {
    const tokens = this.#tokens;
    this.#tokens = null;
    if (tokens === null) return;
    const patience = { ...AT_THE_COUNTER, retries: 0 };
    await askApi(this.client, { method: "POST", path: "/v1/auth/logout" }, { token: tokens.access_token, patience });
  }

  /** Asks as whoever is signed in; a session that has run out is renewed. Throws SessionEnded. */
  async ask<T>(call: ApiCall, patience: Patience = AT_THE_COUNTER): Promise<Outcome<T>> {
    if (this.#tokens === null) throw new SessionEnded(true, "Nobody is signed in: sign in first (signin NAME).");
    const outcome = await askApi<T>(this.client, call, { token: this.#tokens.access_token, patience });
    if (outcome.kind !== "refused" || outcome.status !== 401) return outcome;
    const { certain } = outcome;
    const renewed = await this.#renew(this.#tokens, patience, certain);
    if (renewed === null)
      return { kind: "unreached", unheard: certain, status: null, reason: "the session can't be renewed" };
    const again = await askApi<T>(this.client, call, { token: renewed.access_token, patience });
    if (again.kind === "done") return again;
    if (again.kind === "unreached") return { ...again, unheard: again.unheard && certain };
    if (again.status !== 401) return { ...again, certain: again.certain && certain };
    this.#tokens = null;
    throw new SessionEnded(again.certain && certain);
  }

  /** As `ask`, of what can't be told apart from success by the caller: throws a Failure for anything else. */
  async expect<T>(call: ApiCall, what: string, patience?: Patience): Promise<T> {
    return expectDone(await this.ask<T>(call, patience), what);
  }

  /**
   * A refresh token is good for one use, so it is sent once: half heard, the session has ended, and the PIN is asked for.
   * Null where the API can't have heard it.
   */
  async #renew({ refresh_token }: Tokens, patience: Patience, certain: boolean): Promise<Tokens | null> {
    const call = { method: "POST", path: "/v1/auth/refresh", body: { refresh_token } } as const;
    const outcome = await askApi<Tokens>(this.client, call, { patience: { ...patience, retries: 0 } });
    if (outcome.kind === "unreached" && outcome.unheard) return null;
    this.#tokens = outcome.kind === "done" ? outcome.body : null;
    if (this.#tokens === null) throw new SessionEnded(certain);
    return this.#tokens;
  }
}

/** Nobody answered. */
export class Unreached extends Failure {}

/** The body of an answer. Throws a Failure that says what the API said, or that it said nothing. */
export function expectDone<T>(outcome: Outcome<T>, what: string): T {
  if (outcome.kind === "done") return outcome.body;
  if (outcome.kind === "unreached") throw new Unreached(`${what} was given up: ${outcome.reason}.`);
  throw new Failure(`${what} was refused: ${describeProblem(outcome.problem)}`);
}

/** A refusal as a person reads it. */
export function describeProblem({ code, detail, errors = [] }: ApiProblem): string {
  const more = errors.slice(0, 5).map((error) => `${error.pointer} ${error.detail}`);
  const told = more.filter((line) => !detail.includes(line));
  return [`${detail} (${code})`, ...told.map((line) => `  ${line}`)].join("\n");
}
