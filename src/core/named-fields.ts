/** The fields that a change names, without those that are undefined: spread over a record, they leave the others alone. */
export function namedFields<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
