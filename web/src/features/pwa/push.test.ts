/** NOTIF-4, NOTIF-6: on, off, at each start, and when somebody leaves. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { doors } from "~/lib/api/doors";
import { keepPushDevice, pushDevice } from "~/lib/pushDevice";
import { leave, NoPush, refresh, said, standingHere, turnOff, turnOn } from "./push";

const stored = new Map<string, unknown>();
vi.mock("idb-keyval", () => ({
  get: async (key: string) => stored.get(key),
  set: async (key: string, value: unknown) => void stored.set(key, value),
  del: async (key: string) => void stored.delete(key),
  update: async (key: string, change: (value: unknown) => unknown) =>
    void stored.set(key, change(stored.get(key))),
}));

const KEY = "AQID-_8";
const bytesOf = (key: string) =>
  Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0))
    .buffer;

/** A browser's push service: one subscription, made with a key. */
class Service {
  made = 0;
  subscription: { endpoint: string; key: string } | null = null;

  getSubscription = async () => this.shown();

  subscribe = async ({ applicationServerKey }: { applicationServerKey: string }) => {
    this.made += 1;
    this.subscription = {
      endpoint: `https://push.example/${this.made}`,
      key: applicationServerKey,
    };
    return this.shown();
  };

  private shown() {
    const { subscription } = this;
    return (
      subscription && {
        endpoint: subscription.endpoint,
        options: { applicationServerKey: bytesOf(subscription.key) },
        toJSON: () => ({ keys: { p256dh: "P", auth: "A" } }),
        unsubscribe: async () => {
          this.subscription = null;
          return true;
        },
      }
    );
  }
}

let service: Service;
let devices: { device_id: string; owner: string }[];
let messages: unknown[];
let answer: NotificationPermission;
let permission: NotificationPermission;
let serverKey: string;
let agent: string;

beforeEach(() => {
  stored.clear();
  service = new Service();
  devices = [];
  messages = [];
  answer = "granted";
  permission = "default";
  serverKey = KEY;
  agent = "ana";
  const items = new Map<string, string>();
  const registration = {
    pushManager: service,
    getNotifications: async () => [],
    active: { postMessage: (message: unknown) => messages.push(message) },
  };
  vi.stubGlobal("navigator", {
    userAgent: "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36",
    maxTouchPoints: 5,
    serviceWorker: {
      ready: Promise.resolve(registration),
      getRegistration: async () => registration,
    },
  });
  const notification = {
    get permission() {
      return permission;
    },
    requestPermission: async () => {
      permission = answer;
      return answer;
    },
  };
  vi.stubGlobal("Notification", notification);
  vi.stubGlobal("window", {
    Notification: notification,
    PushManager: Service,
    matchMedia: () => ({ matches: true }),
    localStorage: {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    },
  });
  vi.spyOn(doors, "pushDevices").mockImplementation(async () => ({
    public_key: serverKey,
    devices: devices
      .filter(({ owner }) => owner === agent)
      .map(({ device_id }) => ({ device_id, label: "", since: "2026-11-24T13:00:00Z" })),
  }));
  vi.spyOn(doors, "subscribePush").mockImplementation(async ({ endpoint }) => {
    devices = devices.filter(({ device_id }) => device_id !== endpoint);
    devices.push({ device_id: endpoint, owner: agent });
    return { device_id: endpoint };
  });
  vi.spyOn(doors, "removePush").mockImplementation(async (id) => {
    devices = devices.filter(({ device_id }) => device_id !== id);
    return { done: true };
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const owners = () => devices.map(({ owner }) => owner);

describe("turning on", () => {
  it("asks, subscribes with the server's key, and names the device", async () => {
    await turnOn("ana");
    expect(service.subscription?.key).toBe(KEY);
    expect(doors.subscribePush).toHaveBeenCalledWith({
      endpoint: "https://push.example/1",
      p256dh: "P",
      auth: "A",
      label: "Chrome no Android",
    });
    expect(await standingHere("ana")).toBe("on");
    expect(await standingHere("bia")).toBe("off");
  });

  it.each([
    ["denied", "denied"],
    ["default", "not_now"],
  ] as const)("a permission that is %s leaves it off", async (given, reason) => {
    answer = given;
    await expect(turnOn("ana")).rejects.toEqual(new NoPush(reason));
    expect(devices).toEqual([]);
    expect(said().wanted).toBeNull();
  });

  it("a server that cannot be reached leaves it off", async () => {
    vi.spyOn(doors, "subscribePush").mockRejectedValue(new Error("unreachable"));
    await expect(turnOn("ana")).rejects.toThrow("unreachable");
    expect(await standingHere("ana")).toBe("off");
  });
});

it("turned off, it stays off at the next start", async () => {
  await turnOn("ana");
  await turnOff();
  expect(devices).toEqual([]);
  expect(service.subscription).toBeNull();
  await refresh("ana");
  expect(devices).toEqual([]);
  expect(await standingHere("ana")).toBe("off");
});

describe("at each start", () => {
  it("nothing happens where nobody has turned it on", async () => {
    permission = "granted";
    await refresh("ana");
    expect(doors.pushDevices).not.toHaveBeenCalled();
    expect(service.made).toBe(0);
  });

  it("the server is told again, with the same subscription", async () => {
    await turnOn("ana");
    await refresh("ana");
    expect(doors.subscribePush).toHaveBeenCalledTimes(2);
    expect(service.made).toBe(1);
  });

  it("a subscription that the browser has lost is made anew", async () => {
    await turnOn("ana");
    service.subscription = null;
    devices = [];
    await refresh("ana");
    expect(service.made).toBe(2);
    expect((await pushDevice())?.endpoint).toBe("https://push.example/2");
  });

  it("a subscription made with another key than the server's is made anew", async () => {
    await turnOn("ana");
    serverKey = "BBBB";
    await refresh("ana");
    expect(service.subscription).toEqual({ endpoint: "https://push.example/2", key: "BBBB" });
  });

  it("who logs in after somebody else is told, and nobody else", async () => {
    await turnOn("ana");
    agent = "bia";
    await refresh("bia");
    expect(owners()).toEqual(["bia"]);
    expect(await standingHere("bia")).toBe("on");
    expect(await standingHere("ana")).toBe("off");
  });

  it("a device that was removed elsewhere stays removed, and is offered anew", async () => {
    await turnOn("ana");
    devices = [];
    await refresh("ana");
    expect(devices).toEqual([]);
    expect(service.subscription).toBeNull();
    expect(await standingHere("ana")).toBe("off");
    expect(said().wanted).toBeNull();
  });

  it("a permission that was taken back takes the device off", async () => {
    await turnOn("ana");
    permission = "denied";
    await refresh("ana");
    expect(devices).toEqual([]);
    expect(await pushDevice()).toBeUndefined();
    expect(await standingHere("ana")).toBe("denied");
  });
});

describe("logging out", () => {
  it("takes the device off and its notifications away; the next login brings it back", async () => {
    await turnOn("ana");
    await leave();
    expect(devices).toEqual([]);
    expect(service.subscription).toBeNull();
    expect(await pushDevice()).toBeUndefined();
    expect(messages).toEqual([{ type: "clear-notifications" }]);
    agent = "bia";
    await refresh("bia");
    expect(owners()).toEqual(["bia"]);
  });

  it("a server that does not answer does not hold anybody back", async () => {
    await keepPushDevice({ device_id: "d", agent, endpoint: "e", auth: "A", key: KEY });
    vi.useFakeTimers();
    vi.spyOn(doors, "removePush").mockReturnValue(new Promise(() => {}));
    let left = false;
    const leaving = leave().then(() => {
      left = true;
    });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(left).toBe(false);
    expect(await pushDevice()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await leaving;
    expect(left).toBe(true);
    vi.useRealTimers();
  });
});
