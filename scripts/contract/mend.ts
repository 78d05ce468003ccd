import { freshKey, makeFullBody, type Maker } from "./cases.ts";
import type { Call, Operation } from "./prism.ts";
import type { Random } from "../support/random.ts";

const FEW_FIELDS = 3;
const TAKEN_OUT = 0.7;

interface Fault {
  path: string[];
  /** What stands there in truth, where the refusal tells. */
  current?: unknown;
}

/**
 * The same request with what the Worker pointed at put right, left out, thinned or made anew, or some field where it
 * pointed at none: by and by one that it takes. Null when there is no body to mend.
 */
export function mendCall(operation: Operation, call: Call, refusal: unknown, maker: Maker): Call | null {
  if (!isObject(call.body)) return null;
  const another = makeFullBody(operation, maker);
  const body = structuredClone(call.body);
  const pointed = faultsOf(refusal);
  const any = { path: [maker.random.pick(Object.keys(body)) ?? ""] };
  for (const fault of pointed.length > 0 ? pointed : [any]) mendAt(body, fault, another, maker.random);
  return { ...call, headers: { ...call.headers, ...freshKey(operation, maker) }, body };
}

/** Where in the body the faults are, by `errors` as this API's problem details have them: each with a JSON Pointer. */
function faultsOf(refusal: unknown): Fault[] {
  const errors = isObject(refusal) && "errors" in refusal ? refusal.errors : [];
  if (!Array.isArray(errors)) return [];
  return (errors as { pointer?: unknown; current?: unknown }[]).flatMap(({ pointer, current }) =>
    typeof pointer === "string" && /^\/./.test(pointer) ? [{ path: pointer.split("/").slice(1), current }] : [],
  );
}

function mendAt(body: object, { path, current }: Fault, another: unknown, random: Random): void {
  const key = path.at(-1);
  const parent = valueAt(body, path.slice(0, -1));
  if (key === undefined || !isObject(parent)) return;
  const value = valueAt(parent, [key]);
  const others = valueAt(another, path.slice(0, -1));
  const other = Array.isArray(others) ? random.pick(others as unknown[]) : valueAt(others, [key]);
  const remade = isRecord(other) ? keepSome(isRecord(value) ? { ...other, ...value } : other, random) : other;
  const needless = value !== undefined && !isRecord(other) && random.chance(TAKEN_OUT);
  const replacement = current ?? (needless ? undefined : remade);
  if (replacement === undefined) takeOut(parent, key);
  else Reflect.set(parent, key, replacement);
}

function takeOut(parent: object, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}

/** A record with a few of the fields. */
function keepSome(record: object, random: Random): object {
  const names = Object.keys(record);
  const kept = new Set(Array.from({ length: 1 + random.below(FEW_FIELDS) }, () => random.pick(names)));
  return Object.fromEntries(Object.entries(record).filter(([name]) => kept.has(name)));
}

function isRecord(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (isObject(at) && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    value,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
