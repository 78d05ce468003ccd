import { formatAmount } from "regal-pos/pricing";
import { agrees, type Findings, isFine, type Row } from "./checks.ts";

/** What a run says at its end: every figure from every side, and what is wrong. */

const MOST_FAULTS = 40;

export function describeFindings(findings: Findings, currency: string): string {
  const { rows, faults, drawers } = findings;
  const money = (amount: number) => formatAmount(amount, currency);
  const shown = rows.map((row) => describeRow(row, money));
  const heading = ["", "tills", "Z reports", "sales listed", "daily report", ""];
  const drawerRows = drawers.map(({ till, own, expected, counted }) => [
    `drawer of till ${till}`,
    money(own),
    money(expected),
    money(counted),
    "",
    own === expected ? "" : `differs by ${money(expected - own)}`,
  ]);
  const drawerHeading = ["", "till's count", "Z expected", "counted", "", ""];
  return [
    "",
    ...alignTable([heading, ...shown]),
    "",
    ...alignTable([drawerHeading, ...drawerRows]),
    ...(faults.length === 0 ? [] : ["", `Faults (${String(faults.length)}):`]),
    ...faults.slice(0, MOST_FAULTS).map((fault) => `  ${fault}`),
    ...(faults.length > MOST_FAULTS ? [`  and ${String(faults.length - MOST_FAULTS)} more`] : []),
    "",
    isFine(findings) ? "Tills, Z reports, sales and daily report agree to the last unit." : "The books do not agree.",
  ].join("\n");
}

function describeRow(row: Row, money: (amount: number) => string): string[] {
  const show = row.name.endsWith("count") ? String : money;
  const { tills, z_reports, listed, daily } = row;
  const differences = [z_reports, listed, daily].filter((side) => side !== tills);
  const said = agrees(row) ? "" : `differs by ${differences.map((side) => show(side - tills)).join(", ")}`;
  return [row.name.replaceAll("_", " "), show(tills), show(z_reports), show(listed), show(daily), said];
}

/** The first and the last column at the left, the others at the right. */
export function alignTable(table: readonly string[][]): string[] {
  const columns = Math.max(...table.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...table.map((cells) => (cells[column] ?? "").length)),
  );
  return table.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
