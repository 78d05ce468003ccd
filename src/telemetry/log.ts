/** JSON lines for `wrangler tail`. Fields are named by the caller one by one, so nothing leaks by spreading. */
export function logLine(level: "info" | "warn" | "error", message: string, fields: Record<string, unknown>): void {
  const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  if (level === "error") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
}

/** An error as a log may hold it: its name and where it was thrown. Messages can carry parameters, so they stay out. */
export function describeError(error: unknown): { error: string; constraint?: string; stack?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split("\n").filter((line) => line.trimStart().startsWith("at ")) ?? [];
  const constraint =
    "constraint" in error && typeof error.constraint === "string" ? { constraint: error.constraint } : {};
  return { error: error.name, ...constraint, stack: frames.slice(0, 12).map((line) => line.trim()) };
}
