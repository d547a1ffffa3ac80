/** Puts what the desk shows on the shelf while nobody waits for anything, and asks anew after an absence. */

import type { QueryClient } from "@tanstack/react-query";
import { Unreachable } from "~/lib/api/http";
import type { Labels, Me } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";
import type { Desk, Snapshot } from "../live/desk";
import { type Shelf, shelf, type ToKeep } from "./shelf";

/** So long what changed rests before it is written. */
export const RESTS_MS = 2_000;
const IDLE_WITHIN_MS = 5_000;

interface KeepWorld {
  shelf: Pick<Shelf, "open" | "keep">;
  /** Does it when the page has nothing better to do. */
  whenIdle(act: () => void): void;
}

const browser: KeepWorld = {
  shelf,
  whenIdle(act) {
    // Safari has no such callback.
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback(act, { timeout: IDLE_WITHIN_MS });
    } else setTimeout(act);
  },
};

/** What of the desk was seen so at a moment; null: not shown, or itself only from the shelf. */
function seenIn({ state, listAt, fresh }: Snapshot) {
  const { list, chat, counts } = state;
  return {
    list: listAt === null ? list : null,
    counts,
    // A chat read in its past is not what it is at its end.
    chat: fresh && chat?.after === null ? chat : null,
  };
}

/** Keeps what this desk and its names show, until `signal` ends it. */
export function keepDesk(
  desk: Pick<Desk, "subscribe" | "getSnapshot">,
  queries: QueryClient,
  agentId: string,
  signal: AbortSignal,
  { shelf, whenIdle }: KeepWorld = browser,
): void {
  void shelf.open(agentId);
  // What is said without a network cannot be fetched then.
  void Promise.allSettled([import("./AsItWas"), import("./NeedsConnection")]);
  let written: { me?: Me | undefined; labels?: Labels | undefined } = {};
  let seen: ReturnType<typeof seenIn> = { list: null, counts: {}, chat: null };
  let { connection } = desk.getSnapshot();
  let waiting: ToKeep = {};
  let timer: ReturnType<typeof setTimeout> | null = null;

  const write = () => {
    timer = null;
    const me = queries.getQueryData<Me>(["me"]);
    const labels = queries.getQueryData<Labels>(["labels"]);
    const told = me && (me !== written.me || labels !== written.labels);
    const parts = { ...waiting, ...(told ? { me: { me, labels: labels ?? null } } : {}) };
    waiting = {};
    if (Object.keys(parts).length === 0) return;
    written = { me, labels };
    void shelf.keep(parts);
  };
  const soon = () => {
    timer ??= setTimeout(() => whenIdle(write), RESTS_MS);
  };
  const now = () => {
    if (timer !== null) clearTimeout(timer);
    write();
  };
  const note = ({ list, counts, chat }: ReturnType<typeof seenIn>) => {
    const at = new Date(serverNow()).toISOString();
    if (list) waiting.list = { at, list, counts };
    if (!chat) return;
    // The chat that was left goes first, so that it is not lost to the one that was entered.
    const before = waiting.chat?.chat.chat.row.chat_id;
    if (before !== undefined && before !== chat.chat.row.chat_id) {
      void shelf.keep({ chat: waiting.chat as NonNullable<ToKeep["chat"]> });
    }
    waiting.chat = { at, chat };
  };
  const look = () => {
    const snapshot = desk.getSnapshot();
    const lost = connection === "online" && snapshot.connection !== "online";
    if (connection !== "online" && snapshot.connection === "online") askAnew(queries);
    connection = snapshot.connection;
    if (lost) {
      // Until now it was so.
      note(seen);
      soon();
    }
    const before = seen;
    seen = seenIn(snapshot);
    const list = seen.list !== before.list || seen.counts !== before.counts ? seen.list : null;
    const chat = seen.chat === before.chat ? null : seen.chat;
    if (list === null && chat === null) return;
    note({ ...seen, list, chat });
    soon();
  };
  const hidden = () => {
    if (document.visibilityState !== "hidden") return;
    if (connection === "online") note(seen);
    now();
  };

  if (connection === "online") askAnew(queries);
  look();
  soon();
  const stops = [
    desk.subscribe(look),
    queries.getQueryCache().subscribe(({ type, query }) => {
      const [name] = query.queryKey;
      if (type === "updated" && (name === "me" || name === "labels")) soon();
    }),
  ];
  document.addEventListener("visibilitychange", hidden, { signal });
  signal.addEventListener("abort", () => {
    for (const stop of stops) stop();
    now();
  });
}

/** The server is there again: what could not be had of it is asked for anew. */
function askAnew(queries: QueryClient): void {
  void queries.refetchQueries({
    type: "active",
    predicate: ({ state }) => state.data === undefined && state.error instanceof Unreachable,
  });
}
