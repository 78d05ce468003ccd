import type { Context } from "../../context.ts";

/** Who asks for passkeys: this host (WebAuthn level 3, section 4: the relying party). */

export const RP_NAME = "Regal POS";

/** The host's name. A passkey belongs to it for ever: under another name it is never offered. */
export function rpIdOf(ctx: Context): string {
  return new URL(ctx.own_origin).hostname;
}

/**
 * The origins whose pages may use them: our own, and those of the settings at the same name or below it. A browser gives
 * a page no passkey of any other name, so that a page elsewhere signs in by password.
 */
export function originsOf(ctx: Context): string[] {
  const rpId = rpIdOf(ctx);
  const near = ctx.settings.CORS_ORIGINS.filter((origin) => {
    const { hostname } = new URL(origin);
    return hostname === rpId || hostname.endsWith(`.${rpId}`);
  });
  return [ctx.own_origin, ...near];
}

/** The library that makes and verifies what WebAuthn speaks; loaded when first used, because start-up pays for it. */
export async function loadWebAuthn() {
  return import("./webauthn.ts");
}
