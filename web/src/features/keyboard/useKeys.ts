/** The keyboard's own ways: j/k, r, f, n, u, ?, Ctrl+K. Esc closes what is on top, in each thing's own way. */

import { useEffect, useRef } from "react";

export interface KeyActions {
  next: () => void;
  previous: () => void;
  bar: () => void;
  search: () => void;
  newChat: () => void;
  unread: () => void;
  help: () => void;
  palette: () => void;
  escape: () => void;
}

const KEYS: Record<string, keyof KeyActions> = {
  j: "next",
  k: "previous",
  r: "bar",
  f: "search",
  n: "newChat",
  u: "unread",
  "?": "help",
};

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens for the desk's keys; single letters only where nobody is typing. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    // What lies on top is looked for before it hears the key itself, and may be gone by then.
    let covered = false;
    const look = () => {
      covered = document.querySelector("[role=dialog], [role=menu]") !== null;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        if (covered) return;
        if (isTyping(event.target)) (event.target as HTMLElement).blur();
        else latest.current.escape();
        return;
      }
      if (isTyping(event.target)) return;
      if (covered) return;
      const action = KEYS[event.key];
      if (!action) return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", look, { capture: true });
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", look, { capture: true });
      window.removeEventListener("keydown", onKey);
    };
  }, []);
}
