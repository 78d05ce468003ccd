import { v7 } from "uuid";

/** UUID version 7 (RFC 9562, 5.7): they sort by the millisecond in which they were made. */

export function newId(): string {
  return v7();
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Lower case only, so that one id has one spelling. */
export function isUuidV7(text: string): boolean {
  return UUID_V7.test(text);
}
