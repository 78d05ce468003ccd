const MOST_KEPT = 200;

/** What a person has to look at, a bounded list of it and how much there is in all. */
export class Findings {
  readonly #kept: string[] = [];
  count = 0;

  add(line: string): void {
    this.count += 1;
    if (this.#kept.length < MOST_KEPT) this.#kept.push(line);
  }

  /** The list under its title; nothing where nothing was found. */
  describe(title: string): string[] {
    if (this.count === 0) return [];
    const left = this.count - this.#kept.length;
    const more = left > 0 ? [`  and ${String(left)} more`] : [];
    return [`${title}:`, ...this.#kept.map((line) => `  ${line}`), ...more];
  }
}
