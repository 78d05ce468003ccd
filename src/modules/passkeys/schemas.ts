import * as z from "zod";
import { codeText, component, id, later, type OutputOf, pageOf, text } from "../../http/schemas.ts";

/**
 * The wire shapes of passkeys. What a browser makes (`PublicKeyCredential.toJSON`) and takes is the standard's own
 * (WebAuthn level 3, 5.1.8 to 5.1.10); members that a later level adds to it are left out here, not refused, or a
 * browser's update would keep people from signing in.
 */

/** A credential's id has at most 1,023 bytes (level 3, 5.1). */
const CREDENTIAL_ID_LENGTH = 1364;
const CLIENT_DATA_LENGTH = 4096;
const AUTHENTICATOR_DATA_LENGTH = 8192;
const ATTESTATION_LENGTH = 32_768;
const SIGNATURE_LENGTH = 2048;
/** At most 64 bytes. */
const USER_HANDLE_LENGTH = 86;

const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]+$/, { error: "is not base64url" });

const transports = z.array(z.string().regex(/^[a-z-]{1,32}$/)).max(10);

const credentialMembers = {
  id: base64url(CREDENTIAL_ID_LENGTH),
  rawId: base64url(CREDENTIAL_ID_LENGTH),
  type: z.literal("public-key"),
};

const registration = z.object({
  ...credentialMembers,
  response: z.object({
    clientDataJSON: base64url(CLIENT_DATA_LENGTH),
    attestationObject: base64url(ATTESTATION_LENGTH),
    transports: transports.optional(),
  }),
});

const assertion = z.object({
  ...credentialMembers,
  response: z.object({
    clientDataJSON: base64url(CLIENT_DATA_LENGTH),
    authenticatorData: base64url(AUTHENTICATOR_DATA_LENGTH),
    signature: base64url(SIGNATURE_LENGTH),
    // A passkey that is found without a name always tells whose it is (level 3, 7.2, step 6).
    userHandle: base64url(USER_HANDLE_LENGTH),
  }),
});

export const optionsInput = z.strictObject({
  purpose: z
    .enum(["register", "login"])
    .optional()
    .meta({ description: "Left out: `register` for who is signed in, else `login`" }),
});

export type OptionsInput = z.output<typeof optionsInput>;

export const registerInput = z.strictObject({
  credential: registration.meta({ description: "What `navigator.credentials.create` gave, by its `toJSON`" }),
  name: text(100).optional().meta({ description: "What its owner knows it by" }),
});

export type RegisterInput = z.output<typeof registerInput>;

export const passkeySignInInput = z.strictObject({
  credential: assertion.meta({ description: "What `navigator.credentials.get` gave, by its `toJSON`" }),
  store_code: codeText(8)
    .optional()
    .meta({ description: "The code of the store to work in; left out, the session belongs to headquarters" }),
});

export type PasskeySignInInput = z.output<typeof passkeySignInInput>;

const descriptor = later(() =>
  z.object({ id: z.string(), type: z.string(), transports: z.array(z.string()).optional() }),
);

const timeout = later(() => z.int().optional().meta({ description: "Milliseconds" }));

const creationOptions = component("PasskeyCreationOptions", () =>
  z
    .object({
      rp: z.object({ id: z.string().optional(), name: z.string() }),
      user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
      challenge: z.string(),
      pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.int() })),
      timeout: timeout(),
      excludeCredentials: z.array(descriptor()).optional(),
      authenticatorSelection: z
        .object({
          residentKey: z.string().optional(),
          requireResidentKey: z.boolean().optional(),
          userVerification: z.string().optional(),
        })
        .optional(),
      attestation: z.string().optional(),
      hints: z.array(z.string()).optional(),
      extensions: z.object({ credProps: z.boolean().optional() }).optional(),
    })
    .meta({ description: "PublicKeyCredentialCreationOptionsJSON, for `parseCreationOptionsFromJSON`" }),
);

const requestOptions = component("PasskeyRequestOptions", () =>
  z
    .object({
      challenge: z.string(),
      rpId: z.string().optional(),
      timeout: timeout(),
      allowCredentials: z.array(descriptor()).optional(),
      userVerification: z.string().optional(),
    })
    .meta({ description: "PublicKeyCredentialRequestOptionsJSON, for `parseRequestOptionsFromJSON`" }),
);

export const optionsAnswer = later(() => z.union([creationOptions(), requestOptions()]));

export const passkeyAnswer = component("Passkey", () =>
  z.object({
    id,
    name: z.string(),
    transports: z.array(z.string()).meta({ description: "How its authenticator is reached: `internal`, `usb`, ..." }),
    backed_up: z.boolean().meta({ description: "Whether it is kept elsewhere too, as a password manager does" }),
    created_at: z.string(),
    last_used_at: z.string().nullable(),
  }),
);

export type Passkey = OutputOf<typeof passkeyAnswer>;

export const passkeyPage = pageOf(passkeyAnswer);
