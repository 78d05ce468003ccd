/**
 * The bounds of src/http/schemas.ts, which an importer held to 150 MiB can't import: the schema library behind them
 * takes a third of that. A test holds them equal.
 */
export const MAX_UNIT_PRICE = 999_999_999_999;
export const MAX_QUANTITY = 1_000_000_000;
