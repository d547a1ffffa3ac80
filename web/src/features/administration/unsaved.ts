/** Whether a form on the page holds what has not been saved: the frame asks before it leaves. */

import { createContext, type RefObject, useContext, useEffect } from "react";

export const UnsavedContext = createContext<RefObject<boolean> | null>(null);

/** Tells the frame, and the browser, while there is something to lose. */
export function useUnsaved(dirty: boolean): void {
  const unsaved = useContext(UnsavedContext);
  useEffect(() => {
    if (!unsaved) return;
    unsaved.current = dirty;
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => {
      unsaved.current = false;
      window.removeEventListener("beforeunload", warn);
    };
  }, [unsaved, dirty]);
}
