/** What the desk shows, and how each live event changes it: pure, so that recordings can replay it. */

import type {
  Channel,
  ChannelName,
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
import { sessionBadge } from "~/lib/session";

/** «99+»: the server counts no further (TAB-8). */
export const MANY = 100;

/** FILT-1: one value each, null for any. */
export interface Filters {
  /** A stored tag, or the badge `expiring` or `expired`. */
  tag: string | null;
  department: string | null;
  agent: string | null;
  campaign: string | null;
  channel: ChannelName | null;
  unread: boolean;
}

export interface View extends Filters {
  tab: TabName;
  order: OrderName;
}

export const NO_FILTERS: Filters = {
  tag: null,
  department: null,
  agent: null,
  campaign: null,
  channel: null,
  unread: false,
};

/** How many filters are set. */
export function countFilters(filters: Filters): number {
  return FILTER_NAMES.filter((name) => filters[name] !== NO_FILTERS[name]).length;
}

export const FILTER_NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];

/** Whether two views show the same list. */
export function sameView(a: View, b: View): boolean {
  return (
    a.tab === b.tab && a.order === b.order && FILTER_NAMES.every((name) => a[name] === b[name])
  );
}

/** Whether the filter goes by the clock, so that rows enter and leave it by themselves (ROW-3). */
export function isTimed(view: Filters): boolean {
  return view.tag === "expiring" || view.tag === "expired";
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
  /** The newest row revision that events told of each chat, also of those that left the list. */
  rowRevs: ReadonlyMap<string, number>;
  /** The newest revision of each chat that moved a count. */
  countedRevs: ReadonlyMap<string, number>;
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
  rowRevs: new Map(),
  countedRevs: new Map(),
  countMoves: 0,
  channels: [],
  stale: { list: false, counts: false, chat: false },
};

/** How many chats' revisions are remembered: a late event is seconds late, never hours. */
const REMEMBERED = 1_000;

function remembered(revs: ReadonlyMap<string, number>, chatId: string, rev: number) {
  const known = new Map(revs);
  known.delete(chatId);
  known.set(chatId, rev);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  return known;
}

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

/** Whether a row passes every filter at a moment of the server's clock (FILT-1). */
export function passes(row: ChatRow, filters: Filters, now: number): boolean {
  const { tag, department, agent, campaign, channel, unread } = filters;
  if (unread && row.unread === 0) return false;
  if (department !== null && row.department_id !== department) return false;
  if (agent !== null && row.agent_id !== agent) return false;
  if (campaign !== null && !row.campaigns.includes(campaign)) return false;
  if (channel !== null && row.channel !== channel) return false;
  if (tag === null) return true;
  return isTimed(filters) ? sessionBadge(row.session_ends_at, now) === tag : row.tags.includes(tag);
}

function placeRow(list: ListState, event: RowEvent, now: number): ListState {
  const { view } = list;
  const { row } = event;
  const index = list.rows.findIndex((other) => other.chat_id === event.chat_id);
  const beyond = without(list.beyond, event.chat_id);
  const gone: ListState = {
    ...list,
    rows: index < 0 ? list.rows : list.rows.toSpliced(index, 1),
    beyond,
  };
  if (row === null || !event.tabs.includes(view.tab) || !passes(row, view, now)) return gone;
  const place = placeOf(row, view.order);
  if (place === null) return gone;
  if (list.edge !== null && comparePlaces(place, list.edge, view.order) > 0) {
    return { ...gone, beyond: { ...beyond, [event.chat_id]: event } };
  }
  const old = list.rows[index];
  const oldPlace = old && placeOf(old, view.order);
  if (oldPlace && comparePlaces(oldPlace, place, view.order) === 0) {
    return { ...list, rows: list.rows.with(index, row), beyond };
  }
  return { ...gone, rows: insertRow(gone.rows, row, place, view.order) };
}

function applyRow(state: DeskState, event: RowEvent, now: number): DeskState {
  const shown = state.list?.rows.find((row) => row.chat_id === event.chat_id);
  const known = Math.max(state.rowRevs.get(event.chat_id) ?? -1, shown?.row_rev ?? -1);
  if (event.row_rev <= known) return state;
  return {
    ...state,
    rowRevs: remembered(state.rowRevs, event.chat_id, event.row_rev),
    list: state.list && placeRow(state.list, event, now),
  };
}

const CURSOR = /^(\d{13})#(.+)$/;

/** The place at which a page ends. The server filters: a page may be short, even empty, and go on. */
function edgeOf(page: ListPage, order: OrderName): Place | null {
  if (page.cursor === null) return null;
  const [, at, chatId] = CURSOR.exec(page.cursor) ?? [];
  if (at && chatId) return [new Date(Number(at)).toISOString(), chatId];
  const last = page.chats[page.chats.length - 1];
  return last ? placeOf(last, order) : null;
}

/** The list was fetched from its beginning. */
export function listLoaded(state: DeskState, view: View, page: ListPage): DeskState {
  return {
    ...state,
    rowRevs: new Map(),
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
export function listExtended(
  state: DeskState,
  cursor: string,
  page: ListPage,
  now: number,
): DeskState {
  if (!state.list || state.list.cursor !== cursor) return state;
  const { view } = state.list;
  const shown = new Set(state.list.rows.map((row) => row.chat_id));
  const fresh = page.chats.filter(
    (row) => !shown.has(row.chat_id) && row.row_rev >= (state.rowRevs.get(row.chat_id) ?? -1),
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
  for (const event of Object.values(beyond)) list = placeRow(list, event, now);
  return { ...state, list };
}

/** Time passed: rows that a badge's filter no longer holds leave it (ROW-3). */
export function listAged(state: DeskState, now: number): DeskState {
  const { list } = state;
  if (!list || !isTimed(list.view)) return state;
  const rows = list.rows.filter((row) => passes(row, list.view, now));
  return rows.length === list.rows.length ? state : { ...state, list: { ...list, rows } };
}

/** What a door answered about a row's unread mark, shown before its event comes (READ-2). */
export function rowMarked(state: DeskState, chatId: string, unread: number, rev: number) {
  const index = state.list?.rows.findIndex((row) => row.chat_id === chatId) ?? -1;
  const row = state.list?.rows[index];
  if (!state.list || !row || row.row_rev >= rev) return state;
  const rows = state.list.rows.with(index, { ...row, unread });
  return { ...state, list: { ...state.list, rows } };
}

// --- the counts ---------------------------------------------------------------------------------

function applyCounts(state: DeskState, event: CountsEvent): DeskState {
  if (event.row_rev <= (state.countedRevs.get(event.chat_id) ?? -1)) return state;
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
    countedRevs: remembered(state.countedRevs, event.chat_id, event.row_rev),
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

/**
 * A command answered with the chat as it left it. What it touched still comes by events; a row of
 * the list is renewed where it stands, and the row's own event moves it or takes it away.
 */
export function chatTold(state: DeskState, chat: Chat): DeskState {
  const { list, chat: open } = state;
  const { row } = chat;
  const index = list?.rows.findIndex((other) => other.chat_id === row.chat_id) ?? -1;
  const old = list?.rows[index];
  const place = list && placeOf(row, list.view.order);
  const oldPlace = old && list && placeOf(old, list.view.order);
  const stands =
    list && old && old.row_rev < row.row_rev && place && oldPlace
      ? comparePlaces(place, oldPlace, list.view.order) === 0
      : false;
  const newer = open?.chat.row.chat_id === row.chat_id && open.chat.rev < chat.rev;
  if (!stands && !newer) return state;
  return {
    ...state,
    list: stands && list ? { ...list, rows: list.rows.with(index, row) } : list,
    chat: newer && open ? { ...open, chat } : open,
  };
}

/** A command answered that the chat may not be read any more (TAB-7). */
export function chatLost(state: DeskState, chatId: string): DeskState {
  const { list, chat: open } = state;
  const isOpen = open?.chat.row.chat_id === chatId;
  return {
    ...state,
    list: list && { ...list, rows: list.rows.filter((row) => row.chat_id !== chatId) },
    chat: isOpen ? null : open,
    lost: isOpen ? chatId : state.lost,
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

/** The chat was fetched with a stretch of its past, and nothing else of it is shown from then on. */
export function chatJumped(state: DeskState, chat: Chat, page: MessagePage): DeskState {
  const jumped = chatLoaded({ ...state, chat: null }, { chat, page });
  const old = state.chat;
  if (!jumped.chat || !old || old.chat.row.chat_id !== chat.row.chat_id) return jumped;
  // What events brought meanwhile is newer than what was fetched.
  const newer = old.messages.filter((message) => message.rev > chat.rev);
  return { ...jumped, chat: newer.reduce(withMessage, jumped.chat) };
}

// --- all together -------------------------------------------------------------------------------

/** The desk after one event. Events of other chats, and old ones, change nothing. */
export function reduce(state: DeskState, event: DeskEvent, now: number): DeskState {
  switch (event.type) {
    case "row":
      return applyRow(state, event, now);
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
export function reduceAll(state: DeskState, events: DeskEvent[], now: number): DeskState {
  return events.reduce((before, event) => reduce(before, event, now), state);
}

const KEPT_MESSAGES = 200;

/** What is kept of a chat that is left: enough to show it at once, however far back it was read. */
export function keptChat(chat: ChatState): ChatState {
  const messages = chat.messages.slice(-KEPT_MESSAGES);
  const first = messages[0];
  if (messages.length === chat.messages.length || !first) return chat;
  return { ...chat, messages, before: first.key };
}
