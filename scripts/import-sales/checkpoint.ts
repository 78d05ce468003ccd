import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How far an import has come, so that its next run need not send again what the server has. */
export type Checkpoint = {
  /** How many of the file's invoices, from its start, the server has taken in. */
  read: () => number;
  write: (invoicesDone: number) => void;
  forget: () => void;
};

/**
 * Keeps a checkpoint in a folder, under a name made of all that decides what is sent. It only saves work: where it is
 * missing or damaged everything is sent again, and the server replays what it has.
 */
export function openCheckpoint(folder: string, identity: readonly unknown[]): Checkpoint {
  const name = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  const file = join(folder, `${name}.json`);
  return {
    read: () => readDone(file),
    write: (invoicesDone) => {
      mkdirSync(folder, { recursive: true });
      const beside = `${file}.${String(process.pid)}.tmp`;
      writeFileSync(beside, `${JSON.stringify({ invoices_done: invoicesDone })}\n`);
      renameSync(beside, file);
    },
    forget: () => {
      rmSync(file, { force: true });
    },
  };
}

function readDone(file: string): number {
  try {
    const { invoices_done } = JSON.parse(readFileSync(file, "utf8")) as { invoices_done?: unknown };
    return Number.isSafeInteger(invoices_done) && Number(invoices_done) > 0 ? Number(invoices_done) : 0;
  } catch {
    return 0;
  }
}
