import { SingleBar } from "cli-progress";

const LINE_EVERY_MS = 5000;

export type Progress<P extends object> = {
  update: (done: number, position: P) => void;
  /** A line of its own beside the bar. */
  say: (line: string) => void;
  stop: () => void;
};

export type ProgressOptions<P extends object> = {
  total: number;
  /** Where it begins. */
  first: P;
  /** The bar, in the words of cli-progress; the fields of a position by name. */
  format: string;
  /** The same as a line of text. */
  describe: (percent: number, position: P) => string;
};

/** Shows how far something long has come: as a bar on a terminal, elsewhere as a line every few seconds. */
export function showProgress<P extends object>(options: ProgressOptions<P>, stream: NodeJS.WriteStream): Progress<P> {
  return stream.isTTY ? showBar(options, stream) : showLines(options, stream);
}

function showBar<P extends object>(options: ProgressOptions<P>, stream: NodeJS.WriteStream): Progress<P> {
  const format = `{bar} {percentage} % | ${options.format} | {duration_formatted} | {said}`;
  const bar = new SingleBar({ stream, format, barsize: 30, hideCursor: false });
  bar.start(options.total, 0, { ...options.first, said: "" });
  return {
    update: (done, position) => {
      bar.update(done, { ...position, said: "" });
    },
    say: (said) => {
      bar.update({ said });
    },
    stop: () => {
      bar.stop();
    },
  };
}

function showLines<P extends object>(options: ProgressOptions<P>, stream: NodeJS.WriteStream): Progress<P> {
  let shown = Date.now();
  return {
    update: (done, position) => {
      if (Date.now() - shown < LINE_EVERY_MS) return;
      shown = Date.now();
      const percent = options.total === 0 ? 100 : Math.floor((done / options.total) * 100);
      stream.write(`${options.describe(percent, position)}\n`);
    },
    say: (line) => {
      stream.write(`${line}\n`);
    },
    stop: () => {
      shown = Date.now();
    },
  };
}
