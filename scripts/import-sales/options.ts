import { parseArgs } from "node:util";
import { Failure } from "../support/failure.ts";

/** The columns an import reads, by the names the API gives them. */
export const FIELDS = ["invoice_no", "sku", "description", "quantity", "sold_at", "unit_price", "customer"] as const;

export type Field = (typeof FIELDS)[number];

const METHODS = ["card", "cash", "mobile_wallet", "bank_transfer"] as const;

export type Method = (typeof METHODS)[number];

export type ImportOptions = {
  file: string;
  store_code: string;
  base: string;
  /** Columns of the file that are not called as the API calls them. */
  map: Partial<Record<Field, string>>;
  /** How every sale is said to have been paid. */
  method: Method;
  username: string;
  password: string;
};

export const USAGE = `npm run import:sales -- --file FILE --store CODE [--base URL] [--map invoice_no=COLUMN,sku=COLUMN,...] [--method card]
  --file    CSV in UTF-8 with a header line; the rows of an invoice stand together
  --store   the code of the store that the sales are of
  --base    where the API answers (http://127.0.0.1:8787)
  --map     names the columns that are not called ${FIELDS.join(", ")}
  --method  how the sales were paid: ${METHODS.join(", ")} (card)
It signs in with REGAL_USERNAME and REGAL_PASSWORD.`;

/** The command line and the environment of an import. Throws a Failure that names what is wrong. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): ImportOptions {
  const { file, store, base, map, method } = parse(args);
  if (!file || !store) throw new Failure(`--file and --store are needed.\n\n${USAGE}`);
  const username = env["REGAL_USERNAME"];
  const password = env["REGAL_PASSWORD"];
  if (!username || !password) throw new Failure("Set REGAL_USERNAME and REGAL_PASSWORD to sign in with.");
  return {
    file,
    store_code: store,
    base: readBase(base ?? "http://127.0.0.1:8787"),
    map: readMap(map),
    method: readMethod(method ?? "card"),
    username,
    password,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { file: text, store: text, base: text, map: { ...text, multiple: true }, method: text },
    }).values;
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function readBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Failure(`--base is "${text}"; it must be an http or https URL.`);
  return url.href.replace(/\/$/, "");
}

function readMethod(text: string): Method {
  const method = METHODS.find((one) => one === text);
  if (!method) throw new Failure(`--method is "${text}"; it must be one of ${METHODS.join(", ")}.`);
  return method;
}

function readMap(given: readonly string[] = []): Partial<Record<Field, string>> {
  const map: Partial<Record<Field, string>> = {};
  for (const pair of given.flatMap((one) => one.split(","))) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    const column = pair.slice(at + 1).trim();
    const field = FIELDS.find((one) => one === name);
    if (at < 0 || !field || column === "") {
      throw new Failure(`--map has "${pair}"; it takes FIELD=COLUMN, and the fields are ${FIELDS.join(", ")}.`);
    }
    if (map[field] !== undefined) throw new Failure(`--map names ${field} twice.`);
    map[field] = column;
  }
  return map;
}
