/** NOTIF-1: the sound is made once over all tabs, in time, and only where it can be heard. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { KeyValue } from "~/lib/storage";
import { claim, type Locks } from "./claim";
import { FRESH_MS, ring, type SoundWorld } from "./sound";

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const aSound = (id: string, agoMs = 0) =>
  ({ type: "sound", id, at: new Date(NOW - agoMs).toISOString() }) as const;

function memory(): KeyValue {
  const held = new Map<string, string>();
  return {
    get: (key) => held.get(key) ?? null,
    set: (key, value) => void held.set(key, value),
    remove: (key) => void held.delete(key),
    keys: () => [...held.keys()],
  };
}

/** Locks as the browser has them: who comes second while one is held gets none. */
function browserLocks() {
  const held = new Set<string>();
  const request = async (
    name: string,
    _: LockOptions,
    act: (lock: Lock | null) => Promise<void> | undefined,
  ) => {
    if (held.has(name)) return act(null);
    held.add(name);
    try {
      await act({ name, mode: "exclusive" });
    } finally {
      held.delete(name);
    }
  };
  return { request } as unknown as NonNullable<Locks>;
}

describe("which tab makes it", () => {
  it("one of two, even while the storage of the other has not heard of it", async () => {
    const locks = browserLocks();
    const [one, other] = [memory(), memory()];
    expect(await Promise.all([claim("a", one, locks), claim("a", other, locks)])).toEqual([
      true,
      false,
    ]);
  });

  it("none, once it was made, also after the lock is free", async () => {
    const storage = memory();
    expect(await claim("a", storage, browserLocks())).toBe(true);
    expect(await claim("a", storage, browserLocks())).toBe(false);
    expect(await claim("b", storage, browserLocks())).toBe(true);
  });

  it("goes by what is remembered where there are no locks, or they fail", async () => {
    const storage = memory();
    expect(await claim("a", storage, null)).toBe(true);
    expect(await claim("a", storage, null)).toBe(false);
    const failing = { request: () => Promise.reject(new Error("not here")) } as unknown as Locks;
    expect(await claim("a", storage, failing)).toBe(false);
    expect(await claim("b", storage, failing)).toBe(true);
  });

  it("survives a storage that holds something else, and remembers only so many", async () => {
    const storage = memory();
    storage.set("sounds-made", "{broken");
    for (let number = 0; number < 150; number += 1) await claim(`${number}`, storage, null);
    expect(JSON.parse(storage.get("sounds-made") ?? "")).toHaveLength(100);
    expect(await claim("149", storage, null)).toBe(false);
  });
});

describe("whether it is made", () => {
  let world: { [name in keyof SoundWorld]: ReturnType<typeof vi.fn> };
  const sounds = async (event: ReturnType<typeof aSound>) => {
    await ring(event, world as unknown as SoundWorld);
    return world.play.mock.calls.length;
  };

  beforeEach(() => {
    world = {
      now: vi.fn(() => NOW),
      ready: vi.fn(async () => true),
      claim: vi.fn(async () => true),
      play: vi.fn(),
    };
  });

  it.each([
    [0, 1],
    [FRESH_MS, 1],
    [FRESH_MS + 1, 0],
    [-2_000, 1],
  ])("decided %d ms ago: %d times", async (ago, times) => {
    expect(await sounds(aSound("a", ago))).toBe(times);
  });

  it("not when the moment is no moment", async () => {
    expect(await sounds({ type: "sound", id: "a", at: "soon" })).toBe(0);
  });

  it("not before a gesture, and then it is left to another tab", async () => {
    world.ready.mockResolvedValue(false);
    expect(await sounds(aSound("a"))).toBe(0);
    expect(world.claim).not.toHaveBeenCalled();
  });

  it("not when another tab has made it", async () => {
    world.claim.mockResolvedValue(false);
    expect(await sounds(aSound("a"))).toBe(0);
  });
});
