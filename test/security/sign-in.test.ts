import { beforeAll, describe, expect, it, vi } from "vitest";
import { ROUTES } from "../../src/app.ts";
import {
  type Answer,
  api,
  asAdmin,
  createStore,
  createUser,
  type Fetcher,
  fetchWith,
  type ProblemBody,
  uuid,
} from "../support/api.ts";
import { sendTo } from "../support/matrix.ts";
import { EXAMPLES, SETUP } from "../worker/budget/examples.ts";
import { openShop } from "../worker/budget/shop.ts";
import { nameOf } from "../worker/budget/tour.ts";
import { addPairedTill, createCashier, enterPin, PIN } from "../worker/pin/till.ts";

/** A storm at the front door, small enough for every run; `npm run storm` sends ten thousand. */

const FAILURES_PER_NAME = 10;
/** Fewer than there are, so that they are soon used up. */
const ATTEMPTS_PER_ADDRESS = 5;
const strict = fetchWith({ LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: String(ATTEMPTS_PER_ADDRESS) });

beforeAll(async () => {
  await asAdmin();
});

async function guess(username: string, password: string, address: string, fetcher?: Fetcher): Promise<Answer> {
  return api(null, fetcher).post("/v1/auth/login", { username, password }, { "CF-Connecting-IP": address });
}

function countStatuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe("API4:2023 unrestricted resource consumption, API2:2023 broken authentication / ASVS 2.4.1, 6.3.1: a storm of guesses", () => {
  it("at one name from many addresses at once is limited, and another signs in meanwhile", async () => {
    const [target, other] = [await createUser("cashier"), await createUser("cashier")];
    const storm = Array.from({ length: 60 }, async () => guess(target.username, "a wrong password", uuid()));
    const meanwhile = await guess(other.username, other.password, uuid());
    const counts = countStatuses(await Promise.all(storm));
    expect(counts[401]).toBeLessThanOrEqual(FAILURES_PER_NAME);
    expect(counts[429]).toBeGreaterThanOrEqual(60 - FAILURES_PER_NAME);
    expect(meanwhile.status).toBe(200);
  });

  it("from one address at many names is limited, and another address is not", async () => {
    const address = uuid();
    const other = await createUser("cashier");
    const storm = Array.from({ length: ATTEMPTS_PER_ADDRESS + 20 }, async () =>
      guess(uuid(), "a wrong one", address, strict),
    );
    const counts = countStatuses(await Promise.all(storm));
    expect(counts[401]).toBeLessThanOrEqual(ATTEMPTS_PER_ADDRESS);
    expect(counts[429]).toBeGreaterThanOrEqual(20);
    expect((await guess(other.username, other.password, address, strict)).status).toBe(429);
    expect((await guess(other.username, other.password, uuid(), strict)).status).toBe(200);
  });

  it("at a PIN on a till locks it long before the guesses run out, and says when to come back", async () => {
    const store = await createStore();
    const till = await addPairedTill(store.id);
    const ann = await createCashier(store.id);
    const guesses = Array.from({ length: 40 }, async (_, i) =>
      enterPin(till.device_token, ann.username, String(700_000 + i * 37)),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(20);
    const limited = answers.find(({ status }) => status === 429);
    expect(Number(limited?.headers.get("Retry-After"))).toBeGreaterThan(0);
    // Not even the right one, while it lasts: sending side by side gains nothing.
    expect((await enterPin(till.device_token, ann.username, PIN)).status).not.toBe(200);
  });
});

describe("API2:2023 broken authentication / ASVS 6.3.8: who exists", () => {
  it("can't be told from the answer: unknown, deactivated, of no such store, without a password", async () => {
    const admin = await asAdmin();
    const store = await createStore();
    const [known, gone] = [await createUser("cashier"), await createUser("cashier")];
    await admin.post(`/v1/users/${gone.id}/deactivate`);
    const tries = [
      { username: known.username, password: "a wrong password" },
      { username: "nobody-of-this-name", password: "a wrong password" },
      { username: gone.username, password: gone.password },
      { username: known.username, password: known.password, store_code: store.code },
      { username: known.username, password: known.password, store_code: "NOWHERE" },
    ];
    const told = new Set<string>();
    for (const body of tries) {
      const answer = await api(null).post<ProblemBody>("/v1/auth/login", body, { "CF-Connecting-IP": uuid() });
      const { request_id: _id, ...rest } = answer.body;
      const fields = [...answer.headers.keys()].filter((name) => name !== "content-length");
      told.add(JSON.stringify([answer.status, rest, fields]));
    }
    expect([...told]).toHaveLength(1);
    expect([...told][0]).toContain('"code":"unauthenticated"');
  });
});

describe("API7:2023 server side request forgery, API10:2023 unsafe consumption of APIs / ASVS 1.3.6, 15.3.2: requests of ours", () => {
  it("go nowhere, whatever address is sent: no route calls another host", async () => {
    const shop = await openShop();
    const fetched = vi.spyOn(globalThis, "fetch");
    for (const route of ROUTES.filter(({ declaration }) => declaration.path !== SETUP.path)) {
      const call = await EXAMPLES[nameOf(route.declaration)]?.(shop);
      if (call) await sendTo(route, call);
    }
    const image_url = "https://169.254.169.254/latest/meta-data";
    await shop.admin.post("/v1/products", { sku: uuid(), name: "Bait", unit_price: 1, image_url });
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });
});
