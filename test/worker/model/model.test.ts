import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { bringAll } from "./offline/bringing.ts";
import { COMMANDS } from "./commands.ts";
import { compareAll, compareTouched, expectZsAreDays } from "./comparing/compare.ts";
import { Dice } from "./dice.ts";
import { closeAll } from "./online/drawer.ts";
import { openWorld, type World } from "./world.ts";

/**
 * Random commands to the Worker and to a model of its books, which are compared after each: three stores, six tills, with
 * offline spells. A failure tells its seed: `MODEL_SEED=42 MODEL_COMMANDS=1000 npx vitest run --project worker
 * test/worker/model` plays it again, and MODEL_SEEDS plays so many seeds from there on.
 */
// The same ones in every run of `npm test`; other seeds are for long runs.
const FIRST_SEED = env.MODEL_SEED === "" ? 20_261_124 : Number(env.MODEL_SEED);
const SEEDS = env.MODEL_SEEDS === "" ? (env.MODEL_SEED === "" ? 2 : 1) : Number(env.MODEL_SEEDS);
const COMMANDS_EACH = env.MODEL_COMMANDS === "" ? 150 : Number(env.MODEL_COMMANDS);
const COMPARE_ALL_EVERY = 25;
const TIMEOUT_MS = 60_000 + COMMANDS_EACH * 2000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it.for(Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index))(
  "the books agree with the model after every command: seed %i",
  { timeout: TIMEOUT_MS },
  async (seed, { annotate }) => {
    const world = await openWorld(new Dice(seed));
    const names = Object.entries(COMMANDS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));
    const trail: string[] = [];
    world.clock.start();
    // The Worker's log of some ten thousand requests is of no use to anyone.
    vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      for (let i = 0; i < COMMANDS_EACH; i += 1) {
        // The first fill the shelves and open the tills.
        const name = i === 0 ? "stock up" : i <= world.books.tills.length ? "open shift" : world.dice.pick(names);
        trail.push(name);
        world.clock.pass(world.dice.pick([1, 2, 5, 20, 90]));
        await COMMANDS[name]?.run(world);
        await (i % COMPARE_ALL_EVERY === COMPARE_ALL_EVERY - 1 ? compareAll(world) : compareTouched(world));
      }
      trail.push("bring all, close all");
      await bringAll(world);
      await closeAll(world);
      await compareAll(world);
      await expectZsAreDays(world);
    } catch (error) {
      const story = `seed ${String(seed)}, command ${String(trail.length)}, after ${trail.slice(-5).join(", ")}`;
      const difference = error instanceof Error ? error.message : String(error);
      throw new Error(`${story}: ${difference}\nThe last request: ${world.last}`, { cause: error });
    }
    expectVariety(world);
    const counts = [...world.counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    await annotate(counts.map(([what, count]) => `${what} ${String(count)}`).join(", "));
  },
);

/** A run in which hardly anything was done would agree about nothing. */
function expectVariety({ books }: World): void {
  expect(books.sales.length).toBeGreaterThan(COMMANDS_EACH / 25);
  expect(books.refunds.length).toBeGreaterThan(COMMANDS_EACH / 200);
  expect(books.tills.every(({ zs }) => zs.length > 1)).toBe(true);
}
