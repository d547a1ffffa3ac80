/** Commands on who attends a chat: what they answer is on screen at once, and late ones harm nothing. */

import { describe, expect, it, vi } from "vitest";
import type { Doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Chat } from "~/lib/api/types";
import { aChat, aMe, anOpenedChat, aRow } from "./builders";
import { Desk } from "./desk";
import {
  chatLoaded,
  chatLost,
  chatTold,
  EMPTY,
  listLoaded,
  NO_FILTERS,
  type View,
} from "./reducer";

const VIEW: View = { ...NO_FILTERS, tab: "all", order: "newest" };
const NOBODY: Chat = aChat("a", { rev: 1, protocol: "7", row: aRow("a", { row_rev: 1 }) });
const ofAna = (rev: number) =>
  aChat("a", { rev, protocol: "7", row: aRow("a", { row_rev: rev, agent_id: "ana" }) });

async function opened(doors: Partial<{ [name in keyof Doors]: unknown }>, chatId = "a") {
  const chat = vi.fn(async (id: string) => ({
    ...anOpenedChat(id, ["1"]),
    chat: id === "a" ? NOBODY : aChat(id),
  }));
  const all = { chat, ticket: () => new Promise(() => {}), ...doors } as unknown as Doors;
  const storage = { get: () => null, set: () => {}, remove: () => {}, keys: () => [] };
  const desk = new Desk(
    {
      doors: all,
      openWire: () => {
        throw new Error("no socket here");
      },
      storage,
      files: { put: () => {}, get: async () => null, remove: () => {}, sweep: () => {} },
      sendFile: async () => {},
      alone: (_, act) => act(),
      random: () => 0.5,
      directoryMoved: () => {},
      presence: { page: "chat", device: "browser", visible: () => true },
      noticed: () => {},
    },
    aMe(),
    VIEW,
    chatId,
  );
  await desk.fetchChat();
  return { desk, chat, shown: () => desk.getSnapshot() };
}

const agentShown = (desk: Desk) => desk.getSnapshot().state.chat?.chat.row.agent_id;

describe("a command on the open chat", () => {
  it("tells the server what the screen showed, and shows the answer at once", async () => {
    const assignAgent = vi.fn().mockResolvedValue({ chat: ofAna(2) });
    const { desk } = await opened({ assignAgent });
    await desk.assignAgent(NOBODY, "ana");
    expect(assignAgent).toHaveBeenCalledExactlyOnceWith("a", {
      agent_id: "ana",
      seen: { agent_id: null, department_id: null, protocol: "7" },
    });
    expect(agentShown(desk)).toBe("ana");
  });

  it("that came too late puts the screen right before it says so", async () => {
    const refused = new Refused(409, "moved_on", { code: "moved_on", chat: ofAna(3) });
    const { desk } = await opened({ assignDepartment: vi.fn().mockRejectedValue(refused) });
    await expect(desk.assignDepartment(NOBODY, "s")).rejects.toBe(refused);
    expect(agentShown(desk)).toBe("ana");
  });

  it("TAB-7: that takes the chat out of sight goes back to the list with the reason", async () => {
    const { desk, shown } = await opened({
      close: vi.fn().mockResolvedValue({ chat: null, farewell: "queued" }),
    });
    const closed = await desk.close(NOBODY, {
      protocol: "7",
      farewell: "",
      fields: {},
      minutes: null,
      on_reply: "keep",
    });
    expect(closed.farewell).toBe("queued");
    expect(shown().chat).toBe("missing");
    expect(shown().state).toMatchObject({ chat: null, lost: "a" });
  });

  it("CLOSE-3: cancels the closing of the attendance that was shown", async () => {
    const closing = {
      at: "2099-01-01T00:00:00.000Z",
      on_reply: "keep" as const,
      by: "ana",
      by_name: "Ana",
    };
    const cancelClosing = vi.fn().mockResolvedValue({ chat: { ...NOBODY, rev: 3 } });
    const { desk, shown } = await opened({
      cancelClosing,
      close: vi.fn().mockResolvedValue({ chat: { ...NOBODY, rev: 2, closing }, farewell: "none" }),
    });
    await desk.close(NOBODY, {
      protocol: "7",
      farewell: "",
      fields: {},
      minutes: 5,
      on_reply: "keep",
    });
    expect(shown().state.chat?.chat.closing).toEqual(closing);
    await desk.cancelClosing(NOBODY, "7");
    expect(cancelClosing).toHaveBeenCalledExactlyOnceWith("a", "7");
    expect(shown().state.chat?.chat.closing).toBeNull();
  });

  it("on a chat that is no longer there looks for it once more", async () => {
    const gone = new Refused(404, "not_found", {});
    const { desk, chat, shown } = await opened({ block: vi.fn().mockRejectedValue(gone) });
    chat.mockRejectedValue(gone);
    await expect(desk.setBlocked(NOBODY, true)).rejects.toBe(gone);
    await vi.waitFor(() => expect(shown().chat).toBe("missing"));
  });

  it("answered after another chat was opened changes nothing of that one", async () => {
    let answer: (changed: { chat: Chat | null }) => void = () => {};
    const unblock = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const { desk, shown } = await opened({ unblock });
    const done = desk.setBlocked(NOBODY, false);
    desk.show(VIEW, "b");
    await desk.fetchChat();
    answer({ chat: null });
    await done;
    expect(shown().chatId).toBe("b");
    expect(shown().chat).toBe("ready");
    expect(shown().state.chat?.chat.row.chat_id).toBe("b");
  });
});

describe("an answer beside what events told", () => {
  const state = chatLoaded(
    listLoaded(EMPTY, VIEW, { chats: [aRow("z"), aRow("a", { row_rev: 1 })], cursor: null }),
    { ...anOpenedChat("a", ["1"]), chat: NOBODY },
  );

  it("renews chat and row where they stand", () => {
    const after = chatTold(state, ofAna(2));
    expect(after.chat?.chat.row.agent_id).toBe("ana");
    expect(after.list?.rows.map((row) => [row.chat_id, row.agent_id])).toEqual([
      ["z", null],
      ["a", "ana"],
    ]);
  });

  it("is forgotten when it is the older one", () => {
    const newer = chatTold(state, ofAna(5));
    expect(chatTold(newer, NOBODY)).toBe(newer);
  });

  it("still awaits the messages that the change brought", () => {
    expect(chatTold(state, ofAna(2)).chat?.whole).toBe(1);
  });

  it("TAB-7: a chat that is lost leaves the list as well", () => {
    const after = chatLost(state, "a");
    expect(after.list?.rows.map((row) => row.chat_id)).toEqual(["z"]);
    expect(after).toMatchObject({ chat: null, lost: "a" });
    expect(chatLost(state, "z")).toMatchObject({ lost: null });
  });
});
