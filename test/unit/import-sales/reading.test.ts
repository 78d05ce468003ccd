import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findColumns } from "../../../scripts/import-sales/columns.ts";
import { type CsvRecord, digestFile, readHeader, readRecords, sizeOf } from "../../../scripts/import-sales/csv.ts";
import { readOptions } from "../../../scripts/import-sales/options.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "regal-import-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(text: string): string {
  const file = join(folder, "sales.csv");
  writeFileSync(file, text);
  return file;
}

async function collect(file: string): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readRecords(file)) records.push(record);
  return records;
}

const codes = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
const latin1 = (text: string) => new Uint8Array(codes(text));
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => new Uint8Array(new Uint16Array(codes(text)).buffer);

describe("readRecords", () => {
  it("names the line in which a record begins, whatever stands before it", async () => {
    const file = fileOf('\ufeffa,b\r\n1,2\r\n\r\n3,"x\ny"\r\n5,6"7\r\n8\r\n');
    expect((await collect(file)).map(({ fields, line }) => [line, ...fields])).toEqual([
      [1, "a", "b"],
      [2, "1", "2"],
      [4, "3", "x\ny"],
      [6, "5", '6"7'],
      [7, "8"],
    ]);
    expect(await readHeader(file)).toEqual(["a", "b"]);
  });

  it("says where a file stops being CSV", async () => {
    await expect(collect(fileOf('a,b\n1,2\n3,"never closed\n'))).rejects.toThrow(/not CSV: Quote Not Closed.* line 3/);
  });

  it("refuses an empty file and one that is not there", async () => {
    await expect(readHeader(fileOf(""))).rejects.toThrow("is empty");
    expect(() => sizeOf(join(folder, "none.csv"))).toThrow("There is no file");
  });

  it.each<[string, Uint8Array, RegExp | null]>([
    ["Latin-1", latin1("a,b\n1,Tee\n2,Caf\u00e9\n3,x\n"), /not UTF-8: line 3, byte 16 .*iconv/],
    ["Latin-1 to its end", latin1("a\nCaf\u00e9"), /not UTF-8: line 2, byte 6 /],
    ["Latin-1 far into it", latin1(`${"a,\n".repeat(50_000)}\u00e9x`), /not UTF-8: line 50001, byte 150001 /],
    ["UTF-8 of every width at every place", utf8(`x${"\u00e9\u20ac\u{1f600}".repeat(30_000)}`), null],
    ["UTF-8 with its mark", utf8("\ufeffa,\u00e9\n"), null],
    ["UTF-16 with its mark", utf16("\ufeffa,\u00e9\n"), null],
  ])("refuses what it can't decode: %s", async (_, bytes, refusal) => {
    const file = fileOf("");
    writeFileSync(file, bytes);
    if (refusal) await expect(digestFile(file)).rejects.toThrow(refusal);
    else expect(await digestFile(file)).toHaveLength(64);
  });

  it("gives a file's size and digest", async () => {
    const file = fileOf("abc");
    expect(sizeOf(file)).toBe(3);
    // FIPS 180-2, B.1.
    expect(await digestFile(file)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("findColumns", () => {
  const names = ["invoice_no", "sku", "description", "quantity", "sold_at", "unit_price", "customer"];

  it("takes the API's names, in any order", () => {
    expect(findColumns(names.toReversed(), {})).toMatchObject({ invoice_no: 6, customer: 0, width: 7 });
  });

  it("takes mapped names and does without the optional ones", () => {
    const columns = findColumns(["No", "sku", "quantity", "sold_at", " Price "], {
      invoice_no: "No",
      unit_price: "Price",
    });
    expect(columns).toMatchObject({ invoice_no: 0, unit_price: 4, description: null, customer: null });
  });

  it("names all that is missing in one error", () => {
    expect(() => findColumns(["sku", "quantity", "sold_at"], { unit_price: "Price", customer: "Who" })).toThrow(
      'The file has no column invoice_no, no column "Price" (for unit_price), no column "Who" (for customer).',
    );
  });

  it("refuses a name that two columns bear", () => {
    expect(() => findColumns([...names, "sku"], {})).toThrow('the column "sku" twice');
  });
});

describe("readOptions", () => {
  const env = { REGAL_USERNAME: "admin", REGAL_PASSWORD: "a password" };
  const needed = ["--file", "sales.csv", "--store", "MAIN"];

  it("has defaults", () => {
    expect(readOptions(needed, env)).toMatchObject({ base: "http://127.0.0.1:8787", map: {}, method: "card" });
  });

  it("reads a map, given at once or in parts", () => {
    const { map } = readOptions([...needed, "--map", "sku=Stock Code,quantity=Qty", "--map", "customer=Who"], env);
    expect(map).toEqual({ sku: "Stock Code", quantity: "Qty", customer: "Who" });
  });

  it.each([
    [["--store", "MAIN"], /--file and --store are needed/],
    [[...needed, "--map", "price=Price"], /--map has "price=Price"/],
    [[...needed, "--map", "sku"], /--map has "sku"/],
    [[...needed, "--map", "sku=a,sku=b"], /names sku twice/],
    [[...needed, "--base", "ftp://shop.example"], /--base is/],
    [[...needed, "--method", "on_account"], /--method is/],
    [[...needed, "--unknown"], /Unknown option/],
  ])("refuses %j", (args, message) => {
    expect(() => readOptions(args, env)).toThrow(message);
  });

  it("names the variables it signs in with", () => {
    expect(() => readOptions(needed, { REGAL_USERNAME: "admin" })).toThrow("REGAL_USERNAME and REGAL_PASSWORD");
  });
});
