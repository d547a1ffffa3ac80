/** How a user stands: at work, not yet in, or cut off. */

import type { User } from "~/lib/api/types";

export type Standing = "active" | "invited" | "deactivated";

export function standingOf(user: User): Standing {
  if (!user.active) return "deactivated";
  return user.invited ? "invited" : "active";
}

export const TONES = { active: "good", invited: "warning", deactivated: "quiet" } as const;
