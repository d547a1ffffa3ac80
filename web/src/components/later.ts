/** Parts of the page that are loaded when they are needed, with or without a network. */

import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];
const AT_MOST_MS = 30_000;

/**
 * Loads, and where that fails loads again: at once when the network is back, else after a while. Its
 * place holds what it holds while loading. Throws when there is a network, and it fails on and on.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await load();
    } catch (error) {
      if (navigator.onLine) failures += 1;
      if (failures > PAUSES_MS.length) throw error;
      await networkOr(PAUSES_MS[failures - 1] ?? AT_MOST_MS);
    }
  }
}

/** As React's `lazy`, for as long as it takes: a page that loses its network loses no more. */
// biome-ignore lint/suspicious/noExplicitAny: as React types what it loads
export function later<T extends ComponentType<any>>(
  load: () => Promise<{ default: T }>,
): LazyExoticComponent<T> {
  return lazy(() => patiently(load));
}

function networkOr(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
  });
}
