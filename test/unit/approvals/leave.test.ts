import { describe, expect, it } from "vitest";
import type { Context } from "../../../src/context.ts";
import { newId } from "../../../src/core/ids.ts";
import type { Settings } from "../../../src/env.ts";
import { Problem } from "../../../src/http/problem.ts";
import { permissionFor } from "../../../src/modules/approvals/actions.ts";
import { type Leave, NO_LEAVE, takeLeave, type Wanted } from "../../../src/modules/approvals/leave.ts";
import { type Approval, readApproval, signApproval } from "../../../src/modules/approvals/token.ts";
import type { Permission } from "../../../src/modules/auth/permissions.ts";
import { signText } from "../../../src/modules/auth/signature.ts";

const key = (kid: string, text: string) => ({ kid, secret: new TextEncoder().encode(text.padEnd(43, "~")) });
const settingsWith = (...keys: Settings["ACCESS_TOKEN_KEYS"]) => ({ ACCESS_TOKEN_KEYS: keys }) as Settings;
const [NEW_KEY, OLD_KEY] = [key("k2", "new"), key("k1", "old")];
const SETTINGS = settingsWith(NEW_KEY, OLD_KEY);

const ISSUED = "2026-03-02T09:30:00.000Z";
const EXPIRES = "2026-03-02T09:35:00.000Z";
const [MAIN, NORTH, CASHIER, COLLEAGUE, MANAGER, SALE] = Array.from({ length: 6 }, newId) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const DAY_MS = 86_400_000;

function approve(over: Partial<Approval> = {}): Approval {
  return {
    id: newId(),
    action: "discount",
    store_id: MAIN,
    requested_by: CASHIER,
    approved_by: MANAGER,
    limit: 300_000,
    sale_id: null,
    issued_at: ISSUED,
    expires_at: EXPIRES,
    ...over,
  };
}

const sign = (approval: Approval) => signApproval(SETTINGS, approval);

interface Asking {
  permissions?: Permission[];
  now?: string;
}

function contextWith(approvals: readonly string[], { permissions = [], now = ISSUED }: Asking = {}): Context {
  const actor = { user_id: CASHIER, permissions: new Set(permissions) };
  return { settings: SETTINGS, actor, approvals, now: new Date(now) } as unknown as Context;
}

function want(over: Partial<Wanted> = {}): Wanted {
  return { action: "discount", store_id: MAIN, sale_id: null, size: 250_000, why: "Too much.", ...over };
}

function refusalOf(take: () => Leave): Problem {
  try {
    take();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("leave was given");
}

/** The ids that a leave's statements spend. */
function spentBy({ statements }: Leave): string[] {
  return statements.flatMap(({ params }) => (JSON.parse(String(params[0])) as Approval[]).map(({ id }) => id));
}

describe("a token", () => {
  it("is read back as it was signed", () => {
    const approval = approve({ sale_id: SALE });
    expect(readApproval(SETTINGS, sign(approval))).toEqual(approval);
  });

  it("is still known by a key that signs no more, and not by one that is gone", () => {
    const approval = approve();
    const token = signApproval(settingsWith(OLD_KEY), approval);
    expect(readApproval(SETTINGS, token)).toEqual(approval);
    expect(readApproval(settingsWith(NEW_KEY), token)).toBeNull();
  });

  it("has room beside three others in the header that brings it", () => {
    expect(sign(approve({ action: "refund_unlinked", limit: 999_999_999_999_999, sale_id: SALE })).length).toBeLessThan(
      999,
    );
  });

  const token = sign(approve());
  const [payload = "", kid = "", mac = ""] = token.split(".");
  const repack = (over: Partial<Approval>) => btoa(JSON.stringify(approve(over))).replaceAll("=", "");
  it.each<[string, string]>([
    ["nothing", ""],
    ["dots", ".."],
    ["words", "please"],
    ["a payload alone", payload],
    ["no key id", `${payload}..${mac}`],
    ["no signature", `${payload}.${kid}.`],
    ["another key id", `${payload}.k1.${mac}`],
    ["a key id nobody has", `${payload}.k9.${mac}`],
    ["a signature cut short", `${payload}.${kid}.${mac.slice(0, -1)}`],
    ["a signature with one letter changed", `${payload}.${kid}.${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`],
    ["a higher limit under the old signature", `${repack({ limit: 1_000_000 })}.${kid}.${mac}`],
    ["a longer life under the old signature", `${repack({ expires_at: "2099-01-01T00:00:00.000Z" })}.${kid}.${mac}`],
    ["a signature for another purpose", `${payload}.${signText(SETTINGS, "csrf", payload)}`],
    ["more behind it", `${token}.x`],
    ["a letter before it", `A${token}`],
  ])("of %s is none", (_, forged) => {
    expect(readApproval(SETTINGS, forged)).toBeNull();
    expect(refusalOf(() => takeLeave(contextWith([forged]), [want()])).code).toBe("approval_required");
  });
});

describe("leave", () => {
  it("is not asked of who may, and spends nothing of theirs", () => {
    const may = contextWith([sign(approve())], { permissions: [permissionFor("discount")] });
    expect(takeLeave(may, [want()])).toBe(NO_LEAVE);
    expect(takeLeave(contextWith([]), [])).toBe(NO_LEAVE);
  });

  it("is given by a token, which is spent and told of", () => {
    const approval = approve();
    const leave = takeLeave(contextWith([sign(approval)]), [want({ size: 300_000 })]);
    expect(spentBy(leave)).toEqual([approval.id]);
    expect(leave.statements.map(({ params }) => params[1])).toEqual([ISSUED]);
    expect(leave.audit).toEqual({
      approvals: [{ action: "discount", approval_id: approval.id, approved_by: MANAGER }],
    });
  });

  it("is given without a limit for whatever it comes to", () => {
    const leave = takeLeave(contextWith([sign(approve({ limit: null }))]), [want({ size: 1_000_000 })]);
    expect(leave.statements).toHaveLength(1);
  });

  it("is given for the sale it names, and one that names none is good for any", () => {
    for (const sale_id of [SALE, null]) {
      const leave = takeLeave(contextWith([sign(approve({ sale_id }))]), [want({ sale_id: SALE })]);
      expect(leave.statements).toHaveLength(1);
    }
  });

  it.each<[string, Partial<Approval>, Partial<Wanted>, RegExp]>([
    ["another action", { action: "price" }, {}, /is for `price`/],
    ["another store", { store_id: NORTH }, {}, /another store/],
    ["another user", { requested_by: COLLEAGUE }, {}, /somebody else/],
    ["another sale", { sale_id: newId() }, { sale_id: SALE }, /another sale/],
    ["a sale, where none is named", { sale_id: SALE }, {}, /another sale/],
    ["less than this", {}, { size: 300_001 }, /goes up to 300000, and this is 300001/],
    ["nothing at all", { limit: 0 }, { size: 1 }, /goes up to 0/],
  ])("is not given by a token for %s", (_, over, wanted, told) => {
    const { code, detail } = refusalOf(() => takeLeave(contextWith([sign(approve(over))]), [want(wanted)]));
    expect(code).toBe("approval_required");
    expect(detail).toMatch(/^Too much\. The approval that was sent /);
    expect(detail).toMatch(told);
  });

  it("tells a till what to ask for, and where it is needed", () => {
    const errors = [{ pointer: "/lines/0", detail: "is discounted by more than 10 %" }];
    const wanted = [
      want({ errors, sale_id: SALE }),
      want({ action: "price", size: 120, why: "Too cheap." }),
      want({ action: "close_other", size: 0, why: "Not yours." }),
    ];
    const problem = refusalOf(() => takeLeave(contextWith([]), wanted));
    expect(problem.detail).toBe("Too much. Too cheap. Not yours.");
    expect(problem.errors).toEqual(errors);
    expect(problem.members).toEqual({
      approvals_needed: [
        { action: "discount", limit: 250_000, sale_id: SALE },
        { action: "price", limit: 120 },
        { action: "close_other" },
      ],
    });
  });

  it("names of several only what is still lacking", () => {
    const tokens = [sign(approve({ action: "price", limit: null }))];
    const { members } = refusalOf(() => takeLeave(contextWith(tokens), [want(), want({ action: "price" })]));
    expect(members).toEqual({ approvals_needed: [{ action: "discount", limit: 250_000 }] });
  });

  it("for two things is given by two tokens in any order, spent by one statement", () => {
    const [discount, price] = [approve(), approve({ action: "price", limit: null })];
    for (const tokens of [
      [discount, price],
      [price, discount],
    ]) {
      const leave = takeLeave(contextWith(tokens.map(sign)), [want(), want({ action: "price" })]);
      expect(leave.statements).toHaveLength(1);
      expect(spentBy(leave)).toEqual([discount.id, price.id]);
    }
  });

  it("is given by the one that is good among those that are not", () => {
    const good = approve();
    const tokens = ["x", sign(approve({ limit: 1 })), sign(approve({ store_id: NORTH })), sign(good)];
    expect(spentBy(takeLeave(contextWith(tokens), [want()]))).toEqual([good.id]);
  });

  it("is not given twice by one token, however often it is sent", () => {
    const token = sign(approve());
    const { members } = refusalOf(() => takeLeave(contextWith([token, token]), [want(), want()]));
    expect(members).toEqual({ approvals_needed: [{ action: "discount", limit: 250_000 }] });
  });
});

describe("the time of an approval", () => {
  const takeAt = (now: string, at?: string) =>
    takeLeave(contextWith([sign(approve())], { now }), [want()], ...(at === undefined ? [] : [new Date(at)]));
  const later = (ms: number) => new Date(Date.parse(EXPIRES) + ms).toISOString();

  it.each([ISSUED, EXPIRES])("has come at %s", (now) => {
    expect(takeAt(now).statements).toHaveLength(1);
  });

  it("is over a millisecond after its end", () => {
    expect(refusalOf(() => takeAt("2026-03-02T09:35:00.001Z")).detail).toMatch(/has expired/);
  });

  it.each(["2026-03-02T09:25:00.000Z", EXPIRES])(
    "is when an offline till did it, by a clock that is five minutes behind at most: %s",
    (at) => {
      expect(takeAt(later(2 * DAY_MS), at).statements).toHaveLength(1);
    },
  );

  it.each(["2026-03-02T09:24:59.999Z", "2026-03-02T09:35:00.001Z", "not a time"])("is not %s", (at) => {
    expect(refusalOf(() => takeAt(later(0), at)).code).toBe("approval_required");
  });

  it("is over for an offline till too, before it is forgotten what has been spent", () => {
    expect(takeAt(later(90 * DAY_MS), ISSUED).statements).toHaveLength(1);
    expect(refusalOf(() => takeAt(later(90 * DAY_MS + 1), ISSUED)).detail).toMatch(/has expired/);
  });
});
