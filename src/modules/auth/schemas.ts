import * as z from "zod";
import { codeText, component, id, later, type OutputOf, pageOf } from "../../http/schemas.ts";
import { ACCESS_TOKEN_LIFE_S } from "./access-token.ts";
import { newPassword } from "./new-password.ts";
import { PERMISSIONS } from "./permissions.ts";
import { SESSION_METHODS } from "./session-kind.ts";

/** The wire shapes of signing in. */

/** No rule but a bound: what is wrong with a password is said when it is chosen, not to who guesses one. */
const anyPassword = z.string().min(1).max(512).meta({ format: "password" });

export const signInInput = z.strictObject({
  username: codeText(64),
  password: anyPassword,
  store_code: codeText(8)
    .optional()
    .meta({ description: "The code of the store to work in; left out, the session belongs to headquarters" }),
});

export type SignInInput = z.output<typeof signInInput>;

export const pinInput = z.strictObject({ username: codeText(64), pin: z.string().min(1).max(64) });

export type PinInput = z.output<typeof pinInput>;

export const refreshInput = z.strictObject({
  refresh_token: z.string().min(1).max(200).optional().meta({ description: "Left out where it stands in a cookie" }),
});

export type RefreshInput = z.output<typeof refreshInput>;

export const passwordChangeInput = z.strictObject({ current_password: anyPassword, new_password: newPassword });

export type PasswordChange = z.output<typeof passwordChangeInput>;

export const profileAnswer = component("Profile", () =>
  z.object({
    id,
    username: z.string(),
    full_name: z.string(),
    email: z.string(),
    role: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    max_discount_ppm: z.int().meta({ description: "Line and order discount the user may give alone, per line" }),
    store_ids: z.array(id).meta({ description: "The stores the user works in; empty for an admin, who works in all" }),
    must_change_password: z.boolean().meta({ description: "Nothing else is permitted before" }),
  }),
);

export type Profile = OutputOf<typeof profileAnswer>;

const expiresIn = later(() =>
  z.literal(ACCESS_TOKEN_LIFE_S).meta({ description: "Seconds until the session has to be refreshed" }),
);
const csrfToken = later(() => z.string().meta({ description: "Sent as X-CSRF-Token with what changes anything" }));

const tokensAnswer = component("Tokens", () =>
  z.object({
    access_token: z.string().meta({ description: "A JWT, sent as `Authorization: Bearer`" }),
    refresh_token: z.string().meta({ description: "Opaque, good for 30 days and for one use" }),
    token_type: z.literal("Bearer"),
    expires_in: expiresIn(),
    user: profileAnswer(),
  }),
);

const cookieAnswer = component("CookieSession", () =>
  z.object({
    token_type: z.literal("Cookie"),
    csrf_token: csrfToken(),
    expires_in: expiresIn(),
    user: profileAnswer(),
  }),
);

/** Tokens, or with `X-Session-Transport: cookie` what a page needs beside its cookies. */
export const signedInAnswer = later(() => z.union([tokensAnswer(), cookieAnswer()]));

export type SignedIn = OutputOf<typeof signedInAnswer>;

export const csrfAnswer = later(() => z.object({ csrf_token: csrfToken() }));

export type Csrf = OutputOf<typeof csrfAnswer>;

export const sessionAnswer = component("Session", () =>
  z.object({
    id,
    store_id: id.nullable().meta({ description: "The store it was opened for; null for headquarters" }),
    terminal_id: id.nullable().meta({ description: "The paired till it was opened on" }),
    method: z.enum(SESSION_METHODS),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: z.string(),
    refreshed_at: z.string(),
    current: z.boolean().meta({ description: "Whether it is the one that asks" }),
  }),
);

export type Session = OutputOf<typeof sessionAnswer>;

export const sessionPage = pageOf(sessionAnswer);
