import { html, raw } from "hono/html";
import { encode } from "uqr";
import { RECEIPT_STYLE, receiptStyleSource } from "./receipt-style.ts";
import type { Bill, BillLine, BillRow, BillTax } from "./receipt-words.ts";

/**
 * A bill as one page for a browser to show and print. It holds all that it needs and no script; `html` escapes every
 * word in it. The policy stands in the page too, for where it is opened from a file.
 */

type Html = ReturnType<typeof html>;

/** Outside the template: a blank more or less in it, and it is not the style that the policy names. */
const STYLE = raw(`<style>${RECEIPT_STYLE}</style>`);

/** Light around the code, in modules (ISO/IEC 18004, 9.1). */
const QUIET_ZONE = 4;

export async function renderPage(bill: Bill): Promise<string> {
  const title = bill.invoice_no === null ? bill.store : `${bill.invoice_no} - ${bill.store}`;
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src ${receiptStyleSource()}; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <main>
          ${bill.marks.map((mark) => html`<p class="mark">${mark}</p>`)}
          <header>
            <h1 lang="" dir="auto">${bill.store}</h1>
            ${bill.header.map(paragraph)}
          </header>
          ${renderFacts(bill)} ${renderItems(bill.lines)} ${renderSums(bill)} ${renderTaxes(bill.taxes)}
          <footer>${bill.footer.map(paragraph)} ${bill.invoice_no === null ? "" : renderCode(bill.invoice_no)}</footer>
        </main>
      </body>
    </html>`;
  return page.toString();
}

/** Words of the shop's own, in a language that is not known, in the direction of their first letter. */
function paragraph(line: string): Html {
  return html`<p lang="" dir="auto">${line}</p>`;
}

function renderFacts({ invoice_no, sold_at, till, cashier }: Bill): Html {
  return html`<dl>
    ${
      invoice_no === null
        ? ""
        : html`<dt>Invoice</dt>
            <dd>${invoice_no}</dd>`
    }
    <dt>Date</dt>
    <dd><time>${sold_at}</time></dd>
    ${
      till === null
        ? ""
        : html`<dt>Till</dt>
            <dd>${till}</dd>`
    }
    <dt>Cashier</dt>
    <dd><bdi lang="">${cashier}</bdi></dd>
  </dl>`;
}

function renderItems(lines: readonly BillLine[]): Html {
  return html`<table class="items">
    <caption>
      What was sold
    </caption>
    ${lines.map(renderItem)}
  </table>`;
}

/** An item is a body of its own, so that no page ends inside it. */
function renderItem({ name, quantity, price, amount, discount, returned }: BillLine): Html {
  return html`<tbody>
    <tr>
      <th scope="row">
        <bdi lang="">${name}</bdi> <small>${price === null ? quantity : `${quantity} × ${price}`}</small>
      </th>
      <td>${amount}</td>
    </tr>
    ${
      discount === null
        ? ""
        : html`<tr class="less">
            <th scope="row">Discount</th>
            <td>${discount}</td>
          </tr>`
    }
    ${
      returned === null
        ? ""
        : html`<tr class="less">
            <th scope="row" colspan="2">Returned ${returned}</th>
          </tr>`
    }
  </tbody>`;
}

function renderSums({ sums, total, payments, balance_due }: Bill): Html {
  const row = ({ label, amount }: BillRow, kind = "paid") =>
    html`<tr class="${kind}">
      <th scope="row"><bdi>${label}</bdi></th>
      <td>${amount}</td>
    </tr>`;
  return html`<table class="sums">
    <caption>
      Total and payments
    </caption>
    <tbody>
      ${sums.map((one) => row(one, "sum"))} ${row(total, "total")} ${payments.map((one) => row(one))}
      ${balance_due === null ? "" : row(balance_due, "due")}
    </tbody>
  </table>`;
}

function renderTaxes(taxes: readonly BillTax[]): Html {
  return html`<table class="tax">
    <caption>
      Tax by rate
    </caption>
    <thead>
      <tr>
        <th scope="col">Tax rate</th>
        <th scope="col">Net</th>
        <th scope="col">Tax</th>
      </tr>
    </thead>
    <tbody>
      ${taxes.map(
        ({ rate, taxable, tax }) =>
          html`<tr>
            <th scope="row">${rate}</th>
            <td>${taxable}</td>
            <td>${tax}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function renderCode(text: string): Html {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  return html`<figure class="qr">
    <svg viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code of ${text}" shape-rendering="crispEdges">
      <path d="${data.map(drawRow).join("")}" />
    </svg>
    <figcaption>${text}</figcaption>
  </figure>`;
}

/** The dark modules of a row, each run of them as one box. */
function drawRow(row: readonly boolean[], y: number): string {
  const modules = row.map((dark) => (dark ? "#" : " ")).join("");
  return Array.from(modules.matchAll(/#+/g), ({ 0: run, index }) => {
    const width = String(run.length);
    return `M${String(index)} ${String(y)}h${width}v1h-${width}z`;
  }).join("");
}
