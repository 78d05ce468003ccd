import { breakCall, makeCall, type Maker, malformBody, tagOf } from "./cases.ts";
import { Failure } from "../support/failure.ts";
import { type Findings, nameOf } from "./findings.ts";
import { mendCall } from "./mend.ts";
import type { Person } from "./people.ts";
import { resourceOf } from "./pool.ts";
import { STARTERS } from "./starters.ts";
import type { Call, Judge, Judged, Operation } from "./prism.ts";

/** How often each asks, of six times. */
const TURNS = [0, 1, 0, 2, 0, 1] as const;
const RIGHT = 0.5;
const MALFORMED = 0.1;
const REPEATED = 0.05;
const KNOWN_BODY = 0.3;
const STARTER_ATTEMPTS = 20;
const KEPT_BODIES = 10;
const MENDED = 0.8;
const MENDABLE = new Set([404, 409, 422]);

export interface Scan extends Maker {
  judge: Judge;
  findings: Findings;
  /** Admin, cashier and who is not signed in. */
  people: readonly [Person, Person, Person];
  /** Bodies that were taken, by operation: the latest few. */
  taken: Map<Operation, unknown[]>;
}

interface Exchange {
  call: Call;
  person: Person;
  judged: Judged | null;
}

/** Asks each list once, so that what exists is known before anything is asked about it. */
export async function readLists(scan: Scan, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) {
    const needed = operation.request?.query?.some(({ required }) => required === true) ?? false;
    if (operation.method !== "get" || operation.path.includes("{") || needed) continue;
    await exchange(scan, operation, scan.people[0], {
      method: "get",
      url: { path: operation.path, query: {} },
      headers: {},
    });
  }
}

/** Sends each starter until it is taken, a few times at most: chance has a part in which records it is about. */
export async function sendStarters(scan: Scan, operations: readonly Operation[]): Promise<void> {
  for (const { operation: name, makeBody, path } of STARTERS) {
    const operation = operations.find((one) => nameOf(one) === name);
    if (!operation) throw new Failure(`scripts/contract/starters.ts: the document has no ${name}.`);
    let taken = false;
    for (let attempt = 0; attempt < STARTER_ATTEMPTS && !taken; attempt += 1) {
      const call = { ...makeCall(operation, scan, path), body: makeBody(scan.pool, scan.random) };
      const { judged } = await exchange(scan, operation, scan.people[0], call);
      taken = judged !== null && judged.output.statusCode < 300;
    }
    if (!taken) throw new Failure(`scripts/contract/starters.ts: ${name} is never taken.`);
  }
}

/** Sends an operation `cases` requests, right ones and broken ones, and has each answer judged. */
export async function scanOperation(scan: Scan, operation: Operation, cases: number): Promise<void> {
  let last: Exchange | null = null;
  for (let turn = 0; turn < cases; turn += 1) {
    const mended: Call | null = last && mendLast(scan, operation, last);
    const person: Person = mended && last ? last.person : scan.people[TURNS[turn % TURNS.length] ?? 0];
    last = await exchange(scan, operation, person, mended ?? nextCall(scan, operation, last));
  }
}

/** What was refused for what its body says is mended and sent again. */
function mendLast(scan: Scan, operation: Operation, last: Exchange): Call | null {
  const status = last.judged?.output.statusCode ?? 0;
  if (!MENDABLE.has(status) || !scan.random.chance(MENDED)) return null;
  return mendCall(operation, last.call, last.judged?.output.body, scan);
}

function nextCall(scan: Scan, operation: Operation, last: Exchange | null): Call {
  const { random } = scan;
  if (last && random.chance(REPEATED)) return last.call;
  const call = makeCall(operation, scan);
  const known = random.pick(scan.taken.get(operation) ?? []);
  if (known !== undefined && random.chance(KNOWN_BODY)) call.body = known;
  if (random.chance(RIGHT)) return call;
  return call.body !== undefined && random.chance(MALFORMED / (1 - RIGHT))
    ? malformBody(call, scan)
    : breakCall(operation, call, scan);
}

async function exchange(scan: Scan, operation: Operation, person: Person, made: Call): Promise<Exchange> {
  const token = await person.signIn();
  const { authorization: _, ...headers } = made.headers;
  const call: Call = { ...made, headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` } };
  try {
    const judged = await scan.judge(call);
    scan.findings.addAnswer(operation, person.name, call, judged);
    learn(scan, operation, person, call, judged);
    return { call, person, judged };
  } catch (error) {
    scan.findings.addSilence(operation, person.name, call, error);
    return { call, person, judged: null };
  }
}

function learn(scan: Scan, operation: Operation, person: Person, call: Call, { output }: Judged): void {
  const { pool, taken } = scan;
  const done = output.statusCode < 300;
  // Signing out, changing a password, deactivating or demoting oneself: what ends sessions stands under these.
  const mayEndSession = operation.method !== "get" && /^\/v1\/(auth|users|roles)\b/.test(operation.path);
  if (output.statusCode === 401 || (done && mayEndSession)) person.doubtSession();
  if (!done) return;
  pool.harvest(output.body, resourceOf(operation.path.replace(/\/\{[^}]+\}$/, "")));
  if (typeof call.body === "object") {
    taken.set(operation, [...(taken.get(operation) ?? []), call.body].slice(-KEPT_BODIES));
  }
  const tag = output.headers["etag"];
  if (tag !== undefined) pool.put(tagOf(operation), tag);
}
