/** What is kept, for how long, and what must not stay. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { aChat, aMe, aMessage, aRow } from "../live/builders";
import { type ChatState, NO_FILTERS, openedChat, type View } from "../live/reducer";
import { KEPT_MS, MOST_CHATS, MOST_LISTS, MOST_MESSAGES, MOST_ROWS, Shelf } from "./shelf";
import type { ShelfStore } from "./store";

const VIEW: View = { ...NO_FILTERS, tab: "all", order: "newest" };
const MINUTE_MS = 60_000;

let now: number;
let login: string | null;
let held: Map<string, unknown>;
let store: ShelfStore;
let shelf: Shelf;
const at = () => new Date(now).toISOString();

function memory(): ShelfStore {
  return {
    get: async <T>(key: string) => held.get(key) as T | undefined,
    keys: async () => [...held.keys()],
    put: async (entries) => {
      for (const [key, value] of entries) held.set(key, structuredClone(value));
    },
    remove: async (keys) => {
      for (const key of keys) held.delete(key);
    },
    clear: async () => held.clear(),
  };
}

const aList = (ids: string[], view = VIEW) => ({
  at: at(),
  list: { view, rows: ids.map((id) => aRow(id)), cursor: null, edge: null, beyond: {} },
  counts: { all: ids.length },
});

function aKeptChat(chatId: string, keys = ["100"], fields: Partial<ChatState> = {}) {
  const messages = keys.map((key) => aMessage(key));
  const chat = openedChat({
    chat: aChat(chatId, { row: aRow(chatId) }),
    page: { messages, before: null, after: null },
  });
  return { at: at(), chat: { ...chat, ...fields } };
}

const meOf = (agentId: string) => aMe({ agent: { ...aMe().agent, agent_id: agentId } });

beforeEach(async () => {
  now = Date.parse("2026-11-23T12:00:00.000Z");
  login = "ana@a.br";
  held = new Map();
  store = memory();
  shelf = new Shelf(
    store,
    () => login,
    () => now,
  );
  await shelf.open("ana");
});

/** Another start of the page on the same computer. */
const again = () =>
  new Shelf(
    store,
    () => login,
    () => now,
  );

describe("what is kept", () => {
  it("is there at the next start, each part with its time", async () => {
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, list: aList(["a", "b"]) });
    now += MINUTE_MS;
    await shelf.keep({ chat: aKeptChat("a") });
    const next = again();
    expect((await next.start())?.me.agent.agent_id).toBe("ana");
    const list = await next.list({ ...VIEW });
    expect(list?.chats.map((row) => row.chat_id)).toEqual(["a", "b"]);
    expect(list).toMatchObject({ at: "2026-11-23T12:00:00.000Z", counts: { all: 2 } });
    const chat = await next.chat("a");
    expect(chat).toMatchObject({ at: "2026-11-23T12:01:00.000Z", page: { after: null } });
    expect(await next.chat("b")).toBeNull();
    expect(await next.list({ ...VIEW, unread: true })).toBeNull();
  });

  it("is the newest of it, and no more than fits", async () => {
    const ids = Array.from({ length: MOST_ROWS + 20 }, (_, index) => `c${index}`);
    const keys = Array.from({ length: MOST_MESSAGES + 7 }, (_, index) => String(1_000 + index));
    await shelf.keep({ list: aList(ids), chat: aKeptChat("a", keys) });
    expect((await shelf.list(VIEW))?.chats).toHaveLength(MOST_ROWS);
    const page = (await shelf.chat("a"))?.page;
    expect(page?.messages.map(({ key }) => key)).toEqual(keys.slice(-MOST_MESSAGES));
    expect(page?.before).toBe("1007");
  });

  it("lets the list and the chat go that were shown longest ago", async () => {
    for (let index = 0; index <= MOST_CHATS; index += 1) {
      await shelf.keep({ chat: aKeptChat(`c${index}`) });
      if (index === MOST_CHATS - 1) await shelf.keep({ chat: aKeptChat("c0") });
    }
    expect(await shelf.chat("c0")).not.toBeNull();
    expect(await shelf.chat("c1")).toBeNull();
    const views = Array.from({ length: MOST_LISTS + 1 }, (_, index) => ({
      ...VIEW,
      tag: `t${index}`,
    }));
    for (const view of views) await shelf.keep({ list: aList(["a"], view) });
    expect(await shelf.list(views[0] as View)).toBeNull();
    expect(await shelf.list(views[1] as View)).not.toBeNull();
    expect([...held.keys()].filter((key) => key.includes(" chat "))).toHaveLength(MOST_CHATS);
  });

  it("is as new as what was kept last", async () => {
    await shelf.keep({ list: aList(["a"]) });
    now += MINUTE_MS;
    await shelf.keep({ list: aList(["b"]) });
    expect((await shelf.list(VIEW))?.chats.map((row) => row.chat_id)).toEqual(["b"]);
  });

  it("is nothing after a week", async () => {
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, list: aList(["a"]) });
    await shelf.keep({ chat: aKeptChat("a") });
    now += KEPT_MS;
    expect(await shelf.chat("a")).not.toBeNull();
    now += 1;
    expect(await shelf.chat("a")).toBeNull();
    expect(await shelf.list(VIEW)).toBeNull();
    expect(await again().start()).toBeNull();
    expect(held.size).toBe(0);
  });

  it("what is too old goes when the shelf is opened, what is not stays", async () => {
    await shelf.keep({ chat: aKeptChat("old") });
    now += KEPT_MS;
    await shelf.keep({ chat: aKeptChat("new") });
    now += 1;
    await again().open("ana");
    expect([...held.keys()].filter((key) => key.includes(" chat "))).toEqual(["ana chat new"]);
  });
});

describe("what must not stay", () => {
  it("everything, once the login ended; what was on its way is not kept either", async () => {
    void shelf.keep({ me: { me: meOf("ana"), labels: null } });
    void shelf.forget();
    await shelf.keep({ list: aList(["a"]) });
    expect(held.size).toBe(0);
    expect(await shelf.start()).toBeNull();
  });

  it("what another agent left, when one comes", async () => {
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, chat: aKeptChat("a") });
    login = "bia@a.br";
    const next = again();
    await next.open("bia");
    expect([...held.keys()].filter((key) => key.startsWith("ana"))).toEqual([]);
    expect(await next.chat("a")).toBeNull();
  });

  it("what another login left is not shown, and goes", async () => {
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, chat: aKeptChat("a") });
    login = "bia@a.br";
    expect(await again().start()).toBeNull();
    expect(held.size).toBe(0);
  });

  it("without a login nothing is kept", async () => {
    login = null;
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, chat: aKeptChat("a") });
    expect(held.size).toBe(0);
  });

  it("of a chat that may not be read any more: itself, and its row in the lists", async () => {
    await shelf.keep({ list: aList(["a", "b"]), chat: aKeptChat("a") });
    await shelf.keep({ chat: aKeptChat("b") });
    await shelf.drop("a");
    expect(await shelf.chat("a")).toBeNull();
    expect(await shelf.chat("b")).not.toBeNull();
    expect((await shelf.list(VIEW))?.chats.map((row) => row.chat_id)).toEqual(["b"]);
  });

  it("does not come back with what was seen before; seen again it is kept", async () => {
    const [list, chat] = [aList(["a", "b"]), aKeptChat("a")];
    now += 1;
    await shelf.drop("a");
    await shelf.keep({ list, chat });
    expect(await shelf.chat("a")).toBeNull();
    expect((await shelf.list(VIEW))?.chats.map((row) => row.chat_id)).toEqual(["b"]);
    now += 1;
    await shelf.keep({ chat: aKeptChat("a") });
    expect(await shelf.chat("a")).not.toBeNull();
  });

  it("all lists and chats, when the permissions moved", async () => {
    await shelf.keep({ me: { me: meOf("ana"), labels: null }, list: aList(["a"]) });
    const seen = aKeptChat("a");
    await shelf.keep({ chat: seen });
    await shelf.drop(null);
    await shelf.keep({ chat: seen });
    expect([...held.keys()].filter((key) => / (list|chat) /.test(key))).toEqual([]);
    expect(await again().start()).not.toBeNull();
  });
});

it("a browser that keeps nothing has nothing, and nobody hears of it", async () => {
  const full = () => Promise.reject(new Error("quota"));
  const shut: ShelfStore = { get: full, keys: full, put: full, remove: full, clear: full };
  const without = new Shelf(
    shut,
    () => login,
    () => now,
  );
  const told = vi.fn();
  await Promise.all([
    without.open("ana"),
    without.keep({ list: aList(["a"]) }),
    without.drop("a"),
    without.forget(),
  ]).catch(told);
  expect(told).not.toHaveBeenCalled();
  expect(await without.start()).toBeNull();
  await without.open("ana");
  expect(await without.list(VIEW)).toBeNull();
  expect(await without.chat("a")).toBeNull();
});
