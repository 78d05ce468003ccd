// Passkeys by the browser's own WebAuthn: it reads and writes the JSON that the API speaks.
import { call, keepCsrfToken, Refusal, send } from "./api.js";

const COOKIES = { "X-Session-Transport": "cookie" };

/** Why passkeys can't be used here, as a sentence; null where they can. */
export function whyNoPasskeys() {
  const { hostname, port, protocol } = window.location;
  if (/^[\d.]+$|:/.test(hostname)) {
    const named = hostname === "127.0.0.1" ? ` Open ${protocol}//localhost:${port}/sign-in instead.` : "";
    return `Passkeys belong to a name, and ${hostname} is a number.${named}`;
  }
  if (!window.isSecureContext) return "Passkeys need a secure connection (https).";
  const { PublicKeyCredential } = window;
  if (!PublicKeyCredential?.parseCreationOptionsFromJSON || !PublicKeyCredential.prototype.toJSON) {
    return "This browser is too old for passkeys. Update it, or sign in with your password.";
  }
  return null;
}

/** Signs in with whichever passkey the person picks. */
export async function signInWithPasskey(store) {
  // Without cookies: those of a session that has ended would be refused.
  const options = await send("POST", "/v1/auth/passkeys/options", { body: { purpose: "login" }, credentials: "omit" });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await ask(() => navigator.credentials.get({ publicKey }));
  const body = { credential: credential.toJSON(), ...store };
  const answer = await send("POST", "/v1/auth/passkeys/login", { body, headers: COOKIES });
  keepCsrfToken(answer.csrf_token);
  return answer.user;
}

/** Signs in with name and password. */
export async function signInWithPassword(body) {
  const answer = await send("POST", "/v1/auth/login", { body, headers: COOKIES });
  keepCsrfToken(answer.csrf_token);
  return answer.user;
}

/** Makes a passkey on this device or a security key, and registers it. */
export async function addPasskey(name) {
  const options = await call("POST", "/v1/auth/passkeys/options", { purpose: "register" });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await ask(() => navigator.credentials.create({ publicKey }));
  const body = { credential: credential.toJSON(), ...(name === "" ? {} : { name }) };
  return call("POST", "/v1/auth/passkeys/register", body);
}

/** What the browser refuses by, as a person would say it (WebAuthn level 3, 5.1.3 and 5.1.4). */
const REFUSALS = {
  NotAllowedError: "No passkey was chosen, or it took too long. Try again when you are ready.",
  InvalidStateError: "This device has a passkey of yours already.",
  ConstraintError: "This device can't verify who you are; it needs a fingerprint, a face or a PIN.",
  NotSupportedError: "This device can't make a passkey of a kind that is taken here.",
  SecurityError: "Passkeys can't be used at this address.",
};

async function ask(ceremony) {
  try {
    return await ceremony();
  } catch (error) {
    throw new Refusal({ code: "passkey", detail: REFUSALS[error.name] ?? "The passkey could not be used. Try again." });
  }
}
