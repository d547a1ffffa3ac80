/** What was typed and not sent: kept here at once, there a second later, and the later one wins. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeyValue } from "~/lib/storage";
import { Drafts } from "./drafts";

const typed = (text: string) => ({ text, internal: false, quotes: null });
const later = "2999-01-01T00:00:00.000Z";

function storage(): KeyValue {
  const held = new Map<string, string>();
  return {
    get: (key: string) => held.get(key) ?? null,
    set: (key: string, value: string) => void held.set(key, value),
    remove: (key: string) => void held.delete(key),
    keys: (start: string) => [...held.keys()].filter((key) => key.startsWith(start)),
  } as KeyValue;
}

const doors = {
  drafts: vi.fn(),
  saveDraft: vi.fn(),
};
type Doors = Parameters<Drafts["begin"]>[1];
const asked = doors as unknown as Doors;

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  doors.drafts.mockResolvedValue({ drafts: [] });
  doors.saveDraft.mockResolvedValue({ done: true });
});
afterEach(() => vi.useRealTimers());

describe("drafts", () => {
  it("are saved a second after the last letter, once", async () => {
    const drafts = new Drafts(storage());
    drafts.begin("ana", asked);
    drafts.keep("a", typed("o"));
    await vi.advanceTimersByTimeAsync(900);
    drafts.keep("a", typed("oi"));
    await vi.advanceTimersByTimeAsync(900);
    expect(doors.saveDraft).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(doors.saveDraft).toHaveBeenCalledExactlyOnceWith("a", {
      ...typed("oi"),
      at: expect.any(String),
    });
  });

  it("are there after a crash, told to who shows them, and saved then", async () => {
    const kept = storage();
    const crashed = new Drafts(kept);
    crashed.begin("ana", asked);
    crashed.keep("a", typed("oi"));
    const after = new Drafts(kept);
    const told = vi.fn();
    after.subscribe(told);
    after.begin("bruno", asked);
    expect(after.of("a").text).toBe("");
    after.begin("ana", asked);
    expect(after.of("a").text).toBe("oi");
    expect(told).toHaveBeenCalledWith("a");
    await vi.advanceTimersByTimeAsync(1_100);
    expect(doors.saveDraft).toHaveBeenCalledWith("a", expect.objectContaining({ text: "oi" }));
  });

  it("of another device replace older ones, and those gone there go here", async () => {
    const drafts = new Drafts(storage());
    doors.drafts.mockResolvedValueOnce({
      drafts: [{ chat_id: "a", ...typed("de lá"), at: later }],
    });
    drafts.begin("ana", asked);
    await vi.advanceTimersByTimeAsync(0);
    expect(drafts.of("a").text).toBe("de lá");
    await vi.advanceTimersByTimeAsync(31_000);
    await drafts.load();
    expect(drafts.of("a").text).toBe("");
  });

  it("are tried again when the server cannot be reached", async () => {
    const drafts = new Drafts(storage());
    drafts.begin("ana", asked);
    doors.saveDraft.mockRejectedValueOnce(new TypeError("offline"));
    drafts.keep("a", typed("oi"));
    await vi.advanceTimersByTimeAsync(1_100);
    expect(doors.saveDraft).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(doors.saveDraft).toHaveBeenCalledTimes(2);
  });

  it("are asked for once, however many show them", async () => {
    const drafts = new Drafts(storage());
    drafts.begin("ana", asked);
    drafts.begin("ana", asked);
    await vi.advanceTimersByTimeAsync(0);
    expect(doors.drafts).toHaveBeenCalledTimes(1);
  });
});
