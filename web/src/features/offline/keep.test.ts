// @vitest-environment jsdom
/** When what the desk shows is put on the shelf, and what is asked anew after an absence. */

import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Unreachable } from "~/lib/api/http";
import { aMe, anOpenedChat, aRow } from "../live/builders";
import type { Snapshot } from "../live/desk";
import { EMPTY, NO_FILTERS, openedChat } from "../live/reducer";
import { keepDesk, RESTS_MS } from "./keep";
import type { ToKeep } from "./shelf";

const VIEW = { ...NO_FILTERS, tab: "all", order: "newest" } as const;
const listOf = (...ids: string[]) => ({
  view: VIEW,
  rows: ids.map((id) => aRow(id)),
  cursor: null,
  edge: null,
  beyond: {},
});
const chatOf = (id: string, keys = ["100"]) =>
  openedChat(anOpenedChat(id, keys, { row: aRow(id) }));

let snapshot: Snapshot;
let tell: () => void;
let queries: QueryClient;
let left: AbortController;
const keep = vi.fn(async (_: ToKeep) => {});
const open = vi.fn(async (_: string) => {});
const rest = () => vi.advanceTimersByTimeAsync(RESTS_MS);
const kept = () => keep.mock.lastCall?.[0];

function show(part: Partial<Snapshot>, state: Partial<Snapshot["state"]> = {}) {
  snapshot = { ...snapshot, ...part, state: { ...snapshot.state, ...state } };
  tell?.();
}

function begin() {
  const desk = {
    getSnapshot: () => snapshot,
    subscribe: (listener: () => void) => {
      tell = listener;
      return () => {
        tell = () => {};
      };
    },
  };
  keepDesk(desk, queries, "ana", left.signal, {
    shelf: { open, keep },
    whenIdle: (act) => act(),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T12:00:00.000Z") });
  vi.clearAllMocks();
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  left = new AbortController();
  tell = () => {};
  snapshot = {
    state: { ...EMPTY, list: listOf("a"), counts: { all: 1 } },
    connection: "online",
    disconnected: false,
    listAt: null,
    chatAt: null,
    fresh: false,
  } as unknown as Snapshot;
});

afterEach(() => {
  left.abort();
  vi.useRealTimers();
});

describe("what is kept", () => {
  it("is who is here, the list, and the open chat once it was fetched, after a rest", async () => {
    queries.setQueryData(["me"], aMe());
    begin();
    expect(open).toHaveBeenCalledWith("ana");
    show({ fresh: true }, { chat: chatOf("a") });
    expect(keep).not.toHaveBeenCalled();
    await rest();
    expect(keep).toHaveBeenCalledTimes(1);
    expect(kept()).toMatchObject({
      me: { me: { agent: { agent_id: "ana" } }, labels: null },
      list: { at: "2026-11-23T12:00:00.000Z", list: { rows: [{ chat_id: "a" }] } },
      chat: { chat: { chat: { row: { chat_id: "a" } } } },
    });
    await rest();
    expect(keep).toHaveBeenCalledTimes(1);
  });

  it("goes on while events never rest, with one write for many of them", async () => {
    begin();
    for (let index = 0; index < 30; index += 1) {
      show({}, { list: listOf(`c${index}`) });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(keep).toHaveBeenCalledTimes(1);
  });

  it("is not what came from the shelf, nor a chat before it was fetched or in its past", async () => {
    show({ listAt: "2026-11-22T12:00:00.000Z" }, { chat: chatOf("a") });
    begin();
    await rest();
    show({ fresh: true }, { chat: { ...chatOf("a"), after: "100" } });
    await rest();
    expect(keep).not.toHaveBeenCalled();
  });

  it("is both chats, when one is left before it rested", async () => {
    begin();
    show({ fresh: true }, { chat: chatOf("a") });
    show({ fresh: true }, { chat: chatOf("b") });
    await rest();
    const ids = keep.mock.calls.map(([{ chat }]) => chat?.chat.chat.row.chat_id);
    expect(ids).toEqual(["a", "b"]);
  });

  it("was so until the connection was lost, and what then comes from the shelf is not kept", async () => {
    begin();
    await rest();
    await vi.advanceTimersByTimeAsync(60_000 - RESTS_MS);
    show({ connection: "offline", disconnected: true });
    await rest();
    expect(kept()?.list).toMatchObject({ at: "2026-11-23T12:01:00.000Z" });
    keep.mockClear();
    show({ listAt: "2026-11-22T12:00:00.000Z" }, { list: listOf("z") });
    await rest();
    expect(keep).not.toHaveBeenCalled();
  });

  it("is what the doors answer, also while live updates do not come", async () => {
    show({ connection: "offline", disconnected: true });
    begin();
    await rest();
    expect(kept()?.list?.list.rows).toHaveLength(1);
  });

  it("is written at once when the page goes out of sight, and when the desk is left", async () => {
    begin();
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(keep).toHaveBeenCalledTimes(1);
    show({}, { list: listOf("b") });
    left.abort();
    expect(kept()?.list?.list.rows[0]?.chat_id).toBe("b");
    keep.mockClear();
    show({}, { list: listOf("c") });
    await rest();
    expect(keep).not.toHaveBeenCalled();
  });
});

it("after an absence what could not be had is asked for anew, and nothing else", async () => {
  const lost = vi.fn(async () => {
    throw new Unreachable(null);
  });
  const there = vi.fn(async () => "there");
  for (const [name, queryFn] of [
    ["lost", lost],
    ["there", there],
  ] as const) {
    new QueryObserver<unknown>(queries, { queryKey: [name], queryFn }).subscribe(() => {});
  }
  show({ connection: "offline", disconnected: true });
  begin();
  await rest();
  expect(lost).toHaveBeenCalledTimes(1);
  show({ connection: "connecting" });
  show({ connection: "online", disconnected: false });
  await rest();
  expect(lost).toHaveBeenCalledTimes(2);
  expect(there).toHaveBeenCalledTimes(1);
});
