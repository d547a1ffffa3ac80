/** Moving about in a chat: to a message however old, onwards from there, and back (FIND-2, CHAT-7). */

import { expect, it, vi } from "vitest";
import type { Doors } from "~/lib/api/doors";
import { Refused, Unreachable } from "~/lib/api/http";
import type { MessagePage } from "~/lib/api/types";
import { aMe, aMessage, anOpenedChat } from "./builders";
import { Desk } from "./desk";
import { NO_FILTERS } from "./reducer";

const page = (before: string | null, keys: string[], after: string | null): MessagePage => ({
  messages: keys.map((key) => aMessage(key)),
  before,
  after,
});

/** A desk in a chat whose newest messages are 8 and 9. */
async function entered(messages: Doors["messages"]) {
  const chat = vi.fn(async (id: string) => {
    const opened = anOpenedChat(id, ["8", "9"]);
    return { ...opened, page: page("8", ["8", "9"], null) };
  });
  const doors = { chat, messages, ticket: () => new Promise(() => {}) } as unknown as Doors;
  const desk = new Desk(
    {
      doors,
      openWire: () => {
        throw new Error("no socket here");
      },
      storage: { get: () => null, set: () => {}, remove: () => {}, keys: () => [] },
      files: { put: () => {}, get: async () => null, remove: () => {}, sweep: () => {} },
      sendFile: async () => {},
      alone: (_, act) => act(),
      random: () => 0.5,
      directoryMoved: () => {},
      presence: { page: "chat", device: "browser", visible: () => true },
      noticed: () => {},
    },
    aMe(),
    { ...NO_FILTERS, tab: "all", order: "newest" },
    "a",
  );
  await desk.fetchChat();
  const keys = () => desk.getSnapshot().state.chat?.messages.map(({ key }) => key);
  return { desk, chat, keys, shown: () => desk.getSnapshot() };
}

it("FIND-2: a message in sight is gone to without asking, each time anew", async () => {
  const messages = vi.fn();
  const { desk, shown } = await entered(messages);
  await desk.jumpTo("8");
  expect(shown().jump).toEqual({ key: "8", number: 1, state: "there" });
  await desk.jumpTo("8");
  expect(shown().jump).toEqual({ key: "8", number: 2, state: "there" });
  expect(messages).not.toHaveBeenCalled();
});

it("FIND-2: an old one comes with what stands around it, and one reads on from there", async () => {
  const messages = vi
    .fn()
    .mockResolvedValueOnce(page("1", ["1", "2", "3"], "3"))
    .mockResolvedValueOnce(page(null, ["4", "5"], "5"));
  const { desk, keys, shown } = await entered(messages);
  const stretch = shown().stretch;
  const jumping = desk.jumpTo("2");
  expect(shown().jump?.state).toBe("loading");
  await jumping;
  expect(messages).toHaveBeenLastCalledWith("a", expect.objectContaining({ around: "2" }));
  expect(keys()).toEqual(["1", "2", "3"]);
  expect(shown()).toMatchObject({ jump: { key: "2", state: "there" }, stretch: stretch + 1 });
  await desk.loadNewer();
  expect(messages).toHaveBeenLastCalledWith("a", expect.objectContaining({ after: "3" }));
  expect(keys()).toEqual(["1", "2", "3", "4", "5"]);
  expect(shown().state.chat).toMatchObject({ before: "1", after: "5" });
});

it("CHAT-7: back to the newest forgets the jump", async () => {
  const { desk, chat, keys, shown } = await entered(async () => page("1", ["2"], "2"));
  await desk.jumpTo("2");
  await desk.toNewest();
  expect(keys()).toEqual(["8", "9"]);
  expect(shown().jump).toBeNull();
  const asked = chat.mock.calls.length;
  await desk.toNewest();
  expect(chat).toHaveBeenCalledTimes(asked);
});

it.each([
  ["missing", new Refused(404, "not_found", {})],
  ["missing", new Refused(400, "invalid", {})],
  ["failed", new Unreachable(null)],
])("FIND-2: a jump that leads nowhere is %s, and moves nothing", async (state, error) => {
  const { desk, keys, shown } = await entered(vi.fn().mockRejectedValue(error));
  const stretch = shown().stretch;
  await desk.jumpTo("2");
  expect(shown()).toMatchObject({ jump: { key: "2", state }, stretch });
  expect(keys()).toEqual(["8", "9"]);
  desk.forgetJump();
  expect(shown().jump).toBeNull();
});

it("FIND-2: surroundings without the message itself are none", async () => {
  const { desk, keys, shown } = await entered(async () => page("1", ["1", "3"], "3"));
  await desk.jumpTo("2");
  expect(shown().jump?.state).toBe("missing");
  expect(keys()).toEqual(["8", "9"]);
});

it("FIND-2: of two jumps the later one counts", async () => {
  let first: (answer: MessagePage) => void = () => {};
  const messages = vi
    .fn()
    .mockReturnValueOnce(new Promise((resolve) => (first = resolve)))
    .mockResolvedValueOnce(page("4", ["4", "5"], "5"));
  const { desk, keys, shown } = await entered(messages);
  const slow = desk.jumpTo("2");
  await vi.waitFor(() => expect(messages).toHaveBeenCalledOnce());
  await desk.jumpTo("5");
  first(page("1", ["1", "2"], "2"));
  await slow;
  expect(keys()).toEqual(["4", "5"]);
  expect(shown().jump).toMatchObject({ key: "5", state: "there" });
});

it("FIND-2: the next page that does not come is asked for again", async () => {
  const messages = vi
    .fn()
    .mockResolvedValueOnce(page("1", ["2"], "2"))
    .mockRejectedValueOnce(new Unreachable(null))
    .mockResolvedValueOnce(page(null, ["3"], null));
  const { desk, keys, shown } = await entered(messages);
  await desk.jumpTo("2");
  await desk.loadNewer();
  expect(shown().newer).toBe("failed");
  await desk.loadNewer();
  expect(shown().newer).toBe("ready");
  expect(keys()).toEqual(["2", "3"]);
  await desk.loadNewer();
  expect(messages).toHaveBeenCalledTimes(3);
});
