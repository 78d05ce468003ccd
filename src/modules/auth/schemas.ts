import * as z from "zod";
import { component, id, type OutputOf, text } from "../../http/schemas.ts";
import { ACCESS_TOKEN_LIFE_S } from "./access-token.ts";
import { PERMISSIONS } from "./permissions.ts";

/** The wire shapes of signing in. */

export const signInInput = z.strictObject({
  username: text(64),
  // No rule but a bound: what is wrong with a password is said when it is chosen, not to who guesses one.
  password: z.string().min(1).max(512),
  store_code: text(8)
    .optional()
    .meta({ description: "The code of the store to work in; left out, the session belongs to headquarters" }),
});

export type SignInInput = z.output<typeof signInInput>;

export const refreshInput = z.strictObject({ refresh_token: z.string().min(1).max(200) });

export type RefreshInput = z.output<typeof refreshInput>;

export const profileAnswer = component("Profile", () =>
  z.object({
    id,
    username: z.string(),
    full_name: z.string(),
    email: z.string(),
    role: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    store_ids: z.array(id).meta({ description: "The stores the user works in; empty for an admin, who works in all" }),
  }),
);

export type Profile = OutputOf<typeof profileAnswer>;

export const tokensAnswer = component("Tokens", () =>
  z.object({
    access_token: z.string().meta({ description: "A JWT, sent as `Authorization: Bearer`" }),
    refresh_token: z.string().meta({ description: "Opaque, good for 30 days and for one use" }),
    token_type: z.literal("Bearer"),
    expires_in: z.literal(ACCESS_TOKEN_LIFE_S).meta({ description: "Seconds the access token lives" }),
    user: profileAnswer(),
  }),
);

export type Tokens = OutputOf<typeof tokensAnswer>;
