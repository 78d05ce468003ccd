import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Statement } from "../../../src/db/database.ts";
import { findSlowSteps, type Step } from "./plan.ts";
import { tourRoutes } from "./tour.ts";

let statements: Statement[] = [];

beforeAll(async () => {
  const { watched } = await tourRoutes();
  const sent = [...watched.values()].flatMap(({ probe }) => probe.trips.flatMap((trip) => trip.statements));
  statements = [...new Map(sent.map((one) => [one.sql, one])).values()];
});

async function slowStepsOf({ sql, params }: Statement): Promise<string[]> {
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<Step>();
  return findSlowSteps(sql, plan.results);
}

describe("what the routes send to the database", () => {
  it("reads no table from end to end, and none once for each of a list", async () => {
    expect(statements.length).toBeGreaterThan(80);
    const slow: { sql: string; steps: string[] }[] = [];
    for (const one of statements) {
      const steps = await slowStepsOf(one);
      if (steps.length > 0) slow.push({ sql: one.sql, steps });
    }
    expect(slow).toEqual([]);
  });
});

describe("a slow step is found", () => {
  it.each([
    ["SELECT id FROM sales WHERE note = 'x'", ["SCAN sales"]],
    ["SELECT count(*) FROM stock_levels", ["SCAN stock_levels"]],
    [
      "SELECT c.seq FROM sync_commands c CROSS JOIN json_each('[1]') w WHERE c.terminal_id = 'x' AND c.seq = w.value",
      ["SCAN w VIRTUAL TABLE INDEX 1:"],
    ],
    ["SELECT c.seq FROM json_each('[1]') w CROSS JOIN sync_commands c ON c.terminal_id = 'x' AND c.seq = w.value", []],
    ["UPDATE sales SET note = note WHERE note = 'x'", ["SCAN sales"]],
  ])("%s", async (sql, steps) => {
    expect(await slowStepsOf({ sql, params: [] })).toEqual(steps);
  });
});
