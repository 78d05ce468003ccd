import { Failure } from "../support/failure.ts";
import { DEFAULT_BASE, type InteractiveOptions } from "./options.ts";
import { pairDevice, readDevice } from "./device.ts";
import { closeTill, openTill } from "./till.ts";
import { runTill } from "./ui/run.ts";
import { openTerminal } from "./ui/terminal.ts";

/** A cashier's till on this terminal. True when all went well. */
export async function runInteractive({ base, folder, pairing_code }: InteractiveOptions): Promise<boolean> {
  const known = readDevice(folder);
  const terminal = openTerminal(process.stdin, process.stdout);
  const client = { base: base ?? known?.base ?? DEFAULT_BASE, onWait: terminal.say };
  if (pairing_code !== null) {
    const { store, terminal: paired } = await pairDevice(client, folder, pairing_code);
    terminal.say(`Paired as till ${paired.code} of ${store.name}.`);
  } else if (known && base !== null && known.base !== base) {
    throw new Failure(`This till was paired with ${known.base}; to work with ${base} pair it there (--pair CODE).`);
  }
  const till = openTill({ ...client, folder });
  try {
    return await runTill(till, terminal);
  } finally {
    closeTill(till);
    terminal.close();
  }
}
