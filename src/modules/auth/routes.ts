import { declareRoute } from "../../http/route.ts";
import { profileAnswer, refreshInput, signInInput, tokensAnswer } from "./schemas.ts";
import { readProfile, refreshSession, signIn, signOut } from "./service.ts";

const tag = "Sessions";

export const authRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/auth/login",
    tag,
    summary: "Sign in",
    description:
      "Opens a session, bound to the store of `store_code` or to headquarters. Of a wrong name and a wrong password the answer tells nothing apart.",
    permission: "public",
    rate_class: "none",
    without_gate: "refuse",
    budget: { d1: 2, do: 2 },
    body: signInInput,
    status: 200,
    response: tokensAnswer,
    problems: ["unauthenticated", "rate_limited"],
    handle: (ctx, { body }) => signIn(ctx, body),
  }),
  declareRoute({
    method: "post",
    path: "/v1/auth/refresh",
    tag,
    summary: "Trade a refresh token for a new pair",
    description: "A token is good for one use. Using it twice ends its session, access tokens included.",
    permission: "public",
    rate_class: "none",
    without_gate: "serve",
    // The losing side of a race reads, is refused, revokes, and tells the gate.
    budget: { d1: 3, do: 2 },
    body: refreshInput,
    status: 200,
    response: tokensAnswer,
    problems: ["unauthenticated", "session_revoked", "rate_limited"],
    handle: (ctx, { body }) => refreshSession(ctx, body),
  }),
  declareRoute({
    method: "post",
    path: "/v1/auth/logout",
    tag,
    summary: "Sign out",
    description: "After the answer no request of the session succeeds.",
    permission: "signed_in",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 2 },
    status: 204,
    problems: [],
    handle: (ctx) => signOut(ctx),
  }),
  declareRoute({
    method: "get",
    path: "/v1/auth/me",
    tag,
    summary: "Who is signed in",
    permission: "signed_in",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    status: 200,
    response: profileAnswer,
    problems: [],
    handle: (ctx) => readProfile(ctx),
  }),
];
