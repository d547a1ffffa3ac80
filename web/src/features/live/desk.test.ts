/** The desk's work on a fake server: what is fetched when, what is sent, what is never lost. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Doors } from "~/lib/api/doors";
import { Refused, Unreachable } from "~/lib/api/http";
import type { DeskEvent, EventsFrame, Frame, SendMessage } from "~/lib/api/types";
import { UploadCancelled, UploadRefused, type sendFile as uploadFile } from "~/lib/api/upload";
import type { FileKeeper } from "~/lib/fileKeeper";
import type { KeyValue } from "~/lib/storage";
import { aMe, aMessage, anOpenedChat, aRow } from "./builders";
import { Desk, type DeskWorld } from "./desk";
import { NO_FILTERS, type View } from "./reducer";
import type { Wire } from "./socket";

const VIEW: View = { ...NO_FILTERS, tab: "all", order: "newest" };

function memory(): KeyValue & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    get: (key) => held.get(key) ?? null,
    set: (key, value) => void held.set(key, value),
    remove: (key) => void held.delete(key),
    keys: (prefix) => [...held.keys()].filter((key) => key.startsWith(prefix)),
  };
}

function fileMemory(): FileKeeper & { held: Map<string, Blob> } {
  const held = new Map<string, Blob>();
  return {
    held,
    put: (id, file) => void held.set(id, file),
    get: async (id) => held.get(id) ?? null,
    remove: (id) => void held.delete(id),
    sweep: () => {},
  };
}

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  said: { action: string }[] = [];
  send(text: string) {
    const said = JSON.parse(text);
    this.said.push(said);
    if (said.action === "ping") queueMicrotask(() => this.says({ type: "pong" }));
    if (said.action === "hello") {
      queueMicrotask(() => this.says({ type: "ready", tab: said.tab, chat_id: said.chat_id }));
    }
  }
  close() {}
  says(frame: Frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let doors: { [name in keyof Doors]: ReturnType<typeof vi.fn> };
let storage: ReturnType<typeof memory>;
let files: ReturnType<typeof fileMemory>;
let sendFile: ReturnType<typeof vi.fn<typeof uploadFile>>;
let directoryMoved: ReturnType<typeof vi.fn<(part: "me" | "people" | "labels") => void>>;
let noticed: ReturnType<typeof vi.fn<DeskWorld["noticed"]>>;
let visible: boolean;
let desk: Desk;
let wire: FakeWire;
const later = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const events = (...all: EventsFrame["events"]) => wire.says({ type: "events", events: all });
const shown = () => desk.getSnapshot();

function open(chatId: string | null = null): Desk {
  return new Desk(
    {
      doors: doors as unknown as Doors,
      openWire: () => {
        wire = new FakeWire();
        queueMicrotask(() => wire.onopen?.());
        return wire;
      },
      storage,
      files,
      sendFile,
      alone: (_, act) => act(),
      random: () => 0.5,
      directoryMoved,
      presence: { page: "chat", device: "browser", visible: () => visible },
      noticed,
    },
    aMe(),
    VIEW,
    chatId,
  );
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T12:00:00.000Z") });
  storage = memory();
  files = fileMemory();
  sendFile = vi.fn(async () => {});
  directoryMoved = vi.fn();
  noticed = vi.fn();
  visible = true;
  doors = {
    me: vi.fn(),
    ticket: vi.fn(async () => ({ ticket: "t", url: "wss://live", expires_at: "" })),
    chats: vi.fn(async () => ({ chats: [aRow("a")], cursor: null })),
    counts: vi.fn(async () => ({ counts: { all: 1 } })),
    chat: vi.fn(async (id: string) => anOpenedChat(id, ["100"])),
    messages: vi.fn(),
    read: vi.fn(async () => ({ unread: 0, rev: 2 })),
    send: vi.fn(async (_: string, { client_key, text }: SendMessage) => ({
      messages: [aMessage("500", { rev: 5, author: "agent", status: "queued", client_key, text })],
      rev: 5,
    })),
    retry: vi.fn(),
    upload: vi.fn(async ({ name }) => ({
      key: `uploads/ana/${name}`,
      url: "u",
      fields: {},
      limit: 9,
    })),
    unread: vi.fn(async () => ({ unread: 1, rev: 3 })),
  } as unknown as typeof doors;
});

afterEach(() => {
  desk.stop();
  vi.useRealTimers();
});

async function started(chatId: string | null = null) {
  desk = open(chatId);
  desk.start();
  await later();
}

describe("loading", () => {
  it("fetches list, counts and chat once events follow", async () => {
    await started("a");
    expect(shown()).toMatchObject({ connection: "online", list: "ready", chat: "ready" });
    expect(doors.chats).toHaveBeenCalledOnce();
  });

  it("shows the list although the socket cannot be had", async () => {
    doors.ticket.mockRejectedValue(new Unreachable(null));
    await started();
    expect(shown()).toMatchObject({ connection: "offline", disconnected: true, list: "ready" });
  });

  it("applies events that overtook the fetch after it", async () => {
    await started();
    let answer: (page: unknown) => void = () => {};
    doors.chats.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    desk.show({ ...VIEW, tab: "mine" }, null);
    await later();
    const row = aRow("b", { row_rev: 2, last_activity_at: "2026-11-23T13:00:00.000Z" });
    events({ type: "row", chat_id: "b", row_rev: 2, tabs: ["mine"], row });
    answer({ chats: [aRow("a")], cursor: null });
    await later();
    expect(shown().state.list?.rows.map((one) => one.chat_id)).toEqual(["b", "a"]);
  });

  it("says that a chat is missing, and that one was lost (TAB-7)", async () => {
    doors.chat.mockRejectedValue(new Refused(404, "not_found", {}));
    await started("a");
    expect(shown().chat).toBe("missing");
  });

  it("shows a chat from an earlier visit at once, and fetches it anew", async () => {
    await started("a");
    desk.show(VIEW, "b");
    await later();
    desk.show(VIEW, "a");
    expect(shown()).toMatchObject({ chat: "ready", fresh: false });
    await later();
    expect(shown().fresh).toBe(true);
  });
});

describe("LIVE-4", () => {
  it("refetches the chat after a gap, when the grace is over", async () => {
    await started("a");
    doors.chat.mockResolvedValue(anOpenedChat("a", ["100", "200"], { rev: 3 }));
    const { chat } = anOpenedChat("a", [], { rev: 3 });
    events({ type: "chat", chat_id: "a", rev: 3, touched: [], chat });
    await later(600);
    expect(doors.chat).toHaveBeenCalledOnce();
    await later(200);
    expect(doors.chat).toHaveBeenCalledTimes(2);
    expect(shown().state.chat?.messages).toHaveLength(2);
  });

  it("fetches the counts once they rest", async () => {
    await started();
    for (const rev of [2, 3, 4]) {
      events({ type: "counts", chat_id: "a", row_rev: rev, before: [], after: ["all"] });
    }
    expect(shown().state.counts.all).toBe(4);
    await later(3_000);
    expect(doors.counts).toHaveBeenCalledTimes(2);
    expect(shown().state.counts.all).toBe(1);
  });
});

describe("READ-1", () => {
  it("marks an unread chat read on entering, up to what is shown", async () => {
    doors.chat.mockResolvedValue(
      anOpenedChat("a", ["100", "200"], { row: aRow("a", { unread: 2 }) }),
    );
    await started("a");
    expect(doors.read).toHaveBeenCalledExactlyOnceWith("a", "200");
  });

  it("marks a new message in the open chat read", async () => {
    await started("a");
    const { chat } = anOpenedChat("a", [], { rev: 2, row: aRow("a", { unread: 1 }) });
    events(
      { type: "message", chat_id: "a", message: aMessage("300", { rev: 2 }) },
      { type: "chat", chat_id: "a", rev: 2, touched: ["300"], chat },
    );
    expect(doors.read).toHaveBeenCalledExactlyOnceWith("a", "300");
  });

  it("marks a late message read too, though an older place is its own", async () => {
    await started("a");
    const late = (rev: number, key: string) => {
      const { chat } = anOpenedChat("a", [], { rev, row: aRow("a", { unread: 1 }) });
      events(
        { type: "message", chat_id: "a", message: aMessage(key, { rev }) },
        { type: "chat", chat_id: "a", rev, touched: [key], chat },
      );
    };
    late(2, "300");
    late(3, "250");
    expect(doors.read).toHaveBeenCalledTimes(2);
    expect(doors.read).toHaveBeenLastCalledWith("a", "300");
  });
});

describe("READ-2: a chat marked unread stays so", () => {
  const unreadNow = (rev: number, ...messages: string[]) => {
    const { chat } = anOpenedChat("a", [], { rev, row: aRow("a", { unread: 1, row_rev: rev }) });
    events(
      ...messages.map(
        (key): DeskEvent => ({ type: "message", chat_id: "a", message: aMessage(key, { rev }) }),
      ),
      { type: "chat", chat_id: "a", rev, touched: messages, chat },
    );
  };

  it("although it is open, until a message arrives", async () => {
    await started("a");
    unreadNow(2);
    await later(5_000);
    expect(doors.read).not.toHaveBeenCalled();
    unreadNow(3, "300");
    expect(doors.read).toHaveBeenCalledExactlyOnceWith("a", "300");
  });

  it("through a resync, unless a message came meanwhile", async () => {
    await started("a");
    unreadNow(2);
    const row = aRow("a", { unread: 1, row_rev: 2 });
    doors.chat.mockResolvedValue(anOpenedChat("a", ["100"], { rev: 2, row }));
    await desk.fetchChat();
    expect(doors.read).not.toHaveBeenCalled();
    const missed = anOpenedChat("a", ["100"], { rev: 4, row });
    missed.page.messages.push(aMessage("300", { rev: 4 }));
    doors.chat.mockResolvedValue(missed);
    await desk.fetchChat();
    expect(doors.read).toHaveBeenCalledExactlyOnceWith("a", "300");
  });

  it("until it is entered again, from the list or once more", async () => {
    await started("a");
    unreadNow(2);
    const row = aRow("a", { unread: 1, row_rev: 2 });
    doors.chat.mockImplementation(async (id: string) =>
      id === "a" ? anOpenedChat("a", ["100"], { rev: 2, row }) : anOpenedChat(id, ["1"]),
    );
    desk.show(VIEW, "b");
    await later();
    expect(doors.read).not.toHaveBeenCalled();
    desk.show(VIEW, "a");
    await later();
    expect(doors.read).toHaveBeenCalledExactlyOnceWith("a", "100");
    desk.enterAgain();
    expect(doors.read).toHaveBeenCalledTimes(2);
  });

  it("and the row shows it as soon as it is answered", async () => {
    await started();
    await desk.markUnread("a");
    expect(shown().state.list?.rows[0]?.unread).toBe(1);
  });
});

describe("filters by the clock (ROW-3)", () => {
  it("looks again every 30 seconds, without leaving what is shown", async () => {
    desk = open();
    desk.start();
    desk.show({ ...VIEW, tag: "expiring" }, null);
    await later();
    const calls = doors.chats.mock.calls.length;
    doors.chats.mockResolvedValue({ chats: [aRow("b"), aRow("a")], cursor: null });
    await later(30_000);
    expect(doors.chats).toHaveBeenCalledTimes(calls + 1);
    expect(doors.chats).toHaveBeenLastCalledWith(expect.objectContaining({ tag: "expiring" }));
    expect(shown()).toMatchObject({ list: "ready" });
    expect(shown().state.list?.rows.map((row) => row.chat_id)).toEqual(["b", "a"]);
    desk.show(VIEW, null);
    await later(90_000);
    expect(doors.chats).toHaveBeenCalledTimes(calls + 2);
  });
});

describe("PERM-2: what this agent may see changed", () => {
  it("says which part of the directory moved", async () => {
    await started();
    events({ type: "directory", part: "labels" }, { type: "directory", part: "me" });
    expect(directoryMoved.mock.calls).toEqual([["labels"], ["me"]]);
  });

  it("fetches everything on screen anew, and leaves a chat that may not be read any more", async () => {
    await started("a");
    doors.chat.mockRejectedValue(new Refused(404, "not_found", {}));
    doors.chats.mockResolvedValue({ chats: [], cursor: null });
    desk.permissionsMoved();
    await later();
    expect(shown()).toMatchObject({ chat: "missing", state: { lost: "a", list: { rows: [] } } });
  });

  it("asks who is here when the live connection is refused for good (PERM-3)", async () => {
    doors.ticket.mockRejectedValue(new Refused(403, "agent_inactive", {}));
    await started();
    expect(directoryMoved).toHaveBeenCalledWith("me");
  });
});

describe("NOTIF: what the agent is told of", () => {
  it("the bell is asked for when the connection is there, and again when it moves", async () => {
    await started();
    expect(noticed.mock.calls).toEqual([[{ type: "bell" }]]);
    events({ type: "bell" });
    expect(noticed).toHaveBeenCalledTimes(2);
  });

  it("a sound is handed on, and what comes with it is shown all the same", async () => {
    await started();
    const sound = { type: "sound", id: "1", at: "2026-11-23T12:00:00.000Z" } as const;
    events(sound, {
      type: "row",
      chat_id: "b",
      row_rev: 1,
      tabs: ["all"],
      row: aRow("b", { row_rev: 1 }),
    });
    expect(noticed).toHaveBeenLastCalledWith(sound);
    expect(shown().state.list?.rows.map((row) => row.chat_id)).toContain("b");
  });

  it("says that this is the chat page, and when it goes out of sight", async () => {
    await started("a");
    expect(wire.said[0]).toEqual({
      action: "hello",
      tab: "all",
      chat_id: "a",
      page: "chat",
      visible: true,
      device: "browser",
    });
    visible = false;
    desk.visibilityMoved();
    expect(wire.said.at(-1)).toEqual({ action: "ping", visible: false });
  });
});

describe("SEND-12: what is written is sent once and never lost", () => {
  it("is on screen at once and gives way to the server's message", async () => {
    await started("a");
    desk.sendText("a", "oi");
    expect(shown().outbox).toMatchObject([{ shown: { text: "oi" }, state: "waiting" }]);
    await later();
    expect(shown().outbox).toEqual([]);
    expect(shown().state.chat?.messages.at(-1)).toMatchObject({ text: "oi", status: "queued" });
    expect(storage.held.size).toBe(0);
  });

  it("keeps the order and the key through failures of the network", async () => {
    await started("a");
    doors.send.mockRejectedValueOnce(new Unreachable(null));
    desk.sendText("a", "um");
    desk.sendText("a", "dois");
    await later();
    expect(doors.send).toHaveBeenCalledOnce();
    await later(2_000);
    const calls = doors.send.mock.calls;
    expect(calls.map(([, body]) => body.text)).toEqual(["um", "um", "dois"]);
    const keys = calls.map(([, body]) => body.client_key ?? "");
    expect(keys[0]).toBe(keys[1]);
    expect((keys[1] ?? "") < (keys[2] ?? "")).toBe(true);
  });

  it("replays what was written before the page was reloaded, with the same key", async () => {
    await started("a");
    doors.send.mockRejectedValue(new Unreachable(null));
    desk.sendText("a", "guardada");
    await later();
    const key = doors.send.mock.calls[0]?.[1].client_key;
    desk.stop();
    doors.send.mockClear();
    await started("a");
    expect(doors.send).toHaveBeenCalledWith("a", { client_key: key, text: "guardada" });
  });

  it("keeps a refused text with its reason, and goes on with the next", async () => {
    await started("a");
    doors.send.mockRejectedValueOnce(new Refused(409, "session_closed", {}));
    desk.sendText("a", "um");
    desk.sendText("a", "dois");
    await later();
    expect(shown().outbox).toMatchObject([
      { shown: { text: "um" }, state: "refused", refusal: "session_closed" },
    ]);
    expect(doors.send).toHaveBeenCalledTimes(2);
  });

  it("makes a new key by the server's clock when this computer's is wrong", async () => {
    await started("a");
    const skew = new Refused(409, "clock_skew", { server_now: "2026-11-23T11:00:00.000Z" });
    doors.send.mockRejectedValueOnce(skew);
    desk.sendText("a", "oi");
    await later();
    const [first, second] = doors.send.mock.calls.map(([, body]) =>
      Number(body.client_key?.slice(0, 13)),
    );
    expect((first ?? 0) - (second ?? 0)).toBeGreaterThan(3_500_000);
    expect(shown().outbox).toEqual([]);
  });

  it("tries a failed message again once, however often it is asked (CHAT-6)", async () => {
    await started("a");
    doors.retry.mockReturnValue(new Promise(() => {}));
    desk.retry("a", "100", "oi");
    desk.retry("a", "100", "oi");
    await later();
    expect(doors.retry).toHaveBeenCalledOnce();
  });
});

describe("SEND-5: files are uploaded, then sent, and never lost", () => {
  const chosen = (name: string) => ({ file: new Blob(["abc"]), name, type: "image/png" });
  const sendImage = (name: string) =>
    desk.send("a", { text: "" }, { text: "", kind: "image" }, [chosen(name)], "whatsapp");
  const namesSent = () => doors.send.mock.calls.map(([, body]) => body.files?.[0]?.name);

  it("tells how large a picture is, so that its balloon keeps its size", async () => {
    await started("a");
    const told = { name: "um.png", mime_type: "image/png", size: 3, voice: false, reason: null };
    const file = { ...told, kind: "image", state: "pending", width: 3, height: 2 } as const;
    desk.send(
      "a",
      { text: "" },
      { text: "", kind: "image", files: [file] },
      [chosen("um.png")],
      "whatsapp",
    );
    await later();
    expect(doors.send.mock.calls[0]?.[1].files).toEqual([
      { key: "uploads/ana/um.png", name: "um.png", voice: false, width: 3, height: 2 },
    ]);
  });

  it("uploads one after the other and tells the door where each lies", async () => {
    await started("a");
    sendImage("um.png");
    sendImage("dois.png");
    expect(shown().outbox).toHaveLength(2);
    await later();
    expect(doors.upload.mock.calls[0]).toEqual([
      { channel: "whatsapp", content_type: "image/png", size: 3, name: "um.png" },
    ]);
    expect(doors.send.mock.calls[0]?.[1].files).toEqual([
      { key: "uploads/ana/um.png", name: "um.png", voice: false },
    ]);
    expect(namesSent()).toEqual(["um.png", "dois.png"]);
    expect([shown().outbox, shown().progress]).toEqual([[], {}]);
    expect(files.held.size).toBe(0);
  });

  it("begins again when the upload broke, with the same message key", async () => {
    await started("a");
    sendFile.mockRejectedValueOnce(new Unreachable(null));
    sendImage("um.png");
    await later();
    expect(doors.send).not.toHaveBeenCalled();
    await later(2_000);
    expect(sendFile).toHaveBeenCalledTimes(2);
    expect(doors.send).toHaveBeenCalledOnce();
  });

  it("does not upload again what is there, after a reload before it was sent", async () => {
    await started("a");
    doors.send.mockRejectedValue(new Unreachable(null));
    sendImage("um.png");
    await later();
    desk.stop();
    doors.send.mockReset();
    await started("a");
    expect(sendFile).toHaveBeenCalledOnce();
    expect(doors.send).toHaveBeenCalledOnce();
  });

  it("goes on after a reload in the midst of an upload, and says so when the file is gone", async () => {
    await started("a");
    sendFile.mockRejectedValueOnce(new Unreachable(null));
    sendImage("um.png");
    await later();
    desk.stop();
    await started("a");
    expect(namesSent()).toEqual(["um.png"]);
    sendFile.mockRejectedValueOnce(new Unreachable(null));
    sendImage("dois.png");
    await later();
    desk.stop();
    files.held.clear();
    await started("a");
    expect(shown().outbox).toMatchObject([{ state: "refused", refusal: "file_lost" }]);
  });

  it("is broken off while it is uploaded, and what waits behind it goes out", async () => {
    await started("a");
    sendFile.mockImplementationOnce(
      (_place, _file, progress, signal) =>
        new Promise((_, reject) => {
          progress(0.5);
          signal?.addEventListener("abort", () => reject(new UploadCancelled()));
        }),
    );
    sendImage("um.png");
    desk.sendText("a", "depois");
    await later();
    const [first] = shown().outbox;
    expect(shown().progress).toEqual({ [first?.client_key ?? ""]: 0.5 });
    if (first) desk.cancel(first);
    await later();
    expect(doors.send.mock.calls.map(([, body]) => body.text)).toEqual(["depois"]);
    expect([shown().outbox, shown().progress, files.held.size]).toEqual([[], {}, 0]);
  });

  it("cannot be broken off once the door was asked", async () => {
    await started("a");
    doors.send.mockReturnValueOnce(new Promise(() => {}));
    sendImage("um.png");
    await later();
    const [entry] = shown().outbox;
    if (entry) desk.cancel(entry);
    expect(shown().outbox).toHaveLength(1);
  });

  it("is refused when the place goes on refusing, and may be sent again", async () => {
    await started("a");
    sendFile.mockRejectedValue(new UploadRefused(403));
    sendImage("um.png");
    await later(5_000);
    expect(shown().outbox).toMatchObject([{ state: "refused", refusal: "file_refused" }]);
    sendFile.mockReset();
    const [entry] = shown().outbox;
    if (entry) desk.sendAgain(entry);
    await later();
    expect(namesSent()).toEqual(["um.png"]);
  });

  it("is left to the browser tab that brought it to its end", async () => {
    await started("a");
    sendFile.mockRejectedValueOnce(new Unreachable(null));
    sendImage("um.png");
    await later();
    storage.held.clear();
    await later(2_000);
    expect([shown().outbox, doors.send.mock.calls]).toEqual([[], []]);
  });
});

it("LIVE-2: «Ressincronizar» brings back what was missed", async () => {
  await started("a");
  doors.ticket.mockRejectedValueOnce(new Unreachable(null));
  wire.onclose?.();
  expect(shown()).toMatchObject({ connection: "offline", disconnected: true });
  await expect(desk.resync()).resolves.toBe(false);
  doors.chat.mockResolvedValue(anOpenedChat("a", ["100", "200", "300"], { rev: 3 }));
  const answer = desk.resync();
  await later();
  await expect(answer).resolves.toBe(true);
  expect(shown()).toMatchObject({ connection: "online", disconnected: false });
  expect(shown().state.chat?.messages).toHaveLength(3);
});
