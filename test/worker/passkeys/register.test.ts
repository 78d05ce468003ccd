import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { type AccessClaims, signAccessToken } from "../../../src/modules/auth/access-token.ts";
import { CHALLENGE_LIFE_MS, makeChallenge } from "../../../src/modules/passkeys/challenge.ts";
import { api, asUser, type Client, expectProblem, expectStatus, fetchWith, type SignedIn } from "../../support/api.ts";
import { type Deviation, FLAGS, makePasskey } from "../../support/authenticator.ts";
import { askToRegister, askToSignIn, ORIGIN, type PasskeyBody, register, snapshot } from "./ceremony.ts";

const PATH = "/v1/auth/passkeys/register";
const OPTIONS = "/v1/auth/passkeys/options";

let user: SignedIn;

beforeAll(async () => {
  user = await asUser("admin");
});

function claimsOf({ token }: SignedIn): AccessClaims {
  return JSON.parse(atob(token.split(".")[1] ?? "")) as AccessClaims;
}

/** The same session as a till would have opened it. */
async function asByPin(): Promise<Client> {
  return api(await signAccessToken(readSettings(env), { ...claimsOf(user), method: "pin" }, new Date()));
}

async function expectRefused(credential: unknown, client: Client = user): Promise<void> {
  const before = await snapshot();
  const problem = expectProblem(await client.post(PATH, { credential }), 422, "validation_failed");
  expect(problem.errors?.[0]?.pointer).toBe("/credential");
  expect(await snapshot()).toEqual(before);
}

describe("POST /v1/auth/passkeys/options to add one", () => {
  it("asks for a discoverable passkey that verifies its user, and for no attestation", async () => {
    const options = await askToRegister(user);
    expect(options).toMatchObject({
      rp: { id: "regal.test", name: "Regal POS" },
      user: {
        id: base64url.encode(user.user.id),
        name: user.user.username,
        displayName: user.user.full_name,
      },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      timeout: 300_000,
      excludeCredentials: [],
    });
    expect(base64url.decode(options.challenge).length).toBeGreaterThanOrEqual(32);
    expect((await askToRegister(user)).challenge).not.toBe(options.challenge);
  });

  it("is what a body that is left out means for who is signed in", async () => {
    const answer = await user.post<object>(OPTIONS);
    expectStatus(answer, 200);
    expect(Object.keys(answer.body)).toContain("rp");
  });

  it("names the passkeys the user has, and nobody else's", async () => {
    const [ann, bob] = [await asUser("admin"), await asUser("admin")];
    const { passkey } = await register(ann);
    expect((await askToRegister(ann)).excludeCredentials).toEqual([
      { id: passkey.id, type: "public-key", transports: ["internal", "hybrid"] },
    ]);
    expect((await askToRegister(bob)).excludeCredentials).toEqual([]);
  });

  it("is refused to nobody, to a PIN, to who must change the password, and long after the sign-in", async () => {
    expectProblem(await api(null).post(OPTIONS, { purpose: "register" }), 401, "unauthenticated");
    expectProblem(await (await asByPin()).post(OPTIONS), 403, "forbidden");
    const temporary = await asUser("admin");
    await env.DB.prepare("UPDATE users SET must_change_password = 1 WHERE id = ?1").bind(temporary.user.id).run();
    expectProblem(await temporary.post(OPTIONS), 403, "forbidden");
    const old = await asUser("admin");
    await env.DB.prepare("UPDATE sessions SET created_at = ?2 WHERE user_id = ?1")
      .bind(old.user.id, new Date(Date.now() - 16 * 60_000).toISOString())
      .run();
    const { detail } = expectProblem(await old.post(OPTIONS), 403, "forbidden");
    expect(detail).toContain("sign in again");
  });

  it.each([
    [{ purpose: "both" }, "/purpose"],
    [{ purpose: null }, "/purpose"],
    [{ user_id: "someone else" }, "/user_id"],
  ])("refuses %o", async (body, pointer) => {
    const problem = expectProblem(await user.post(OPTIONS, body), 422, "validation_failed");
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });
});

describe("POST /v1/auth/passkeys/register", () => {
  it("keeps the passkey, spends the challenge and writes who added it", async () => {
    const { credential, passkey } = await makePasskey(await askToRegister(user), ORIGIN);
    const answer = await user.post<PasskeyBody>(PATH, { credential, name: "  Laptop  " });
    expectStatus(answer, 201);
    const { id, created_at, ...rest } = answer.body;
    expect(rest).toEqual({
      name: "Laptop",
      transports: ["internal", "hybrid"],
      backed_up: true,
      last_used_at: null,
    });
    const kept = await env.DB.prepare("SELECT * FROM passkeys WHERE id = ?1").bind(id).first();
    expect(kept).toMatchObject({ user_id: user.user.id, credential_id: passkey.id, sign_count: 0, created_at });
    const entry = await env.DB.prepare("SELECT action, actor_id, after FROM audit_entries WHERE entity_id = ?1")
      .bind(id)
      .first<{ after: string }>();
    expect(entry).toMatchObject({ action: "passkey.add", actor_id: user.user.id });
    expect(JSON.parse(entry?.after ?? "")).toEqual({
      name: "Laptop",
      transports: ["internal", "hybrid"],
      backed_up: true,
    });
    const list = await user.get<{ data: PasskeyBody[] }>("/v1/auth/passkeys");
    expect(list.body.data).toEqual([answer.body]);
  });

  it("takes no challenge twice", async () => {
    const options = await askToRegister(user);
    const first = await makePasskey(options, ORIGIN);
    expectStatus(await user.post(PATH, { credential: first.credential }), 201);
    await expectRefused(first.credential);
    const second = await makePasskey(options, ORIGIN);
    await expectRefused(second.credential);
  });

  it("takes one challenge once, however its uses race", async () => {
    const options = await askToRegister(user);
    const made = await Promise.all(Array.from({ length: 5 }, async () => makePasskey(options, ORIGIN)));
    const answers = await Promise.all(made.map(async ({ credential }) => user.post(PATH, { credential })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422, 422]);
  });

  it("takes no challenge of another user, another session of the same user, or a sign-in", async () => {
    const stolen = await askToRegister(await asUser("admin"));
    const forUser = { ...stolen, user: { ...stolen.user, id: base64url.encode(user.user.id) } };
    await expectRefused((await makePasskey(forUser, ORIGIN)).credential);
    const { challenge } = await askToSignIn();
    await expectRefused((await makePasskey(await askToRegister(user), ORIGIN, { challenge })).credential);
  });

  it("takes no challenge that has expired, is made up or is changed", async () => {
    const options = await askToRegister(user);
    const old = { settings: readSettings(env), now: new Date(Date.now() - CHALLENGE_LIFE_MS) };
    const expired = base64url.encode(makeChallenge(old, { purpose: "register", session_id: claimsOf(user).sid }));
    await expectRefused((await makePasskey(options, ORIGIN, { challenge: expired })).credential);
    const text = new TextDecoder().decode(base64url.decode(options.challenge));
    const later = text.replace(/\.(\d{13})\./, (_, expiry: string) => `.${String(Number(expiry) + 60_000)}.`);
    expect(later).not.toBe(text);
    for (const challenge of [later, text.slice(0, -1), text.replace("k2", "k1"), "made up", "a.b.c"]) {
      const forged = base64url.encode(challenge);
      await expectRefused((await makePasskey(options, ORIGIN, { challenge: forged })).credential);
    }
    await expectRefused((await makePasskey(options, ORIGIN, { challenge: "" })).credential);
  });

  it.each<[string, Deviation]>([
    ["of another origin", { origin: "http://evil.test" }],
    ["of a look-alike origin", { origin: "http://regal.test.evil.test" }],
    ["of another port", { origin: "http://regal.test:8080" }],
    ["of another scheme", { origin: "https://regal.test" }],
    ["of an origin of the settings that is another site", { origin: "https://till.example" }],
    ["made for another host", { rp_id: "evil.test" }],
    ["that did not verify its user", { flags: FLAGS.UP | FLAGS.AT }],
    ["whose user was not there", { flags: FLAGS.UV | FLAGS.AT }],
    ["without a key", { flags: FLAGS.UP | FLAGS.UV }],
    ["that is an assertion", { type: "webauthn.get" }],
    ["without an id", { credential_id: new Uint8Array() }],
    ["with an id longer than the standard has", { credential_id: new Uint8Array(1024) }],
  ])("refuses one %s", async (_, deviation) => {
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN, deviation);
    const before = await snapshot();
    expectProblem(await user.post(PATH, { credential }), 422, "validation_failed");
    expect(await snapshot()).toEqual(before);
  });

  it("refuses one whose id is not the one its authenticator made", async () => {
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN);
    await expectRefused({ ...credential, id: "AAAA", rawId: "AAAA" });
    await expectRefused({ ...credential, id: "AAAA" });
  });

  it("takes one of an origin in the settings below our own name", async () => {
    const client = api(user.token, fetchWith({ CORS_ORIGINS: "https://till.example,https://back.regal.test" }));
    const options = await askToRegister(client);
    for (const origin of ["https://till.example", "https://xregal.test"]) {
      await expectRefused((await makePasskey(options, origin)).credential, client);
    }
    const { credential } = await makePasskey(options, "https://back.regal.test");
    expectStatus(await client.post(PATH, { credential }), 201);
  });

  it("refuses a passkey that someone has already", async () => {
    const { passkey } = await register(await asUser("admin"));
    const taken = { credential_id: base64url.decode(passkey.id) };
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN, taken);
    const before = await snapshot();
    expectProblem(await user.post(PATH, { credential }), 409, "conflict");
    expect(await snapshot()).toEqual(before);
  });

  it("keeps at most 20 of a user", async () => {
    const collector = await asUser("admin");
    for (let count = 0; count < 20; count += 1) await register(collector);
    const { credential } = await makePasskey(await askToRegister(collector), ORIGIN);
    const before = await snapshot();
    expectProblem(await collector.post(PATH, { credential }), 409, "conflict");
    expect(await snapshot()).toEqual(before);
  });

  it("is refused to nobody, to a PIN, and to a session that has ended", async () => {
    const other = await asUser("admin");
    const { credential } = await makePasskey(await askToRegister(other), ORIGIN);
    expectProblem(await api(null).post(PATH, { credential }), 401, "unauthenticated");
    expectProblem(await (await asByPin()).post(PATH, { credential }), 403, "forbidden");
    expectStatus(await other.post("/v1/auth/logout"), 204);
    expectProblem(await other.post(PATH, { credential }), 401, "session_revoked");
  });

  it("refuses fields that are huge, missing or of another kind", async () => {
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN);
    const { response } = credential;
    const long = "A".repeat(40_000);
    const wrong: [unknown, string][] = [
      [undefined, "/credential"],
      ["text", "/credential"],
      [[], "/credential"],
      [{ ...credential, id: long }, "/credential/id"],
      [{ ...credential, id: "" }, "/credential/id"],
      [{ ...credential, rawId: "a+b/c=" }, "/credential/rawId"],
      [{ ...credential, type: "password" }, "/credential/type"],
      [{ ...credential, response: undefined }, "/credential/response"],
      [{ ...credential, response: { ...response, clientDataJSON: long } }, "/credential/response/clientDataJSON"],
      [{ ...credential, response: { ...response, clientDataJSON: 1 } }, "/credential/response/clientDataJSON"],
      [{ ...credential, response: { ...response, attestationObject: long } }, "/credential/response/attestationObject"],
      [{ ...credential, response: { ...response, transports: [long] } }, "/credential/response/transports/0"],
      [
        { ...credential, response: { ...response, transports: Array(11).fill("usb") } },
        "/credential/response/transports",
      ],
    ];
    const before = await snapshot();
    for (const [one, pointer] of wrong) {
      const problem = expectProblem(await user.post(PATH, { credential: one }), 422, "validation_failed");
      expect(problem.errors?.[0]?.pointer).toBe(pointer);
    }
    for (const [more, pointer] of [
      [{ name: "x".repeat(101) }, "/name"],
      [{ name: " " }, "/name"],
      [{ user_id: user.user.id }, "/user_id"],
    ] as const) {
      const problem = expectProblem(await user.post(PATH, { credential, ...more }), 422, "validation_failed");
      expect(problem.errors?.[0]?.pointer).toBe(pointer);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("refuses what is base64url and nothing else", async () => {
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN);
    const { response } = credential;
    const junk = base64url.encode(crypto.getRandomValues(new Uint8Array(300)));
    for (const text of [junk, "AA", base64url.encode("null"), base64url.encode("{}"), base64url.encode("[]")]) {
      await expectRefused({ ...credential, response: { ...response, clientDataJSON: text } });
      await expectRefused({ ...credential, response: { ...response, attestationObject: text } });
    }
  });
});
