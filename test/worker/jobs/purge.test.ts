import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { purgeOldRows } from "../../../src/jobs/purge.ts";
import { countRows, createStore, createUser, uuid } from "../../support/api.ts";

const NOW = new Date("2026-11-24T03:17:00.000Z");

async function spend(expires_at: string, first: number, count: number): Promise<void> {
  const hashes = Array.from({ length: count }, (_, index) => (first + index).toString(16).padStart(64, "0"));
  await env.DB.prepare("INSERT INTO spent_challenges (challenge_hash, expires_at) SELECT value, ?1 FROM json_each(?2)")
    .bind(expires_at, JSON.stringify(hashes))
    .run();
}

async function keepKeys(store_id: string, created_at: string, keys: readonly string[]): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO idempotency_keys (store_id, key, operation, fingerprint, resource_id, response, created_at)
     SELECT ?1, value, 'sale', ?2, 'x', '{}', ?3 FROM json_each(?4)`,
  )
    .bind(store_id, "0".repeat(64), created_at, JSON.stringify(keys))
    .run();
}

it("the nightly job forgets spent challenges a day after they expired, however many there are", async () => {
  await spend("2026-11-23T03:16:59.999Z", 0, 2500);
  await spend("2026-11-23T03:17:00.000Z", 10_000, 3);
  await spend("2026-11-24T03:20:00.000Z", 20_000, 2);
  await purgeOldRows(env, NOW);
  expect(await countRows("spent_challenges")).toBe(5);
});

it("the nightly job forgets a spent approval only when nobody can show it any more", async () => {
  const [store, manager] = [await createStore(), await createUser("employee")];
  const use = async (expires_at: string) => {
    const id = uuid();
    await env.DB.prepare(
      `INSERT INTO spent_approvals (id, action, store_id, approved_by, spent_at, expires_at)
       VALUES (?1, 'price', ?2, ?3, ?4, ?4)`,
    )
      .bind(id, store.id, manager.id, expires_at)
      .run();
    return id;
  };
  await use("2026-08-25T03:16:59.999Z");
  const kept = [await use("2026-08-25T03:17:00.000Z"), await use("2026-11-24T03:17:00.000Z")];
  await purgeOldRows(env, NOW);
  const { results } = await env.DB.prepare("SELECT id FROM spent_approvals ORDER BY id").all<{ id: string }>();
  expect(results.map(({ id }) => id)).toEqual(kept);
});

it("the nightly job forgets idempotency keys after 90 days", async () => {
  const store = await createStore();
  await keepKeys(store.id, "2026-08-26T03:16:59.999Z", ["old", "older"]);
  await keepKeys(store.id, "2026-08-26T03:17:00.000Z", ["kept"]);
  await purgeOldRows(env, NOW);
  const { results } = await env.DB.prepare("SELECT key FROM idempotency_keys").all();
  expect(results).toEqual([{ key: "kept" }]);
});
