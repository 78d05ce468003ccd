import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";

const MAIN = join(ROOT, "scripts", "till", "main.ts");

export type Ended = { code: number | null; signal: NodeJS.Signals | null; output: string };

export type TillProcess = {
  /** Settles when it has ended: how, and all that it wrote. */
  ended: Promise<Ended>;
  /** Ends it as a power cut would. */
  kill: () => void;
  /** Settles once it has written this text; when it ends without, too. */
  says: (text: string) => Promise<void>;
};

/** Starts a till in a process of its own; `input` is what is typed. */
export function startTill(args: readonly string[], env: Record<string, string>, input: string): TillProcess {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const waiting: { text: string; done: () => void }[] = [];
  const hear = (chunk: Buffer) => {
    output += chunk.toString("utf8");
    for (const one of waiting) if (output.includes(one.text)) one.done();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  // One that ends before it has read everything closes its input.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const one of waiting) one.done();
      resolve({ code, signal, output });
    });
  });
  return {
    ended,
    kill: () => child.kill("SIGKILL"),
    says: (text) =>
      new Promise((done) => {
        if (output.includes(text)) done();
        else waiting.push({ text, done });
      }),
  };
}
