import { requireTool } from "./install-tool.ts";
import type { Schema } from "./faker.ts";

/** Prism, Stoplight's contract tool: it sends a request on to the Worker and judges both by the document. */

export const PRISM = "@stoplight/prism-http";

export interface Parameter {
  name: string;
  required?: boolean;
  schema?: Schema;
}

export interface Content {
  mediaType: string;
  schema?: Schema;
}

/** An operation of the document, as Prism reads it: references followed, schemas as JSON Schema. */
export interface Operation {
  method: string;
  /** With parameters in braces. */
  path: string;
  request?: {
    path?: Parameter[];
    query?: Parameter[];
    headers?: Parameter[];
    body?: { required?: boolean; contents?: Content[] };
  };
  responses: { code: string; contents?: Content[]; headers?: Parameter[] }[];
}

export interface Call {
  method: string;
  url: { path: string; query: Record<string, string | string[]> };
  headers: Record<string, string>;
  /** Sent as JSON, but for text, which is sent as it is. */
  body?: unknown;
}

export interface Violation {
  message: string;
}

export interface Judged {
  output: { statusCode: number; headers: Record<string, string>; body: unknown };
  /** What in the request, and what in the answer, is not as the document has it. */
  validations: { input: Violation[]; output: Violation[] };
}

/** Sends a call and judges it. Throws when there is no answer, or one that can't be read. */
export type Judge = (call: Call) => Promise<Judged>;

type Logger = Record<string, unknown>;
/** An Either of fp-ts. */
type Outcome = { right: Judged } | { left: Error };
interface Prism {
  getHttpOperationsFromSpec: (file: string) => Promise<Operation[]>;
  createInstance: (
    config: object,
    components: { logger: Logger },
  ) => { request: (call: Call, operations: Operation[]) => () => Promise<Outcome> };
}

const ANSWERS_WITHIN_MS = 30_000;

/** Every operation of an OpenAPI document. */
export async function readOperations(document: string): Promise<Operation[]> {
  return loadPrism().getHttpOperationsFromSpec(document);
}

export function createJudge(operations: Operation[], upstream: string): Judge {
  const config = {
    isProxy: true,
    mock: false,
    upstream: new URL(upstream),
    // A request that breaks the document is sent all the same: what is answered to it is the point.
    errors: false,
    checkSecurity: false,
    validateRequest: true,
    validateResponse: true,
  };
  const instance = loadPrism().createInstance(config, { logger: createSilence() });
  return async (call) => {
    const outcome = await withinTime(instance.request(call, operations)());
    if ("left" in outcome) throw outcome.left;
    return outcome.right;
  };
}

function loadPrism(): Prism {
  return requireTool(PRISM) as Prism;
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(ANSWERS_WITHIN_MS / 1000)} s`));
    }, ANSWERS_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A logger that writes nothing: what Prism has to say stands in what it returns. */
function createSilence(): Logger {
  const logger: Logger = {};
  for (const level of ["trace", "debug", "info", "success", "warn", "error", "fatal"]) logger[level] = () => {};
  logger["child"] = () => logger;
  return logger;
}
