import { env } from "cloudflare:workers";
import type { Answer, ProblemBody } from "../../support/api.ts";

/**
 * Races are run in rounds, each from a fresh start: `RACE_ROUNDS=100 npx vitest run --project worker test/worker/races`
 * runs that many. What came of the attempts is counted and told, because a race in which nobody lost was none.
 */
export const ROUNDS = Number(env.RACE_ROUNDS) || 10;
export const TIMEOUT_MS = 30_000 + ROUNDS * 2000;

/** What came of attempts: how many were answered `201`, `409 over_refund`, `200 replayed`. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(answer: Answer): void {
    const outcome = outcomeOf(answer);
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  count(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** The outcomes that came, sorted: nothing else may have. */
  get outcomes(): string[] {
    return [...this.#counts.keys()].toSorted();
  }

  toString(): string {
    const counts = [...this.#counts].map(([outcome, count]) => `${String(count)} x ${outcome}`);
    return `${String(ROUNDS)} rounds: ${counts.join(", ")}`;
  }
}

function outcomeOf({ status, body, headers }: Answer): string {
  if (status >= 400) return `${String(status)} ${(body as ProblemBody).code}`;
  return headers.has("Idempotency-Replayed") ? `${String(status)} replayed` : String(status);
}

/** Whether it was done now, and not told again. */
export function isFresh(answer: Answer): boolean {
  return answer.status < 300 && !answer.headers.has("Idempotency-Replayed");
}
