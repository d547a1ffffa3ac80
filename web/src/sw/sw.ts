/** The service worker: the page without a network, and notifications on the phone (NOTIF-4…9). */

import { cacheNames } from "workbox-core";
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  getCacheKeyForURL,
  matchPrecache,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { pushDevice, subscribedOf, tellRenewed, tellSeen, wasShown } from "~/lib/pushDevice";
import { chatAddress, noticeOf, pushedIn, type Standing } from "./showing";

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: (PrecacheEntry | string)[];
};

const SHELL = "/index.html";
const CONFIG = "/config.json";
const POLICY = "Content-Security-Policy";
const CONFIG_WAIT_SECONDS = 4;
/** So long an open page has to say that it opens the chat; one at its login does not. */
const PAGE_WAIT_MS = 1_500;

// --- the page ------------------------------------------------------------------------------------

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);

const shell = createHandlerBoundToURL(SHELL);
registerRoute(
  new NavigationRoute(
    (options) => {
      if (options.event instanceof ExtendableEvent) options.event.waitUntil(renewPolicy());
      return shell(options);
    },
    { denylist: [/^\/api\//, /\/[^/?]+\.[^/]+$/] },
  ),
);
const config = new NetworkFirst({
  cacheName: "config",
  networkTimeoutSeconds: CONFIG_WAIT_SECONDS,
});
registerRoute(({ url, sameOrigin }) => sameOrigin && url.pathname === CONFIG, config);
// The page has fetched it before there was a worker: without a network it is asked for again.
self.addEventListener("install", (event) =>
  event.waitUntil(config.handle({ event, request: new Request(CONFIG) }).catch(() => {})),
);

/**
 * A stack may move without a new page: the kept page's policy would go on to forbid what it must now
 * reach. So the same page with another policy takes its place, for the next start.
 */
async function renewPolicy(): Promise<void> {
  try {
    const kept = await matchPrecache(SHELL);
    const key = getCacheKeyForURL(SHELL);
    if (!kept || !key) return;
    const now = await fetch(SHELL, { cache: "no-cache" });
    if (!now.ok || now.headers.get(POLICY) === kept.headers.get(POLICY)) return;
    const [page, before] = await Promise.all([now.clone().text(), kept.text()]);
    if (page === before) await (await caches.open(cacheNames.precache)).put(key, now);
  } catch {
    // No network: what is kept is all there is.
  }
}

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const type = (event.data as { type?: unknown } | null)?.type;
  if (type === "SKIP_WAITING") event.waitUntil(self.skipWaiting());
  if (type === "clear-notifications") event.waitUntil(clear());
});

async function clear(): Promise<void> {
  for (const one of await self.registration.getNotifications()) one.close();
}

// --- notifications -------------------------------------------------------------------------------

self.addEventListener("push", (event) => event.waitUntil(show(event.data?.text())));

async function show(text: string | undefined): Promise<void> {
  const pushed = pushedIn(text);
  const before = pushed
    ? await self.registration.getNotifications({ tag: pushed.chat_id }).catch(() => [])
    : [];
  const { title, options } = noticeOf(pushed, (before[0]?.data as Standing | undefined) ?? null);
  await self.registration.showNotification(title, options);
  // Whatever fails from here on: it was shown, as the browser demands of every push.
  if (pushed) await wasShown(pushed.chat_id).catch(() => {});
  await tellSeen(self.registration).catch(() => {});
}

self.addEventListener("notificationclick", (event) => {
  const chatId = chatOf(event.notification);
  event.notification.close();
  event.waitUntil(
    Promise.allSettled([
      open(chatId),
      chatId === null ? null : tellSeen(self.registration, chatId),
    ]),
  );
});

self.addEventListener("notificationclose", (event) => {
  const chatId = chatOf(event.notification);
  if (chatId !== null) event.waitUntil(tellSeen(self.registration, chatId).catch(() => {}));
});

function chatOf(notification: Notification): string | null {
  return (notification.data as Standing | null)?.chat_id ?? null;
}

/** Brings the page to the front, at the chat; a page that is open is not loaded again. */
async function open(chatId: string | null): Promise<void> {
  const address = chatId === null ? "/" : chatAddress(chatId);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) {
    await self.clients.openWindow(address);
    return;
  }
  const front = await page.focus().catch(() => page);
  if (chatId === null || (await opens(front, chatId))) return;
  await front.navigate(address).catch(() => {});
}

/** Asks a page to open a chat; whether it does. */
function opens(page: WindowClient, chatId: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PAGE_WAIT_MS);
    port1.onmessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
    page.postMessage({ type: "open-chat", chat_id: chatId }, [port2]);
  });
}

/** What browsers tell of a subscription that they have changed (Push API, 11.4). */
interface SubscriptionChange extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

self.addEventListener("pushsubscriptionchange", (event) => {
  const change = event as SubscriptionChange;
  change.waitUntil(renew(change).catch(() => {}));
});

async function renew({ newSubscription }: SubscriptionChange): Promise<void> {
  const device = await pushDevice();
  if (!device) return;
  const subscription =
    newSubscription ??
    (await self.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: device.key,
    }));
  await tellRenewed(device, subscribedOf(subscription));
}
