/** Turns the pushes of this device on and off, and keeps them so (NOTIF-4, NOTIF-6). */

import { i18next } from "~/i18n";
import { doors } from "~/lib/api/doors";
import type { PushDevices } from "~/lib/api/types";
import { deviceKind } from "~/lib/device";
import {
  forgetPushDevice,
  keepPushDevice,
  pushDevice,
  subscribedOf,
  tellSeen,
} from "~/lib/pushDevice";
import { kept } from "~/lib/storage";
import { keysAgree } from "./keys";
import { type Browser, isIos, namingOf } from "./label";
import { type Said, type Standing, standingOf } from "./standing";
import "./words";

const WANTED = "push-wanted";
const LATER = "push-later-at";
const DENIAL_READ = "push-denial-read";
const READY_MS = 10_000;
const LOGOUT_MS = 3_000;

/** Pushes cannot be turned on, and why. */
export class NoPush extends Error {
  constructor(readonly reason: "denied" | "not_now" | "unsupported") {
    super(`no push: ${reason}`);
    this.name = "NoPush";
  }
}

const supported = () =>
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** How this device stands to pushes for an agent. */
export async function standingHere(agent: string): Promise<Standing> {
  const able = supported();
  return standingOf({
    kind: deviceKind(),
    ios: isIos(navigator as unknown as Browser),
    supported: able,
    permission: able ? Notification.permission : "denied",
    subscribed: able && (await pushDevice().catch(() => undefined))?.agent === agent,
  });
}

export function said(): Said {
  const wanted = kept.get(WANTED);
  const later = Number(kept.get(LATER) ?? Number.NaN);
  return {
    wanted: wanted === "yes" || wanted === "no" ? wanted : null,
    later_at: Number.isFinite(later) ? later : null,
    denial_read: kept.get(DENIAL_READ) === "yes",
  };
}

export const sayLater = () => kept.set(LATER, String(Date.now()));
export const readDenial = () => kept.set(DENIAL_READ, "yes");

/** One after the other: a start, a switch and a logout must not overtake each other. */
let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act, act);
  last = turn.catch(() => {});
  return turn;
}

/** Asks for the permission where it is still open, which browsers allow only at a click. */
export async function turnOn(agent: string): Promise<void> {
  if (!supported()) throw new NoPush("unsupported");
  const permission = await Notification.requestPermission();
  if (permission !== "granted") throw new NoPush(permission === "denied" ? "denied" : "not_now");
  await inTurn(async () => subscribe(agent, await doors.pushDevices()));
  kept.set(WANTED, "yes");
  kept.remove(LATER);
  kept.remove(DENIAL_READ);
}

/** The agent wants none on this device any more. */
export async function turnOff(): Promise<void> {
  kept.set(WANTED, "no");
  await inTurn(drop);
}

/**
 * At each start: the server learns of the subscription as it is now, and for whom. What the agent
 * has removed from another device stays removed, and is offered anew.
 */
export function refresh(agent: string): Promise<void> {
  return inTurn(async () => {
    if (!supported()) return;
    const device = await pushDevice();
    if (Notification.permission !== "granted") {
      if (device) await drop();
      return;
    }
    if (!device && said().wanted !== "yes") return;
    const told = await doors.pushDevices();
    if (
      device?.agent === agent &&
      !told.devices.some((one) => one.device_id === device.device_id)
    ) {
      const subscription = await (await registered())?.pushManager.getSubscription();
      if (subscription?.endpoint === device.endpoint) {
        kept.remove(WANTED);
        await drop();
        return;
      }
    }
    await subscribe(agent, told);
  });
}

/** Before the login ends here: nobody is told anything on this device any more. */
export async function leave(): Promise<void> {
  if (!supported()) return;
  const registration = await registered();
  registration?.active?.postMessage({ type: "clear-notifications" });
  await within(LOGOUT_MS, inTurn(drop));
}

/** The agent looks at the page, and at a chat: its notification has done its work. */
export async function looked(chatId: string | null): Promise<void> {
  if (!supported()) return;
  const registration = await registered();
  if (!registration) return;
  const standing = chatId === null ? [] : await registration.getNotifications({ tag: chatId });
  for (const one of standing) one.close();
  await tellSeen(registration, standing.length > 0 && chatId !== null ? chatId : undefined);
}

const registered = () => navigator.serviceWorker.getRegistration();

async function subscribe(agent: string, { public_key }: PushDevices): Promise<void> {
  const registration = await within(READY_MS, navigator.serviceWorker.ready);
  if (!registration) throw new NoPush("unsupported");
  const subscription = await subscriptionWith(registration, public_key);
  const { browser, system } = namingOf(navigator as unknown as Browser);
  const naming = {
    browser: browser ?? i18next.t("phone:device.browser"),
    system: system ?? i18next.t("phone:device.system"),
  };
  const label = i18next.t("phone:device.label", naming);
  const subscribed = subscribedOf(subscription);
  const { device_id } = await doors.subscribePush({ ...subscribed, label });
  const { endpoint, auth } = subscribed;
  await keepPushDevice({ device_id, agent, endpoint, auth, key: public_key });
}

async function subscriptionWith(registration: ServiceWorkerRegistration, key: string) {
  const { pushManager } = registration;
  const existing = await pushManager.getSubscription();
  if (existing && keysAgree(existing.options.applicationServerKey, key)) return existing;
  await existing?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** The server is told while the browser forgets; without a network it learns from the service. */
async function drop(): Promise<void> {
  const device = await pushDevice();
  if (!device) return;
  const told = doors.removePush(device.device_id).catch(() => {});
  const subscription = await (await registered())?.pushManager.getSubscription();
  await subscription?.unsubscribe().catch(() => false);
  await forgetPushDevice();
  await within(LOGOUT_MS, told);
}

/** What comes in time, else null. */
function within<T>(ms: number, coming: Promise<T>): Promise<T | null> {
  return Promise.race([
    coming,
    new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), ms);
    }),
  ]);
}
