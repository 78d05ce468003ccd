/** Business days: from one cutoff to the next, named by the date on which they began. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timezone: string): Intl.DateTimeFormat {
  const cached = formats.get(timezone);
  if (cached) return cached;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(timezone, format);
  return format;
}

/** Whether the name is an IANA time zone, as the runtime knows them. */
export function isTimezone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The business day (YYYY-MM-DD) of an instant, by the store's wall clock: what is before the cutoff (HH:MM) belongs
 * to the day before.
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
