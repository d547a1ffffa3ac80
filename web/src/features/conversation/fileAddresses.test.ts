/** Where files are: asked for together, kept, asked for again (INB-6). */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FileAddresses } from "./fileAddresses";

const MINUTE = 60_000;
const START = Date.parse("2026-11-23T12:00:00.000Z");

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

function addresses() {
  const ask = vi.fn(async (_chat: string, keys: string[]) => ({
    files: keys.map((key) => ({ key, index: 0, url: `/${key}`, thumbnail: null, download: "/d" })),
    expires_at: new Date(Date.now() + 10 * MINUTE).toISOString(),
  }));
  return { ask, files: new FileAddresses(ask, Date.now) };
}

it("asks once for all that is wanted within a moment, and not again while it is known", async () => {
  const { ask, files } = addresses();
  for (const key of ["1", "2", "1"]) files.want("a", key);
  await vi.advanceTimersByTimeAsync(100);
  files.want("a", "2");
  await vi.advanceTimersByTimeAsync(100);
  expect(ask.mock.calls).toEqual([["a", ["1", "2"]]]);
  expect(files.of("a", "2")?.files[0]?.url).toBe("/2");
});

it("asks for no more than fifty at once", async () => {
  const { ask, files } = addresses();
  for (let number = 0; number < 51; number += 1) files.want("a", String(number));
  await vi.advanceTimersByTimeAsync(100);
  expect(ask.mock.calls.map(([, keys]) => keys.length)).toEqual([50, 1]);
});

it("forgets an address shortly before it ends", async () => {
  const { files } = addresses();
  files.want("a", "1");
  await vi.advanceTimersByTimeAsync(100);
  await vi.advanceTimersByTimeAsync(9 * MINUTE);
  expect(files.of("a", "1")).not.toBeNull();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(files.of("a", "1")).toBeNull();
});

it("knows an unanswered question from a file that is not there, and says when to ask again", async () => {
  const { ask, files } = addresses();
  ask.mockRejectedValueOnce(new Error("offline"));
  const told = vi.fn(() => files.of("a", "1")?.failed);
  files.subscribe(told);
  files.want("a", "1");
  await vi.advanceTimersByTimeAsync(100);
  expect(files.of("a", "1")).toMatchObject({ failed: true, files: [] });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(told.mock.results.map(({ value }) => value)).toEqual([true, undefined]);
  files.want("a", "1");
  await vi.advanceTimersByTimeAsync(100);
  expect(files.of("a", "1")).toMatchObject({ failed: false, files: [{ url: "/1" }] });
});

it("keeps what is still good when nobody answers the question for what follows it", async () => {
  const { ask, files } = addresses();
  files.want("a", "1");
  await vi.advanceTimersByTimeAsync(100);
  ask.mockRejectedValueOnce(new Error("offline"));
  files.askSoon("a", "1", 0);
  await vi.advanceTimersByTimeAsync(100);
  expect(ask).toHaveBeenCalledTimes(2);
  expect(files.of("a", "1")).toMatchObject({ failed: false, files: [{ url: "/1" }] });
});
