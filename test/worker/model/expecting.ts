import { expect } from "vitest";
import type { Answer, ProblemBody } from "../../support/api.ts";
import { note, type World } from "./world.ts";

/** What an answer must be, once the model has made up its mind. */

/**
 * True where a command was refused as it had to be: by the code of one of its faults. Where it has none it must have been
 * taken, and this is false.
 */
export function isRefused(world: World, command: string, answer: Answer, faults: readonly string[]): boolean {
  const code = answer.status < 400 ? "taken" : (answer.body as ProblemBody).code;
  expect(faults.length === 0 ? ["taken"] : faults, `${command}: ${world.last}`).toContain(code);
  note(world, `${command}: ${code}`);
  return faults.length > 0;
}
