/** What one request cost: counted where the calls are made, told in its log line. */
export class Meter {
  readonly round_trips = { d1: 0, do: 0, kv: 0 };
  rows_read = 0;
  rows_written = 0;
}
