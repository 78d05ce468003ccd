import { Client } from "../bench/load.ts";
import type { Progress } from "../bench/progress.ts";
import type { Server } from "../bench/server.ts";
import { percentile } from "../bench/statistics.ts";
import type { Finding } from "./finding.ts";
import { addressOf, type Stores, tryPassword } from "./people.ts";

const PAIRS = 60;
/** One name is asked so often a minute before it is limited, so the known name's failures are spread over users. */
const FIRST_HOST = 40_000;

/** Times of a wrong password for a name that exists and for one that does not, by turns. */
export async function compareTimes(server: Server, stores: Stores, progress: Progress): Promise<Finding[]> {
  const client = new Client(server.regal);
  const known: number[] = [];
  const unknown: number[] = [];
  const names = [stores.victim.username, stores.other.username, "admin"];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    progress("Timing known and unknown names", pair / PAIRS);
    const name = names[pair % names.length] ?? "";
    const asks = [
      async () => time(known, client, name, pair * 2),
      async () => time(unknown, client, `nobody-${String(pair)}`, pair * 2 + 1),
    ];
    for (const ask of pair % 2 === 0 ? asks : asks.toReversed()) await ask();
  }
  client.close();
  return [
    {
      what: "time of a wrong password, known and unknown names by turns",
      figures: [
        `known:   ${describe(known)}`,
        `unknown: ${describe(unknown)}`,
        `Mann-Whitney: the known name took longer in ${(100 * shareLonger(known, unknown)).toFixed(0)} % of all pairs (50 % tells nothing)`,
      ],
      held: null,
    },
  ];
}

async function time(into: number[], client: Client, username: string, host: number): Promise<void> {
  const { status, took_ms } = await tryPassword(client, username, "wrong password", addressOf(FIRST_HOST + host));
  if (status === 401) into.push(took_ms);
}

function describe(values: readonly number[]): string {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => percentile(values, share).toFixed(1));
  return `${String(values.length)} times, p10 ${String(low)}, p50 ${String(middle)}, p90 ${String(high)} ms`;
}

/** Of all pairs of one value of each, the share in which the first is the greater; halves for equals. */
function shareLonger(a: readonly number[], b: readonly number[]): number {
  const wins = a.flatMap((one) => b.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
  return wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
}
