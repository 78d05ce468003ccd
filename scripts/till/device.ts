import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../support/failure.ts";
import { readablePath } from "../support/paths.ts";
import { askApi, AT_THE_COUNTER, type ClientOptions } from "./client.ts";
import { expectDone } from "./session.ts";
import type { Paired, Store, Terminal } from "./wire.ts";

/** The till's credential, apart from its books: a file that only its owner reads. */
export type Device = { base: string; device_token: string; terminal: Terminal; store: Store };

/** The device of a till's folder; null where it is not paired. Throws a Failure where the file can't be read. */
export function readDevice(folder: string): Device | null {
  const file = deviceFile(folder);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Device;
  } catch {
    throw new Failure(`${readablePath(file)} can't be read. Delete it and pair the till again (--pair CODE).`);
  }
}

/**
 * Trades a pairing code for the till's credential and keeps it. A code is good for one use: where the answer was lost, or
 * this process ended before it was kept, a new code is needed. Throws a Failure.
 */
export async function pairDevice(client: ClientOptions, folder: string, code: string): Promise<Device> {
  const before = readDevice(folder);
  const call = { method: "POST", path: "/v1/terminals/pair", body: { code } } as const;
  const outcome = await askApi<Paired>(client, call, { patience: AT_THE_COUNTER });
  const { device_token, terminal, store } = expectDone(outcome, "Pairing");
  const device = { base: client.base, device_token, terminal, store };
  if (before && before.terminal.id !== terminal.id) {
    throw new Failure(
      `${readablePath(folder)} has the books of till ${before.store.code}-${before.terminal.code}, and the code is for ` +
        `${store.code}-${terminal.code}. Pair that in a folder of its own (--state DIR), by a new code.`,
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = deviceFile(folder);
  const beside = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(beside, `${JSON.stringify(device)}\n`, { mode: 0o600, flush: true });
  renameSync(beside, file);
  return device;
}

function deviceFile(folder: string): string {
  return join(folder, "device.json");
}
