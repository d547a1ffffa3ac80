/** A part that cannot be loaded waits for the network, and takes nothing with it. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { patiently } from "./later";

let online = true;

beforeEach(() => {
  vi.useFakeTimers();
  online = true;
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("navigator", {
    get onLine() {
      return online;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("is loaded once when all is well", async () => {
  const load = vi.fn(async () => "part");
  await expect(patiently(load)).resolves.toBe("part");
  expect(load).toHaveBeenCalledOnce();
});

it("is loaded at once when the network is back, however long that takes", async () => {
  online = false;
  const load = vi.fn(async () => {
    if (!online) throw new Error("no network");
    return "part";
  });
  const loaded = patiently(load);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  online = true;
  window.dispatchEvent(new Event("online"));
  await expect(loaded).resolves.toBe("part");
});

it("is tried again where the browser does not say that the network is gone", async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error("lost"));
  load.mockResolvedValue("part");
  const loaded = patiently(load);
  await vi.advanceTimersByTimeAsync(500);
  await expect(loaded).resolves.toBe("part");
});

it("is given up in the end when there is a network and it never comes", async () => {
  const load = vi.fn(async () => {
    throw new Error("gone");
  });
  const loaded = patiently(load);
  const refused = expect(loaded).rejects.toThrow("gone");
  await vi.advanceTimersByTimeAsync(60_000);
  await refused;
  expect(load).toHaveBeenCalledTimes(6);
});
