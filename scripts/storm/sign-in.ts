import { Client } from "../bench/load.ts";
import type { Progress } from "../bench/progress.ts";
import type { Server } from "../bench/server.ts";
import { percentile } from "../bench/statistics.ts";
import { countStatuses, type Finding } from "./finding.ts";
import { addressOf, type Attempt, PASSWORD, type Stores, tryPassword } from "./people.ts";

const ATTEMPTS = 10_000;
const SIDE_BY_SIDE = 50;
const OTHER_EVERY = 500;
const FAILURES_PER_MINUTE = 10;
const ATTEMPTS_PER_MINUTE = 100;
const OTHER_ADDRESS = "203.0.113.9";
const ONE_ADDRESS = "203.0.113.66";

/** Guesses at one name from ten thousand addresses, while another user signs in. */
export async function guessFromManyAddresses(server: Server, { victim, other }: Stores, progress: Progress) {
  const guess = (client: Client, index: number) =>
    tryPassword(client, victim.username, `wrong password ${String(index)}`, addressOf(index));
  const storm = await runStorm(server, "Guessing at one name from many addresses", guess, other.username, progress);
  const client = new Client(server.regal);
  const right = await tryPassword(client, victim.username, PASSWORD, addressOf(ATTEMPTS));
  client.close();
  const counted = storm.guesses.filter(({ status }) => status === 401).length;
  const allowed = FAILURES_PER_MINUTE * (1 + storm.minutes);
  return [
    {
      what: "one name, many addresses",
      figures: [
        ...storm.figures,
        `looked at and wrong: ${String(counted)}, allowed in that time: ${allowed.toFixed(1)}`,
        `the right password straight after: ${String(right.status)} (used up, whoever asks)`,
      ],
      held: counted <= allowed && storm.onlyRefusals && storm.othersIn && right.status === 429,
    },
  ] satisfies Finding[];
}

/** Guesses at ten thousand names from one address, while another user signs in from elsewhere. */
export async function guessFromOneAddress(server: Server, { other }: Stores, progress: Progress) {
  const guess = (client: Client, index: number) =>
    tryPassword(client, `name-${String(index)}`, "wrong password", ONE_ADDRESS);
  const storm = await runStorm(server, "Guessing at many names from one address", guess, other.username, progress);
  const looked = storm.guesses.filter(({ status }) => status === 401).length;
  const allowed = ATTEMPTS_PER_MINUTE * (1 + storm.minutes);
  return [
    {
      what: "one address, many names",
      figures: [
        ...storm.figures,
        `looked at and wrong: ${String(looked)}, allowed in that time: ${allowed.toFixed(1)}`,
      ],
      held: looked <= allowed && storm.onlyRefusals && storm.othersIn,
    },
  ] satisfies Finding[];
}

async function runStorm(
  server: Server,
  title: string,
  guess: (client: Client, index: number) => Promise<Attempt>,
  otherUser: string,
  progress: Progress,
) {
  const client = new Client(server.regal);
  const guesses: Attempt[] = [];
  const others: Attempt[] = [];
  const startedAt = performance.now();
  for (let first = 0; first < ATTEMPTS; first += SIDE_BY_SIDE) {
    const batch = Array.from({ length: SIDE_BY_SIDE }, (_, index) => guess(client, first + index));
    const between = first % OTHER_EVERY === 0 ? tryPassword(client, otherUser, PASSWORD, OTHER_ADDRESS) : null;
    guesses.push(...(await Promise.all(batch)));
    if (between) others.push(await between);
    progress(title, first / ATTEMPTS);
  }
  client.close();
  const minutes = (performance.now() - startedAt) / 60_000;
  const statuses = guesses.map(({ status }) => status);
  const refusedMs = guesses.filter(({ status }) => status === 429).map(({ took_ms }) => took_ms);
  const figures = [
    `${ATTEMPTS.toLocaleString("en")} guesses in ${(minutes * 60).toFixed(1)} s, ${String(SIDE_BY_SIDE)} side by side: ${countStatuses(statuses)}`,
    `a refusal took ${percentile(refusedMs, 0.5).toFixed(1)} ms (p50)`,
    `meanwhile another user signed in ${String(others.length)} times: ${countStatuses(others.map(({ status }) => status))}`,
  ];
  return {
    guesses,
    minutes,
    figures,
    onlyRefusals: statuses.every((status) => status === 401 || status === 429),
    othersIn: others.every(({ status }) => status === 200),
  };
}
