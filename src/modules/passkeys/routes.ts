import { declareRoute } from "../../http/route.ts";
import { idParams, pageOnly } from "../../http/schemas.ts";
import { signedInAnswer } from "../auth/index.ts";
import {
  optionsAnswer,
  optionsInput,
  passkeyAnswer,
  passkeyPage,
  passkeySignInInput,
  registerInput,
} from "./schemas.ts";
import { createOptions, listPasskeys, registerPasskey, removePasskey } from "./service.ts";
import { signInByPasskey } from "./sign-in.ts";

const tag = "Passkeys";

export const passkeyRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/auth/passkeys/options",
    tag,
    summary: "Ask for a challenge",
    description:
      "To add a passkey, for who signed in (not by PIN) at most 15 minutes ago; or to sign in with one, which names nobody. Good for five minutes and one use.",
    permission: "anyone",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 2 },
    body: optionsInput,
    body_optional: true,
    status: 200,
    response: optionsAnswer,
    problems: ["unauthenticated", "session_revoked", "forbidden", "csrf_failed", "rate_limited"],
    handle: (ctx, { body }) => createOptions(ctx, body),
  }),
  declareRoute({
    method: "post",
    path: "/v1/auth/passkeys/register",
    tag,
    summary: "Add a passkey",
    description: "With the answer to the challenge that this session was given. A user has at most 20.",
    permission: "signed_in",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: registerInput,
    status: 201,
    response: passkeyAnswer,
    problems: ["forbidden", "conflict", "outcome_unknown"],
    handle: (ctx, { body }) => registerPasskey(ctx, body),
  }),
  declareRoute({
    method: "post",
    path: "/v1/auth/passkeys/login",
    tag,
    summary: "Sign in with a passkey",
    description:
      "As signing in with a password, a paired till and `X-Session-Transport: cookie` included. Of what is wrong the answer tells nothing apart.",
    permission: "public",
    rate_class: "none",
    without_gate: "refuse",
    budget: { d1: 2, do: 1 },
    body: passkeySignInInput,
    status: 200,
    response: signedInAnswer,
    problems: ["unauthenticated", "csrf_failed", "rate_limited"],
    handle: (ctx, { body }) => signInByPasskey(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/auth/passkeys",
    tag,
    summary: "List your passkeys",
    permission: "signed_in",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: passkeyPage,
    problems: [],
    handle: (ctx, { query }) => listPasskeys(ctx, query),
  }),
  declareRoute({
    method: "delete",
    path: "/v1/auth/passkeys/{id}",
    tag,
    summary: "Remove one of your passkeys",
    description: "Ends your other sessions that were opened by passkey.",
    permission: "signed_in",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 2, do: 2 },
    params: idParams,
    status: 204,
    problems: ["not_found", "outcome_unknown"],
    handle: (ctx, { params }) => removePasskey(ctx, params.id),
  }),
];
