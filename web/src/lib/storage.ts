/** Browser storage that may be full, shut or absent; losing it must never stop the desk. */

export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

function over(storage: () => Storage): KeyValue {
  const attempt = <T>(action: (store: Storage) => T, otherwise: T): T => {
    try {
      return action(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => attempt((store) => store.getItem(key), null),
    set: (key, value) => attempt((store) => store.setItem(key, value), undefined),
    remove: (key) => attempt((store) => store.removeItem(key), undefined),
    keys: (prefix) =>
      attempt(
        (store) => Object.keys(store).filter((key) => key.startsWith(prefix)),
        [] as string[],
      ),
  };
}

/** Kept on this computer. */
export const kept = over(() => window.localStorage);
/** Kept for this browser tab. */
export const tabKept = over(() => window.sessionStorage);
