/** Whether pushes reach this device, and when the agent is asked about it (NOTIF-6, NOTIF-8). */

import type { DeviceName } from "~/lib/api/types";

export type Standing = "unsupported" | "install_first" | "denied" | "off" | "on";

export interface Facts {
  kind: DeviceName;
  /** iPhones and iPads take pushes for installed applications only. */
  ios: boolean;
  /** The browser has service workers, pushes and notifications. */
  supported: boolean;
  permission: NotificationPermission;
  /** This agent takes pushes on this device. */
  subscribed: boolean;
}

export function standingOf({ kind, ios, supported, permission, subscribed }: Facts): Standing {
  if (ios && kind === "browser") return "install_first";
  if (!supported) return "unsupported";
  if (permission === "denied") return "denied";
  return permission === "granted" && subscribed ? "on" : "off";
}

export const ASK_AGAIN_MS = 14 * 24 * 3_600_000;

/** What is kept per browser: null as long as nobody has said anything. */
export interface Said {
  wanted: "yes" | "no" | null;
  /** When «Agora não» was said last. */
  later_at: number | null;
  /** The notice of the blocked notifications was put away. */
  denial_read: boolean;
}

export type Offer = "ask" | "tell_denied" | null;

/** What an installed application shows by itself; a tab of a browser shows nothing. */
export function offerOf(standing: Standing, kind: DeviceName, said: Said, now: number): Offer {
  if (kind !== "pwa" || said.wanted === "no") return null;
  if (standing === "denied") return said.denial_read ? null : "tell_denied";
  if (standing !== "off") return null;
  return said.later_at !== null && now - said.later_at < ASK_AGAIN_MS ? null : "ask";
}
