/** The time that the list goes by. */

import { useEffect, useState } from "react";
import type { ChatRow } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";
import { nextBadgeAt } from "~/lib/session";

const CLOCK_EVERY_MS = 30_000;

/** It moves on by itself, and on the moment when a badge of these rows changes (ROW-3). */
export function useRowClock(rows: ChatRow[]): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const at = serverNow();
    const next = rows.reduce(
      (soonest, row) => Math.min(soonest, nextBadgeAt(row.session_ends_at, at) ?? soonest),
      at + CLOCK_EVERY_MS,
    );
    const timer = setTimeout(() => setNow(serverNow()), Math.max(50, next - at));
    return () => clearTimeout(timer);
  });
  return now;
}
