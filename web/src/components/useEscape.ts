/** Esc closes what is on top, and only that. */

import { useEffect, useRef } from "react";

interface Layer {
  close: () => void;
}

/** The windows that are open, the topmost last. */
const layers: Layer[] = [];

/** What is open inside of a window and takes Esc for itself. */
const WITHIN = ".mantine-Popover-dropdown, .mantine-Menu-dropdown, .mantine-Combobox-dropdown";

/**
 * Mantine's windows listen each for themselves, so that Esc in a question would also close the form
 * below it. This listens before them, and goes on only when no window of ours is open.
 */
function onKeyDown(event: KeyboardEvent) {
  const top = layers[layers.length - 1];
  if (event.key !== "Escape" || event.isComposing || !top) return;
  const target = event.target as Element | null;
  if (target?.getAttribute?.("data-mantine-stop-propagation") === "true") return;
  if (target?.closest?.(WITHIN)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  top.close();
}

if (typeof window !== "undefined") window.addEventListener("keydown", onKeyDown, { capture: true });

/** While `on`, Esc calls `close` unless a later window is open. To go with `closeOnEscape={false}`. */
export function useEscape(close: () => void, on = true): void {
  const layer = useRef<Layer>({ close });
  layer.current.close = close;
  useEffect(() => {
    if (!on) return;
    const mine = layer.current;
    layers.push(mine);
    return () => {
      layers.splice(layers.indexOf(mine), 1);
    };
  }, [on]);
}
