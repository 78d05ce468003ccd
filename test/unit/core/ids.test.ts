import { expect, test } from "vitest";
import { isUuidV7, newId } from "../../../src/core/ids.ts";

test("a new id is a UUIDv7 of this moment, and no two are alike", () => {
  const before = Date.now();
  const ids = Array.from({ length: 1000 }, newId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(isUuidV7(id)).toBe(true);
    const madeAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(after + 1);
  }
});

test("ids sort in the order in which they were made", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
});

test("the example of RFC 9562, A.6, is a UUIDv7", () => {
  expect(isUuidV7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")).toBe(true);
});

test.each([
  ["version 4", "919108f7-52d1-4320-9bac-f847db4148a8"],
  ["version 6", "1ec9414c-232a-6b00-b3c8-9f6bdeced846"],
  ["another variant", "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f"],
  ["upper case: one id has one spelling", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"],
  ["no dashes", "017f22e279b07cc398c4dc0c0c07398f"],
  ["braces", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}"],
  ["a line feed after it", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n"],
  ["nil", "00000000-0000-0000-0000-000000000000"],
  ["max", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ["empty", ""],
  ["too short", "017f22e2-79b0-7cc3-98c4-dc0c0c07398"],
])("not a UUIDv7: %s", (_what, text) => {
  expect(isUuidV7(text)).toBe(false);
});
