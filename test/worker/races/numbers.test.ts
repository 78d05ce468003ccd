import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { createTerminal } from "../../support/api.ts";
import { openShop, type Shop } from "../sales/shop.ts";
import { exceptionsOf, outcomes, saleCommand } from "../sync/till.ts";

/** Holes in a till's numbers that show in several requests at once: each round is a till of its own. */

const ROUNDS = Number(env.RACE_ROUNDS) || 10;
const TIME = { timeout: 60_000 + ROUNDS * 2000 };

let shop: Shop;
let tills = 36;

beforeAll(async () => {
  shop = await openShop();
});

async function newTill(): Promise<Shop> {
  tills += 1;
  const code = tills.toString(36).toUpperCase().padStart(2, "0");
  return { ...shop, terminal: await createTerminal(shop.store.id, { code }) };
}

/** The numbers that the open holes of a till tell of. */
async function missing(till: Shop): Promise<number[]> {
  const gaps = await exceptionsOf(till, `&terminal_id=${till.terminal.id}&type=number_gap&state=open`);
  const told = gaps.flatMap(({ detail }) => {
    const [first = 0, last = first] = [...detail.matchAll(/\d+/g)].map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return [...new Set(told)].toSorted((a, b) => a - b);
}

const KINDS = [
  ["commands", (_: Shop, no: number) => saleCommand(no)],
  ["invoices", (till: Shop, no: number, seq: number) => saleCommand(seq, { invoice_no: numberOf(till, no) })],
] as const;

function numberOf({ store, terminal }: Shop, no: number): string {
  return `${store.code}-${terminal.code}-${String(no).padStart(6, "0")}`;
}

it.each(KINDS)(
  `${String(ROUNDS)} times: what three %s at once leave missing is told of whole, and closes when it comes`,
  TIME,
  async (_, command) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const till = await newTill();
      const bring = async (no: number, seq: number) => {
        expect(await outcomes(till, [command(till, no, seq)])).toEqual(["applied"]);
      };
      const came = [5, 10, 12];
      await Promise.all(came.map(async (no, index) => bring(no, index + 1)));
      const lacking = [1, 2, 3, 4, 6, 7, 8, 9, 11];
      // A hole may reach over what came in the same moment.
      expect(await missing(till)).toEqual(expect.arrayContaining(lacking));
      for (const [index, no] of lacking.entries()) await bring(no, index + 4);
      expect(await missing(till)).toEqual([]);
    }
  },
);
