/** Meta's 24-hour window as the clock moves on by itself (SES-2). */

import type { Session, SessionName } from "./api/types";

export const WARNING_MS = 30 * 60_000;

/** The badge of a row (ROW-3): null while the session is open, and of who never wrote. */
export function sessionBadge(endsAt: string | null, now: number): "expiring" | "expired" | null {
  if (endsAt === null) return null;
  const left = Date.parse(endsAt) - now;
  if (left <= 0) return "expired";
  return left <= WARNING_MS ? "expiring" : null;
}

/** When the badge of a row changes next by itself; null when it does not. */
export function nextBadgeAt(endsAt: string | null, now: number): number | null {
  if (endsAt === null) return null;
  const ends = Date.parse(endsAt);
  if (ends <= now) return null;
  return ends - WARNING_MS > now ? ends - WARNING_MS : ends;
}

/** The state of a session at a moment of the server's clock. */
export function sessionState(session: Session, now: number): SessionName {
  if (session.ends_at === null) return session.state === "none" ? "none" : session.state;
  const left = Date.parse(session.ends_at) - now;
  if (left <= 0) return "expired";
  return left <= WARNING_MS ? "expiring" : "open";
}
