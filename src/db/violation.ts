/** A statement that a constraint of the schema refused; `constraint` is the name by which the schema knows it. */
export class Violation extends Error {
  readonly constraint: string;
  constructor(constraint: string, cause: unknown) {
    super(`refused by ${constraint}`, { cause });
    this.name = "Violation";
    this.constraint = constraint;
  }
}

/** The database could not answer: nothing is known to be wrong with the request. */
export class Unavailable extends Error {
  /** True when the batch may have been committed all the same. */
  readonly outcome_unknown: boolean;
  constructor(outcomeUnknown: boolean, cause: unknown) {
    super(outcomeUnknown ? "the outcome of a batch is not known" : "the database is out of reach", { cause });
    this.name = "Unavailable";
    this.outcome_unknown = outcomeUnknown;
  }
}

const CONSTRAINT_FORMS = [
  /CHECK constraint failed: (\w+)/,
  /UNIQUE constraint failed: index '(\w+)'/,
  /UNIQUE constraint failed: (\w+\.\w+)/,
  /(FOREIGN KEY) constraint failed/,
  /(NOT NULL) constraint failed/,
  // RAISE(ABORT, 'name') in a trigger.
  /(?:^|: )(\w+): SQLITE_CONSTRAINT/,
];

// Messages after which D1 itself says a write may be sent again (docs/adr/0003).
const TRANSIENT =
  /Network connection lost|reset because its code was updated|storage caused object to be reset|Cannot resolve D1 DB due to transient issue/;

const OVERLOADED = /overloaded|exceeded timeout|out of memory|exceeded its CPU|too many requests queued/i;

export function isTransient(error: unknown): boolean {
  return error instanceof Error && TRANSIENT.test(error.message);
}

/**
 * Names a database error without repeating its text, which may hold parameters (personal data).
 * Returns a Violation, an Unavailable, or the error itself when it is a mistake of ours.
 */
export function classifyError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  for (const form of CONSTRAINT_FORMS) {
    const name = form.exec(message)?.[1];
    if (name !== undefined) return new Violation(name, error);
  }
  if (TRANSIENT.test(message)) return new Unavailable(true, error);
  if (OVERLOADED.test(message)) return new Unavailable(false, error);
  return error instanceof Error ? error : new Error("unknown database error", { cause: error });
}
