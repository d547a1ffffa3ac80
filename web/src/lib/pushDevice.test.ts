/** NOTIF-4: the server learns of what was clicked or dismissed, whoever notices it first. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepPushDevice, pushDevice, tellRenewed, tellSeen, wasShown } from "./pushDevice";

const stored = new Map<string, unknown>();
vi.mock("idb-keyval", () => ({
  get: async (key: string) => stored.get(key),
  set: async (key: string, value: unknown) => void stored.set(key, value),
  del: async (key: string) => void stored.delete(key),
  update: async (key: string, change: (value: unknown) => unknown) =>
    void stored.set(key, change(stored.get(key))),
}));

const device = {
  device_id: "d1",
  agent: "a1",
  endpoint: "https://push.example/1",
  auth: "secret",
  key: "K",
};
const told: [string, Record<string, unknown>][] = [];
let status: number | "no network" = 200;

beforeEach(async () => {
  stored.clear();
  told.length = 0;
  status = 200;
  await keepPushDevice(device);
  vi.stubGlobal("fetch", async (path: string, { body }: { body: string }) => {
    told.push([path, JSON.parse(body)]);
    if (status === "no network") throw new TypeError("no network");
    return { status };
  });
});
afterEach(() => vi.unstubAllGlobals());

const tray = (...tags: string[]) => ({
  getNotifications: async () => tags.map((tag) => ({ tag }) as Notification),
});
const seen = () => told.map(([, { chat_id }]) => chat_id);

it("what is no longer in the tray is told of, once", async () => {
  await wasShown("c1");
  await wasShown("c2");
  await tellSeen(tray("c2"));
  expect(told).toEqual([
    ["/api/push/seen", { endpoint: device.endpoint, auth: device.auth, chat_id: "c1" }],
  ]);
  await tellSeen(tray("c2"));
  expect(told).toHaveLength(1);
});

it("one that was just clicked counts as gone, though the browser still lists it", async () => {
  await wasShown("c1");
  await tellSeen(tray("c1"), "c1");
  expect(seen()).toEqual(["c1"]);
});

it("one is told of when it is clicked, even if nobody noted that it was shown", async () => {
  await tellSeen(tray(), "c1");
  expect(seen()).toEqual(["c1"]);
});

it.each(["no network", 503, 429, 408] as const)(
  "what could not be told (%s) waits",
  async (why) => {
    status = why;
    await tellSeen(tray(), "c1");
    status = 200;
    await tellSeen(tray());
    expect(seen()).toEqual(["c1", "c1"]);
    await tellSeen(tray());
    expect(told).toHaveLength(2);
  },
);

it("a device that the server does not know any more is not told of again", async () => {
  status = 404;
  await tellSeen(tray(), "c1");
  await tellSeen(tray());
  expect(told).toHaveLength(1);
});

it("without a device nothing is told, nor kept for the next one", async () => {
  stored.clear();
  await tellSeen(tray(), "c1");
  await keepPushDevice(device);
  await tellSeen(tray());
  expect(told).toEqual([]);
});

it("a subscription that the browser has changed is told by what it was before", async () => {
  const subscription = { endpoint: "https://push.example/2", p256dh: "P", auth: "other" };
  await tellRenewed(device, subscription);
  expect(told).toEqual([
    ["/api/push/renewed", { endpoint: device.endpoint, auth: device.auth, subscription }],
  ]);
  expect(await pushDevice()).toEqual({
    ...device,
    endpoint: "https://push.example/2",
    auth: "other",
  });
});
