import { describe, expect, it } from "vitest";
import { chunkBySize } from "../../../src/modules/catalog/chunks.ts";

describe("chunkBySize", () => {
  it("keeps all items in their order, and every chunk within its bound", () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ i, text: "x".repeat(i % 40) }));
    const chunks = chunkBySize(items, 300);
    expect(chunks.flat()).toEqual(items);
    expect(chunks.length).toBeGreaterThan(10);
    for (const chunk of chunks) expect(JSON.stringify(chunk).length).toBeLessThanOrEqual(301);
  });

  it("gives an item larger than the bound a chunk of its own", () => {
    expect(chunkBySize(["a", "b".repeat(50), "c"], 10)).toEqual([["a"], ["b".repeat(50)], ["c"]]);
  });

  it("makes no chunk of nothing", () => {
    expect(chunkBySize([])).toEqual([]);
  });
});
