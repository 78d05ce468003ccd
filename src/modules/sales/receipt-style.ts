import { createHash } from "node:crypto";

/** How a printed bill looks: on paper of 80 mm, on a sheet, on a screen. The one style its policy lets in. */

export const RECEIPT_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { background: #e8e6e1; }
body {
  margin: 0; padding: 6mm 4mm; color: #111;
  font: 10.5pt/1.4 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main {
  width: 100%; max-width: 84mm; margin: 0 auto; padding: 7mm 6mm; background: #fff; box-shadow: 0 1px 6px #0003;
}
header, footer { text-align: center; overflow-wrap: anywhere; }
h1 { margin: 0 0 1mm; font-size: 15pt; line-height: 1.2; }
p { margin: 0; min-height: 1.4em; }
header p, footer p { color: #444; font-size: 9.5pt; }
.mark {
  margin: 0 0 3mm; padding: 1.5mm; border: 0.6mm solid; text-align: center; font-weight: 700;
  letter-spacing: 0.12em;
}
dl {
  display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.5mm 4mm; margin: 4mm 0 1mm; padding: 2mm 0;
  border: solid #999; border-width: 1px 0; font-size: 9.5pt;
}
dt { color: #444; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 0.4mm 0; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
td, .tax thead th { text-align: right; white-space: nowrap; }
td { padding-left: 3mm; font-variant-numeric: tabular-nums lining-nums; }
tbody, tr, .mark, .qr { break-inside: avoid; }
.items tbody tr:first-child > * { padding-top: 1.6mm; }
.items small, .items .less { color: #444; font-size: 9.5pt; }
.items small { display: block; }
.sums th, .tax th { overflow-wrap: normal; }
.sums { margin-top: 2.5mm; border-top: 1px solid #999; }
.sums tr:first-child > * { padding-top: 2mm; }
.total > * { padding: 1.5mm 0; font-size: 14pt; font-weight: 700; line-height: 1.2; }
.sums .due > * { font-weight: 700; }
.tax { margin-top: 2.5mm; border-top: 1px solid #999; font-size: 9.5pt; }
.tax thead th { padding-top: 2mm; padding-left: 3mm; color: #444; }
.tax thead th:first-child { padding-left: 0; text-align: left; }
footer { margin-top: 4mm; }
.qr { margin: 2mm 0 0; }
.qr svg { display: block; width: 28mm; height: 28mm; margin: 0 auto; }
.qr figcaption { margin-top: -1mm; font-size: 9pt; letter-spacing: 0.04em; }
@media (max-width: 66mm) {
  body, main { padding: 0; }
  body { font-size: 9pt; }
  h1, .total > * { font-size: 11pt; }
}
@page { margin: 12mm; }
@media print {
  html { background: none; }
  body { padding: 0; }
  main { max-width: 110mm; padding: 0; box-shadow: none; }
  header p, footer p, dt, .items small, .items .less, .tax thead th { color: #000; }
}
@media print and (max-width: 100mm) {
  @page { margin: 3mm; }
}
`;

let source: string | undefined;

/** The style as a policy names it (Content Security Policy level 3, 2.3.1): `'sha256-...'`. */
export function receiptStyleSource(): string {
  source ??= `'sha256-${createHash("sha256").update(RECEIPT_STYLE).digest("base64")}'`;
  return source;
}
