import type { SQLInputValue } from "node:sqlite";

/** A row by column name; amounts in minor units. */
export type Row = Readonly<Record<string, SQLInputValue>>;

/** The world's business day. */
export const DAY = "2026-03-02";
