import { SingleBar } from "cli-progress";

const LINE_EVERY_MS = 5000;

export type Position = { bytes: number; rows: number; sales: number };

export type Progress = {
  update: (position: Position) => void;
  /** A line of its own beside the bar. */
  say: (line: string) => void;
  stop: () => void;
};

/** Shows how far a file of this size has been read: as a bar on a terminal, elsewhere as a line every few seconds. */
export function showProgress(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? showBar(totalBytes, stream) : showLines(totalBytes, stream);
}

function showBar(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage} % | {rows} rows | {sales} sales | {duration_formatted} | {said}",
    barsize: 30,
    hideCursor: false,
  });
  bar.start(totalBytes, 0, { rows: 0, sales: 0, said: "" });
  return {
    update: ({ bytes, rows, sales }) => {
      bar.update(bytes, { rows, sales, said: "" });
    },
    say: (said) => {
      bar.update({ said });
    },
    stop: () => {
      bar.stop();
    },
  };
}

function showLines(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  let shown = Date.now();
  return {
    update: ({ bytes, rows, sales }) => {
      if (Date.now() - shown < LINE_EVERY_MS) return;
      shown = Date.now();
      const percent = totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100);
      stream.write(`${String(percent)} %, ${String(rows)} rows, ${String(sales)} sales\n`);
    },
    say: (line) => {
      stream.write(`${line}\n`);
    },
    stop: () => {
      shown = Date.now();
    },
  };
}
