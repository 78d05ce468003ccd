import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../support/failure.ts";
import { nameOf } from "./findings.ts";
import { createJudge, type Operation } from "./prism.ts";

interface WrongAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** What the judge says of it. */
  told: RegExp;
}

const UNDOCUMENTED = 299;

/**
 * Proves that the judge can say no, to each answer of each operation of the document: a server that answers nonsense
 * to everything must be found out, each time for what is wrong. A schema that the judge could not compile would let
 * every answer pass. Returns how many wrong answers were refused.
 */
export async function proveJudge(operations: Operation[]): Promise<number> {
  let answer: WrongAnswer | undefined;
  const server = createServer((_request, response) => {
    response.writeHead(answer?.status ?? UNDOCUMENTED, answer?.headers);
    response.end(answer?.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const judge = createJudge(operations, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  let refused = 0;
  try {
    for (const operation of operations) {
      for (const wrong of operation.responses.flatMap(wrongAnswers)) {
        answer = wrong;
        const path = operation.path.replaceAll(/\{.+?\}/g, "00000000-0000-7000-8000-000000000000");
        const { validations } = await judge({ method: operation.method, url: { path, query: {} }, headers: {} });
        if (!validations.output.some(({ message }) => wrong.told.test(message))) {
          throw new Failure(`The judge let ${JSON.stringify(wrong)} pass as an answer to ${nameOf(operation)}.`);
        }
        refused += 1;
      }
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return refused;
}

/** Answers like this one of the document but for one thing. */
function wrongAnswers({ code, contents = [], headers = [] }: Operation["responses"][number]): WrongAnswer[] {
  const right = Object.fromEntries(headers.map(({ name }) => [name, "1"]));
  const status = Number(code);
  const required = headers.filter((header) => header.required === true).map(({ name }) => name);
  return [
    { status: UNDOCUMENTED, headers: right, body: "", told: /returned status code/ },
    ...required.map((missing) => ({
      status,
      headers: Object.fromEntries(Object.entries(right).filter(([name]) => name !== missing)),
      body: "",
      told: new RegExp(`Response header.*'${missing}'`, "i"),
    })),
    ...contents.flatMap(({ mediaType }) => [
      { status, headers: { ...right, "content-type": "application/x-other" }, body: "", told: /received media type/ },
      // No answer of the API is a bare number.
      ...(mediaType.includes("json")
        ? [{ status, headers: { ...right, "content-type": mediaType }, body: "12345", told: /^Response body/ }]
        : []),
    ]),
  ];
}
