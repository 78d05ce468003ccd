/** Tells what is being done; `share` of it when that is known. */
export interface Progress {
  (step: string, share?: number): void;
  elapsed_s: () => number;
}

const STEPS = 10;

/** Writes a line to standard error for each step, and for each tenth of a long one, with the seconds since the start. */
export function startProgress(): Progress {
  const startedAt = performance.now();
  const elapsed_s = () => (performance.now() - startedAt) / 1000;
  let last = "";
  const tell = (step: string, share?: number) => {
    const tenth = share === undefined ? "" : ` (${String((Math.floor(share * STEPS) * 100) / STEPS)} %)`;
    const line = `${step}${tenth}`;
    if (line === last) return;
    last = line;
    console.error(`${elapsed_s().toFixed(0).padStart(4)} s  ${line}`);
  };
  return Object.assign(tell, { elapsed_s });
}
