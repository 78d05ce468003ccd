import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Sale } from "../../../scripts/till/wire.ts";

/** A small API that keeps what it has carried out, once for each key, and fails as it is told to. */

export type FakeRequest = {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Record<string, unknown>;
};

/** What happens to a request: it is lost on its way, or its answer is, nobody says anything, or it is refused with these. */
export type Fault =
  | "lost"
  | "half_heard"
  | "silence"
  | { status: number; code: string; headers?: Record<string, string> }
  | null;

export type Kept = {
  key: string;
  type: string;
  body: Record<string, unknown>;
  seq: number | null;
  invoice_no: string | null;
};

export type FakeApi = {
  base: string;
  /** Every request that came, in order. */
  requests: FakeRequest[];
  /** What was carried out, in order. */
  kept: Kept[];
  /** Looked at for each request before anything else. */
  fault: (request: FakeRequest, count: number) => Fault;
  /** Answers of other paths than those of commands. */
  answers: Record<string, (request: FakeRequest) => { status?: number; body: unknown }>;
  /** Why a command is rejected; null where it is carried out. */
  reject: (body: Record<string, unknown>) => { code: string; detail: string } | null;
  stop: () => Promise<void>;
};

const PREFIX = "MAIN-01-";

export async function startFakeApi(): Promise<FakeApi> {
  const server = createServer((request, response) => {
    void answer(fake, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeApi = {
    base: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests: [],
    kept: [],
    fault: () => null,
    answers: { "/health": () => ({ body: { status: "ok" } }) },
    reject: () => null,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

async function answer(fake: FakeApi, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of incoming) text += String(chunk);
  const { url = "", method = "", headers } = incoming;
  const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const request = { method, path: url, headers, body };
  fake.requests.push(request);
  const fault = fake.fault(request, fake.requests.length);
  if (fault === "lost") {
    response.destroy();
    return;
  }
  if (fault === "silence") return;
  if (fault !== null && fault !== "half_heard") {
    send(response, fault.status, { code: fault.code, detail: `${fault.code} it is.` }, fault.headers);
    return;
  }
  const { status = 200, body: said, replayed = false } = carryOut(fake, request);
  if (fault === "half_heard") {
    response.destroy();
    return;
  }
  send(response, status, said, replayed ? { "Idempotency-Replayed": "true" } : {});
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", Date: new Date().toUTCString(), ...headers });
  response.end(JSON.stringify(body));
}

type Said = { status?: number; body: unknown; replayed?: boolean };

function carryOut(fake: FakeApi, request: FakeRequest): Said {
  const known = fake.answers[request.path] ?? fake.answers[request.path.split("?")[0] ?? ""];
  if (known) return known(request);
  if (request.path === "/v1/sync/commands") return { body: { results: sync(fake, request.body) } };
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return { status: 404, body: { code: "not_found", detail: request.path } };
  const refused = fake.reject(request.body);
  if (refused) return { status: 409, body: refused };
  const replayed = fake.kept.some((one) => one.key === key);
  const kept = keep(fake, { key, type: request.path, body: request.body, seq: null });
  return { status: 201, body: asSale(kept), replayed };
}

function sync(fake: FakeApi, body: Record<string, unknown>): unknown[] {
  const commands = body["commands"] as {
    seq: number;
    idempotency_key: string;
    type: string;
    body: Record<string, unknown>;
  }[];
  return commands.map(({ seq, idempotency_key: key, type, body: asked }) => {
    const refused = fake.reject(asked);
    if (refused) return { seq, outcome: "rejected", problem: refused };
    const replayed = fake.kept.some((one) => one.key === key);
    const { invoice_no } = keep(fake, { key, type, body: asked, seq });
    const resource = { type, id: asked["id"] ?? asked["sale_id"], ...(invoice_no === null ? {} : { invoice_no }) };
    return { seq, outcome: replayed ? "replayed" : "applied", resource };
  });
}

/** Once for each key. A sale is numbered as the command says, else as the next of the till. */
function keep(fake: FakeApi, one: Omit<Kept, "invoice_no">): Kept {
  const before = fake.kept.find(({ key }) => key === one.key);
  if (before) return before;
  const isSale = one.type === "sale" || one.type === "/v1/sales";
  const highest = Math.max(0, ...fake.kept.map(({ invoice_no }) => Number(invoice_no?.split("-").at(-1) ?? 0)));
  const own = one.body["invoice_no"] as string | undefined;
  const kept = { ...one, invoice_no: isSale ? (own ?? PREFIX + String(highest + 1).padStart(6, "0")) : null };
  fake.kept.push(kept);
  return kept;
}

/** Enough of a sale for a till's books. */
function asSale({ body, invoice_no }: Kept): Partial<Sale> {
  return {
    ...(body as Partial<Sale>),
    invoice_no,
    status: "completed",
    change_due: 0,
    balance_due: 0,
    due: 0,
    discount_total: 0,
    tax_total: 0,
    tax_mode: "inclusive",
    lines: [],
  };
}
