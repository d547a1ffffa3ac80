/** Meta's 24-hour window as the clock moves on by itself (SES-2). */

import type { Session, SessionName } from "./api/types";

const WARNING_MS = 30 * 60_000;

/** The state of a session at a moment of the server's clock. */
export function sessionState(session: Session, now: number): SessionName {
  if (session.ends_at === null) return session.state === "none" ? "none" : session.state;
  const left = Date.parse(session.ends_at) - now;
  if (left <= 0) return "expired";
  return left <= WARNING_MS ? "expiring" : "open";
}
