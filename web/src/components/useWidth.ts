/** Whether the window is narrower than a number of pixels. */

import { useSyncExternalStore } from "react";

export const PANEL_AS_DRAWER = 1100;
export const ONE_AREA = 700;

/** True below `pixels`; follows the window. */
export function useNarrower(pixels: number): boolean {
  const query = `(max-width: ${pixels - 1}px)`;
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}
