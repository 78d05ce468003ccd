import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/support/random.ts";
import { countDrawer } from "../../../scripts/till/reckoning.ts";
import { closeTill } from "../../../scripts/till/till.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { openTestTill, pairedFolder } from "./shop.ts";

const CHILD = join(import.meta.dirname, "kill-child.ts");
const SALES = 80;
const KILLS = 6;

let api: FakeApi;
let folder: string;
beforeEach(async () => {
  api = await startFakeApi();
  const user = { id: "u", username: "cashier", full_name: "C", permissions: [], max_discount_ppm: 0, role: "cashier" };
  api.answers["/v1/auth/pin"] = () => ({ body: { access_token: "a", refresh_token: "r", expires_in: 900, user } });
  folder = pairedFolder(api.base);
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

/** Runs the till; killed so many milliseconds after its first word, or left to its end. */
async function runTill(killAfterMs: number | null): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, folder, api.base, String(SALES)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  const spoken = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      resolve();
    });
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  if (killAfterMs !== null) {
    await Promise.race([spoken.then(async () => sleep(killAfterMs)), ended]);
    child.kill("SIGKILL");
  }
  const code = await ended;
  if (code !== null && code !== 0) throw new Error(errors);
  // A line that was cut off was not told.
  return output.split("\n").slice(0, -1);
}

describe("a till that is killed at any moment", () => {
  it.each([1, 2])(
    "loses no sale and doubles none, whatever the line does (seed %i)",
    async (seed) => {
      const random = createRandom(seed);
      api.fault = ({ path }) => {
        if (path === "/health" || !random.chance(0.15)) return null;
        return (
          random.pick(["lost", "half_heard", "half_heard", { status: 503, code: "outcome_unknown" }] as const) ?? null
        );
      };
      const told: string[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) told.push(...(await runTill(random.below(300))));
      api.fault = () => null;
      told.push(...(await runTill(null)));
      expect(told.at(-1)).toBe("over");

      const sales = api.kept.filter(({ type }) => type === "sale" || type === "/v1/sales");
      const numbers = new Map(sales.map(({ key, invoice_no }) => [key, invoice_no]));
      expect(numbers.size).toBe(SALES);
      expect(sales).toHaveLength(SALES);
      const wanted = Array.from({ length: SALES }, (_, n) => `MAIN-01-${String(n + 1).padStart(6, "0")}`);
      expect([...numbers.values()].map(String).toSorted()).toEqual(wanted);
      // The number on the bill in the customer's hand is the one in the books.
      for (const line of told.filter((one) => one.startsWith("told "))) {
        const [, at = "", number] = line.split(" ");
        expect(numbers.get(`sale ${at}`), line).toBe(number);
      }
      const seqs = api.kept.flatMap(({ seq }) => seq ?? []);
      expect(new Set(seqs).size).toBe(seqs.length);

      const till = openTestTill(folder, api.base);
      try {
        const shift = till.books.openShift();
        const own = till.books.salesOf(shift?.id ?? "");
        expect(own.map(({ invoice_no }) => String(invoice_no)).toSorted()).toEqual(wanted);
        expect(till.outbox.rejected()).toEqual([]);
        const taken = sales.reduce((sum, { body }) => sum + Number(body["total"]), 0);
        expect(countDrawer(till.books.drawerOf(shift?.id ?? ""))).toBe(10_000 + taken);
      } finally {
        closeTill(till);
      }
    },
    120_000,
  );
});
