import { env } from "cloudflare:workers";
import { base64url, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  asUser,
  countRows,
  createStore,
  expectProblem,
  expectStatus,
  fetchWith,
  type SignedIn,
  uuid,
} from "../support/api.ts";

/** Access tokens an attacker could make or find (RFC 8725). Each must be refused on a read and on a write. */

interface Parts {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

const [CURRENT = "", PREVIOUS = ""] = env.ACCESS_TOKEN_KEYS.split(",");
let admin: SignedIn;
let good: Parts;

/** A token like the good one, but for what `over` says; by default signed with the current key. */
async function forge(over: Partial<Parts> = {}, key: string = CURRENT): Promise<string> {
  const [, secret = ""] = key.split(":");
  return new SignJWT({ ...good.claims, ...over.claims })
    .setProtectedHeader({ alg: "HS256", ...good.header, ...over.header })
    .sign(new TextEncoder().encode(secret));
}

function readPart(token: string, index: number): Record<string, unknown> {
  const text = atob((token.split(".")[index] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(text) as Record<string, unknown>;
}

function encodePart(part: unknown): string {
  return btoa(JSON.stringify(part)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** HS256 by hand: what no library would sign. */
async function macOf(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  return base64url.encode(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}

const nowS = (): number => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  admin = await asUser("admin");
  good = { header: { typ: "at+jwt", kid: "k2" }, claims: readPart(admin.token, 1) };
});

async function expectRefused(token: string): Promise<void> {
  const before = [await countRows("stores"), await countRows("audit_entries")];
  const store = { code: "EVIL", name: "Evil", currency: "GBP" };
  const answers = [await api(token).get("/v1/auth/me"), await api(token).post("/v1/stores", store)];
  for (const answer of answers) {
    expectProblem(answer, 401, "unauthenticated");
    expect(JSON.stringify(answer.body)).not.toMatch(/JWS|JWT|signature|alg|kid/);
  }
  expect([await countRows("stores"), await countRows("audit_entries")]).toEqual(before);
}

describe("API2:2023 broken authentication / ASVS 9.2.1, 9.2.4: the control", () => {
  it("forges a token that is taken, so that each refusal below is for its own reason", async () => {
    expectStatus(await api(await forge()).get("/v1/auth/me"), 200);
  });

  it("takes a token of the key before, so that keys can be changed", async () => {
    expectStatus(await api(await forge({ header: { kid: "k1" } }, PREVIOUS)).get("/v1/auth/me"), 200);
  });

  it("says what the token is: typed, with issuer, audience, key id and 15 minutes", () => {
    expect(readPart(admin.token, 0)).toEqual({ alg: "HS256", typ: "at+jwt", kid: "k2" });
    const { iat, exp, sid, ...claims } = good.claims;
    expect(Number(exp) - Number(iat)).toBe(900);
    expect(sid).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims).toEqual({
      sub: admin.user.id,
      gate: "hq",
      role: "admin",
      stores: null,
      method: "password",
      transport: "bearer",
      iss: "regal-pos",
      aud: "regal-pos-api",
    });
  });
});

describe("API2:2023 broken authentication / ASVS 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.2, 9.2.3: a token is refused", () => {
  it("that has expired", async () => {
    await expectRefused(await forge({ claims: { iat: nowS() - 901, exp: nowS() - 1 } }));
  });

  it("that never expires", async () => {
    await expectRefused(await forge({ claims: { exp: undefined } }));
  });

  it("that is not valid yet", async () => {
    await expectRefused(await forge({ claims: { nbf: nowS() + 60 } }));
  });

  it("of the algorithm none", async () => {
    await expectRefused(new UnsecuredJWT(good.claims).encode());
    for (const alg of ["none", "None", "NONE"]) {
      const unsigned = `${encodePart({ ...good.header, alg })}.${encodePart(good.claims)}`;
      await expectRefused(`${unsigned}.`);
      await expectRefused(`${unsigned}.${admin.token.split(".")[2] ?? ""}`);
    }
  });

  it("of another algorithm with the right key", async () => {
    const long = `k2:${(CURRENT.split(":")[1] ?? "").padEnd(64, "0")}`;
    await expectRefused(await forge({ header: { alg: "HS512" } }, long));
    await expectRefused(await forge({ header: { alg: "HS384" } }, long));
  });

  it("signed by another key under a known id", async () => {
    await expectRefused(await forge({}, `k2:${"another key of the same length".padEnd(43, "0")}`));
    await expectRefused(await forge({}, PREVIOUS));
    await expectRefused(await forge({ header: { kid: "k1" } }, CURRENT));
  });

  it.each([
    { kid: "k3" },
    { kid: "" },
    { kid: "../k2" },
    { kid: "__proto__" },
    { kid: "k2\u0000" },
    { kid: "/dev/null" },
    { kid: "k2' OR 1=1 --" },
  ])("with the key id $kid", async (header) => {
    await expectRefused(await forge({ header }));
  });

  it.each([
    { jku: "https://evil.example/keys.json" },
    { x5u: "https://evil.example/cert.pem" },
    { x5c: ["MIIB"] },
    { jwk: { kty: "oct", k: "ZXZpbCBrZXkgb2YgdGhlIGF0dGFja2VyIGhpbXNlbGY", alg: "HS256" } },
    { crit: ["exp"] },
    { crit: ["b64"], b64: false },
    { zip: "DEF" },
  ])("that brings or points at a key of its own, or asks for more than is known: %o", async (header) => {
    const parts = [{ alg: "HS256", ...good.header, ...header }, good.claims].map(encodePart).join(".");
    await expectRefused(`${parts}.${await macOf(parts, "evil key of the attacker himself")}`);
    await expectRefused(`${parts}.${admin.token.split(".")[2] ?? ""}`);
    if ("crit" in header) await expectRefused(`${parts}.${await macOf(parts, CURRENT.split(":")[1] ?? "")}`);
  });

  it("signed with a private key, under each name of ours", async () => {
    for (const alg of ["RS256", "ES256", "EdDSA"]) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      const signed = new SignJWT(good.claims).setProtectedHeader({ ...good.header, alg });
      await expectRefused(await signed.sign(privateKey));
      // The confusion of RFC 8725, 2.1: the public key, taken for a shared secret.
      await expectRefused(await forge({}, `k2:${await exportSPKI(publicKey)}`));
    }
  });

  it("without a key id", async () => {
    const secret = new TextEncoder().encode(CURRENT.split(":")[1]);
    await expectRefused(
      await new SignJWT(good.claims).setProtectedHeader({ alg: "HS256", typ: "at+jwt" }).sign(secret),
    );
  });

  it.each([{ typ: "JWT" }, { typ: "refresh+jwt" }, { typ: "" }])("of the type $typ", async (header) => {
    await expectRefused(await forge({ header }));
  });

  it.each([
    ["another issuer", { iss: "evil" }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "another-api" }],
    ["no audience", { aud: undefined }],
    ["no session", { sid: undefined }],
    ["a session that is no text", { sid: 1 }],
    ["no subject", { sub: undefined }],
    ["no gate", { gate: undefined }],
    ["no role", { role: undefined }],
    ["a role that does not exist", { role: "owner" }],
    ["a role that every object has", { role: "constructor" }],
    ["no stores", { stores: undefined }],
    ["stores that are no list", { stores: "all" }],
  ])("with %s", async (_, claims) => {
    await expectRefused(await forge({ claims }));
  });

  it("whose claims were changed under its signature", async () => {
    const cashier = await asUser("cashier");
    const [header = "", , signature = ""] = cashier.token.split(".");
    const claims = { ...readPart(cashier.token, 1), role: "admin", stores: null };
    await expectRefused(`${header}.${encodePart(claims)}.${signature}`);
  });

  it.each([
    ["a word", "garbage"],
    ["three letters", "a.b.c"],
    ["two dots", ".."],
    ["very long", `${"a".repeat(9000)}.b.c`],
    ["null", "null"],
    ["an object", "{}"],
  ])("that is %s, and the answer says what to send", async (_, token) => {
    await expectRefused(token);
    expect((await api(token).get("/v1/auth/me")).headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
  });

  it("that is a refresh token", async () => {
    await expectRefused(admin.refresh_token);
  });

  it("when there are two, when it is not a bearer's, and when there is none", async () => {
    const { token } = admin;
    for (const value of [
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token} ${token}`,
      `Basic ${token}`,
      token,
      "Bearer",
      "",
    ]) {
      expectProblem(await api(null).get("/v1/auth/me", { Authorization: value }), 401, "unauthenticated");
    }
    const headers = new Headers({ Authorization: `Bearer ${token}` });
    headers.append("Authorization", `Bearer ${token}`);
    const twice = await fetchWith({})(new Request("http://regal.test/v1/auth/me", { headers }));
    expect(twice.status).toBe(401);
    expectProblem(await api(null).get(`/v1/auth/me?access_token=${token}`), 401, "unauthenticated");
  });
});

describe("API1:2023 broken object level authorization / ASVS 8.3.1: a signed token still can't", () => {
  it("write in the name of a session that does not exist, or is another user's", async () => {
    const other = await asUser("admin");
    const otherSession = readPart(other.token, 1)["sid"];
    const before = [await countRows("stores"), await countRows("audit_entries")];
    for (const sid of [uuid(), otherSession]) {
      const answer = await api(await forge({ claims: { sid } })).post("/v1/stores", {
        code: "EVIL",
        name: "Evil",
        currency: "GBP",
      });
      expectProblem(answer, 401, "session_revoked");
    }
    expect([await countRows("stores"), await countRows("audit_entries")]).toEqual(before);
  });

  it("read or write in a store that it does not name", async () => {
    const [mine, theirs] = [await createStore(), await createStore()];
    const employee = await asUser("employee", [mine.id], mine.code);
    expectStatus(await employee.get(`/v1/stores/${mine.id}`), 200);
    expectProblem(await employee.get(`/v1/stores/${theirs.id}`), 404, "not_found");
    expectProblem(await employee.get(`/v1/terminals?store_id=${theirs.id}`), 404, "not_found");
  });
});
