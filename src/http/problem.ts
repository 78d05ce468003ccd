/** Problem details (RFC 9457): the one table of what can go wrong, and the error that services throw. */

interface ProblemKind {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 500 | 503;
  title: string;
  /** What the caller should do; shown on the problem's page. */
  advice: string;
}

export const PROBLEMS = {
  malformed_json: {
    status: 400,
    title: "The body is not JSON",
    advice: "Send one JSON object, encoded as UTF-8.",
  },
  idempotency_key_missing: {
    status: 400,
    title: "Idempotency-Key is missing",
    advice:
      "Send an Idempotency-Key header of 1 to 200 characters, new for each command, the same for each retry of it.",
  },
  unauthenticated: {
    status: 401,
    title: "Sign in first",
    advice: "Send `Authorization: Bearer` with an access token; refresh it when it has expired.",
  },
  session_revoked: {
    status: 401,
    title: "The session has ended",
    advice: "Sign in again.",
  },
  forbidden: {
    status: 403,
    title: "Not permitted",
    advice: "Ask someone whose role allows it.",
  },
  approval_required: {
    status: 403,
    title: "A manager's approval is needed",
    advice:
      "Ask a manager for each of `approvals_needed` by `POST /v1/approvals`, and send the command again with the tokens in `X-Approval`, separated by commas; or have someone with the permission do it.",
  },
  csrf_failed: {
    status: 403,
    title: "The browser's request could not be trusted",
    advice: "Send the session's `csrf_token` in `X-CSRF-Token`, from a page of an origin that is allowed.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    advice: "Check the address and the id; what belongs to a store you do not work in is not found either.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    advice: "Use one of the methods in the Allow header.",
  },
  conflict: {
    status: 409,
    title: "It conflicts with what is there",
    advice: "Read the current state, then decide again.",
  },
  insufficient_stock: {
    status: 409,
    title: "Not enough stock",
    advice: "Sell at most what is on hand, or receive stock first; `errors` names each line and what is left.",
  },
  price_changed: {
    status: 409,
    title: "The price has changed",
    advice: "Show the customer the price in `errors[].current` and send the sale again.",
  },
  total_mismatch: {
    status: 409,
    title: "The total is another",
    advice: "Ask for a quote, show it, and send that total.",
  },
  payment_short: {
    status: 409,
    title: "The payments do not cover the total",
    advice: "Take what is still due and send the sale again with all payments.",
  },
  credit_exceeded: {
    status: 409,
    title: "More than the customer's credit",
    advice: "Take part of it by another method, or have someone who may raise the customer's `credit_limit`.",
  },
  insufficient_balance: {
    status: 409,
    title: "The balance is too small",
    advice: "Read what is left on the gift card or of the store credit, and pay the rest by another method.",
  },
  limit_per_sale_exceeded: {
    status: 409,
    title: "More than one sale may have",
    advice: "Sell at most the product's `max_per_sale` in one sale.",
  },
  over_refund: {
    status: 409,
    title: "More than is left to refund",
    advice: "Read the sale: a line can come back up to `quantity` less `refunded_quantity`.",
  },
  shift_closed: {
    status: 409,
    title: "No open shift",
    advice: "Open a shift at the till, then send it again.",
  },
  already_resumed: {
    status: 409,
    title: "The parked sale has ended already",
    advice: "Read the sale: another till completed it, or it was thrown away.",
  },
  idempotency_in_flight: {
    status: 409,
    title: "The same command is still running",
    advice: "Wait a moment and send it again with the same key.",
  },
  stale_version: {
    status: 412,
    title: "It was changed meanwhile",
    advice: "Read it again and send the change with the new ETag.",
  },
  payload_too_large: {
    status: 413,
    title: "The body is too large",
    advice: "Send at most 1 MB; split a batch.",
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    advice: "Send `Content-Type: application/json`.",
  },
  validation_failed: {
    status: 422,
    title: "The request is not valid",
    advice: "Mend what `errors` points at.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key belongs to another request",
    advice: "Use a new key for a new command.",
  },
  precondition_required: {
    status: 428,
    title: "If-Match is missing",
    advice: "Send If-Match with the ETag you read.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    advice: "Wait as many seconds as Retry-After says.",
  },
  internal: {
    status: 500,
    title: "Something went wrong on our side",
    advice: "Try again; if it stays, give the operator the request id.",
  },
  overloaded: {
    status: 503,
    title: "Too busy, or a part is out of reach",
    advice: "Wait as many seconds as Retry-After says and send it again, with the same Idempotency-Key.",
  },
  outcome_unknown: {
    status: 503,
    title: "The outcome is not known",
    advice: "Send it again with the same Idempotency-Key: it happens once.",
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong with the input: `pointer` is a JSON Pointer (RFC 6901) into the body, or `#query/x`, `#header/x`. */
export interface InputError {
  pointer: string;
  detail: string;
  [extra: string]: unknown;
}

interface ProblemOptions {
  errors?: InputError[];
  /** Further members of the problem object, for example `expected_total`. */
  members?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** What a service throws when it refuses. `detail` is for the caller: never a secret, never a cause's own text. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: InputError[] | undefined;
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.errors = options.errors;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): ProblemKind["status"] {
    return PROBLEMS[this.code].status;
  }
}

/** The JSON of a problem, as it stands in an answer or in a sync result. */
export function describeProblem(problem: Problem): { code: ProblemCode; detail: string; errors?: InputError[] } {
  return {
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.members,
  };
}

/** What of the input is wrong: the first is told in words too. */
export function invalidInput(
  errors: InputError[],
  code: "validation_failed" | "conflict" = "validation_failed",
): Problem {
  const [first] = errors;
  return new Problem(code, first ? `${first.pointer} ${first.detail}` : "It is not valid.", { errors });
}
