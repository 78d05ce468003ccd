import { beforeAll, describe, it } from "vitest";
import { ROUTES } from "../../../src/app.ts";
import { expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { sendTo } from "../../support/matrix.ts";
import { EXAMPLES } from "../budget/examples.ts";
import { openShop, type Shop } from "../budget/shop.ts";
import { nameOf } from "../budget/tour.ts";

/** A client may name what it creates, so that what it sends again is known again. */

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const creating = ROUTES.filter(({ declaration }) => {
  const { body, status } = declaration;
  return status === 201 && body !== undefined && "shape" in body && "id" in (body.shape as object);
}).map((route) => ({ name: nameOf(route.declaration), route }));

describe("an id that the client gives", () => {
  it.each(creating)("$name takes once", async ({ name, route }) => {
    const id = uuid();
    const send = async () => {
      const call = await EXAMPLES[name]?.(shop);
      if (!call) throw new Error(`${name} needs an example`);
      return sendTo(route, { ...call, body: { ...(call.body as object), id } });
    };
    expectStatus(await send(), 201);
    // Another record, or another command, of the same id; what is a command has another Idempotency-Key.
    expectProblem(await send(), 409, "conflict");
  });
});
