import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printerText } from "../../src/core/output.ts";
import { hasForbiddenCharacters } from "../../src/core/text.ts";

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(...Array.from('"=+-@,\r\n\t \u001b\u202e;|a1')) }),
);

describe("printerText", () => {
  it("lets no command through, keeps what is clean, and is as long as it was", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const printed = printerText(text);
        expect(hasForbiddenCharacters(printed)).toBe(false);
        expect(Array.from(printed)).toHaveLength(Array.from(text).length);
        if (!hasForbiddenCharacters(text)) expect(printed).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
