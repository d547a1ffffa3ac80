/** The desk at work: keeps what is shown equal to the server, and carries out what the agent does. */

import type { Doors } from "~/lib/api/doors";
import { LoggedOut, Refused, Unreachable } from "~/lib/api/http";
import type {
  Changed,
  Channel,
  Chat,
  ChatRow,
  CloseAttendance,
  Closed,
  CountsByTab,
  DeskEvent,
  DirectoryEvent,
  ErrorCode,
  EventsFrame,
  ListPage,
  LiveTicket,
  Me,
  Message,
  MessagePage,
  NoticeEvent,
  OpenedChat,
  Seen,
  Sent,
} from "~/lib/api/types";
import type { sendFile } from "~/lib/api/upload";
import { calibrate, forgetLastKey, newClientKey, serverNow } from "~/lib/clock";
import type { FileKeeper } from "~/lib/fileKeeper";
import type { KeyValue } from "~/lib/storage";
import { isUploading, Outbox, type Outgoing, type WaitingFile } from "./outbox";
import {
  type ChatState,
  chatJumped,
  chatLoaded,
  chatLost,
  chatTold,
  countsLoaded,
  type DeskState,
  EMPTY,
  isTimed,
  isWhole,
  keptChat,
  listAged,
  listExtended,
  listLoaded,
  newerLoaded,
  olderLoaded,
  openedChat,
  reduceAll,
  rowMarked,
  sameView,
  type View,
  withMessage,
} from "./reducer";
import { type ConnectionState, LiveSocket, type Presence, type Wire } from "./socket";

const PAGE = 30;
const LONGEST_PAGE = 50;
const RESYNCED_ROWS = 500;
const OLDER_PAGE = 50;
const RESYNCED_PAGES = 10;
const CACHED_CHATS = 20;
const GAP_GRACE_MS = 700;
const COUNTS_REST_MS = 3_000;
const AGED_EVERY_MS = 30_000;
const FIRST_FETCH_WITHOUT_SOCKET_MS = 1_200;
const SEND_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

const EMPTY_PAGE: MessagePage = { messages: [], before: null, after: null };

export type Loading = "loading" | "ready" | "failed";
export type ChatLoading = Loading | "missing";

export interface Jump {
  key: string;
  state: "loading" | "there" | "missing" | "failed";
  /** Tells one jump from the next to the same message. */
  number: number;
}

export interface Snapshot {
  state: DeskState;
  view: View;
  chatId: string | null;
  list: Loading;
  /** How far the next page of the list is. */
  more: Loading;
  chat: ChatLoading;
  /** False while what is shown of the chat is what was kept from an earlier visit. */
  fresh: boolean;
  /** When what is shown was so, if it is what was kept of an earlier visit; null: it was fetched. */
  listAt: string | null;
  chatAt: string | null;
  older: Loading;
  newer: Loading;
  /** The message that was jumped to (CHAT-7, FIND-2): the page shows it and marks it for a moment. */
  jump: Jump | null;
  /** Grows whenever another stretch of the chat takes the place of what was shown. */
  stretch: number;
  connection: ConnectionState;
  /** The connection was lost and has not come back (LIVE-2). */
  disconnected: boolean;
  outbox: Outgoing[];
  /** How much of a message's files has been uploaded, parts of 1 by its client key. */
  progress: Readonly<Record<string, number>>;
  /** Why the list's last command was not done; said beside the list until it is closed. */
  refused: ErrorCode | "unreachable" | null;
  /** The same of a reaction or a file of the open chat; said in the conversation. */
  unmarked: ErrorCode | "unreachable" | null;
}

/** A list as it was last shown, and when it was so. */
export interface KeptList extends ListPage {
  at: string;
  view: View;
  counts: CountsByTab;
}

/** A chat as it was last shown, and when it was so. */
export interface KeptChat extends OpenedChat {
  at: string;
}

/** What is kept on this computer of what was shown, for when nothing can be fetched. Never rejects. */
export interface DeskShelf {
  list(view: View): Promise<KeptList | null>;
  chat(chatId: string): Promise<KeptChat | null>;
  /** May not be read any more; null: everything. */
  drop(chatId: string | null): void;
}

export interface DeskWorld {
  doors: Doors;
  openWire(url: string): Wire;
  presence: Presence;
  storage: KeyValue;
  /** The bytes of files that wait to be sent. */
  files: FileKeeper;
  /** Absent where nothing is shown and so nothing is kept. */
  shelf?: DeskShelf;
  sendFile: typeof sendFile;
  /** Does this while no other browser tab does what goes by the same name. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
  random(): number;
  /** Names, labels or what this agent may see changed: fetch them anew (PERM-2). */
  directoryMoved(part: DirectoryEvent["part"]): void;
  /** The agent's bell changed, or is to be heard (NOTIF-1, NOTIF-2). */
  noticed(event: NoticeEvent): void;
}

/** A file as an agent chose it. */
export interface ChosenFile {
  file: Blob;
  name: string;
  type: string;
  voice?: boolean;
}

/** A waiting file whose bytes are no longer on this computer. */
class FileLost extends Error {}

const REFUSED_UPLOADS = 2;

export class Desk {
  private snapshot: Snapshot;
  private readonly listeners = new Set<() => void>();
  private readonly socket: LiveSocket;
  private readonly outbox: Outbox;
  private readonly cache = new Map<string, ChatState>();
  private listFetch = 0;
  private chatFetch = 0;
  private holdingList = false;
  private holdingChat = false;
  /** Pages of the open chat under way: what changes meanwhile is told after them. */
  private pagesUnderWay = 0;
  private held: DeskEvent[] = [];
  private fetched = false;
  private gapTimer: ReturnType<typeof setTimeout> | null = null;
  private countsTimer: ReturnType<typeof setTimeout> | null = null;
  private firstTimer: ReturnType<typeof setTimeout> | null = null;
  private readonly sending = new Set<string>();
  private readonly sendTimers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly sendFailures = new Map<string, number>();
  private readonly uploading = new Map<string, AbortController>();
  private readonly uploadRefusals = new Map<string, number>();
  private readonly filePrefix: string;
  private ageTimer: ReturnType<typeof setTimeout> | null = null;
  /** The chat's revision up to which this entering has marked it read; null: not yet (READ-1). */
  private readAt: number | null = null;
  private stopped = false;

  constructor(
    private readonly world: DeskWorld,
    me: Me,
    view: View,
    chatId: string | null,
  ) {
    this.outbox = new Outbox(world.storage, me.agent.agent_id);
    this.filePrefix = `${me.agent.agent_id}:`;
    this.snapshot = {
      state: { ...EMPTY, channels: me.channels },
      view,
      chatId,
      list: "loading",
      more: "ready",
      chat: chatId === null ? "ready" : "loading",
      fresh: false,
      listAt: null,
      chatAt: null,
      older: "ready",
      newer: "ready",
      jump: null,
      stretch: 0,
      connection: "connecting",
      disconnected: false,
      outbox: this.outbox.all(),
      progress: {},
      refused: null,
      unmarked: null,
    };
    this.socket = new LiveSocket(
      {
        ticket: () => this.ticket(),
        open: world.openWire,
        resync: () => this.fetchAll(),
        onEvents: (frame) => this.receive(frame),
        onState: (connection) => this.connectionMoved(connection),
        random: world.random,
      },
      { tab: view.tab, chat_id: chatId },
      world.presence,
    );
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): Snapshot => this.snapshot;

  private async ticket(): Promise<LiveTicket> {
    try {
      return await this.world.doors.ticket();
    } catch (error) {
      // Deactivated meanwhile (PERM-3): who asks for `me` is told so.
      if (error instanceof Refused && error.status === 403) this.world.directoryMoved("me");
      throw error;
    }
  }

  start(): void {
    this.stopped = false;
    this.socket.start();
    this.firstTimer = setTimeout(() => {
      if (!this.fetched) this.fetchAll().catch(() => {});
    }, FIRST_FETCH_WITHOUT_SOCKET_MS);
    const waiting = this.outbox.all().flatMap((entry) => entry.uploads ?? []);
    this.world.files.sweep(this.filePrefix, new Set(waiting.map((file) => file.id)));
    for (const chatId of this.outbox.chats()) void this.pump(chatId);
  }

  stop(): void {
    this.stopped = true;
    this.socket.stop();
    for (const timer of [this.gapTimer, this.countsTimer, this.firstTimer, this.ageTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
    this.gapTimer = this.countsTimer = this.firstTimer = this.ageTimer = null;
    for (const timer of this.sendTimers.values()) clearTimeout(timer);
    this.sendTimers.clear();
  }

  // --- what the agent asks to see -----------------------------------------------------------------

  /** Shows this view and chat, as the URL says. */
  show(view: View, chatId: string | null): void {
    const { snapshot } = this;
    const viewMoved = !sameView(view, snapshot.view);
    const chatMoved = chatId !== snapshot.chatId;
    if (!viewMoved && !chatMoved) return;
    if (chatMoved) this.leaveChat(chatId);
    if (viewMoved) {
      this.listFetch += 1;
      this.update({
        view,
        list: "loading",
        listAt: null,
        more: "ready",
        state: { ...this.snapshot.state, list: null },
      });
    }
    if (!viewMoved && chatId === null) {
      void this.socket.subscribe({ tab: view.tab, chat_id: null });
      return;
    }
    if (viewMoved) this.holdingList = true;
    if (chatId !== null && chatMoved) this.holdingChat = true;
    void this.subscribeThenFetch(view, chatId, viewMoved, chatMoved && chatId !== null);
  }

  private async subscribeThenFetch(
    view: View,
    chatId: string | null,
    list: boolean,
    chat: boolean,
  ): Promise<void> {
    await this.socket.subscribe({ tab: view.tab, chat_id: chatId });
    if (this.stopped) return;
    if (list && view === this.snapshot.view) this.fetchList().catch(() => {});
    if (chat && chatId === this.snapshot.chatId) this.fetchChat().catch(() => {});
  }

  private leaveChat(chatId: string | null): void {
    const { state } = this.snapshot;
    const left = state.chat;
    if (left && left.after === null) {
      const id = left.chat.row.chat_id;
      this.cache.delete(id);
      this.cache.set(id, keptChat(left));
      const oldest = this.cache.keys().next().value;
      if (this.cache.size > CACHED_CHATS && oldest !== undefined) this.cache.delete(oldest);
    }
    this.chatFetch += 1;
    this.holdingChat = false;
    this.readAt = null;
    const cached = chatId === null ? null : (this.cache.get(chatId) ?? null);
    this.update({
      chatId,
      chat: chatId === null || cached ? "ready" : "loading",
      fresh: false,
      chatAt: null,
      older: "ready",
      newer: "ready",
      jump: null,
      unmarked: null,
      state: { ...state, chat: cached, lost: null, stale: { ...state.stale, chat: false } },
    });
  }

  /** Fetches list, counts and open chat, as after a fresh load (LIVE-4). */
  private async fetchAll(): Promise<void> {
    this.fetched = true;
    await Promise.all([
      this.fetchList(),
      this.fetchCounts(),
      this.snapshot.chatId === null ? null : this.fetchChat(),
    ]);
  }

  /** «Ressincronizar»: false when the server could not be reached (LIVE-2). */
  async resync(): Promise<boolean> {
    return this.socket.resync();
  }

  wake(): void {
    this.socket.wake();
    this.pumpAll();
  }

  networkLost(): void {
    this.socket.networkLost();
  }

  /** The page came into sight or went out of it, or is about to. */
  visibilityMoved(visible = this.world.presence.visible()): void {
    this.socket.visibilityMoved(visible);
    if (visible) this.pumpAll();
  }

  async fetchList(): Promise<void> {
    const fetch = ++this.listFetch;
    const { view, state } = this.snapshot;
    const wanted = Math.min(RESYNCED_ROWS, state.list?.rows.length ?? 0);
    this.holdingList = true;
    if (!state.list) this.update({ list: "loading" });
    try {
      const limit = Math.min(LONGEST_PAGE, Math.max(PAGE, wanted));
      const page = await this.world.doors.chats({ ...view, limit, cursor: null });
      // Filtered pages may be short and still go on: what is missing then is loaded on scrolling.
      for (let pages = 1; pages < RESYNCED_ROWS / LONGEST_PAGE; pages += 1) {
        if (page.cursor === null || page.chats.length >= wanted || fetch !== this.listFetch) break;
        const next = await this.world.doors.chats({ ...view, limit, cursor: page.cursor });
        page.cursor = next.cursor;
        page.chats = withoutRepeats([...page.chats, ...next.chats]);
      }
      if (fetch !== this.listFetch) return;
      this.holdingList = false;
      this.update({
        list: "ready",
        listAt: null,
        more: "ready",
        state: listLoaded(this.snapshot.state, view, page),
      });
      this.applyHeld();
      this.watchAge();
    } catch (error) {
      if (fetch === this.listFetch) {
        this.holdingList = false;
        await this.showKeptList(fetch, error);
        this.applyHeld();
      }
      throw error;
    }
  }

  /** Where no list is shown and none can be fetched: as it was last shown here, or that it failed. */
  private async showKeptList(fetch: number, error: unknown): Promise<void> {
    if (this.snapshot.state.list) return;
    const { view } = this.snapshot;
    const kept = error instanceof Unreachable && (await this.world.shelf?.list(view));
    const { state } = this.snapshot;
    if (fetch !== this.listFetch || state.list) return;
    if (!kept) {
      this.update({ list: "failed" });
      return;
    }
    const counts = { ...kept.counts, ...state.counts };
    this.update({
      list: "ready",
      listAt: kept.at,
      state: { ...listLoaded(state, view, kept), counts },
    });
  }

  /** Rows enter and leave a badge's filter by the clock alone: looked at again in time (ROW-3). */
  private watchAge(): void {
    if (this.ageTimer !== null) clearTimeout(this.ageTimer);
    this.ageTimer = null;
    if (!isTimed(this.snapshot.view) || this.stopped) return;
    this.ageTimer = setTimeout(() => {
      this.ageTimer = null;
      const aged = listAged(this.snapshot.state, serverNow());
      if (aged !== this.snapshot.state) this.update({ state: aged });
      const rows = aged.list?.rows.length ?? 0;
      // Of a list read further than a resync goes, only what leaves is looked at.
      if (rows > RESYNCED_ROWS) this.watchAge();
      else this.fetchList().catch(() => this.watchAge());
    }, AGED_EVERY_MS);
  }

  private async fetchCounts(): Promise<void> {
    const { counts } = await this.world.doors.counts();
    this.update({ state: countsLoaded(this.snapshot.state, counts) });
  }

  /** The next page of the list. */
  async loadMore(): Promise<void> {
    const { state, view, more } = this.snapshot;
    const cursor = state.list?.cursor;
    if (!cursor || more === "loading") return;
    const fetch = this.listFetch;
    this.update({ more: "loading" });
    try {
      const page = await this.world.doors.chats({ ...view, limit: LONGEST_PAGE, cursor });
      if (fetch !== this.listFetch) return;
      const extended = listExtended(this.snapshot.state, cursor, page, serverNow());
      this.update({ more: "ready", state: extended });
    } catch {
      if (fetch === this.listFetch) this.update({ more: "failed" });
    }
  }

  async fetchChat(): Promise<void> {
    const { chatId } = this.snapshot;
    if (chatId === null) return;
    const fetch = ++this.chatFetch;
    this.holdingChat = true;
    const shown = this.snapshot.state.chat;
    if (!shown) this.update({ chat: "loading" });
    try {
      const opened = await this.world.doors.chat(chatId);
      if (shown && shown.after !== null) await this.fetchStretch(shown, opened);
      else if (shown) await this.fetchAsFarAs(shown.messages[0]?.key, opened);
      else await this.fetchUnread(opened);
      if (fetch !== this.chatFetch) return;
      this.holdingChat = false;
      this.update({
        chat: "ready",
        fresh: true,
        chatAt: null,
        older: "ready",
        newer: "ready",
        state: chatLoaded(this.snapshot.state, opened),
      });
      this.applyHeld();
    } catch (error) {
      if (fetch !== this.chatFetch) return;
      this.holdingChat = false;
      if (error instanceof Refused && (error.status === 404 || error.status === 403)) {
        this.unkeep(chatId);
        const wasShown = this.snapshot.state.chat !== null;
        this.update({
          chat: "missing",
          state: {
            ...this.snapshot.state,
            chat: null,
            lost: wasShown ? chatId : this.snapshot.state.lost,
          },
        });
        this.applyHeld();
        return;
      }
      await this.showKeptChat(fetch, chatId, error);
      this.applyHeld();
      throw error;
    }
  }

  /** Where a chat cannot be fetched: as it was last shown here, or that it failed. */
  private async showKeptChat(fetch: number, chatId: string, error: unknown): Promise<void> {
    if (this.snapshot.state.chat && this.snapshot.fresh) return;
    const kept = error instanceof Unreachable && (await this.world.shelf?.chat(chatId));
    const { state, fresh } = this.snapshot;
    if (fetch !== this.chatFetch || fresh) return;
    if (kept) {
      const chat = state.chat ?? openedChat(kept);
      this.update({ chat: "ready", chatAt: kept.at, state: { ...state, chat } });
    } else if (!state.chat) this.update({ chat: "failed" });
  }

  /** A chat may not be read any more. */
  private unkeep(chatId: string): void {
    this.cache.delete(chatId);
    this.world.shelf?.drop(chatId);
  }

  /** Extends a fetched chat back to what was on screen, so that nothing the agent reads is lost. */
  private async fetchAsFarAs(key: string | undefined, opened: OpenedChat): Promise<void> {
    for (let pages = 0; pages < RESYNCED_PAGES; pages += 1) {
      const first = opened.page.messages[0];
      if (key === undefined || !first || first.key <= key || opened.page.before === null) return;
      await this.prependPage(opened);
    }
  }

  /** Of a chat that is read in its past, the same stretch again in place of its newest messages. */
  private async fetchStretch(shown: ChatState, opened: OpenedChat): Promise<void> {
    const first = shown.messages[0];
    const last = shown.messages[shown.messages.length - 1];
    if (!first || !last) return;
    const chatId = opened.chat.row.chat_id;
    const page = await this.world.doors.messages(chatId, { around: first.key, limit: OLDER_PAGE });
    for (let pages = 1; pages < RESYNCED_PAGES; pages += 1) {
      const reached = page.messages[page.messages.length - 1];
      if (page.after === null || (reached && reached.key >= last.key)) break;
      const next = await this.world.doors.messages(chatId, {
        after: page.after,
        limit: OLDER_PAGE,
      });
      page.after = next.after;
      page.messages = [...page.messages, ...next.messages];
    }
    opened.page = page;
  }

  /** Extends a fetched chat back to its first unread message (where it will be opened). */
  private async fetchUnread(opened: OpenedChat): Promise<void> {
    await this.fetchAsFarAs(opened.chat.unread_from ?? undefined, opened);
  }

  private async prependPage(opened: OpenedChat): Promise<void> {
    const { before } = opened.page;
    if (before === null) return;
    const page = await this.world.doors.messages(opened.chat.row.chat_id, {
      before,
      limit: OLDER_PAGE,
    });
    opened.page = {
      ...opened.page,
      before: page.before,
      messages: [...page.messages, ...opened.page.messages],
    };
  }

  /** The page before the oldest message shown (CHAT-1). */
  async loadOlder(): Promise<void> {
    const { state, chatId, older } = this.snapshot;
    const before = state.chat?.before;
    if (!before || chatId === null || older === "loading") return;
    const fetch = this.chatFetch;
    this.update({ older: "loading" });
    await this.whileHolding(async () => {
      try {
        const page = await this.world.doors.messages(chatId, { before, limit: OLDER_PAGE });
        const { chat } = this.snapshot.state;
        if (fetch !== this.chatFetch || chat?.before !== before) return;
        this.update({
          older: "ready",
          state: { ...this.snapshot.state, chat: olderLoaded(chat, page) },
        });
      } catch {
        if (fetch === this.chatFetch) this.update({ older: "failed" });
      }
    });
  }

  /** The page after the newest message shown, of a chat that is read in its past. */
  async loadNewer(): Promise<void> {
    const { state, chatId, newer } = this.snapshot;
    const after = state.chat?.after;
    if (!after || chatId === null || newer === "loading") return;
    const fetch = this.chatFetch;
    this.update({ newer: "loading" });
    await this.whileHolding(async () => {
      try {
        const page = await this.world.doors.messages(chatId, { after, limit: OLDER_PAGE });
        const { chat } = this.snapshot.state;
        if (fetch !== this.chatFetch || chat?.after !== after) return;
        this.update({
          newer: "ready",
          state: { ...this.snapshot.state, chat: newerLoaded(chat, page) },
        });
      } catch {
        if (fetch === this.chatFetch) this.update({ newer: "failed" });
      }
    });
    this.markRead();
  }

  /** What is told of the open chat while one of its pages is under way is applied after it. */
  private async whileHolding(load: () => Promise<void>): Promise<void> {
    this.pagesUnderWay += 1;
    try {
      await load();
    } finally {
      this.pagesUnderWay -= 1;
      this.applyHeld();
    }
  }

  /** Shows a message of the open chat, however old: with what stands around it (FIND-2, CHAT-7). */
  async jumpTo(key: string): Promise<void> {
    const { state, chatId } = this.snapshot;
    const { chat } = state;
    if (chatId === null || !chat) return;
    const jump = { key, number: (this.snapshot.jump?.number ?? 0) + 1 };
    if (chat.messages.some((message) => message.key === key)) {
      this.update({ jump: { ...jump, state: "there" } });
      return;
    }
    this.update({ jump: { ...jump, state: "loading" } });
    await this.showStretch(
      chatId,
      () => this.world.doors.messages(chatId, { around: key, limit: OLDER_PAGE }),
      (there) => {
        const found = there?.messages.some((message) => message.key === key);
        const failed = there === null ? "failed" : "missing";
        return { jump: { ...jump, state: found ? "there" : failed } };
      },
    );
  }

  /** That a jump led nowhere has been read. */
  forgetJump(): void {
    this.update({ jump: null });
  }

  /** Back to the newest messages of a chat that is read in its past. */
  async toNewest(): Promise<void> {
    const { state, chatId } = this.snapshot;
    if (chatId === null) return;
    this.update({ jump: null });
    if (!state.chat || state.chat.after === null) return;
    await this.showStretch(chatId, null, (there) =>
      there === null ? { newer: "failed" } : { newer: "ready" },
    );
  }

  /** The chat as it is now, with another stretch of it; null: its newest. */
  private async showStretch(
    chatId: string,
    stretch: (() => Promise<MessagePage>) | null,
    arrived: (there: MessagePage | null) => Partial<Snapshot>,
  ): Promise<void> {
    const fetch = ++this.chatFetch;
    this.holdingChat = true;
    this.update({ older: "ready", newer: "ready" });
    try {
      // The chat first: what is fetched after it is at least as new as it says.
      const opened = await this.world.doors.chat(chatId);
      const page = stretch === null ? opened.page : await stretch();
      if (fetch !== this.chatFetch) return;
      this.holdingChat = false;
      const told = arrived(page);
      const shows = stretch === null || told.jump?.state === "there";
      this.update({
        ...told,
        ...(shows
          ? {
              chat: "ready",
              fresh: true,
              chatAt: null,
              stretch: this.snapshot.stretch + 1,
              state: chatJumped(this.snapshot.state, opened.chat, page),
            }
          : {}),
      });
    } catch (error) {
      if (fetch !== this.chatFetch) return;
      this.holdingChat = false;
      // An address may also hold what never was the key of a message.
      const gone = error instanceof Refused && (error.status === 404 || error.status === 400);
      this.update(arrived(gone && stretch !== null ? EMPTY_PAGE : null));
    }
    this.applyHeld();
  }

  // --- what the server says -----------------------------------------------------------------------

  private receive(frame: EventsFrame): void {
    performance.mark("event-received");
    const now: DeskEvent[] = [];
    for (const event of frame.events) {
      if (event.type === "directory") {
        this.world.directoryMoved(event.part);
        continue;
      }
      if (event.type === "bell" || event.type === "sound") {
        this.world.noticed(event);
        continue;
      }
      const ofChat = event.type === "chat" || event.type === "message";
      const ofList = event.type === "row" || event.type === "counts";
      const holding = this.holdingChat || this.pagesUnderWay > 0;
      if ((ofChat && holding) || (ofList && this.holdingList)) this.held.push(event);
      else now.push(event);
    }
    this.apply(now);
  }

  private applyHeld(): void {
    const { held } = this;
    this.held = [];
    if (held.length > 0) this.receive({ type: "events", events: held });
    this.afterEvents();
  }

  private apply(events: DeskEvent[]): void {
    if (events.length === 0) return;
    const before = this.snapshot.state;
    const state = reduceAll(before, events, serverNow());
    if (state === before) return;
    this.dropStaleCache(events);
    const missing = state.lost !== null && before.lost === null;
    this.update(missing ? { state, chat: "missing" } : { state });
    if (state.countMoves !== before.countMoves) this.countsRest();
    this.afterEvents();
  }

  private dropStaleCache(events: DeskEvent[]): void {
    for (const event of events) {
      const gone =
        (event.type === "row" && event.row === null) ||
        (event.type === "chat" && event.chat === null);
      if (gone) this.unkeep(event.chat_id);
    }
  }

  private afterEvents(): void {
    const { state } = this.snapshot;
    this.markRead();
    if (state.stale.list) {
      this.update({ state: { ...state, stale: { ...state.stale, list: false } } });
      this.fetchList().catch(() => {});
    }
    if (state.stale.counts) this.countsRest();
    if (state.stale.chat) {
      this.update({
        state: { ...this.snapshot.state, stale: { ...this.snapshot.state.stale, chat: false } },
      });
      this.fetchChat().catch(() => {});
    }
    this.watchGap();
  }

  /** What an event announced and did not bring is fetched after a short grace (LIVE-4). */
  private watchGap(): void {
    const { chat } = this.snapshot.state;
    if (!chat || isWhole(chat)) {
      if (this.gapTimer !== null) clearTimeout(this.gapTimer);
      this.gapTimer = null;
      return;
    }
    if (this.gapTimer !== null) return;
    this.gapTimer = setTimeout(() => {
      this.gapTimer = null;
      const open = this.snapshot.state.chat;
      if (open && !isWhole(open)) {
        this.fetchChat()
          .catch(() => {})
          .finally(() => this.watchGap());
      }
    }, GAP_GRACE_MS);
  }

  private countsRest(): void {
    if (this.countsTimer !== null) clearTimeout(this.countsTimer);
    this.countsTimer = setTimeout(() => {
      this.countsTimer = null;
      this.fetchCounts().catch(() => {});
    }, COUNTS_REST_MS);
  }

  private connectionMoved(connection: ConnectionState): void {
    const disconnected =
      connection === "online" ? false : connection === "offline" || this.snapshot.disconnected;
    this.update({ connection, disconnected });
    if (connection === "online") {
      this.pumpAll();
      // What came to the bell meanwhile was told to nobody here.
      this.world.noticed({ type: "bell" });
    } else if (!this.fetched && connection === "offline") this.fetchAll().catch(() => {});
  }

  // --- what the agent does ------------------------------------------------------------------------

  /**
   * READ-1: what an open chat shows is read, hidden browser tabs included: once on entering, and
   * again for each message that comes after. So «Marcar como não lido» stands meanwhile (READ-2).
   */
  private markRead(): void {
    const { state, fresh } = this.snapshot;
    const { chat } = state;
    if (!chat || !fresh || chat.after !== null) return;
    const { rev, row } = chat.chat;
    if (row.unread === 0) {
      this.readAt = Math.max(this.readAt ?? 0, rev);
      return;
    }
    const newest = chat.messages[chat.messages.length - 1];
    const before = this.readAt;
    const came = (message: Message) =>
      message.author === "contact" && message.rev > (before ?? Number.POSITIVE_INFINITY);
    if (!newest || (before !== null && !chat.messages.some(came))) return;
    const readAt = chat.messages.reduce((highest, { rev }) => Math.max(highest, rev), rev);
    this.readAt = readAt;
    this.world.doors.read(row.chat_id, newest.key).catch(() => {
      if (this.readAt === readAt) this.readAt = before;
    });
  }

  /** The open chat is entered again: what is unread of it is read (READ-1). */
  enterAgain(): void {
    this.readAt = null;
    this.markRead();
  }

  /** «Marcar como não lido», for everyone (READ-2). */
  async markUnread(chatId: string): Promise<void> {
    this.update({ refused: null });
    try {
      const { unread, rev } = await this.world.doors.unread(chatId);
      this.update({ state: rowMarked(this.snapshot.state, chatId, unread, rev) });
    } catch (error) {
      if (error instanceof LoggedOut) return;
      const code = error instanceof Refused && (error.code ?? "unavailable");
      this.update({ refused: code || "unreachable" });
    }
  }

  /** What was refused has been read. */
  forgetRefusal(): void {
    this.update({ refused: null });
  }

  /** What this agent may see changed: everything on screen is fetched anew (PERM-2). */
  permissionsMoved(): void {
    this.cache.clear();
    this.world.shelf?.drop(null);
    this.fetchAll().catch(() => {});
  }

  /** The channels as `me` tells them: anew after an offline start. */
  channelsTold(channels: Channel[]): void {
    const { state } = this.snapshot;
    if (channels !== state.channels) this.update({ state: { ...state, channels } });
  }

  /** «Encaminhar para agente» (ROUTE-1). Rejects with Refused, Unreachable or LoggedOut. */
  assignAgent(seen: Chat, agentId: string): Promise<Changed> {
    const body = { agent_id: agentId, seen: seenOf(seen) };
    return this.carryOut(seen, (chatId) => this.world.doors.assignAgent(chatId, body));
  }

  /** «Encaminhar para departamento» (ROUTE-2). Rejects with Refused, Unreachable or LoggedOut. */
  assignDepartment(seen: Chat, departmentId: string): Promise<Changed> {
    const body = { department_id: departmentId, seen: seenOf(seen) };
    return this.carryOut(seen, (chatId) => this.world.doors.assignDepartment(chatId, body));
  }

  /** «Encaminhar para fluxo» (FLOW-2). The key makes a repeat the same firing. Rejects likewise. */
  startFlow(seen: Chat, flowId: string, clientKey: string): Promise<Changed> {
    const body = { client_key: clientKey, flow_id: flowId, seen: seenOf(seen) };
    return this.carryOut(seen, (chatId) => this.world.doors.startFlow(chatId, body));
  }

  /** «Encerrar atendimento», now or later (CLOSE-1, CLOSE-2). Rejects as the others do. */
  close(seen: Chat, body: CloseAttendance): Promise<Closed> {
    return this.carryOut(seen, (chatId) => this.world.doors.close(chatId, body));
  }

  /** The attendance of that protocol is not closed by itself any more (CLOSE-3). Rejects likewise. */
  cancelClosing(seen: Chat, protocol: string): Promise<Changed> {
    return this.carryOut(seen, (chatId) => this.world.doors.cancelClosing(chatId, protocol));
  }

  /** Blocks the contact, or no longer (BLOCK-3). Rejects with Refused, Unreachable or LoggedOut. */
  setBlocked(seen: Chat, blocked: boolean): Promise<Changed> {
    const { doors } = this.world;
    return this.carryOut(seen, (chatId) => (blocked ? doors.block : doors.unblock)(chatId));
  }

  /** Shows what a command answers at once, and where it came too late the chat as it is by now. */
  private async carryOut<T extends Changed>(
    seen: Chat,
    ask: (chatId: string) => Promise<T>,
  ): Promise<T> {
    const chatId = seen.row.chat_id;
    try {
      const answer = await ask(chatId);
      this.told(chatId, answer.chat);
      return answer;
    } catch (error) {
      if (error instanceof Refused && error.code === "moved_on" && error.body.chat !== undefined) {
        this.told(chatId, error.body.chat as Chat | null);
      } else if (error instanceof Refused && error.status === 404) {
        if (chatId === this.snapshot.chatId) this.fetchChat().catch(() => {});
      }
      throw error;
    }
  }

  private told(chatId: string, chat: Chat | null): void {
    const { state } = this.snapshot;
    if (chat !== null) {
      this.update({ state: chatTold(state, chat) });
      return;
    }
    this.unkeep(chatId);
    const after = chatLost(state, chatId);
    this.update(after.lost === chatId ? { state: after, chat: "missing" } : { state: after });
  }

  /** Puts our emoji on a message, or with null takes it back (CHAT-7). */
  async react(chatId: string, key: string, emoji: string | null): Promise<void> {
    await this.marked(chatId, () => this.world.doors.react(chatId, key, emoji));
  }

  /** Has the failed files of a message fetched once more (INB-6). */
  async fetchFiles(chatId: string, key: string): Promise<void> {
    await this.marked(chatId, () => this.world.doors.fetchFiles(chatId, key));
  }

  /** Shows at once what a door answers about messages that are there. */
  private async marked(chatId: string, ask: () => Promise<Sent>): Promise<void> {
    this.update({ unmarked: null });
    try {
      const { messages } = await ask();
      const { state } = this.snapshot;
      if (state.chat?.chat.row.chat_id !== chatId) return;
      this.update({ state: { ...state, chat: messages.reduce(withMessage, state.chat) } });
    } catch (error) {
      if (error instanceof LoggedOut) return;
      const code = error instanceof Refused && (error.code ?? "unavailable");
      this.update({ unmarked: code || "unreachable" });
    }
  }

  /** What was refused about a message has been read. */
  forgetUnmarked(): void {
    this.update({ unmarked: null });
  }

  /**
   * Sends something: on screen at once, to the server as soon as it can be reached, and after all
   * that was written before it. `files` are uploaded first; `channel` null: by the rules of
   * internal messages.
   */
  send(
    chatId: string,
    body: Outgoing["body"],
    shown: Outgoing["shown"],
    files: ChosenFile[] = [],
    channel: WaitingFile["channel"] = null,
  ): void {
    const uploads = files.map(({ file, name, type, voice = false }) => {
      const id = `${this.filePrefix}${newClientKey()}`;
      this.world.files.put(id, file);
      return { id, name, type, size: file.size, voice, channel, key: null };
    });
    this.enqueue(chatId, body, shown, null, uploads);
  }

  /** Sends a text and nothing else. */
  sendText(chatId: string, text: string): void {
    this.send(chatId, { text }, { text });
  }

  /** Sends a failed message once more, as a new attempt (CHAT-6). */
  retry(chatId: string, key: string, text: string): void {
    const { outbox } = this.snapshot;
    if (outbox.some((entry) => entry.retry_of === key && entry.state === "waiting")) return;
    this.enqueue(chatId, {}, { text }, key);
  }

  private enqueue(
    chatId: string,
    body: Outgoing["body"],
    shown: Outgoing["shown"],
    retryOf: string | null,
    uploads: WaitingFile[] = [],
  ): void {
    this.outbox.put({
      client_key: newClientKey(),
      chat_id: chatId,
      body,
      shown,
      ...(uploads.length > 0 ? { uploads } : {}),
      retry_of: retryOf,
      written_at: new Date(serverNow()).toISOString(),
      state: "waiting",
      refusal: null,
    });
    this.update({ outbox: this.outbox.all() });
    void this.pump(chatId);
  }

  /** Tries a refused message again, as a new one. */
  sendAgain(entry: Outgoing): void {
    this.outbox.remove(entry.client_key);
    const uploads = entry.uploads?.map((file) => ({ ...file, key: null }));
    this.enqueue(entry.chat_id, entry.body, entry.shown, entry.retry_of, uploads);
  }

  /** Drops a refused message. */
  discard(entry: Outgoing): void {
    this.forget(entry);
    this.update({ outbox: this.outbox.all() });
  }

  /** Breaks off a message whose files are not all uploaded; later it is too late, and stays. */
  cancel(entry: Outgoing): void {
    const now = this.outbox.all().find((one) => one.client_key === entry.client_key);
    if (!now || !isUploading(now)) return;
    this.uploading.get(entry.client_key)?.abort();
    this.forget(entry);
    this.update({ outbox: this.outbox.all() });
    void this.pump(entry.chat_id);
  }

  private forget(entry: Outgoing): void {
    this.outbox.remove(entry.client_key);
    for (const file of entry.uploads ?? []) this.world.files.remove(file.id);
    this.uploadRefusals.delete(entry.client_key);
    if (entry.client_key in this.snapshot.progress) {
      const { [entry.client_key]: _, ...progress } = this.snapshot.progress;
      this.update({ progress });
    }
  }

  private pumpAll(): void {
    for (const chatId of this.outbox.chats()) {
      const timer = this.sendTimers.get(chatId);
      if (timer !== undefined) clearTimeout(timer);
      this.sendTimers.delete(chatId);
      void this.pump(chatId);
    }
  }

  /** One message of a chat at a time, in the order they were written. */
  private async pump(chatId: string): Promise<void> {
    if (this.sending.has(chatId) || this.sendTimers.has(chatId)) return;
    this.sending.add(chatId);
    try {
      for (let entry = this.outbox.next(chatId); entry; entry = this.outbox.next(chatId)) {
        if (this.stopped || !(await this.deliverAlone(entry))) break;
      }
    } finally {
      this.sending.delete(chatId);
    }
  }

  /** Two browser tabs would upload a file twice and then disagree on which was sent. */
  private async deliverAlone(entry: Outgoing): Promise<boolean> {
    if (!entry.uploads) return this.deliver(entry);
    return this.world.alone(`outbox:${entry.client_key}`, async () => {
      if (this.outbox.stands(entry)) return this.deliver(entry);
      this.forget(entry);
      this.update({ outbox: this.outbox.all() });
      return true;
    });
  }

  /** False when the chat's queue must wait. */
  private async deliver(written: Outgoing): Promise<boolean> {
    const { doors } = this.world;
    let entry = written;
    try {
      if (isUploading(entry)) entry = await this.upload(entry);
      const sent = await (entry.retry_of === null
        ? doors.send(entry.chat_id, { ...bodyOf(entry), client_key: entry.client_key })
        : doors.retry(entry.chat_id, entry.retry_of, entry.client_key));
      this.sendFailures.delete(entry.chat_id);
      this.accepted(entry, sent);
      return true;
    } catch (error) {
      if (error instanceof LoggedOut) return false;
      // Cancelled while it was uploaded: it is gone already.
      if (!this.outbox.all().some((one) => one.client_key === entry.client_key)) return true;
      entry = this.outbox.all().find((one) => one.client_key === entry.client_key) ?? entry;
      if (error instanceof FileLost) return this.refuse(entry, "file_lost");
      if (this.wasUploadRefused(entry, error)) return this.refuse(entry, "file_refused");
      if (error instanceof Unreachable || (error instanceof Refused && error.passing)) {
        this.sendLater(entry.chat_id);
        return false;
      }
      if (error instanceof Refused && error.code === "clock_skew") return this.rekey(entry, error);
      return this.refuse(
        entry,
        (error instanceof Refused && error.code) || "other",
        error instanceof Refused ? error.body : undefined,
      );
    }
  }

  private refuse(
    entry: Outgoing,
    refusal: Outgoing["refusal"],
    refused?: Record<string, unknown>,
  ): true {
    this.outbox.put({ ...entry, state: "refused", refusal, ...(refused ? { refused } : {}) });
    this.update({ outbox: this.outbox.all() });
    return true;
  }

  /** A place that refuses is asked for anew, since permissions end; one that refuses on says no. */
  private wasUploadRefused(entry: Outgoing, error: unknown): boolean {
    if (!(error instanceof Unreachable) || error.name !== "UploadRefused") return false;
    const times = (this.uploadRefusals.get(entry.client_key) ?? 0) + 1;
    this.uploadRefusals.set(entry.client_key, times);
    return times >= REFUSED_UPLOADS;
  }

  /** Uploads what is not there yet; answers the entry with all its keys. */
  private async upload(entry: Outgoing): Promise<Outgoing> {
    const { doors, files, sendFile } = this.world;
    const stop = new AbortController();
    this.uploading.set(entry.client_key, stop);
    try {
      let now = entry;
      const whole = (entry.uploads ?? []).reduce((sum, file) => sum + file.size, 0) || 1;
      let before = 0;
      for (const waiting of entry.uploads ?? []) {
        const done = before;
        before += waiting.size;
        if (waiting.key !== null) continue;
        const file = await files.get(waiting.id);
        if (file === null) throw new FileLost();
        const { channel, type, size, name } = waiting;
        const place = await doors.upload({ channel, content_type: type, size, name });
        const progress = (part: number) =>
          this.update({
            progress: {
              ...this.snapshot.progress,
              [entry.client_key]: (done + part * size) / whole,
            },
          });
        progress(0);
        await sendFile(place, file, progress, stop.signal);
        stop.signal.throwIfAborted();
        now = {
          ...now,
          uploads: (now.uploads ?? []).map((one) =>
            one.id === waiting.id ? { ...one, key: place.key } : one,
          ),
        };
        this.outbox.put(now);
        this.update({ outbox: this.outbox.all() });
      }
      return now;
    } finally {
      this.uploading.delete(entry.client_key);
    }
  }

  private accepted(entry: Outgoing, sent: Sent): void {
    this.forget(entry);
    const { state } = this.snapshot;
    const chat =
      state.chat?.chat.row.chat_id === entry.chat_id
        ? sent.messages.reduce(withMessage, state.chat)
        : state.chat;
    this.update({ outbox: this.outbox.all(), state: { ...state, chat } });
    this.watchGap();
  }

  /** This computer's clock was wrong: nothing was committed, so a new key by the server's clock. */
  private rekey(entry: Outgoing, refusal: Refused): boolean {
    const tries = (this.sendFailures.get(entry.chat_id) ?? 0) + 1;
    if (typeof refusal.body.server_now === "string") calibrate(refusal.body.server_now);
    forgetLastKey();
    this.outbox.remove(entry.client_key);
    const refused = tries > 3;
    this.outbox.put({
      ...entry,
      client_key: newClientKey(),
      state: refused ? "refused" : "waiting",
      refusal: refused ? "clock_skew" : null,
    });
    this.sendFailures.set(entry.chat_id, refused ? 0 : tries);
    this.update({ outbox: this.outbox.all() });
    return true;
  }

  private sendLater(chatId: string): void {
    const failures = this.sendFailures.get(chatId) ?? 0;
    this.sendFailures.set(chatId, failures + 1);
    const delay = SEND_AGAIN_MS[Math.min(failures, SEND_AGAIN_MS.length - 1)] ?? 15_000;
    this.sendTimers.set(
      chatId,
      setTimeout(
        () => {
          this.sendTimers.delete(chatId);
          void this.pump(chatId);
        },
        delay * (0.75 + this.world.random() / 2),
      ),
    );
  }

  private update(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** What the door is told of an entry whose files are uploaded. */
function bodyOf({ body, shown, uploads = [] }: Outgoing): Outgoing["body"] {
  if (uploads.length === 0) return body;
  const files = uploads.map(({ key, name, voice }, index) => {
    const { width, height } = shown.files?.[index] ?? {};
    return { key: key ?? "", name, voice, ...(width && height ? { width, height } : {}) };
  });
  return { ...body, files: [...(body.files ?? []), ...files] };
}

/** Who attends, as the agent's screen shows it: a command on another state changes nothing. */
function seenOf({ row, protocol }: Chat): Seen {
  return { agent_id: row.agent_id, department_id: row.department_id, protocol };
}

function withoutRepeats(rows: ChatRow[]): ChatRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.chat_id) && seen.add(row.chat_id));
}
