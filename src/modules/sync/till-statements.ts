import type { Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import type { ReadCommand } from "./commands.ts";
import type { Findings } from "./findings.ts";
import { closeGaps, closeNumberGaps, hearCommands, openCandidates, openExceptions, openGaps } from "./queries.ts";
import { findGaps, type Till } from "./till.ts";

/** The numbers of a group that are heard for the first time, or are taken now; who takes each. */
export function heardOf(till: Till, group: readonly ReadCommand[]): { seq: number; key: string | null }[] {
  return [...new Set(group.flatMap(({ seq }) => seq ?? []))]
    .filter((seq) => !till.holders.has(seq) || (till.holders.get(seq) === null && till.claims.has(seq)))
    .map((seq) => ({ seq, key: till.claims.get(seq) ?? null }));
}

/** What every batch of a till's commands writes beside them; the first gives back the candidates that came true. */
export function tillStatements(
  ctx: Context,
  till: Till,
  heard: readonly { seq: number; key: string | null }[],
  findings: readonly Findings[],
): Statement[] {
  const at = ctx.now.toISOString();
  const seqs = heard.map(({ seq }) => seq);
  const gaps = [...findGaps(ctx, till, seqs), ...findings.flatMap((one) => one.gaps)];
  return [
    openCandidates(
      findings.flatMap((one) => one.candidates),
      at,
    ),
    hearCommands(till.terminal_id, heard, at),
    ...(gaps.length > 0 ? [openGaps(gaps, at)] : []),
    openExceptions(
      findings.flatMap((one) => one.exceptions),
      at,
    ),
    closeGaps(till.terminal_id, at),
    // Only a number that the till brings can be one that was missing.
    ...(findings.some(({ own_number }) => own_number)
      ? [closeNumberGaps(till.terminal_id, at, `${till.store_code}-${till.terminal_code}-`)]
      : []),
  ];
}
