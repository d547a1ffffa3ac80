/** Which window of the installed page was asked for: the menu asks and closes, the window stays. */

import { useSyncExternalStore } from "react";

export type PwaWindow = "settings" | "install";

let asked: PwaWindow | null = null;
const listeners = new Set<() => void>();

export function askFor(window: PwaWindow | null): void {
  asked = window;
  for (const told of listeners) told();
}

function follow(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

export function useAskedWindow(): PwaWindow | null {
  return useSyncExternalStore(follow, () => asked);
}
