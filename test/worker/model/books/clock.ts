import { vi } from "vitest";

/** The time of a run: its own, so that a seed gives the same days whenever it is played. */

const START = Date.parse("2026-03-02T07:00:00.000Z");
const MINUTE_MS = 60_000;

export class Clock {
  #now = START;

  /** From here on it is the run's time, for the Worker too. */
  start(): void {
    vi.useFakeTimers({ toFake: ["Date"], now: this.#now });
  }

  stop(): void {
    vi.useRealTimers();
  }

  pass(minutes: number): void {
    this.#now += minutes * MINUTE_MS;
    vi.setSystemTime(this.#now);
  }

  /** The moment, so many minutes from now. */
  at(minutes = 0): string {
    return new Date(this.#now + minutes * MINUTE_MS).toISOString();
  }
}

export interface Calendar {
  timezone: string;
  day_cutoff: string;
}

/** The business day of a moment: its date by the shop's wall clock, had the clock been set back by the cutoff. */
export function businessDay(instant: string, { timezone, day_cutoff }: Calendar): string {
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const [hours = 0, minutes = 0] = day_cutoff.split(":").map(Number);
  const shown = Date.parse(`${wall.format(new Date(instant)).replace(" ", "T")}Z`);
  return new Date(shown - (hours * 60 + minutes) * MINUTE_MS).toISOString().slice(0, 10);
}
