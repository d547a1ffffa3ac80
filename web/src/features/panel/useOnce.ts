/** Something asked for by a click: once however often it is clicked, with what went wrong. */

import { useCallback, useRef, useState } from "react";

export interface Once {
  busy: boolean;
  /** What the last try threw; null when none failed. */
  failed: unknown;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  forgive: () => void;
}

/** `run` is true when it was done, and does nothing while one is under way. */
export function useOnce(): Once {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = useCallback(async (act: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setFailed(null);
    try {
      await act();
      return true;
    } catch (error) {
      setFailed(error);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const forgive = useCallback(() => setFailed(null), []);
  return { busy, failed, run, forgive };
}
