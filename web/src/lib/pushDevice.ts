/**
 * This browser as a device that takes pushes (NOTIF-4): what the page and its service worker both
 * know of it, in IndexedDB, and what they tell the server without anyone being logged in.
 */

import { del, get, set, update } from "idb-keyval";

export interface PushDevice {
  device_id: string;
  /** Who is told on it. */
  agent: string;
  endpoint: string;
  auth: string;
  /** The server's key that the subscription was made with (base64url). */
  key: string;
}

/** What a browser's subscription says of itself, as doors take it. */
export interface Subscribed {
  endpoint: string;
  p256dh: string;
  auth: string;
}

const DEVICE = "push-device";
/** Chats whose notification was shown and not yet told of as seen. */
const SHOWN = "push-shown";
const ANSWER_MS = 10_000;

export const pushDevice = () => get<PushDevice>(DEVICE);
export const keepPushDevice = (device: PushDevice) => set(DEVICE, device);

export async function forgetPushDevice(): Promise<void> {
  await del(DEVICE);
  await del(SHOWN);
}

export function subscribedOf(subscription: PushSubscription): Subscribed {
  const { keys } = subscription.toJSON();
  return {
    endpoint: subscription.endpoint,
    p256dh: keys?.p256dh ?? "",
    auth: keys?.auth ?? "",
  };
}

/** A notification of the chat was shown. */
export const wasShown = (chatId: string) =>
  update<string[]>(SHOWN, (shown = []) => (shown.includes(chatId) ? shown : [...shown, chatId]));

const wasTold = (chatId: string) =>
  update<string[]>(SHOWN, (shown = []) => shown.filter((one) => one !== chatId));

/** Chats that are to be told of: shown once, and no longer in the tray. */
export function goneFrom(tray: readonly string[], shown: readonly string[]): string[] {
  return shown.filter((chatId) => !tray.includes(chatId));
}

/**
 * Tells the server of the notifications that were clicked or dismissed, however that happened; not
 * every system says so when it does. `closed` is one that just was. What could not be told stays
 * for the next time.
 */
export async function tellSeen(
  registration: Pick<ServiceWorkerRegistration, "getNotifications">,
  closed?: string,
): Promise<void> {
  const device = await pushDevice();
  if (!device) return;
  if (closed !== undefined) await wasShown(closed);
  const shown = (await get<string[]>(SHOWN)) ?? [];
  if (shown.length === 0) return;
  const tray = (await registration.getNotifications())
    .map(({ tag }) => tag)
    .filter((tag) => tag !== closed);
  const { endpoint, auth } = device;
  for (const chatId of goneFrom(tray, shown)) {
    if (await posted("/push/seen", { endpoint, auth, chat_id: chatId })) await wasTold(chatId);
  }
}

/** The browser has changed the subscription by itself: the server and this device learn of it. */
export async function tellRenewed(device: PushDevice, subscription: Subscribed): Promise<void> {
  const { endpoint, auth } = device;
  await posted("/push/renewed", { endpoint, auth, subscription });
  await keepPushDevice({ ...device, endpoint: subscription.endpoint, auth: subscription.auth });
}

/** True when the server has answered for good: asking it again would change nothing. */
async function posted(path: string, body: unknown): Promise<boolean> {
  try {
    const { status } = await fetch(`/api${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      keepalive: true,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return status < 500 && status !== 429 && status !== 408;
  } catch {
    return false;
  }
}
