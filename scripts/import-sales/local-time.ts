import { DateTime } from "luxon";

const BEGINS_WITH_DATE = /^\d{4}-\d{2}-\d{2}(?:$|[T ])/;
const ENDS_WITH_OFFSET = /[T ].*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * A time as a file writes it (ISO 8601, with `T` or a space) as UTC with milliseconds; null when it is none. Without
 * an offset it is the wall clock of the time zone: of an hour that comes twice the first is meant, and an hour that
 * the clock leaps over is counted on from before the leap.
 */
export function toInstant(text: string, timezone: string): string | null {
  if (!BEGINS_WITH_DATE.test(text)) return null;
  const time = DateTime.fromISO(text.replace(" ", "T"), { zone: timezone });
  if (!time.isValid) return null;
  // Of an hour that comes twice luxon takes the one whose offset is today's: another in summer than in winter.
  const [first = time] = ENDS_WITH_OFFSET.test(text) ? [] : time.getPossibleOffsets();
  return first.toUTC().toISO();
}
