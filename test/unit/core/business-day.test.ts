import { describe, expect, test } from "vitest";
import { businessDate, isTimeZone } from "../../../src/core/business-day.ts";

test.each([
  ["at 02:00 with cutoff 04:00 it is still yesterday", "2026-11-23T02:00:00.000Z", "UTC", "04:00", "2026-11-22"],
  ["a minute before the cutoff", "2026-11-23T03:59:59.999Z", "UTC", "04:00", "2026-11-22"],
  ["at the cutoff", "2026-11-23T04:00:00.000Z", "UTC", "04:00", "2026-11-23"],
  ["midnight cutoff, last millisecond", "2026-11-23T23:59:59.999Z", "UTC", "00:00", "2026-11-23"],
  ["midnight cutoff, midnight", "2026-11-24T00:00:00.000Z", "UTC", "00:00", "2026-11-24"],
  ["a late cutoff", "2026-11-23T23:29:00.000Z", "UTC", "23:30", "2026-11-22"],
  ["back over a month", "2026-03-01T01:00:00.000Z", "UTC", "04:00", "2026-02-28"],
  ["back over a leap day", "2028-03-01T01:00:00.000Z", "UTC", "04:00", "2028-02-29"],
  ["back over a year", "2026-01-01T03:00:00.000Z", "UTC", "04:00", "2025-12-31"],
  ["a zone ahead", "2026-11-23T19:30:00.000Z", "Asia/Karachi", "00:00", "2026-11-24"], // 00:30, +05:00
  ["a zone behind", "2026-11-23T04:30:00.000Z", "America/New_York", "00:00", "2026-11-22"], // 23:30, -05:00
  ["a quarter of an hour", "2026-11-23T18:15:00.000Z", "Asia/Kathmandu", "00:00", "2026-11-24"], // 00:00, +05:45
  ["the last zone to see a day", "2026-11-23T10:30:00.000Z", "Pacific/Kiritimati", "00:00", "2026-11-24"], // 00:30, +14:00
  ["an offset in the text", "2026-11-23T02:00:00.000+03:00", "UTC", "00:00", "2026-11-22"],
])("%s", (_what, instant, timezone, cutoff, expected) => {
  expect(businessDate(instant, timezone, cutoff)).toBe(expected);
  expect(businessDate(new Date(instant), timezone, cutoff)).toBe(expected);
});

describe("where clocks change, the wall clock counts", () => {
  test.each([
    // London, 29 March 2026: 01:00 GMT becomes 02:00 BST.
    ["forward, before", "2026-03-29T00:59:59.999Z", "Europe/London", "02:00", "2026-03-28"],
    [
      "forward, a cutoff in the hour that is not there",
      "2026-03-29T01:00:00.000Z",
      "Europe/London",
      "01:30",
      "2026-03-29",
    ],
    ["forward, summer time", "2026-03-29T23:30:00.000Z", "Europe/London", "00:00", "2026-03-30"],
    // London, 25 October 2026: 02:00 BST becomes 01:00 GMT.
    ["back, first 01:30", "2026-10-25T00:30:00.000Z", "Europe/London", "02:00", "2026-10-24"],
    ["back, second 01:30", "2026-10-25T01:30:00.000Z", "Europe/London", "02:00", "2026-10-24"],
    ["back, 02:00", "2026-10-25T02:00:00.000Z", "Europe/London", "02:00", "2026-10-25"],
    // Lord Howe, 5 April 2026: 02:00 (+11:00) becomes 01:30 (+10:30).
    ["half an hour back", "2026-04-04T15:15:00.000Z", "Australia/Lord_Howe", "02:00", "2026-04-04"],
    // Samoa left out 30 December 2011.
    ["a day left out, the evening before", "2011-12-30T09:59:00.000Z", "Pacific/Apia", "00:00", "2011-12-29"],
    ["a day left out, the morning after", "2011-12-30T10:00:00.000Z", "Pacific/Apia", "00:00", "2011-12-31"],
  ])("%s", (_what, instant, timezone, cutoff, expected) => {
    expect(businessDate(instant, timezone, cutoff)).toBe(expected);
  });
});

test("what is no instant or no time zone is refused", () => {
  expect(() => businessDate("yesterday", "UTC", "00:00")).toThrow(RangeError);
  expect(() => businessDate("2026-11-23T00:00:00.000Z", "Mars/Olympus", "00:00")).toThrow(RangeError);
});

test.each(["UTC", "Europe/London", "Asia/Karachi", "America/Argentina/Buenos_Aires"])("%s is a time zone", (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each(["", "Mars/Olympus", "London", "+01:00", "-05:00", "Europe/London ", "GMT+99"])("%j is none", (name) => {
  expect(isTimeZone(name)).toBe(false);
});
