import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { api, asUser, expectProblem, expectStatus, fetchWith, type SignedIn, uuid } from "../../support/api.ts";
import { usePasskey } from "../../support/authenticator.ts";
import { askToSignIn, fromAnywhere, ORIGIN, type PasskeyBody, register, signInWith, snapshot } from "./ceremony.ts";

let ann: SignedIn;

beforeAll(async () => {
  ann = await asUser("admin");
});

describe("GET /v1/auth/passkeys", () => {
  it("lists the user's own, in the order in which they were added, page by page", async () => {
    const bob = await asUser("admin");
    await register(bob, {}, "Bob's");
    for (const name of ["One", "Two", "Three"]) await register(ann, {}, name);
    const names: string[] = [];
    let cursor = "";
    for (let page = 0; page < 2; page += 1) {
      const path: string = `/v1/auth/passkeys?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const answer = await ann.get<{ data: PasskeyBody[]; next_cursor: string | null }>(path);
      expectStatus(answer, 200);
      names.push(...answer.body.data.map(({ name }) => name));
      cursor = answer.body.next_cursor ?? "";
    }
    expect(names).toEqual(["One", "Two", "Three"]);
    expect(cursor).toBe("");
  });

  it("tells neither the key nor the credential's id", async () => {
    const { body } = await ann.get<{ data: PasskeyBody[] }>("/v1/auth/passkeys");
    for (const one of body.data) {
      expect(Object.keys(one).toSorted()).toEqual([
        "backed_up",
        "created_at",
        "id",
        "last_used_at",
        "name",
        "transports",
      ]);
    }
  });

  it("is for who is signed in", async () => {
    expectProblem(await api(null).get("/v1/auth/passkeys"), 401, "unauthenticated");
    expectProblem(await ann.get("/v1/auth/passkeys?cursor=x"), 422, "validation_failed");
  });
});

describe("DELETE /v1/auth/passkeys/{id}", () => {
  it("removes it, and ends what passkeys opened elsewhere, and nothing else", async () => {
    const user = await asUser("admin");
    const { id, passkey } = await register(user, {}, "Old phone");
    const opened = await signInWith(passkey);
    const elsewhere = api(opened.body.access_token);
    expectStatus(await elsewhere.get("/v1/auth/me"), 200);
    const answer = await user.delete(`/v1/auth/passkeys/${id}`);
    expectStatus(answer, 204);
    expect(answer.body).toBeNull();
    expectProblem(await elsewhere.get("/v1/auth/me"), 401, "session_revoked");
    expectStatus(await user.get("/v1/auth/me"), 200);
    expectProblem(await signInWith(passkey), 401, "unauthenticated");
    const entry = await env.DB.prepare(
      "SELECT before FROM audit_entries WHERE action = 'passkey.remove' AND entity_id = ?1",
    )
      .bind(id)
      .first<{ before: string }>();
    expect(JSON.parse(entry?.before ?? "")).toEqual({ name: "Old phone" });
    expectProblem(await user.delete(`/v1/auth/passkeys/${id}`), 404, "not_found");
  });

  it("leaves the session that removes, even where a passkey opened it", async () => {
    const { id, passkey } = await register(ann);
    const opened = await signInWith(passkey);
    const client = api(opened.body.access_token);
    expectStatus(await client.delete(`/v1/auth/passkeys/${id}`), 204);
    expectStatus(await client.get("/v1/auth/me"), 200);
  });

  it("opens no session for a sign-in that had read the passkey before", async () => {
    const user = await asUser("admin");
    const { passkey, id } = await register(user);
    const credential = await usePasskey(passkey, await askToSignIn(), ORIGIN);
    let batches = 0;
    const slow = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        batches += 1;
        // Between the sign-in's read and its commit.
        if (batches === 2) expectStatus(await user.delete(`/v1/auth/passkeys/${id}`), 204);
        return env.DB.batch(statements);
      },
    };
    const client = api(null, fetchWith({ DB: slow }));
    expectProblem(await client.post("/v1/auth/passkeys/login", { credential }, fromAnywhere()), 401, "unauthenticated");
    expect(batches).toBe(2);
    const sessions = await user.get<{ data: object[] }>("/v1/auth/sessions");
    expect(sessions.body.data).toHaveLength(1);
  });

  it("sent again after a gate was out of reach, tells it what ended", async () => {
    const user = await asUser("admin");
    const { passkey, id } = await register(user);
    const elsewhere = api((await signInWith(passkey)).body.access_token);
    const deaf = {
      getByName: (name: string) => {
        const gate = env.GATE.getByName(name);
        return {
          pass: async (...args: Parameters<typeof gate.pass>) => gate.pass(...args),
          revoke: async () => Promise.reject(new Error("the object is out of reach")),
        };
      },
    };
    const path = `/v1/auth/passkeys/${id}`;
    expectProblem(await api(user.token, fetchWith({ GATE: deaf })).delete(path), 503, "overloaded");
    expectStatus(await elsewhere.get("/v1/auth/me"), 200);
    expectProblem(await user.delete(path), 404, "not_found");
    expectProblem(await elsewhere.get("/v1/auth/me"), 401, "session_revoked");
  });

  it("finds no passkey of another user, none that is not there, and no id that is none", async () => {
    const { id } = await register(ann);
    const bob = await asUser("admin");
    const before = await snapshot();
    expectProblem(await bob.delete(`/v1/auth/passkeys/${id}`), 404, "not_found");
    expectProblem(await ann.delete(`/v1/auth/passkeys/${uuid()}`), 404, "not_found");
    expectProblem(await ann.delete("/v1/auth/passkeys/one"), 422, "validation_failed");
    expectProblem(await api(null).delete(`/v1/auth/passkeys/${id}`), 401, "unauthenticated");
    expect(await snapshot()).toEqual(before);
  });
});
