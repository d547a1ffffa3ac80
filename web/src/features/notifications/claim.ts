/** Of all tabs of this browser one alone makes a sound, and once (NOTIF-1). */

import type { KeyValue } from "~/lib/storage";

const KEY = "sounds-made";
const REMEMBERED = 100;
/** Until the storage of every tab has surely heard of it, the lock says that it is taken. */
const HELD_MS = 5_000;

/** The browser's locks; null where there are none. */
export type Locks = Pick<LockManager, "request"> | null;

function remembered(storage: KeyValue): string[] {
  try {
    const ids: unknown = JSON.parse(storage.get(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

function take(id: string, storage: KeyValue): boolean {
  const ids = remembered(storage);
  if (ids.includes(id)) return false;
  storage.set(KEY, JSON.stringify([...ids, id].slice(-REMEMBERED)));
  return true;
}

/** Whether this tab is the one that makes the sound of that id. */
export function claim(id: string, storage: KeyValue, locks: Locks): Promise<boolean> {
  if (!locks) return Promise.resolve(take(id, storage));
  return new Promise((resolve) => {
    const held = locks.request(`sound:${id}`, { ifAvailable: true }, (lock) => {
      const mine = lock !== null && take(id, storage);
      resolve(mine);
      return mine ? new Promise<void>((done) => setTimeout(done, HELD_MS)) : undefined;
    });
    held.catch(() => resolve(take(id, storage)));
  });
}
