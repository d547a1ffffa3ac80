/** Where the shelf lies: a database of its own in the browser, which may be full, shut or absent. */

export interface ShelfStore {
  get<T>(key: string): Promise<T | undefined>;
  keys(): Promise<string[]>;
  put(entries: [key: string, value: unknown][]): Promise<void>;
  remove(keys: string[]): Promise<void>;
  clear(): Promise<void>;
}

/** The browser's own database. Rejects where there is none. */
export function browserStore(): ShelfStore {
  let opened: Promise<Opened> | null = null;
  const open = () => {
    opened ??= import("idb-keyval").then((idb) => ({
      idb,
      place: idb.createStore("shelf", "kept"),
    }));
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };
  return {
    async get(key) {
      const { idb, place } = await open();
      return idb.get(key, place);
    },
    async keys() {
      const { idb, place } = await open();
      return idb.keys<string>(place);
    },
    async put(entries) {
      const { idb, place } = await open();
      await idb.setMany(entries, place);
    },
    async remove(keys) {
      const { idb, place } = await open();
      await idb.delMany(keys, place);
    },
    async clear() {
      const { idb, place } = await open();
      await idb.clear(place);
    },
  };
}

interface Opened {
  idb: typeof import("idb-keyval");
  place: import("idb-keyval").UseStore;
}
