import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../../src/app.ts";
import { createProduct, expectStatus, receiveStock, uuid } from "../../support/api.ts";
import { command, saleOf } from "./shop.ts";
import { nameOf, type Tour, tourRoutes } from "./tour.ts";
import { watch } from "./watch.ts";

let tour: Tour;

beforeAll(async () => {
  tour = await tourRoutes();
});

describe("a route keeps within the round trips it declares", () => {
  it.each(ROUTES.map(({ declaration }) => ({ declaration, name: nameOf(declaration) })))(
    "$name",
    ({ declaration, name }) => {
      const watched = tour.watched.get(name);
      expect(watched, "needs an example in examples.ts").toBeDefined();
      if (!watched) return;
      expectStatus(watched.answer, declaration.status);
      expect(watched.probe.count("d1")).toBeLessThanOrEqual(declaration.budget.d1);
      expect(watched.probe.count("do")).toBeLessThanOrEqual(declaration.budget.do);
    },
  );
});

describe("a sale", () => {
  const sell = async (lines: number) => {
    const call = { path: "/v1/sales", token: tour.shop.admin.token, body: saleOf(tour.shop, lines) };
    const { answer, probe } = await watch("post", { ...call, headers: { "Idempotency-Key": uuid() } });
    expectStatus(answer, 201);
    return probe;
  };

  it.each([1, 5, 50])(
    "of %i lines is one call of the gate and one of the database when the catalogue is warm",
    async (lines) => {
      await sell(lines);
      const warm = await sell(lines);
      expect(warm.trips.map(({ hop }) => hop)).toEqual(["do", "d1"]);
    },
  );

  it("of a product that is not in memory is one call more", async () => {
    const product = await createProduct();
    const { store, terminal, admin } = tour.shop;
    await receiveStock(store.id, [{ product_id: product.id, quantity: 1 }]);
    const body = saleOf({ store, terminal, products: [product] }, 1);
    const cold = await watch("post", {
      path: "/v1/sales",
      token: admin.token,
      body,
      headers: { "Idempotency-Key": uuid() },
    });
    expectStatus(cold.answer, 201);
    expect(cold.probe.trips.map(({ hop }) => hop)).toEqual(["do", "d1", "d1"]);
  });

  it("reads at most 9 rows a line", async () => {
    await sell(50);
    const [one, fifty] = [await sell(1), await sell(50)];
    expect((fifty.rows_read - one.rows_read) / 49).toBeLessThanOrEqual(9);
  });
});

describe("what an offline till brings", () => {
  const bring = async (firstSeq: number) => {
    const { shop } = tour;
    // Of one moment: for each that they name the shift is looked up that was open then.
    const occurred_at = new Date().toISOString();
    const commands = Array.from({ length: 50 }, (_, index) => ({ ...command(shop, firstSeq + index), occurred_at }));
    const body = { terminal_id: shop.terminal.id, commands };
    const { answer, probe } = await watch("post", { path: "/v1/sync/commands", token: shop.admin.token, body });
    expectStatus(answer, 200);
    return probe;
  };

  it("is read once and committed once, and reads no more for what it brought before", async () => {
    const first = await bring(1000);
    const second = await bring(1050);
    const third = await bring(1100);
    expect(first.trips.map(({ hop }) => hop)).toEqual(["do", "d1", "d1"]);
    expect(third.rows_read).toBe(second.rows_read);
  });
});
