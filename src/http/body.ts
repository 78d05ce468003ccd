import type { HonoRequest } from "hono";
import { Problem } from "./problem.ts";

const MAX_BYTES = 1_048_576;
const DEADLINE_MS = 15_000;

export interface BodyLimits {
  deadline_ms: number;
}

/**
 * The whole body as bytes, at most 1 MiB of them. One that dribbles is given up, because who waits for it is kept from
 * other work. Only who may make the request gets as far as this. Throws `payload_too_large` and `malformed_json`.
 */
export async function readBody(
  request: HonoRequest,
  { deadline_ms }: BodyLimits = { deadline_ms: DEADLINE_MS },
): Promise<Uint8Array> {
  if (Number(request.header("Content-Length") ?? 0) > MAX_BYTES) throw tooLarge();
  const reader = (request.raw.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return new Uint8Array();
  let late = false;
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, deadline_ms);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.length;
      if (size > MAX_BYTES) {
        giveUp();
        throw tooLarge();
      }
      chunks.push(read.value);
    }
    if (late) throw new Problem("malformed_json", "The body did not arrive in time; send it at once.");
    return join(chunks, size);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(): Problem {
  return new Problem("payload_too_large", "The body is larger than 1 MB.");
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
