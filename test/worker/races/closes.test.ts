import { expect, it } from "vitest";
import type { Shift, ShiftReport } from "../../../src/modules/shifts/schemas.ts";
import { countRows, expectStatus, openShift, uuid } from "../../support/api.ts";
import { openShop, sold } from "../sales/shop.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { goods, post } from "./tills.ts";

type Closed = Shift & { report: ShiftReport };

it(
  "a shift that is closed at several places at once is closed once, with one Z report",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop({ drawer_tolerance: 1_000_000 });
    const { admin, terminal } = shop;
    const tally = new Tally();
    let last: ShiftReport | null = null;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = round === 0 ? shop.shift : await openShift(terminal.id);
      await sold(shop, { lines: [goods(100)], payments: [{ method: "cash", amount: 100 }] });
      const [one, other] = [uuid(), uuid()];
      const close = async (key: string, amount: number) =>
        post<Closed>(admin, `/v1/shifts/${id}/close`, { counted: [{ method: "cash", amount }] }, key);
      const answers = await Promise.all([close(one, 90), close(other, 110), close(one, 90), close(other, 110)]);
      for (const answer of answers) tally.add(answer);

      const winners = answers.filter(isFresh);
      expect(winners).toHaveLength(1);
      const [{ body } = { body: null }] = winners;
      const report: ShiftReport | undefined = body?.report;
      expect(report).toMatchObject({
        number: round + 1,
        net: 100,
        grand_total: (round + 1) * 100,
        previous_hash: last?.hash ?? null,
      });
      last = report ?? null;
      // The other attempt of the winner was told the same; the others were told that it is closed.
      const told = answers.filter(({ status }) => status === 200);
      expect(told.map((answer) => answer.body)).toEqual([body, body]);
      expect(await countRows(`z_reports WHERE shift_id = '${id}'`)).toBe(1);
      const read = await admin.get<ShiftReport>(`/v1/shifts/${id}/report`);
      expectStatus(read, 200);
      expect(read.body).toEqual(report);
    }
    await annotate(tally.toString());
    expect(tally.outcomes).toEqual(["200", "200 replayed", "409 shift_closed"]);
  },
);
