import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvField, printerText } from "../../src/core/output.ts";
import { hasForbiddenCharacters } from "../../src/core/text.ts";

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(...Array.from('"=+-@,\r\n\t \u001b\u202e;|a1')) }),
);

describe("csvField", () => {
  it("is read back as it was, but for the apostrophe before what a spreadsheet would run", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 2, maxLength: 5 }), (texts) => {
        const [read = []] = parse(`${texts.map(csvField).join(",")}\r\n`, { relax_column_count: true });
        expect(read.map((field, i) => (field === texts[i] ? field : field.replace(/^'/, "")))).toEqual(texts);
        for (const field of read) expect(field).not.toMatch(/^[\s=+\-@|%\uff1d\uff0b\uff0d\uff20]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"`],
    ["@SUM(1+1)*cmd", `"'@SUM(1+1)*cmd"`],
    ["\t=1+1", `"'\t=1+1"`],
    ["\uff1d1+1", `"'\uff1d1+1"`],
    ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
    ["Tea, green", '"Tea, green"'],
    ['12" pan', '"12"" pan"'],
    ["Crème brûlée", "Crème brûlée"],
    ["", ""],
  ])("writes %j as %s", (text, field) => {
    expect(csvField(text)).toBe(field);
  });

  it("leaves a number of ours a number, below zero too", () => {
    expect([-5, 0, 12.5].map(csvField)).toEqual(["-5", "0", "12.5"]);
  });
});

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
