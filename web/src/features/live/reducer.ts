/** What the desk shows, and how each live event changes it: pure, so that recordings can replay it. */

import type {
  Channel,
  Chat,
  ChatEvent,
  ChatRow,
  CountsByTab,
  CountsEvent,
  DeskEvent,
  ListPage,
  Message,
  MessagePage,
  OpenedChat,
  OrderName,
  RowEvent,
  TabName,
} from "~/lib/api/types";

/** «99+»: the server counts no further (TAB-8). */
export const MANY = 100;

export interface View {
  tab: TabName;
  order: OrderName;
  unread: boolean;
}

/** Where a row stands in an order; a cursor stands at such a place too. */
export type Place = readonly [at: string, chatId: string];

export interface ListState {
  view: View;
  rows: ChatRow[];
  cursor: string | null;
  /** The place of the cursor: what lies after it is not loaded. Null when all is. */
  edge: Place | null;
  /** Rows that live events put after the edge, kept for when it moves on. */
  beyond: Record<string, RowEvent>;
}

export interface ChatState {
  chat: Chat;
  /** The revision up to which nothing is missing. */
  whole: number;
  /** Revisions that came before the one they follow. */
  ahead: number[];
  /** Messages that a chat event named and that have not come yet, by the revision wanted. */
  awaited: Record<string, number>;
  /** Oldest first. */
  messages: Message[];
  before: string | null;
  after: string | null;
}

export interface DeskState {
  list: ListState | null;
  chat: ChatState | null;
  /** The chat that stopped being readable while open (TAB-7). */
  lost: string | null;
  counts: CountsByTab;
  /** The newest row revision seen of each chat, also of those that left the list. */
  rowRevs: Record<string, number>;
  /** The newest revision of each chat that moved a count. */
  countedRevs: Record<string, number>;
  /** Grows whenever a count moved by an event: a fresh count is fetched once it rests. */
  countMoves: number;
  channels: Channel[];
  /** What must be fetched anew because events cannot tell. */
  stale: { list: boolean; counts: boolean; chat: boolean };
}

export const EMPTY: DeskState = {
  list: null,
  chat: null,
  lost: null,
  counts: {},
  rowRevs: {},
  countedRevs: {},
  countMoves: 0,
  channels: [],
  stale: { list: false, counts: false, chat: false },
};

// --- the list -----------------------------------------------------------------------------------

/** The place of a row in an order (SORT-1). Chats that never opened have none by opening (SORT-2). */
export function placeOf(row: ChatRow, order: OrderName): Place | null {
  if (order === "newest" || order === "oldest") return [row.last_activity_at ?? "", row.chat_id];
  return row.opened_at === null ? null : [row.opened_at, row.chat_id];
}

function comparePlaces(a: Place, b: Place, order: OrderName): number {
  const rising = a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
  return order === "oldest" || order === "opened_oldest" ? rising : -rising;
}

function insertRow(rows: ChatRow[], row: ChatRow, place: Place, order: OrderName): ChatRow[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = rows[middle] && placeOf(rows[middle], order);
    if (other && comparePlaces(other, place, order) < 0) low = middle + 1;
    else high = middle;
  }
  return [...rows.slice(0, low), row, ...rows.slice(low)];
}

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  if (!(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

function placeRow(list: ListState, event: RowEvent): ListState {
  const { view } = list;
  const { row } = event;
  const rows = list.rows.filter((other) => other.chat_id !== event.chat_id);
  const gone = { ...list, rows, beyond: without(list.beyond, event.chat_id) };
  if (row === null || !event.tabs.includes(view.tab) || (view.unread && row.unread === 0))
    return gone;
  const place = placeOf(row, view.order);
  if (place === null) return gone;
  if (list.edge !== null && comparePlaces(place, list.edge, view.order) > 0) {
    return { ...gone, beyond: { ...gone.beyond, [event.chat_id]: event } };
  }
  const index = list.rows.findIndex((other) => other.chat_id === event.chat_id);
  const old = list.rows[index];
  const oldPlace = old && placeOf(old, view.order);
  if (oldPlace && comparePlaces(oldPlace, place, view.order) === 0) {
    return { ...list, rows: list.rows.with(index, row) };
  }
  return { ...gone, rows: insertRow(rows, row, place, view.order) };
}

function applyRow(state: DeskState, event: RowEvent): DeskState {
  if (event.row_rev <= (state.rowRevs[event.chat_id] ?? -1)) return state;
  return {
    ...state,
    rowRevs: { ...state.rowRevs, [event.chat_id]: event.row_rev },
    list: state.list && placeRow(state.list, event),
  };
}

function edgeOf(page: ListPage, order: OrderName): Place | null {
  const last = page.chats[page.chats.length - 1];
  return page.cursor === null || !last ? null : placeOf(last, order);
}

function learnRevs(revs: Record<string, number>, rows: ChatRow[]): Record<string, number> {
  const known = { ...revs };
  for (const row of rows) known[row.chat_id] = Math.max(known[row.chat_id] ?? -1, row.row_rev);
  return known;
}

/** The list was fetched from its beginning. */
export function listLoaded(state: DeskState, view: View, page: ListPage): DeskState {
  return {
    ...state,
    rowRevs: learnRevs({}, page.chats),
    list: {
      view,
      rows: page.chats,
      cursor: page.cursor,
      edge: edgeOf(page, view.order),
      beyond: {},
    },
    stale: { ...state.stale, list: false },
  };
}

/** The next page of the list came; events may have overtaken it (SORT-4). */
export function listExtended(state: DeskState, cursor: string, page: ListPage): DeskState {
  if (!state.list || state.list.cursor !== cursor) return state;
  const { view } = state.list;
  const shown = new Set(state.list.rows.map((row) => row.chat_id));
  const fresh = page.chats.filter(
    (row) => !shown.has(row.chat_id) && row.row_rev >= (state.rowRevs[row.chat_id] ?? -1),
  );
  let rows = [...state.list.rows, ...fresh];
  const last = state.list.rows[state.list.rows.length - 1];
  const first = fresh[0];
  const ends = last && placeOf(last, view.order);
  const begins = first && placeOf(first, view.order);
  if (ends && begins && comparePlaces(ends, begins, view.order) > 0) {
    rows = rows.toSorted((a, b) => {
      const [left, right] = [placeOf(a, view.order), placeOf(b, view.order)];
      return left && right ? comparePlaces(left, right, view.order) : 0;
    });
  }
  const { beyond } = state.list;
  let list: ListState = {
    view,
    rows,
    cursor: page.cursor,
    edge: edgeOf(page, view.order),
    beyond: {},
  };
  for (const event of Object.values(beyond)) list = placeRow(list, event);
  return { ...state, list, rowRevs: learnRevs(state.rowRevs, fresh) };
}

// --- the counts ---------------------------------------------------------------------------------

function applyCounts(state: DeskState, event: CountsEvent): DeskState {
  if (event.row_rev <= (state.countedRevs[event.chat_id] ?? -1)) return state;
  const counts = { ...state.counts };
  let stale = state.stale.counts;
  const move = (tab: TabName, by: 1 | -1) => {
    const count = counts[tab];
    if (count === undefined) return;
    if (count < MANY) counts[tab] = Math.max(0, count + by);
    else if (by < 0) stale = true;
  };
  for (const tab of event.before) if (!event.after.includes(tab)) move(tab, -1);
  for (const tab of event.after) if (!event.before.includes(tab)) move(tab, 1);
  return {
    ...state,
    counts,
    countedRevs: { ...state.countedRevs, [event.chat_id]: event.row_rev },
    countMoves: state.countMoves + 1,
    stale: { ...state.stale, counts: stale },
  };
}

/** The counts were fetched. */
export function countsLoaded(state: DeskState, counts: CountsByTab): DeskState {
  return { ...state, counts, stale: { ...state.stale, counts: false } };
}

// --- the open chat ------------------------------------------------------------------------------

/** Nothing of the open chat is known to be missing (LIVE-4). */
export function isWhole(chat: ChatState): boolean {
  return chat.ahead.length === 0 && Object.keys(chat.awaited).length === 0;
}

function indexOfKey(messages: Message[], key: string): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = messages[middle];
    if (other && other.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isLoaded(chat: ChatState, key: string): boolean {
  const first = chat.messages[0];
  const last = chat.messages[chat.messages.length - 1];
  if (chat.before !== null && first && key < first.key) return false;
  if (chat.after !== null && last && key > last.key) return false;
  return true;
}

/** Puts a message in its place, or leaves the chat as it is when it knows a newer revision. */
export function withMessage(chat: ChatState, message: Message): ChatState {
  const wanted = chat.awaited[message.key];
  const awaited =
    wanted !== undefined && message.rev >= wanted
      ? without(chat.awaited, message.key)
      : chat.awaited;
  if (!isLoaded(chat, message.key)) return awaited === chat.awaited ? chat : { ...chat, awaited };
  const index = indexOfKey(chat.messages, message.key);
  const old = chat.messages[index];
  if (old?.key === message.key) {
    if (old.rev >= message.rev) return awaited === chat.awaited ? chat : { ...chat, awaited };
    return { ...chat, awaited, messages: chat.messages.with(index, message) };
  }
  return { ...chat, awaited, messages: chat.messages.toSpliced(index, 0, message) };
}

function advance(whole: number, ahead: number[]): { whole: number; ahead: number[] } {
  const waiting = [...ahead].sort((a, b) => a - b);
  let reached = whole;
  while (waiting.length > 0 && (waiting[0] as number) <= reached + 1) {
    reached = Math.max(reached, waiting.shift() as number);
  }
  return { whole: reached, ahead: waiting };
}

function applyChat(state: DeskState, event: ChatEvent): DeskState {
  const open = state.chat;
  if (!open || open.chat.row.chat_id !== event.chat_id) return state;
  if (event.chat === null) return { ...state, chat: null, lost: event.chat_id };
  if (event.rev <= open.whole || open.ahead.includes(event.rev)) return state;
  const awaited = { ...open.awaited };
  for (const key of event.touched) {
    if (!isLoaded(open, key)) continue;
    const known = open.messages[indexOfKey(open.messages, key)];
    if (known?.key === key && known.rev >= event.rev) continue;
    awaited[key] = Math.max(awaited[key] ?? 0, event.rev);
  }
  return {
    ...state,
    chat: {
      ...open,
      ...advance(open.whole, [...open.ahead, event.rev]),
      chat: event.rev > open.chat.rev ? event.chat : open.chat,
      awaited,
    },
  };
}

/** A chat as it was fetched: its newest messages, nothing missing. */
export function openedChat(opened: OpenedChat): ChatState {
  return {
    chat: opened.chat,
    whole: opened.chat.rev,
    ahead: [],
    awaited: {},
    messages: opened.page.messages,
    before: opened.page.before,
    after: opened.page.after,
  };
}

/** The open chat was fetched. What events brought since (higher revisions) stays. */
export function chatLoaded(state: DeskState, opened: OpenedChat): DeskState {
  let chat = openedChat(opened);
  const old = state.chat;
  if (old && old.chat.row.chat_id === opened.chat.row.chat_id) {
    for (const message of old.messages) {
      if (message.rev > opened.chat.rev) chat = withMessage(chat, message);
    }
    if (old.chat.rev > chat.chat.rev) {
      chat = {
        ...chat,
        chat: old.chat,
        ...advance(chat.whole, [...old.ahead, ...(old.whole > chat.whole ? [old.whole] : [])]),
        awaited: Object.fromEntries(
          Object.entries(old.awaited).filter(([, rev]) => rev > opened.chat.rev),
        ),
      };
    }
  }
  return { ...state, chat, lost: null, stale: { ...state.stale, chat: false } };
}

/** An older page came. */
export function olderLoaded(chat: ChatState, page: MessagePage): ChatState {
  const first = chat.messages[0];
  const older = page.messages.filter((message) => !first || message.key < first.key);
  return { ...chat, messages: [...older, ...chat.messages], before: page.before };
}

/** A newer page came, of a chat that was opened in its past. */
export function newerLoaded(chat: ChatState, page: MessagePage): ChatState {
  const last = chat.messages[chat.messages.length - 1];
  const newer = page.messages.filter((message) => !last || message.key > last.key);
  return { ...chat, messages: [...chat.messages, ...newer], after: page.after };
}

// --- all together -------------------------------------------------------------------------------

/** The desk after one event. Events of other chats, and old ones, change nothing. */
export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.type) {
    case "row":
      return applyRow(state, event);
    case "counts":
      return applyCounts(state, event);
    case "chat":
      return applyChat(state, event);
    case "message": {
      const open = state.chat;
      if (!open || open.chat.row.chat_id !== event.chat_id) return state;
      const chat = withMessage(open, event.message);
      return chat === open ? state : { ...state, chat };
    }
    case "channel": {
      const same = (channel: Channel) =>
        channel.channel === event.channel.channel && channel.account === event.channel.account;
      const channels = state.channels.some(same)
        ? state.channels.map((channel) => (same(channel) ? event.channel : channel))
        : [...state.channels, event.channel];
      return { ...state, channels };
    }
    case "refetch":
      if (event.chat_id === null) {
        return { ...state, stale: { list: true, counts: true, chat: state.chat !== null } };
      }
      if (state.chat?.chat.row.chat_id !== event.chat_id) return state;
      return { ...state, stale: { ...state.stale, chat: true } };
    default:
      // A newer server may say what this page does not know yet.
      return state;
  }
}

/** The desk after all events of a frame. */
export function reduceAll(state: DeskState, events: DeskEvent[]): DeskState {
  return events.reduce(reduce, state);
}
