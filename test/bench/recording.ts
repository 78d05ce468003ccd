import type { Trip } from "./probe.ts";

/** What the probed Worker tells of a request. */
export interface Recording {
  status: number;
  answer: string;
  trips: Trip[];
}

/** A piece of a text parameter that is not the same in two requests. */
export type Slot =
  /** A new UUIDv7, the same wherever the slot's number stands. */
  | { id: number }
  /** The first sequence number of the request, plus this. */
  | { seq: number }
  /** The record of this place among those that the request is about. */
  | { about: number }
  /** This of the first request, and one more of each that follows. */
  | { count: number };

/** A parameter of a statement with its slots, between the text that stays. */
export type ParamTemplate = string | number | null | (string | Slot)[];

export interface StatementTemplate {
  sql: string;
  params: ParamTemplate[];
}

/** What a request sends to the database: batch after batch. */
export interface RequestTemplate {
  /** How many different ids its slots name. */
  ids: number;
  batches: StatementTemplate[][];
}
