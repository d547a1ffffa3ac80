/** Jumps within a chat: what is far is fetched with what stands around it (FIND-2, CHAT-7). */

import { expect, it, vi } from "vitest";
import type { MessagePage } from "~/lib/api/types";
import { aChat, aMessage } from "./builders";
import { chatJumped, EMPTY, openedChat } from "./reducer";

const page = (...keys: string[]): MessagePage => ({
  messages: keys.map((key) => aMessage(key)),
  before: keys[0] ?? null,
  after: keys[keys.length - 1] ?? null,
});

it("FIND-2: another stretch takes the place of what was shown", () => {
  const chat = openedChat({ chat: aChat("a"), page: { ...page("8", "9"), after: null } });
  const after = chatJumped({ ...EMPTY, chat }, aChat("a", { rev: 3 }), page("2", "3"));
  expect(after.chat?.messages.map(({ key }) => key)).toEqual(["2", "3"]);
  expect(after.chat?.after).toBe("3");
  expect(after.chat?.whole).toBe(3);
});

it("LIVE-4: what events told of the stretch meanwhile is newer than what was fetched", () => {
  const opened = openedChat({ chat: aChat("a"), page: page("2", "9") });
  const told = aMessage("2", { rev: 7, text: "editada" });
  const chat = { ...opened, messages: [told, aMessage("9", { rev: 7 })] };
  const after = chatJumped({ ...EMPTY, chat }, aChat("a", { rev: 3 }), page("2", "3"));
  expect(after.chat?.messages.map(({ text }) => text)).toEqual(["editada", "3"]);
});

it("INB-6: addresses are asked for together, kept, and asked for anew", async () => {
  vi.useFakeTimers();
  const { FileAddresses } = await import("../conversation/fileAddresses");
  const ask = vi.fn(async (_chat: string, keys: string[]) => ({
    files: keys.map((key) => ({ key, index: 0, url: key, thumbnail: null, download: key })),
    expires_at: new Date(600_000).toISOString(),
  }));
  let now = 0;
  const addresses = new FileAddresses(ask, () => now);
  for (const key of ["1", "2", "1"]) addresses.want("a", key);
  await vi.advanceTimersByTimeAsync(50);
  expect(ask).toHaveBeenCalledExactlyOnceWith("a", ["1", "2"]);
  expect(addresses.of("a", "2")?.files[0]?.url).toBe("2");
  addresses.want("a", "2");
  await vi.advanceTimersByTimeAsync(50);
  expect(ask).toHaveBeenCalledTimes(1);
  now = 590_000;
  expect(addresses.of("a", "2")).toBeNull();
  addresses.want("a", "2");
  await vi.advanceTimersByTimeAsync(50);
  expect(ask).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
