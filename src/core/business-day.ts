/** Business days: from one cutoff to the next, named by the date on which they began. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Kept by time zone: to make one costs a hundred times what using it does. Stores bound how many there are. */
function formatFor(timezone: string): Intl.DateTimeFormat {
  const cached = formats.get(timezone);
  if (cached) return cached;
  const format = newFormat(timezone);
  formats.set(timezone, format);
  return format;
}

function newFormat(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** Whether the name is an IANA time zone, as the runtime knows them. A bare offset ("+01:00") has no rules and is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    newFormat(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The business day (YYYY-MM-DD) of an instant (ISO 8601 with its offset), by the store's wall clock: what is before
 * the cutoff (HH:MM) belongs to the day before. RangeError for an instant or time zone that is none.
 */
export function businessDate(instant: string | Date, timezone: string, dayCutoff: string): string {
  const parts = formatFor(timezone).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const date = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  return `${part("hour")}:${part("minute")}` < dayCutoff ? dayBefore(date) : date;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
