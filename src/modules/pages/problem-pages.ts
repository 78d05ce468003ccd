import { html } from "hono/html";
import { type ProblemCode, PROBLEMS } from "../../http/problem.ts";

/** The readable pages behind the `type` of a problem (RFC 9457, 3.1.1). Pure: the same text for everyone. */

type Html = ReturnType<typeof html>;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** What one problem means and what to do. */
export async function renderProblemPage(code: ProblemCode): Promise<string> {
  const { title, status, advice } = PROBLEMS[code];
  return renderPage(
    title,
    html`<p><a href="/problems">All problems</a></p>
      <h1>${title}</h1>
      <dl>
        <dt>Code</dt>
        <dd><code>${code}</code></dd>
        <dt>Status</dt>
        <dd>${String(status)}</dd>
        <dt>What to do</dt>
        <dd>${withCode(advice)}</dd>
      </dl>`,
  );
}

/** Every problem, by status. */
export async function renderProblemList(): Promise<string> {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { title, status, advice }]) =>
      html`<tr>
        <td>${String(status)}</td>
        <td>
          <a href="/problems/${code}"><code>${code}</code></a>
        </td>
        <td>${title}</td>
        <td>${withCode(advice)}</td>
      </tr>`,
  );
  return renderPage(
    "Problems",
    html`<h1>Problems</h1>
      <p>Every refusal is <code>application/problem+json</code> (RFC 9457). Decide by its <code>code</code>.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Code</th>
            <th scope="col">Meaning</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>`,
  );
}

async function renderPage(title: string, body: Html): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Regal POS</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/problems.css" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
  return page.toString();
}

/** Text whose parts in backticks are code. */
function withCode(text: string): Html[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
