/** A desk without a network: what it shows from the shelf, what it says is missing, what it sends later. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Doors } from "~/lib/api/doors";
import { Refused, Unreachable } from "~/lib/api/http";
import type { Frame } from "~/lib/api/types";
import { aMe, aMessage, anOpenedChat, aRow } from "../live/builders";
import { Desk, type DeskShelf } from "../live/desk";
import { NO_FILTERS, type View } from "../live/reducer";
import type { Wire } from "../live/socket";

const VIEW: View = { ...NO_FILTERS, tab: "mine", order: "newest" };
const AT = "2026-11-23T11:30:00.000Z";

let network: boolean;
let desk: Desk;
let wire: Wire;
let stored: Map<string, string>;
const sent: string[] = [];
const drop = vi.fn<DeskShelf["drop"]>();
const later = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const shown = () => desk.getSnapshot();
const says = (frame: Frame) => wire.onmessage?.({ data: JSON.stringify(frame) });

/** Answers with a network, else as a browser without one does. */
const reached =
  <A extends unknown[], T>(answer: (...asked: A) => T) =>
  async (...asked: A): Promise<T> => {
    if (!network) throw new Unreachable(new TypeError("Failed to fetch"));
    return answer(...asked);
  };

const doors = {
  ticket: reached(() => ({ ticket: "t", url: "wss://live", expires_at: "" })),
  chats: vi.fn(),
  counts: reached(() => ({ counts: { mine: 2 } })),
  chat: vi.fn(),
  messages: vi.fn(),
  read: vi.fn(async () => ({ unread: 0, rev: 9 })),
  send: reached((_: string, { client_key, text }: { client_key: string; text: string }) => {
    sent.push(text);
    return { messages: [aMessage(client_key, { rev: 9, client_key, text })], rev: 9 };
  }),
};

const shelf: DeskShelf = {
  list: async (view) =>
    view.tab === "mine"
      ? { at: AT, view, chats: [aRow("a"), aRow("b")], cursor: null, counts: { mine: 7 } }
      : null,
  chat: async (id) =>
    id === "a" ? { at: AT, ...anOpenedChat("a", ["100"], { row: aRow("a"), rev: 3 }) } : null,
  drop,
};

function begin(chatId: string | null): void {
  desk = new Desk(
    {
      doors: doors as unknown as Doors,
      openWire: () => {
        wire = {
          send: (text) => {
            const { tab, chat_id } = JSON.parse(text);
            queueMicrotask(() => says({ type: "ready", tab, chat_id }));
          },
          close: () => {},
          onopen: null,
          onmessage: null,
          onclose: null,
          onerror: null,
        };
        queueMicrotask(() => wire.onopen?.());
        return wire;
      },
      storage: {
        get: (key) => stored.get(key) ?? null,
        set: (key, value) => void stored.set(key, value),
        remove: (key) => void stored.delete(key),
        keys: (prefix) => [...stored.keys()].filter((key) => key.startsWith(prefix)),
      },
      files: { put: () => {}, get: async () => null, remove: () => {}, sweep: () => {} },
      shelf,
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
  desk.start();
}

async function comeBack() {
  network = true;
  desk.wake();
  await later();
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T12:00:00.000Z") });
  vi.clearAllMocks();
  network = false;
  stored = new Map();
  sent.length = 0;
  doors.chats.mockImplementation(reached(() => ({ chats: [aRow("b"), aRow("c")], cursor: null })));
  doors.chat.mockImplementation(
    reached((id: string) => anOpenedChat(id, ["100", "200"], { row: aRow(id), rev: 8 })),
  );
});

afterEach(() => {
  desk.stop();
  vi.useRealTimers();
});

const keys = () => shown().state.chat?.messages.map(({ key }) => key);
const rows = () => shown().state.list?.rows.map((row) => row.chat_id);

describe("without a network", () => {
  it("list and chat are as they were, and marked with when", async () => {
    begin("a");
    await later();
    expect(rows()).toEqual(["a", "b"]);
    expect(keys()).toEqual(["100"]);
    expect(shown()).toMatchObject({ list: "ready", listAt: AT, chat: "ready", chatAt: AT });
    expect(shown().state.counts).toEqual({ mine: 7 });
    expect(shown().disconnected).toBe(true);
    expect(doors.read).not.toHaveBeenCalled();
  });

  it("what is not on the shelf is said to be missing, not waited for", async () => {
    begin("b");
    await later();
    expect(shown()).toMatchObject({ chat: "failed", chatAt: null });
    desk.show({ ...VIEW, unread: true, tab: "open" }, null);
    await later();
    expect(shown()).toMatchObject({ list: "failed", listAt: null });
    desk.show(VIEW, "a");
    await later();
    expect(shown()).toMatchObject({ list: "ready", listAt: AT, chat: "ready", chatAt: AT });
  });

  it("the server's own refusal and its failures are not taken for a missing network", async () => {
    network = true;
    doors.chats.mockRejectedValue(new Refused(503, null, {}));
    doors.chat.mockRejectedValue(new Refused(500, null, {}));
    begin("a");
    await later();
    expect(shown()).toMatchObject({ list: "failed", chat: "failed", listAt: null, chatAt: null });
  });

  it("when it is back everything is fetched, and the marks go", async () => {
    begin("a");
    await later();
    await comeBack();
    expect(rows()).toEqual(["b", "c"]);
    expect(keys()).toEqual(["100", "200"]);
    expect(shown().state.chat?.chat.rev).toBe(8);
    expect(shown().state.counts).toEqual({ mine: 2 });
    expect(shown()).toMatchObject({ listAt: null, chatAt: null, fresh: true, disconnected: false });
  });

  it("what is kept never takes the place of what was fetched meanwhile", async () => {
    let answer: (kept: null | Awaited<ReturnType<DeskShelf["list"]>>) => void = () => {};
    const slow = vi.spyOn(shelf, "list").mockReturnValueOnce(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    begin(null);
    await later();
    expect(slow).toHaveBeenCalled();
    await comeBack();
    answer({ at: AT, view: VIEW, chats: [aRow("old")], cursor: null, counts: {} });
    await later();
    expect(rows()).toEqual(["b", "c"]);
    expect(shown().listAt).toBeNull();
  });
});

it("SEND-12: texts written offline wait, also over a reload, and go out once, in order", async () => {
  begin("a");
  await later();
  desk.sendText("a", "um");
  desk.sendText("a", "dois");
  await later(5_000);
  expect(shown().outbox.map(({ state, body }) => [state, body.text])).toEqual([
    ["waiting", "um"],
    ["waiting", "dois"],
  ]);
  desk.stop();
  begin("a");
  await later();
  expect(shown().outbox).toHaveLength(2);
  desk.sendText("a", "três");
  await comeBack();
  await later(60_000);
  expect(sent).toEqual(["um", "dois", "três"]);
  expect(shown().outbox).toEqual([]);
  expect(keys()).toHaveLength(5);
});

describe("what may not be read any more leaves the shelf", () => {
  it.each([403, 404])("a chat that the server answers with %d", async (status) => {
    network = true;
    doors.chat.mockRejectedValue(new Refused(status, null, {}));
    begin("a");
    await later();
    expect(drop.mock.calls).toEqual([["a"]]);
    expect(shown().chat).toBe("missing");
  });

  it("not one that only could not be fetched", async () => {
    begin("b");
    await later();
    expect(drop).not.toHaveBeenCalled();
  });

  it("a chat that an event takes away, and everything when permissions moved", async () => {
    network = true;
    begin(null);
    await later();
    says({
      type: "events",
      events: [{ type: "row", chat_id: "b", row_rev: 5, row: null, tabs: [] }],
    });
    expect(drop).toHaveBeenLastCalledWith("b");
    desk.permissionsMoved();
    expect(drop).toHaveBeenLastCalledWith(null);
  });
});
