import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { hashDeviceToken, newDeviceToken } from "../../../src/modules/auth/device.ts";
import { CHALLENGE_LIFE_MS, makeChallenge } from "../../../src/modules/passkeys/challenge.ts";
import {
  type Answer,
  api,
  asUser,
  createStore,
  createTerminal,
  expectProblem,
  expectStatus,
  fetchWith,
  type SignedIn,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import { type Deviation, FLAGS, newKeyPair, usePasskey } from "../../support/authenticator.ts";
import { brokenGate } from "../http/broken.ts";
import {
  askToRegister,
  askToSignIn,
  fromAnywhere,
  ORIGIN,
  type Registered,
  register,
  sendAssertion,
  signInWith,
  snapshot,
} from "./ceremony.ts";

const OPTIONS = "/v1/auth/passkeys/options";
const PATH = "/v1/auth/passkeys/login";

let store: StoreBody;
let user: SignedIn;
let mine: Registered;

beforeAll(async () => {
  store = await createStore();
  user = await asUser("cashier", [store.id]);
  mine = await register(user);
});

/** One and the same refusal, whatever was wrong; and nothing has changed. */
async function expectRefused(act: () => Promise<Answer>): Promise<void> {
  const before = await snapshot();
  const problem = expectProblem(await act(), 401, "unauthenticated");
  expect(problem.detail).toBe("This passkey is not known here, or you do not work in this store.");
  expect(await snapshot()).toEqual(before);
}

describe("POST /v1/auth/passkeys/options to sign in", () => {
  it("names nobody and no passkey, whoever asks", async () => {
    const { challenge, ...rest } = await askToSignIn();
    expect(challenge).toMatch(/^[\w-]{40,}$/);
    expect(rest).toEqual({ rpId: "regal.test", timeout: 300_000, userVerification: "required" });
    const asked = await user.post<object>(OPTIONS, { purpose: "login" });
    expect(Object.keys(asked.body).toSorted()).toEqual(["challenge", "rpId", "timeout", "userVerification"]);
  });

  it("takes a JSON body or none", async () => {
    expectProblem(
      await api(null).post(OPTIONS, "purpose=login", { "Content-Type": "text/plain", ...fromAnywhere() }),
      415,
      "unsupported_media_type",
    );
  });

  it("is limited by address", async () => {
    const client = api(null, fetchWith({ LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "2" }));
    const address = fromAnywhere();
    for (let count = 0; count < 2; count += 1) expectStatus(await client.post(OPTIONS, {}, address), 200);
    expectProblem(await client.post(OPTIONS, {}, address), 429, "rate_limited");
    expectStatus(await client.post(OPTIONS, {}, fromAnywhere()), 200);
  });

  it("is not given without the gate", async () => {
    const client = api(null, fetchWith({ GATE: brokenGate() }));
    expectProblem(await client.post(OPTIONS, {}), 503, "overloaded");
  });
});

describe("POST /v1/auth/passkeys/login", () => {
  it("opens a session of its owner, without a name", async () => {
    const answer = await signInWith(mine.passkey);
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 900, user: { id: user.user.id } });
    const client = api(answer.body.access_token);
    const list = await client.get<{ data: { method: string; current: boolean }[] }>("/v1/auth/sessions");
    expect(list.body.data.find(({ current }) => current)).toMatchObject({ method: "passkey" });
    const kept = await env.DB.prepare("SELECT last_used_at FROM passkeys WHERE id = ?1").bind(mine.id).first();
    expect(kept?.["last_used_at"]).not.toBeNull();
    const entry = await env.DB.prepare(
      "SELECT after FROM audit_entries WHERE action = 'session.open' AND actor_id = ?1 ORDER BY seq DESC",
    )
      .bind(user.user.id)
      .first<{ after: string }>();
    expect(JSON.parse(entry?.after ?? "")).toMatchObject({ method: "passkey" });
  });

  it("opens it in the store of the code, where its owner works", async () => {
    const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    const answer = await sendAssertion(credential, { store_code: store.code });
    expectStatus(answer, 200);
    const list = await api(answer.body.access_token).get<{ data: { store_id: string; current: boolean }[] }>(
      "/v1/auth/sessions",
    );
    expect(list.body.data.find(({ current }) => current)).toMatchObject({ store_id: store.id });
  });

  it("opens it on a paired till", async () => {
    const terminal = await createTerminal(store.id);
    const device_token = await pair(terminal.id);
    const send = async (headers: Record<string, string>, more = {}) =>
      sendAssertion(await usePasskey(mine.passkey, await askToSignIn(), ORIGIN), more, headers);
    const answer = await send({ "X-Device-Token": device_token });
    expectStatus(answer, 200);
    const list = await api(answer.body.access_token).get<{ data: object[] }>("/v1/auth/sessions");
    expect(list.body.data).toContainEqual(
      expect.objectContaining({ current: true, terminal_id: terminal.id, store_id: store.id }),
    );
    const other = await createStore();
    const before = await snapshot();
    expectProblem(await send({ "X-Device-Token": newDeviceToken() }), 401, "unauthenticated");
    expectProblem(await send({ "X-Device-Token": device_token }, { store_code: other.code }), 401, "unauthenticated");
    expect(await snapshot()).toEqual(before);
  });

  it("puts the tokens into cookies where that is asked for, from our own pages alone", async () => {
    const wanted = { "X-Session-Transport": "cookie" };
    const make = async () => usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    const answer = await sendAssertion(await make(), {}, { ...wanted, Origin: ORIGIN });
    expectStatus(answer, 200);
    expect(Object.keys(answer.body).toSorted()).toEqual(["csrf_token", "expires_in", "token_type", "user"]);
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toHaveLength(3);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-\w+=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const before = await snapshot();
    for (const foreign of [{ Origin: "http://evil.test" }, { Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" }]) {
      expectProblem(await sendAssertion(await make(), {}, { ...wanted, ...foreign }), 403, "csrf_failed");
    }
    expect(await snapshot()).toEqual(before);
  });

  it("takes no answer twice, and no challenge", async () => {
    const options = await askToSignIn();
    const credential = await usePasskey(mine.passkey, options, ORIGIN);
    expectStatus(await sendAssertion(credential), 200);
    await expectRefused(async () => sendAssertion(credential));
    const again = await usePasskey(mine.passkey, options, ORIGIN);
    await expectRefused(async () => sendAssertion(again));
  });

  it("takes one answer once, however its uses race", async () => {
    const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    const answers = await Promise.all(Array.from({ length: 5 }, async () => sendAssertion(credential)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401]);
  });

  it("takes no challenge that was given to add a passkey, has expired, is made up or is changed", async () => {
    const { challenge } = await askToRegister(await asUser("admin"));
    await expectRefused(async () => signInWith(mine.passkey, { challenge }));
    const old = { settings: readSettings(env), now: new Date(Date.now() - CHALLENGE_LIFE_MS) };
    const expired = base64url.encode(makeChallenge(old, { purpose: "login" }));
    await expectRefused(async () => signInWith(mine.passkey, { challenge: expired }));
    const text = new TextDecoder().decode(base64url.decode((await askToSignIn()).challenge));
    for (const forged of [text.slice(0, -1), text.replace(/^./, "_"), text.replace("k2", "k9"), "made up"]) {
      await expectRefused(async () => signInWith(mine.passkey, { challenge: base64url.encode(forged) }));
    }
  });

  it.each<[string, Deviation]>([
    ["on a page of another origin", { origin: "http://evil.test" }],
    ["on a page of a look-alike origin", { origin: "http://regal.test.evil.test" }],
    ["on another port", { origin: "http://regal.test:8080" }],
    ["on an origin of the settings that is another site", { origin: "https://till.example" }],
    ["for another host", { rp_id: "evil.test" }],
    ["without verifying the user", { flags: FLAGS.UP }],
    ["without the user being there", { flags: FLAGS.UV }],
    ["to add a passkey", { type: "webauthn.create" }],
    ["in the name of someone else", { user_handle: base64url.encode(uuid()) }],
  ])("refuses what was made %s", async (_, deviation) => {
    await expectRefused(async () => signInWith(mine.passkey, deviation));
  });

  it("refuses what another key has signed, and what was changed since", async () => {
    const { privateKey } = await newKeyPair();
    await expectRefused(async () => signInWith(mine.passkey, { key: privateKey }));
    const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    const { response } = credential;
    const data = base64url.decode(response.authenticatorData);
    data[36] = 7;
    const counted = { ...response, authenticatorData: base64url.encode(data) };
    await expectRefused(async () => sendAssertion({ ...credential, response: counted }));
    await expectRefused(async () => sendAssertion({ ...credential, response: { ...response, signature: "AAAA" } }));
  });

  it("refuses another's passkey by its id, and an id that nobody has", async () => {
    const other = await register(await asUser("admin"));
    const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    for (const id of [other.passkey.id, base64url.encode(crypto.getRandomValues(new Uint8Array(32)))]) {
      await expectRefused(async () => sendAssertion({ ...credential, id, rawId: id }));
    }
  });

  it("refuses a counter that went back or stood still, and says so in the log", async () => {
    const { passkey } = await register(await asUser("admin"), { sign_count: 5 });
    expectStatus(await signInWith(passkey, { sign_count: 6 }), 200);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    for (const sign_count of [6, 5, 1, 0]) await expectRefused(async () => signInWith(passkey, { sign_count }));
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("counter went back"));
    warn.mockRestore();
    expect(lines).toHaveLength(4);
    expectStatus(await signInWith(passkey, { sign_count: 4_294_967_295 }), 200);
  });

  it("lets one of two copies in that bring the same counter at once", async () => {
    const { passkey } = await register(await asUser("admin"), { sign_count: 1 });
    const copies = await Promise.all(
      [1, 2, 3].map(async () => usePasskey(passkey, await askToSignIn(), ORIGIN, { sign_count: 2 })),
    );
    const answers = await Promise.all(copies.map(async (credential) => sendAssertion(credential)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it("refuses who is inactive, does not work there, and a store that is not there", async () => {
    const other = await createStore();
    const send = async (store_code: string) =>
      sendAssertion(await usePasskey(mine.passkey, await askToSignIn(), ORIGIN), { store_code });
    await expectRefused(async () => send(other.code));
    await expectRefused(async () => send("NOWHERE"));
    const gone = await asUser("admin");
    const { passkey } = await register(gone);
    await env.DB.prepare("UPDATE users SET active = 0, version = version + 1 WHERE id = ?1").bind(gone.user.id).run();
    await expectRefused(async () => signInWith(passkey));
  });

  it("is limited by address", async () => {
    const fetcher = fetchWith({ LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE: "1" });
    const address = fromAnywhere();
    const send = async () => {
      const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
      return api(null, fetcher).post(PATH, { credential }, address);
    };
    expectStatus(await send(), 200);
    const before = await snapshot();
    expectProblem(await send(), 429, "rate_limited");
    expect(await snapshot()).toEqual(before);
  });

  it("refuses fields that are huge, missing or of another kind", async () => {
    const credential = await usePasskey(mine.passkey, await askToSignIn(), ORIGIN);
    const { response } = credential;
    const long = "A".repeat(20_000);
    const wrong: [unknown, string][] = [
      [undefined, "/credential"],
      [{ ...credential, id: long }, "/credential/id"],
      [{ ...credential, rawId: "a b" }, "/credential/rawId"],
      ...Object.keys(response).flatMap((name): [unknown, string][] => [
        [{ ...credential, response: { ...response, [name]: long } }, `/credential/response/${name}`],
        [{ ...credential, response: { ...response, [name]: undefined } }, `/credential/response/${name}`],
        [{ ...credential, response: { ...response, [name]: { $: 1 } } }, `/credential/response/${name}`],
        [{ ...credential, response: { ...response, [name]: "é" } }, `/credential/response/${name}`],
      ]),
    ];
    const before = await snapshot();
    for (const [one, pointer] of wrong) {
      const answer = await api(null).post(PATH, { credential: one }, fromAnywhere());
      const problem = expectProblem(answer, 422, "validation_failed");
      expect(problem.errors?.[0]?.pointer).toBe(pointer);
    }
    expect(await snapshot()).toEqual(before);
    for (const name of Object.keys(response)) {
      for (const text of ["AA", base64url.encode("null"), base64url.encode("{}")]) {
        await expectRefused(async () => sendAssertion({ ...credential, response: { ...response, [name]: text } }));
      }
    }
  });
});

/** Pairs a till past the API. */
async function pair(terminalId: string): Promise<string> {
  const token = newDeviceToken();
  const code_hash = hashDeviceToken(uuid());
  const now = new Date().toISOString();
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO pairing_codes (code_hash, terminal_id, created_at, expires_at) VALUES (?1, ?2, ?3, '9999')",
    ).bind(code_hash, terminalId, now),
    env.DB.prepare(
      "INSERT INTO devices (id, terminal_id, token_hash, code_hash, paired_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    ).bind(uuid(), terminalId, hashDeviceToken(token), code_hash, now),
  ]);
  return token;
}
