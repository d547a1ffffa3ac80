/** What of the browser the live connection goes by: sight, network, sleep, and the kind of device. */

import type { LivePageName } from "~/lib/api/types";
import { deviceKind } from "~/lib/device";
import type { LiveSocket, Presence, Wire } from "./socket";

/** The browser's socket with the little of it that is used. */
export const openWire = (url: string): Wire => new WebSocket(url) as unknown as Wire;

/** Where the agent is: on the chats or on another page of this browser tab. */
export function presenceOn(page: LivePageName): Presence {
  return {
    page,
    device: deviceKind(),
    visible: () => document.visibilityState === "visible",
  };
}

/** Tells the connection what becomes of the window; answers how to stop that. */
export function followWindow(
  live: Pick<LiveSocket, "wake" | "networkLost" | "visibilityMoved">,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener("online", () => live.wake(), { signal });
  window.addEventListener("offline", () => live.networkLost(), { signal });
  window.addEventListener("pagehide", () => live.visibilityMoved(false), { signal });
  document.addEventListener("visibilitychange", () => live.visibilityMoved(), { signal });
  return () => listening.abort();
}
