import type { Fake, Schema } from "./faker.ts";
import { makeHostile, makeHostileHeader, mutate } from "./mutate.ts";
import { type Pool, resourceOf, singular } from "./pool.ts";
import type { Call, Content, Operation, Parameter } from "./prism.ts";
import { type Random, SEEDS } from "../support/random.ts";

/** Makes requests for an operation from what the document says of it. */

export interface Maker {
  random: Random;
  fake: Fake;
  pool: Pool;
}

const KNOWN_ID = 0.8;
const KNOWN_TEXT = 0.5;
const KNOWN_NUMBER = 0.15;
const SMALL_NUMBER = 0.6;
const OPTIONAL_QUERY = 0.35;
const OPTIONAL_FIELDS = [0, 0.15, 0.15, 0.3, 0.6];
const HEADER = 0.9;
const ASK_IF_CHANGED = 0.2;
/** Characters that a made-up value may have in a path or a query: beyond some kilobytes a server answers 414 itself. */
const MAX_URL_VALUE = 400;

/**
 * A request as the document wants it, about records that exist where the pool knows any; `names` says under which other
 * name it knows a parameter of the path.
 */
export function makeCall(operation: Operation, maker: Maker, names: Record<string, string> = {}): Call {
  const { random } = maker;
  const { request } = operation;
  const call: Call = {
    method: operation.method,
    url: { path: fillPath(operation, maker, names), query: {} },
    headers: {},
  };
  for (const parameter of request?.query ?? []) {
    if (parameter.required !== true && !random.chance(OPTIONAL_QUERY)) continue;
    call.url.query[parameter.name] = asText(fakeParameter(parameter, maker));
  }
  for (const parameter of request?.headers ?? []) {
    if (random.chance(HEADER)) call.headers[parameter.name] = fakeHeader(operation, parameter, maker);
  }
  const tag = maker.pool.draw(random, tagOf(operation));
  if (tag !== undefined && random.chance(ASK_IF_CHANGED)) {
    call.headers["if-none-match"] = String(tag);
  }
  const content = random.pick(request?.body?.contents ?? []);
  if (content) {
    call.headers["content-type"] = content.mediaType;
    call.body = fakeBody(content, maker, random.pick(OPTIONAL_FIELDS) ?? 0);
  }
  return call;
}

/** A body for an operation with all that it may have. */
export function makeFullBody(operation: Operation, maker: Maker): unknown {
  const [content] = operation.request?.body?.contents ?? [];
  return content && fakeBody(content, maker, 1);
}

/** The headers that say a request is another one than the last. */
export function freshKey(operation: Operation, maker: Maker): Record<string, string> {
  const key = operation.request?.headers?.find(({ name }) => name.toLowerCase() === "idempotency-key");
  return key ? { [key.name]: fakeHeader(operation, key, maker) } : {};
}

/** The name under which the pool keeps the entity tags of an operation's records. */
export function tagOf(operation: Operation): string {
  return `${resourceOf(operation.path)}_etag`;
}

/** The same request with one thing about it wrong, or two or three. */
export function breakCall(operation: Operation, call: Call, maker: Maker): Call {
  const { random } = maker;
  let broken = { ...call, url: { ...call.url, query: { ...call.url.query } }, headers: { ...call.headers } };
  for (let times = 1 + random.below(3); times > 0; times -= 1) broken = breakOnce(operation, broken, maker);
  return broken;
}

function breakOnce({ path }: Operation, call: Call, { random }: Maker): Call {
  if (call.body !== undefined && random.chance(0.75)) return { ...call, body: keepSendable(mutate(call.body, random)) };
  const query = random.pick([...Object.keys(call.url.query), "unknown"]);
  const change = random.below(4);
  // The last part of a path that has no parameter leads to another operation, or to none.
  if (change === 0 && path.endsWith("}"))
    return { ...call, url: { ...call.url, path: breakPath(call.url.path, random) } };
  if (change === 1) {
    // Prism sends nothing under a Content-Type that is no media type; malformBody has other types.
    const headers = Object.keys(call.headers).filter((name) => name !== "content-type");
    const header = random.pick([...headers, "accept", "if-match", "x-device-token"]) ?? "accept";
    return { ...call, headers: { ...call.headers, [header]: makeHostileHeader(random) } };
  }
  const value = asText(makeHostile(random)).toString().slice(0, MAX_URL_VALUE).toWellFormed();
  const doubled = random.chance(0.2) ? [value, value] : value;
  return { ...call, url: { ...call.url, query: { ...call.url.query, [query ?? "unknown"]: doubled } } };
}

/** The same request with a body that no parser takes, or of another type than it says. */
export function malformBody(call: Call, { random }: Maker): Call {
  const text = JSON.stringify(call.body) ?? "";
  const bodies = [text.slice(0, random.below(text.length)), `${text}}`, `[${text}`, "", "[".repeat(50_000)];
  const types = ["text/plain", "application/xml", "multipart/form-data"];
  if (random.chance(0.3)) {
    return { ...call, headers: { ...call.headers, "content-type": random.pick(types) ?? "" }, body: text };
  }
  return { ...call, body: random.pick(bodies) };
}

function fillPath(operation: Operation, maker: Maker, names: Record<string, string>): string {
  const parts = operation.path.split("/");
  return parts
    .map((part, index) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) return part;
      const parameter = operation.request?.path?.find((one) => one.name === name) ?? { name };
      const resource = resourceOf(parts.slice(0, index).join("/"));
      const known = maker.pool.draw(maker.random, names[name] ?? `${resource}_${name}`, name);
      return asPathValue(
        known !== undefined && maker.random.chance(KNOWN_ID) ? known : fakeParameter(parameter, maker),
      );
    })
    .join("/");
}

function breakPath(path: string, random: Random): string {
  return path.replace(/[^/]*$/, asPathValue(makeHostile(random)));
}

/** One segment of a path: never empty, nor dots, which lead to another address. */
function asPathValue(value: unknown): string {
  const text = String(asText(value)).slice(0, MAX_URL_VALUE).toWellFormed();
  return /^\.*$/.test(text) ? "-" : encodeURIComponent(text);
}

function fakeParameter(parameter: Parameter, maker: Maker): unknown {
  return fakeBySchema(parameter.schema ?? { type: "string" }, parameter.name, maker, 1);
}

function fakeHeader(operation: Operation, parameter: Parameter, maker: Maker): string {
  const conditional = parameter.name.toLowerCase() === "if-match";
  const tag = conditional ? maker.pool.draw(maker.random, tagOf(operation)) : undefined;
  return String(tag ?? asText(fakeParameter(parameter, maker))).replaceAll(/[^\x20-\x7e]/g, "");
}

function fakeBody({ schema, mediaType }: Content, maker: Maker, optional: number): unknown {
  const body = fakeBySchema(schema ?? {}, "", maker, optional);
  return mediaType.includes("json") ? keepSendable(body) : String(asText(body));
}

/** Prism sends nothing for what JavaScript takes for false, so that goes as text. */
function keepSendable(body: unknown): unknown {
  return body === undefined || (body && typeof body !== "string") ? body : JSON.stringify(body);
}

function fakeBySchema(schema: Schema, name: string, maker: Maker, optional: number): unknown {
  const { random, fake } = maker;
  return useKnown(fake(schema, random.below(SEEDS), optional), schema, name, maker);
}

/** Puts values that the pool knows, and small numbers, in the place of some that were made up. */
function useKnown(value: unknown, schema: Schema | undefined, name: string, maker: Maker): unknown {
  if (Array.isArray(value)) return value.map((item) => useKnown(item, schema?.items, singular(name), maker));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, useKnown(item, schema?.properties?.[key], key, maker)]),
    );
  }
  if (schema?.enum) return value;
  const { random, pool } = maker;
  const known = pool.draw(random, name);
  if (typeof value === "string") {
    const often = name.endsWith("_id") ? KNOWN_ID : KNOWN_TEXT;
    // An id of its own is what a client gives to something new.
    return typeof known === "string" && name !== "id" && random.chance(often) ? known : value;
  }
  if (typeof value !== "number") return value;
  if (typeof known === "number" && random.chance(KNOWN_NUMBER)) return known;
  const low = schema?.minimum ?? 0;
  return random.chance(SMALL_NUMBER) ? Math.min(low + random.below(4), schema?.maximum ?? low + 4) : value;
}

function asText(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map((item) => String(asText(item)));
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
