/**
 * What was last seen, kept on this computer for when nothing can be fetched: who is here, the lists
 * and chats last shown, each with the time at which it was so. One agent's at a time, for a week.
 */

import type { CountsByTab, Labels, Me } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";
import { loginName } from "~/lib/tokens";
import type { KeptChat, KeptList } from "../live/desk";
import type { ChatState, ListState, View } from "../live/reducer";
import { browserStore, type ShelfStore } from "./store";

export const KEPT_MS = 7 * 86_400_000;
export const MOST_ROWS = 100;
export const MOST_LISTS = 4;
export const MOST_CHATS = 10;
export const MOST_MESSAGES = 50;

/** Raised when what is kept changes its shape: an older page's shelf is then as none. */
const SHAPE = 1;

/** Who was here, with the names around them. */
export interface KeptMe {
  at: string;
  shape: number;
  /** Whose login this browser held: without the same one it is not shown. */
  login: string;
  me: Me;
  labels: Labels | null;
  /** How far this computer's clock was behind the server's, in ms. */
  behind: number;
}

/** What lists and chats there are, the one shown last first. */
interface Contents {
  lists: string[];
  chats: string[];
}

export interface ToKeep {
  me?: { me: Me; labels: Labels | null };
  list?: { at: string; list: ListState; counts: CountsByTab };
  chat?: { at: string; chat: ChatState };
}

export class Shelf {
  private agentId: string | null = null;
  /** When each chat was dropped: what was seen before that is not kept after it. "": all of them. */
  private readonly dropped = new Map<string, number>();
  /** Writes go one after the other, so that what was deleted does not come back. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: ShelfStore,
    /** Whose login this browser holds; null: nobody's. */
    private readonly login: () => string | null,
    private readonly now: () => number,
  ) {}

  /** Begins to keep for this agent. What another left is deleted, and what is too old. */
  open(agentId: string): Promise<void> {
    this.agentId = agentId;
    return this.write(async () => {
      const keys = await this.store.keys();
      const mine = keys.filter((key) => key.startsWith(`${agentId} `));
      const others = keys.filter((key) => !mine.includes(key));
      const contents = await this.contents(agentId);
      const listed = new Set([
        contentsOf(agentId),
        ...contents.lists.map((name) => listOf(agentId, name)),
        ...contents.chats.map((chatId) => chatOf(agentId, chatId)),
      ]);
      const old: string[] = [];
      for (const key of mine) {
        if (key === contentsOf(agentId)) continue;
        const isListed = listed.has(key) || key === meOf(agentId);
        if (!isListed || !this.isGood(await this.store.get(key))) old.push(key);
      }
      await this.store.remove([...others, ...old]);
    });
  }

  /** Keeps what is given; the oldest lists and chats make room. Never rejects. */
  keep({ me, list, chat }: ToKeep): Promise<void> {
    const { agentId } = this;
    return this.write(async () => {
      const login = this.login();
      if (agentId === null || agentId !== this.agentId || login === null) return;
      const entries: [string, unknown][] = [];
      if (me) entries.push([meOf(agentId), this.keptMe(me.me, me.labels, login)]);
      const contents = await this.contents(agentId);
      const gone: string[] = [];
      if (list && !this.wasDropped("", list.at)) {
        const name = nameOf(list.list.view);
        const kept = keptList(list);
        const chats = kept.chats.filter(({ chat_id }) => !this.wasDropped(chat_id, list.at));
        entries.push([listOf(agentId, name), { ...kept, chats }]);
        contents.lists = first(name, contents.lists);
        gone.push(...contents.lists.splice(MOST_LISTS).map((one) => listOf(agentId, one)));
      }
      const chatId = chat?.chat.chat.row.chat_id ?? "";
      if (chat && !this.wasDropped(chatId, chat.at) && !this.wasDropped("", chat.at)) {
        entries.push([chatOf(agentId, chatId), keptChatOf(chat)]);
        contents.chats = first(chatId, contents.chats);
        gone.push(...contents.chats.splice(MOST_CHATS).map((one) => chatOf(agentId, one)));
      }
      await this.store.put([...entries, [contentsOf(agentId), contents]]);
      if (gone.length > 0) await this.store.remove(gone);
    });
  }

  /** Who was here last, if this browser still holds their login; begins to look things up for them. */
  async start(): Promise<KeptMe | null> {
    return this.read(async () => {
      for (const key of await this.store.keys()) {
        if (!key.endsWith(" me")) continue;
        const kept = await this.store.get<KeptMe>(key);
        if (kept?.shape === SHAPE && kept.login === this.login() && this.isGood(kept)) {
          this.agentId = kept.me.agent.agent_id;
          return kept;
        }
        await this.forget();
      }
      return null;
    });
  }

  /** The list as it was last shown in this view. */
  list(view: View): Promise<KeptList | null> {
    return this.good((agentId) => listOf(agentId, nameOf(view)));
  }

  /** A chat as it was last shown. */
  chat(chatId: string): Promise<KeptChat | null> {
    return this.good((agentId) => chatOf(agentId, chatId));
  }

  /** A chat may not be read any more: it goes, from the lists too. Null: all chats and lists. */
  drop(chatId: string | null): Promise<void> {
    const { agentId } = this;
    this.dropped.set(chatId ?? "", this.now());
    return this.write(async () => {
      if (agentId === null) return;
      if (chatId === null) {
        const all = (await this.store.keys()).filter(
          (key) => key.startsWith(`${agentId} `) && key !== meOf(agentId),
        );
        await this.store.remove(all);
        return;
      }
      const contents = await this.contents(agentId);
      contents.chats = contents.chats.filter((one) => one !== chatId);
      const entries: [string, unknown][] = [[contentsOf(agentId), contents]];
      for (const name of contents.lists) {
        const key = listOf(agentId, name);
        const kept = await this.store.get<KeptList>(key);
        const chats = kept?.chats.filter((row) => row.chat_id !== chatId);
        if (kept && chats?.length !== kept.chats.length) entries.push([key, { ...kept, chats }]);
      }
      await this.store.put(entries);
      await this.store.remove([chatOf(agentId, chatId)]);
    });
  }

  /** The login ended, or may do nothing any more: nothing is kept, until the shelf is opened again. */
  forget(): Promise<void> {
    this.agentId = null;
    return this.write(() => this.store.clear());
  }

  private keptMe(me: Me, labels: Labels | null, login: string): KeptMe {
    const now = this.now();
    const at = new Date(now).toISOString();
    return { at, shape: SHAPE, login, me, labels, behind: now - Date.now() };
  }

  private async contents(agentId: string): Promise<Contents> {
    return (await this.store.get<Contents>(contentsOf(agentId))) ?? { lists: [], chats: [] };
  }

  private wasDropped(chatId: string, at: string): boolean {
    return Date.parse(at) <= (this.dropped.get(chatId) ?? Number.NEGATIVE_INFINITY);
  }

  private isGood(kept: { at: string } | undefined): boolean {
    return kept !== undefined && this.now() - Date.parse(kept.at) <= KEPT_MS;
  }

  private good<T extends { at: string }>(key: (agentId: string) => string): Promise<T | null> {
    return this.read(async () => {
      const kept = this.agentId === null ? undefined : await this.store.get<T>(key(this.agentId));
      return kept && this.isGood(kept) ? kept : null;
    });
  }

  /** A browser that keeps nothing (private, full, shut) has nothing. */
  private async read<T>(look: () => Promise<T | null>): Promise<T | null> {
    await this.last;
    return look().catch(() => null);
  }

  private write(act: () => Promise<void>): Promise<void> {
    const written = this.last.then(act).catch(() => {});
    this.last = written;
    return written;
  }
}

const meOf = (agentId: string) => `${agentId} me`;
const contentsOf = (agentId: string) => `${agentId} contents`;
const listOf = (agentId: string, name: string) => `${agentId} list ${name}`;
const chatOf = (agentId: string, chatId: string) => `${agentId} chat ${chatId}`;

/** The same for the same list, in whatever order the view's fields stand. */
function nameOf(view: View): string {
  const { tab, order, tag, department, agent, campaign, channel, unread } = view;
  return JSON.stringify([tab, order, tag, department, agent, campaign, channel, unread]);
}

function first(one: string, all: string[]): string[] {
  return [one, ...all.filter((other) => other !== one)];
}

function keptList({ at, list, counts }: Required<ToKeep>["list"]): KeptList {
  const { view, rows, cursor } = list;
  return { at, view, chats: rows.slice(0, MOST_ROWS), cursor, counts };
}

function keptChatOf({ at, chat: { chat, messages, before } }: Required<ToKeep>["chat"]): KeptChat {
  const newest = messages.slice(-MOST_MESSAGES);
  const page = {
    messages: newest,
    before: newest.length < messages.length ? (newest[0]?.key ?? null) : before,
    after: null,
  };
  return { at, chat, page };
}

/** The shelf of this browser. */
export const shelf = new Shelf(browserStore(), loginName, serverNow);
