import { newId } from "../../src/core/ids.ts";
import { importTool } from "./install-tool.ts";

/** json-schema-faker: makes data that a JSON Schema takes. */

export const FAKER = "json-schema-faker";

export interface Schema {
  type?: string | string[];
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  [keyword: string]: unknown;
}

/** Data by a schema: `optional` is how probable each property is that may be left out. */
export type Fake = (schema: Schema, seed: number, optional: number) => unknown;

interface Faker {
  generateSync: (schema: Schema, options: object) => unknown;
}

const MAX_ITEMS = 3;

export async function loadFaker(): Promise<Fake> {
  const { generateSync } = (await importTool(FAKER)) as Faker;
  return (schema, seed, optional) =>
    generateSync(schema, {
      seed,
      optionalsProbability: optional,
      maxItems: MAX_ITEMS,
      // Every id of the API is of version 7, which the format's name does not say.
      formats: { uuid: () => newId() },
    });
}
