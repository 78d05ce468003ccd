import { rememberedStores, type ShelfStore } from "../../db/catalog-cache.ts";
import type { Row } from "../../db/database.ts";

/** A store from the row of `selectShelfStore`, which it remembers; null where there is none. */
export function rememberStore(rows: Row[]): ShelfStore | null {
  const [row] = rows;
  if (!row) return null;
  const store = { ...row, allow_oversell: row["allow_oversell"] === 1 } as unknown as ShelfStore;
  rememberedStores.set(store.id, store);
  return store;
}
