/** Files of messages that wait to be sent: kept on this computer, so that a reload loses none (SEND-12). */

export interface FileKeeper {
  /** Keeps a file. It can be had back at once; it outlives a reload where the browser allows it. */
  put(id: string, file: Blob): void;
  /** The file, or null when it is gone. */
  get(id: string): Promise<Blob | null>;
  remove(id: string): void;
  /** Forgets all files whose id begins like this, but those named. */
  sweep(prefix: string, but: ReadonlySet<string>): void;
}

const store = () => import("idb-keyval");

/** The browser's own database; what it does not take is held for as long as the page lives. */
export function browserFiles(): FileKeeper {
  const held = new Map<string, Blob>();
  /** Writes go one after the other, so that a file removed at once does not come back. */
  let last: Promise<unknown> = Promise.resolve();
  const write = (act: (idb: Awaited<ReturnType<typeof store>>) => Promise<unknown>) => {
    last = last.then(() => store().then(act)).catch(() => {});
  };
  return {
    put(id, file) {
      held.set(id, file);
      write((idb) => idb.set(id, file));
    },
    async get(id) {
      const here = held.get(id);
      if (here) return here;
      try {
        await last;
        const { get } = await store();
        const kept = await get<unknown>(id);
        if (!(kept instanceof Blob)) return null;
        held.set(id, kept);
        return kept;
      } catch {
        return null;
      }
    },
    remove(id) {
      held.delete(id);
      write((idb) => idb.del(id));
    },
    sweep(prefix, but) {
      write(async (idb) => {
        const old = (await idb.keys<string>()).filter(
          (id) => String(id).startsWith(prefix) && !but.has(id) && !held.has(id),
        );
        if (old.length > 0) await idb.delMany(old);
      });
    },
  };
}
