import { Agent, request } from "node:http";
import type { Ask } from "./cases.ts";

/** What became of the requests of one Worker. */
export interface Measured {
  latencies_ms: number[];
  seconds: number;
}

export interface Reply {
  status: number;
  text: string;
}

/** Connections that stay open from one request to the next. */
export class Client {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(base: URL) {
    this.#base = base;
  }

  async send(ask: Omit<Ask, "status">): Promise<Reply> {
    const { method, path, headers } = ask;
    const body = ask.body === null ? null : new TextEncoder().encode(ask.body);
    const length: Record<string, string> = body === null ? {} : { "Content-Length": String(body.length) };
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.#base).href,
        { method, agent: this.#agent, headers: { ...headers, ...length } },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("error", reject);
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, text });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body ?? undefined);
    });
  }

  /** Sends it; throws unless it is answered as it should be. */
  async expect(ask: Ask): Promise<Reply> {
    const reply = await this.send(ask);
    if (reply.status !== ask.status) {
      throw new Error(`${ask.method} ${ask.path} answered ${String(reply.status)}: ${reply.text.slice(0, 500)}`);
    }
    return reply;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One request by itself. */
export async function measureOne(client: Client, ask: Ask): Promise<Measured> {
  const sentAt = performance.now();
  await client.expect(ask);
  const took_ms = performance.now() - sentAt;
  return { latencies_ms: [took_ms], seconds: took_ms / 1000 };
}

/** Each asker sends one request after another for so long, all of them side by side. */
export async function measure(client: Client, askers: readonly (() => Ask)[], for_ms: number): Promise<Measured> {
  const latencies_ms: number[] = [];
  const startedAt = performance.now();
  const loop = async (ask: () => Ask) => {
    while (performance.now() - startedAt < for_ms) {
      const wanted = ask();
      const sentAt = performance.now();
      await client.expect(wanted);
      latencies_ms.push(performance.now() - sentAt);
    }
  };
  await Promise.all(askers.map(loop));
  return { latencies_ms, seconds: (performance.now() - startedAt) / 1000 };
}

export function add(a: Measured, b: Measured): Measured {
  return { latencies_ms: [...a.latencies_ms, ...b.latencies_ms], seconds: a.seconds + b.seconds };
}
