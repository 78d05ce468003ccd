import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";

/** The cashier's screen and keyboard; or a script's, where nothing is asked twice and nothing hidden. */
export type Terminal = {
  /** Whether a person sits there. */
  interactive: boolean;
  say: (text: string) => void;
  /** The next line; null when there is none any more. */
  readLine: (prompt: string) => Promise<string | null>;
  /** As `readLine`, of a PIN: what is typed is not shown. */
  readSecret: (prompt: string) => Promise<string | null>;
  close: () => void;
};

/** On standard input and output. */
export function openTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  const interactive = input.isTTY && output.isTTY;
  let muted = false;
  const shown = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: shown, terminal: interactive, prompt: "" });
  const next = queueLines(reader);
  // Ctrl-C ends the input, as Ctrl-D does; what is under way is finished first.
  reader.on("SIGINT", () => {
    reader.close();
  });
  const readLine = async (prompt: string): Promise<string | null> => {
    if (interactive) {
      reader.setPrompt(prompt);
      reader.prompt();
    }
    return next();
  };
  return {
    interactive,
    say: (text) => {
      output.write(`${text}\n`);
    },
    readLine,
    readSecret: async (prompt) => {
      if (!interactive) return next();
      output.write(prompt);
      muted = true;
      try {
        return await next();
      } finally {
        muted = false;
        output.write("\n");
      }
    },
    close: () => {
      reader.close();
    },
  };
}

/** Lines may come faster than they are asked for: none is lost. */
function queueLines(reader: Interface): () => Promise<string | null> {
  const lines: string[] = [];
  const waiting: ((line: string | null) => void)[] = [];
  let closed = false;
  reader.on("line", (line) => {
    const one = waiting.shift();
    if (one) one(line);
    else lines.push(line);
  });
  reader.on("close", () => {
    closed = true;
    for (const one of waiting.splice(0)) one(null);
  });
  return () => {
    const line = lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
}
