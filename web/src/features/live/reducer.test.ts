/** Tables of what events do to the screen. */

import { describe, expect, it } from "vitest";
import type { ChatRow, DeskEvent, ListPage, RowEvent, TabName } from "~/lib/api/types";
import { aChat, aMessage, anOpenedChat, aRow } from "./builders";
import {
  chatLoaded,
  countsLoaded,
  type DeskState,
  EMPTY,
  isWhole,
  listAged,
  listExtended as listExtendedAt,
  listLoaded,
  NO_FILTERS,
  olderLoaded,
  reduceAll as reduceAllAt,
  reduce as reduceAt,
  rowMarked,
  type View,
} from "./reducer";

const ALL: View = { ...NO_FILTERS, tab: "all", order: "newest" };
const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const reduce = (state: DeskState, event: DeskEvent, now = NOW) => reduceAt(state, event, now);
const reduceAll = (state: DeskState, events: DeskEvent[]) => reduceAllAt(state, events, NOW);
const listExtended = (state: DeskState, cursor: string, page: ListPage) =>
  listExtendedAt(state, cursor, page, NOW);
const at = (minute: number) => `2026-11-23T12:${String(minute).padStart(2, "0")}:00.000Z`;

function listOf(
  rows: [id: string, minute: number][],
  cursor: string | null = null,
  view = ALL,
): DeskState {
  return listLoaded(EMPTY, view, {
    chats: rows.map(([id, minute]) => aRow(id, { last_activity_at: at(minute) })),
    cursor,
  });
}

function rowEvent(
  id: string,
  rev: number,
  minute: number,
  fields: Partial<RowEvent["row"]> = {},
  tabs: TabName[] = ["all"],
): RowEvent {
  const row = aRow(id, { row_rev: rev, last_activity_at: at(minute), ...fields });
  return { type: "row", chat_id: id, row_rev: rev, tabs, row };
}

const ids = (state: DeskState) => state.list?.rows.map((row) => row.chat_id).join(" ");

describe("rows", () => {
  const start = listOf([
    ["c", 30],
    ["b", 20],
    ["a", 10],
  ]);

  it.each<[what: string, event: DeskEvent, order: string]>([
    ["a chat moves up with its message (SORT-1)", rowEvent("a", 2, 40), "a c b"],
    ["a new chat enters at its place", rowEvent("n", 2, 25), "c n b a"],
    ["the same moment is told apart by the chat's id", rowEvent("b2", 2, 20), "c b2 b a"],
    ["a change of place that is none leaves the order", rowEvent("b", 2, 20), "c b a"],
    ["an old revision changes nothing", rowEvent("a", 1, 40), "c b a"],
    ["a chat that left the tab goes (TAB-5)", rowEvent("b", 2, 20, {}, ["mine"]), "c a"],
    [
      "a chat that is no longer readable goes (TAB-7)",
      { type: "row", chat_id: "b", row_rev: 2, tabs: [], row: null },
      "c a",
    ],
  ])("%s", (_, event, order) => {
    expect(ids(reduce(start, event))).toBe(order);
  });

  it("does not bring back a chat that left, by an event that came late", () => {
    const gone = reduce(start, { type: "row", chat_id: "b", row_rev: 5, tabs: [], row: null });
    expect(ids(reduce(gone, rowEvent("b", 4, 50)))).toBe("c a");
  });

  it("takes a chat out of the unread list once it is read", () => {
    const state = listOf([["a", 1]], null, { ...ALL, unread: true });
    const unread = reduce(state, rowEvent("b", 2, 2, { unread: 1 }));
    expect(ids(unread)).toBe("b a");
    expect(ids(reduce(unread, rowEvent("b", 3, 2, { unread: 0 })))).toBe("a");
  });

  it("leaves chats without an opening out of the opening orders (SORT-2)", () => {
    const state = listLoaded(
      EMPTY,
      { ...ALL, order: "opened_oldest" },
      { chats: [], cursor: null },
    );
    const opened = reduce(state, rowEvent("a", 2, 1, { opened_at: at(5) }));
    expect(ids(reduce(opened, rowEvent("b", 2, 1)))).toBe("a");
    expect(ids(reduce(opened, rowEvent("b", 2, 1, { opened_at: at(6) })))).toBe("a b");
  });

  it("keeps what goes beyond the loaded pages for when they are loaded (SORT-4)", () => {
    const state = listOf(
      [
        ["a", 10],
        ["b", 20],
      ],
      "after b",
      { ...ALL, order: "oldest" },
    );
    const moved = reduce(state, rowEvent("a", 2, 50));
    expect(ids(moved)).toBe("b");
    const page = { chats: [aRow("c", { last_activity_at: at(30) })], cursor: null };
    expect(ids(listExtended(moved, "after b", page))).toBe("b c a");
  });

  it("neither repeats nor revives a chat when a page arrives late (SORT-4)", () => {
    const state = reduce(listOf([["b", 20]], "after b"), rowEvent("a", 3, 40));
    const gone = reduce(state, { type: "row", chat_id: "x", row_rev: 4, tabs: [], row: null });
    const page = {
      chats: [
        aRow("a", { row_rev: 1, last_activity_at: at(10) }),
        aRow("x", { row_rev: 2, last_activity_at: at(9) }),
        aRow("z", { last_activity_at: at(8) }),
      ],
      cursor: null,
    };
    expect(ids(listExtended(gone, "after b", page))).toBe("a b z");
  });

  it("puts a row between the last one shown and the cursor's place, when the last one moved up", () => {
    const state = listOf(
      [
        ["c", 30],
        ["b", 20],
        ["a", 10],
      ],
      "after a",
    );
    const moved = reduce(state, rowEvent("a", 2, 40));
    expect(ids(reduce(moved, rowEvent("n", 2, 15)))).toBe("a c b n");
    expect(ids(reduce(moved, rowEvent("n", 2, 5)))).toBe("a c b");
  });
});

describe("filters (FILT-1)", () => {
  const ends = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
  it.each<[what: string, filters: Partial<View>, row: Partial<ChatRow>, shown: boolean]>([
    ["a tag it has", { tag: "vip" }, { tags: ["novo", "vip"] }, true],
    ["a tag it has not", { tag: "vip" }, { tags: ["novo"] }, false],
    ["its department", { department: "sales" }, { department_id: "sales" }, true],
    ["another department", { department: "sales" }, { department_id: "support" }, false],
    ["no department", { department: "sales" }, {}, false],
    ["its agent", { agent: "ana" }, { agent_id: "ana" }, true],
    ["another agent", { agent: "ana" }, { agent_id: "bia" }, false],
    ["a campaign it received", { campaign: "natal" }, { campaigns: ["natal"] }, true],
    ["a campaign it did not", { campaign: "natal" }, {}, false],
    ["its channel", { channel: "whatsapp" }, {}, true],
    ["another channel", { channel: "facebook" }, {}, false],
    ["unread", { unread: true }, { unread: 1 }, true],
    ["read", { unread: true }, {}, false],
    [
      "31 minutes left are not «Expirando»",
      { tag: "expiring" },
      { session_ends_at: ends(31) },
      false,
    ],
    ["30 minutes left are", { tag: "expiring" }, { session_ends_at: ends(30) }, true],
    ["none left is «Expirado»", { tag: "expired" }, { session_ends_at: ends(0) }, true],
    ["and no longer «Expirando»", { tag: "expiring" }, { session_ends_at: ends(0) }, false],
    ["who never wrote is neither", { tag: "expired" }, { session_ends_at: null }, false],
    [
      "all of them at once",
      {
        tag: "vip",
        department: "sales",
        agent: "ana",
        campaign: "natal",
        channel: "whatsapp",
        unread: true,
      },
      { tags: ["vip"], department_id: "sales", agent_id: "ana", campaigns: ["natal"], unread: 2 },
      true,
    ],
    [
      "all of them but one",
      {
        tag: "vip",
        department: "sales",
        agent: "ana",
        campaign: "natal",
        channel: "whatsapp",
        unread: true,
      },
      { tags: ["vip"], department_id: "sales", agent_id: "bia", campaigns: ["natal"], unread: 2 },
      false,
    ],
  ])("%s", (_, filters, row, shown) => {
    const state = listOf([["a", 10]], null, { ...ALL, ...filters });
    expect(ids(reduce(state, rowEvent("n", 2, 20, row)))).toBe(shown ? "n a" : "a");
  });

  it("lets a row go that passes no longer, and moves no other (ROW-2)", () => {
    const state = reduceAll(listOf([["a", 10]], null, { ...ALL, department: "sales" }), [
      rowEvent("b", 2, 20, { department_id: "sales" }),
      rowEvent("c", 2, 30, { department_id: "sales" }),
      rowEvent("b", 3, 40, { department_id: null }),
    ]);
    expect(ids(state)).toBe("c a");
  });

  it("lets rows go by the clock alone (ROW-3)", () => {
    const state = reduceAll(listOf([], null, { ...ALL, tag: "expiring" }), [
      rowEvent("a", 2, 1, { session_ends_at: ends(5) }),
      rowEvent("b", 2, 2, { session_ends_at: ends(20) }),
    ]);
    expect(ids(listAged(state, NOW + 4 * 60_000))).toBe("b a");
    expect(ids(listAged(state, NOW + 5 * 60_000))).toBe("b");
    const open = listOf([["a", 1]]);
    expect(listAged(open, NOW + 5 * 60_000)).toBe(open);
  });

  it("takes the place of a short page from its cursor, so that no row is skipped (SORT-4)", () => {
    const cursor = `${Date.parse(at(5))}#00ff`;
    const view: View = { ...ALL, tag: "vip" };
    const state = listOf([["a", 50]], cursor, view);
    const vip = { tags: ["vip"] };
    // Before the cursor's place it belongs to what is loaded; behind it, to what is to come.
    expect(ids(reduce(state, rowEvent("b", 2, 10, vip)))).toBe("a b");
    const later = reduce(state, rowEvent("c", 2, 1, vip));
    expect(ids(later)).toBe("a");
    expect(ids(listExtended(later, cursor, { chats: [], cursor: null }))).toBe("a c");
  });

  it("goes on from a page without any row", () => {
    const first = `${Date.parse(at(30))}#0a`;
    const second = `${Date.parse(at(20))}#0b`;
    const state = listOf([], first, { ...ALL, tag: "vip" });
    const next = listExtended(state, first, { chats: [], cursor: second });
    expect(next.list).toMatchObject({ rows: [], cursor: second });
    expect(ids(reduce(next, rowEvent("n", 2, 25, { tags: ["vip"] })))).toBe("n");
    expect(ids(reduce(next, rowEvent("n", 2, 15, { tags: ["vip"] })))).toBe("");
  });
});

it("READ-2: an answered mark is on the row at once, and never older than its event", () => {
  const state = listOf([["a", 1]]);
  const marked = rowMarked(state, "a", 1, 2);
  expect(marked.list?.rows[0]?.unread).toBe(1);
  const read = reduce(marked, rowEvent("a", 3, 1));
  expect(rowMarked(read, "a", 1, 2).list?.rows[0]?.unread).toBe(0);
});

it("remembers a bounded number of revisions over a shift", () => {
  let state = listOf([]);
  for (let chat = 0; chat < 3_000; chat += 1) {
    const id = `c${chat}`;
    state = reduceAll(state, [
      { type: "row", chat_id: id, row_rev: 2, tabs: ["mine"], row: aRow(id) },
      { type: "counts", chat_id: id, row_rev: 2, before: [], after: ["all"] },
    ]);
  }
  expect(state.rowRevs.size).toBeLessThanOrEqual(1_000);
  expect(state.countedRevs.size).toBeLessThanOrEqual(1_000);
});

describe("counts (TAB-8)", () => {
  const start = countsLoaded(EMPTY, { all: 3, open: 100, mine: 0 });
  const counted = (chat: string, rev: number, before: TabName[], after: TabName[], state = start) =>
    reduce(state, { type: "counts", chat_id: chat, row_rev: rev, before, after });

  it("moves tab by tab, and only tabs that the viewer has", () => {
    const state = counted("a", 2, ["all"], ["all", "mine", "in_service"]);
    expect(state.counts).toEqual({ all: 3, open: 100, mine: 1 });
  });

  it("counts each revision of a chat once", () => {
    const once = counted("a", 2, [], ["mine"]);
    expect(counted("a", 2, [], ["mine"], once)).toBe(once);
  });

  it("leaves «99+» alone, and asks for a fresh count when it may have gone down", () => {
    expect(counted("a", 2, [], ["open"])).toMatchObject({
      counts: { open: 100 },
      stale: { counts: false },
    });
    expect(counted("a", 2, ["open"], [])).toMatchObject({
      counts: { open: 100 },
      stale: { counts: true },
    });
  });
});

describe("the open chat (LIVE-4)", () => {
  const start = chatLoaded(EMPTY, anOpenedChat("c", ["100", "300"]));
  const chatEvent = (rev: number, touched: string[]): DeskEvent => ({
    type: "chat",
    chat_id: "c",
    rev,
    touched,
    chat: aChat("c", { rev }),
  });
  const messageEvent = (key: string, rev: number, text = key): DeskEvent => ({
    type: "message",
    chat_id: "c",
    message: aMessage(key, { rev, text }),
  });
  const keys = (state: DeskState) => state.chat?.messages.map((message) => message.key).join(" ");
  const whole = (state: DeskState) => state.chat !== null && isWhole(state.chat);

  it.each([
    ["the message first", [messageEvent("200", 2), chatEvent(2, ["200"])]],
    ["the chat first", [chatEvent(2, ["200"]), messageEvent("200", 2)]],
    ["revisions out of order", [chatEvent(3, []), messageEvent("200", 2), chatEvent(2, ["200"])]],
  ])("is whole again after %s", (_, events) => {
    const state = reduceAll(start, events);
    expect(keys(state)).toBe("100 200 300");
    expect(whole(state)).toBe(true);
  });

  it("sees a revision that is missing", () => {
    expect(whole(reduce(start, chatEvent(3, [])))).toBe(false);
  });

  it("sees a message that was announced and did not come", () => {
    const state = reduce(start, chatEvent(2, ["100"]));
    expect(whole(state)).toBe(false);
    expect(whole(reduce(state, messageEvent("100", 2)))).toBe(true);
  });

  it("does not wait for messages of pages that are not loaded", () => {
    const paged = chatLoaded(EMPTY, {
      ...anOpenedChat("c", ["100"]),
      page: { messages: [aMessage("100")], before: "100", after: null },
    });
    expect(whole(reduce(paged, chatEvent(2, ["050"])))).toBe(true);
    expect(keys(reduce(paged, messageEvent("050", 2)))).toBe("100");
  });

  it("keeps the newer revision of a message", () => {
    const state = reduceAll(start, [
      messageEvent("100", 3, "novo"),
      messageEvent("100", 2, "velho"),
    ]);
    expect(state.chat?.messages[0]?.text).toBe("novo");
  });

  it("keeps what events brought while the chat was fetched", () => {
    const live = reduceAll(start, [
      messageEvent("400", 3),
      chatEvent(2, []),
      chatEvent(3, ["400"]),
    ]);
    const state = chatLoaded(live, anOpenedChat("c", ["100", "300"], { rev: 2 }));
    expect(keys(state)).toBe("100 300 400");
    expect(state.chat?.chat.rev).toBe(3);
    expect(whole(state)).toBe(true);
  });

  it("closes a chat that stopped being readable (TAB-7)", () => {
    const state = reduce(start, { type: "chat", chat_id: "c", rev: 2, touched: [], chat: null });
    expect(state).toMatchObject({ chat: null, lost: "c" });
  });

  it("ignores events of other chats", () => {
    const other: DeskEvent = { type: "message", chat_id: "d", message: aMessage("900") };
    expect(reduce(start, other)).toBe(start);
  });

  it("puts older pages before what is shown, without repeating (CHAT-1)", () => {
    const chat = start.chat;
    if (!chat) throw new Error("no chat");
    const older = olderLoaded(chat, {
      messages: [aMessage("050"), aMessage("100")],
      before: null,
      after: "100",
    });
    expect(older.messages.map((message) => message.key)).toEqual(["050", "100", "300"]);
  });
});

it("INB-10: a channel's health replaces what was known of it", () => {
  const channel = { channel: "whatsapp" as const, account: "1", display: "+1", problem: null };
  const state = { ...EMPTY, channels: [channel] };
  const sick = reduce(state, {
    type: "channel",
    channel: { ...channel, problem: "token_invalid" },
  });
  expect(sick.channels).toEqual([{ ...channel, problem: "token_invalid" }]);
});
