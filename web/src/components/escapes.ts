/** Esc closes what is on top, and only that. */

import type { KeyboardEvent } from "react";

/**
 * A key handler for a window: Esc pressed inside of it closes it.
 *
 * Mantine's own listens at the browser's window, where Esc in a question also closes the form
 * below it.
 */
export function escapes(close: () => void) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (
      event.key !== "Escape" ||
      event.nativeEvent.isComposing ||
      event.defaultPrevented ||
      target.getAttribute("data-mantine-stop-propagation") === "true" ||
      !event.currentTarget.contains(target)
    ) {
      return;
    }
    event.stopPropagation();
    close();
  };
}
