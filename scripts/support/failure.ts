/** A failure a person can mend: its message says what is wrong and what to do, so no stack trace is shown. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** One line for any thrown value; a stack trace only for what is a fault of ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
