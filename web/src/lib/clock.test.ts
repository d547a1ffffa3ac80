import { afterEach, expect, it, vi } from "vitest";
import { calibrate, newClientKey, serverNow } from "./clock";

afterEach(() => {
  calibrate(new Date().toISOString());
  vi.useRealTimers();
});

it("SEND-12: a client key is the server's time and 16 random digits, always rising", () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  calibrate(new Date(1_700_000_060_000).toISOString());
  expect(serverNow()).toBe(1_700_000_060_000);
  const keys = Array.from({ length: 50 }, newClientKey);
  expect(keys[0]).toMatch(/^1700000060000-[0-9a-f]{16}$/);
  expect(keys).toEqual([...keys].sort());
  expect(new Set(keys).size).toBe(50);
});
