import { describe, expect, it } from "vitest";
import { Problem } from "../../../src/http/problem.ts";
import { ofOrder } from "../../../src/modules/orders/items.ts";

function refusal(pointer: string, detail = `${pointer} is wrong`): Problem {
  return new Problem("validation_failed", detail, {
    errors: [{ pointer, detail: "is wrong", current: 7 }],
    members: { due: 5 },
  });
}

describe("the refusal of a sale, as that of the order it comes from", () => {
  it.each([
    ["/lines/3/unit_price", "/items/3/unit_price"],
    ["/lines", "/items"],
    ["/linesman", "/linesman"],
    ["/payments/2/amount", "/payments/0/amount"],
    ["/payments/13/reference", "/payments/11/reference"],
    ["/payments", "/payments"],
    ["/total", "/total"],
  ])("%s is %s", (pointer, renamed) => {
    const told = ofOrder(refusal(pointer), 2);
    expect(told).toMatchObject({
      code: "validation_failed",
      detail: `${renamed} is wrong`,
      errors: [{ pointer: renamed, detail: "is wrong", current: 7 }],
      members: { due: 5 },
    });
  });

  it("leaves a sentence alone", () => {
    expect(ofOrder(refusal("/total", "Only cash gives change for /lines."), 0)).toMatchObject({
      detail: "Only cash gives change for /lines.",
    });
    expect(ofOrder(new Problem("payment_short", "5 is still due."), 1)).toMatchObject({ errors: undefined });
  });

  it("is a conflict where it is about a deposit", () => {
    expect(ofOrder(refusal("/payments/1/amount"), 2)).toMatchObject({ code: "conflict" });
  });

  it("is what it was where it is no problem", () => {
    const error = new Error("something else");
    expect(ofOrder(error, 1)).toBe(error);
  });
});
