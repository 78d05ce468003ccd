import { base64url } from "jose";

/** An authenticator and the browser around it, in software: it makes real keys, attestations ("none") and assertions. */

/** Flags of authenticator data (WebAuthn level 3, 6.1). */
export const FLAGS = { UP: 1, UV: 4, BE: 8, BS: 16, AT: 64 } as const;
const ES256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const CREDENTIAL_ID_BYTES = 32;

export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  excludeCredentials: { id: string }[];
  [other: string]: unknown;
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
  [other: string]: unknown;
}

/** What is made otherwise than an honest browser would. */
export interface Deviation {
  origin?: string;
  rp_id?: string;
  challenge?: string;
  type?: string;
  flags?: number;
  sign_count?: number;
  credential_id?: Uint8Array;
  user_handle?: string;
  /** The key that signs in place of the passkey's own. */
  key?: CryptoKey;
}

/** A passkey as its authenticator holds it. */
export interface SoftPasskey {
  id: string;
  private_key: CryptoKey;
  /** Base64url. */
  user_handle: string;
  rp_id: string;
  sign_count: number;
}

export interface RegistrationJson {
  id: string;
  rawId: string;
  type: string;
  clientExtensionResults: object;
  response: { clientDataJSON: string; attestationObject: string; transports: string[] };
}

export interface AssertionJson {
  id: string;
  rawId: string;
  type: string;
  clientExtensionResults: object;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle: string };
}

/** A key pair that no passkey has. */
export async function newKeyPair(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(ES256, true, ["sign", "verify"])) as CryptoKeyPair;
}

/** `navigator.credentials.create` on a page of `origin`, by its `toJSON`; and the passkey it made. */
export async function makePasskey(
  options: CreationOptions,
  origin: string,
  deviation: Deviation = {},
): Promise<{ credential: RegistrationJson; passkey: SoftPasskey }> {
  const { privateKey, publicKey } = await newKeyPair();
  const rawId = deviation.credential_id ?? crypto.getRandomValues(new Uint8Array(CREDENTIAL_ID_BYTES));
  const id = base64url.encode(rawId);
  const rp_id = deviation.rp_id ?? options.rp.id;
  const sign_count = deviation.sign_count ?? 0;
  const attested = concat(new Uint8Array(16), bigEndian(rawId.length, 2), rawId, await encodeKey(publicKey));
  const flags = deviation.flags ?? FLAGS.UP | FLAGS.UV | FLAGS.BE | FLAGS.BS | FLAGS.AT;
  const authenticatorData = concat(await describeUse(rp_id, flags, sign_count), attested);
  const attestation = new Map<string, unknown>([
    ["fmt", "none"],
    ["attStmt", new Map()],
    ["authData", authenticatorData],
  ]);
  const credential = {
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: { credProps: { rk: true } },
    response: {
      clientDataJSON: describeClient({ type: "webauthn.create", challenge: options.challenge, origin, ...deviation }),
      attestationObject: base64url.encode(encodeCbor(attestation)),
      transports: ["internal", "hybrid"],
    },
  };
  return { credential, passkey: { id, private_key: privateKey, user_handle: options.user.id, rp_id, sign_count } };
}

/** `navigator.credentials.get` on a page of `origin`, by its `toJSON`. */
export async function usePasskey(
  passkey: SoftPasskey,
  options: RequestOptions,
  origin: string,
  deviation: Deviation = {},
): Promise<AssertionJson> {
  const flags = deviation.flags ?? FLAGS.UP | FLAGS.UV | FLAGS.BE | FLAGS.BS;
  const rp_id = deviation.rp_id ?? passkey.rp_id;
  const data = await describeUse(rp_id, flags, deviation.sign_count ?? passkey.sign_count);
  const client = describeClient({ type: "webauthn.get", challenge: options.challenge, origin, ...deviation });
  const signed = concat(data, await sha256(base64url.decode(client)));
  const key = deviation.key ?? passkey.private_key;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, signed);
  return {
    id: passkey.id,
    rawId: passkey.id,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: client,
      authenticatorData: base64url.encode(data),
      signature: base64url.encode(toDer(new Uint8Array(signature))),
      userHandle: deviation.user_handle ?? passkey.user_handle,
    },
  };
}

function describeClient({ type, challenge, origin }: { type: string; challenge: string; origin: string }): string {
  return base64url.encode(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

async function describeUse(rpId: string, flags: number, signCount: number): Promise<Uint8Array> {
  return concat(await sha256(new TextEncoder().encode(rpId)), Uint8Array.of(flags), bigEndian(signCount, 4));
}

/** COSE_Key of an ES256 key (RFC 9053, 7.1.1). */
async function encodeKey(key: CryptoKey): Promise<Uint8Array> {
  const { x = "", y = "" } = (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
  return encodeCbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, base64url.decode(x)],
      [-3, base64url.decode(y)],
    ]),
  );
}

/** The part of CBOR (RFC 8949) that authenticators speak. */
function encodeCbor(value: unknown): Uint8Array {
  if (typeof value === "number") return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (value instanceof Uint8Array) return concat(cborHead(2, value.length), value);
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return concat(cborHead(3, bytes.length), bytes);
  }
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, one]) => [encodeCbor(key), encodeCbor(one)]);
    return concat(cborHead(5, value.size), ...entries);
  }
  throw new Error("no authenticator says this");
}

function cborHead(major: number, length: number): Uint8Array {
  const type = major << 5;
  if (length < 24) return Uint8Array.of(type | length);
  return length < 256 ? Uint8Array.of(type | 24, length) : concat(Uint8Array.of(type | 25), bigEndian(length, 2));
}

/** ECDSA's two numbers as ASN.1, in which WebAuthn has them (level 3, 6.5.5). */
function toDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const numbers = [signature.slice(0, half), signature.slice(half)].map((bytes) => {
    const short = bytes.slice(bytes.findIndex((byte) => byte !== 0));
    const positive = (short[0] ?? 0) > 127 ? concat(Uint8Array.of(0), short) : short;
    return concat(Uint8Array.of(2, positive.length), positive);
  });
  const body = concat(...numbers);
  return concat(Uint8Array.of(48, body.length), body);
}

function bigEndian(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
