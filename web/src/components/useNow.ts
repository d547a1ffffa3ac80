/** The server's time, moving on by itself, for what changes on screen with the clock alone. */

import { useEffect, useState } from "react";
import { serverNow } from "~/lib/clock";

/** Milliseconds by the server's clock, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
