import type { Answer, Api, Call } from "../../../scripts/import-sales/client.ts";
import { expectBody } from "../../../scripts/import-sales/client.ts";

/** An Api that answers from a function and keeps what it was asked. */
export function fakeApi(answer: (call: Call) => unknown): { api: Api; calls: Call[] } {
  const calls: Call[] = [];
  const ask = <T>(call: Call): Promise<Answer<T>> => {
    calls.push(call);
    return Promise.resolve(answer(call) as Answer<T>);
  };
  const get = async <T>(path: string): Promise<T> => expectBody(await ask<T>({ method: "GET", path }), `GET ${path}`);
  return { api: { ask, get }, calls };
}

export function bodyOf(call: Call): unknown {
  return typeof call.body === "string" ? (JSON.parse(call.body) as unknown) : call.body;
}
