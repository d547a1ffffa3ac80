/**
 * What was typed and not sent, per chat: kept on this computer at once and on the server a second
 * later, so that it is there after a crash, and on another device. The later one wins.
 */

import { useSyncExternalStore } from "react";
import type { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import { serverNow } from "~/lib/clock";
import { type KeyValue, kept } from "~/lib/storage";

export interface Typed {
  text: string;
  internal: boolean;
  /** The key of the message that it answers. */
  quotes: string | null;
}

interface Kept extends Typed {
  at: string;
  /** Not yet on the server. */
  unsaved: boolean;
}

type DraftDoors = Pick<typeof doors, "drafts" | "saveDraft">;

const PREFIX = "draft:";
const REST_MS = 1_000;
const AGAIN_MS = 15_000;
const LOADED_FOR_MS = 30_000;
const LONGEST = 10_000;
export const NOTHING: Typed = Object.freeze({ text: "", internal: false, quotes: null });

export class Drafts {
  private agentId = "";
  private doors: DraftDoors | null = null;
  private readonly known = new Map<string, Kept>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<(chatId: string) => void>();
  private loadedAt = Number.NEGATIVE_INFINITY;
  private saves = 0;

  constructor(private readonly storage: KeyValue) {}

  /** Whose drafts these are, and where they are kept; fetches them. */
  begin(agentId: string, doors: DraftDoors): void {
    if (this.agentId !== agentId) {
      this.agentId = agentId;
      this.loadedAt = Number.NEGATIVE_INFINITY;
      for (const timer of this.timers.values()) clearTimeout(timer);
      this.timers.clear();
      this.known.clear();
      for (const place of this.storage.keys(this.place(""))) {
        const found = parse(this.storage.get(place));
        const chatId = place.slice(this.place("").length);
        if (found) this.known.set(chatId, found);
        this.tell(chatId);
      }
    }
    this.doors = doors;
    for (const [chatId, typed] of this.known) if (typed.unsaved) this.saveLater(chatId, REST_MS);
    void this.load();
  }

  of(chatId: string): Typed {
    return this.known.get(chatId) ?? NOTHING;
  }

  /** Keeps a draft as it is typed. */
  keep(chatId: string, typed: Typed): void {
    const before = this.of(chatId);
    if (
      before.text === typed.text &&
      before.internal === typed.internal &&
      before.quotes === typed.quotes
    ) {
      return;
    }
    const at = new Date(serverNow()).toISOString();
    this.hold(chatId, { ...typed, at, unsaved: true });
    // The list's row only says whether there is one.
    if ((before.text === "") !== (typed.text === "")) this.tell(chatId);
    this.saveLater(chatId, REST_MS);
  }

  /** Puts a text into the bar of a chat, below what is already there. */
  put(chatId: string, text: string): void {
    const typed = this.of(chatId);
    this.keep(chatId, { ...typed, text: typed.text ? `${typed.text}\n${text}` : text });
    this.tell(chatId);
  }

  /** Hears of what did not come from the bar itself. */
  readonly subscribe = (listener: (chatId: string) => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Fetches what was typed on other devices. */
  async load(): Promise<void> {
    const { doors, agentId } = this;
    if (!doors || serverNow() - this.loadedAt < LOADED_FOR_MS) return;
    this.loadedAt = serverNow();
    const { saves } = this;
    try {
      const { drafts } = await doors.drafts();
      if (agentId !== this.agentId) return;
      const there = new Set<string>();
      for (const { chat_id, at, ...typed } of drafts) {
        there.add(chat_id);
        const here = this.known.get(chat_id);
        if (here && here.at >= at) continue;
        this.hold(chat_id, { ...typed, at, unsaved: false });
        this.tell(chat_id);
      }
      // Sent or emptied on another device meanwhile; unless something was saved while this was asked.
      if (saves !== this.saves) return;
      for (const [chatId, here] of [...this.known]) {
        if (there.has(chatId) || here.unsaved) continue;
        this.drop(chatId);
        this.tell(chatId);
      }
    } catch {
      this.loadedAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Saves now what waits to be: the chat or the page is being left. */
  flush(): void {
    for (const chatId of [...this.timers.keys()]) void this.save(chatId);
  }

  private saveLater(chatId: string, ms: number): void {
    const timer = this.timers.get(chatId);
    if (timer !== undefined) clearTimeout(timer);
    this.timers.set(
      chatId,
      setTimeout(() => void this.save(chatId), ms),
    );
  }

  private async save(chatId: string): Promise<void> {
    const timer = this.timers.get(chatId);
    if (timer !== undefined) clearTimeout(timer);
    this.timers.delete(chatId);
    const typed = this.known.get(chatId);
    if (!typed?.unsaved || !this.doors) return;
    const { text, internal, quotes, at } = typed;
    try {
      await this.doors.saveDraft(chatId, { text: cut(text), internal, quotes, at });
      this.saved(chatId, at);
    } catch (error) {
      if (error instanceof Refused && !error.passing) this.saved(chatId, at);
      else if (!this.timers.has(chatId)) this.saveLater(chatId, AGAIN_MS);
    }
  }

  private saved(chatId: string, at: string): void {
    this.saves += 1;
    const typed = this.known.get(chatId);
    if (typed?.at !== at) return;
    if (typed.text) this.hold(chatId, { ...typed, unsaved: false });
    else this.drop(chatId);
  }

  private hold(chatId: string, typed: Kept): void {
    this.known.set(chatId, typed);
    this.storage.set(this.place(chatId), JSON.stringify(typed));
  }

  private drop(chatId: string): void {
    this.known.delete(chatId);
    this.storage.remove(this.place(chatId));
  }

  private place(chatId: string): string {
    return `${PREFIX}${this.agentId}:${chatId}`;
  }

  private tell(chatId: string): void {
    for (const listener of this.listeners) listener(chatId);
  }
}

/** By code points, as the door counts; an emoji is never cut in two. */
function cut(text: string): string {
  return text.length <= LONGEST ? text : [...text].slice(0, LONGEST).join("");
}

function parse(text: string | null): Kept | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<Kept> | null;
    return typeof found?.text === "string" && typeof found.at === "string"
      ? { ...NOTHING, ...(found as Kept) }
      : null;
  } catch {
    return null;
  }
}

export const drafts = new Drafts(kept);

/** What is typed in a chat, for whoever shows only that: it changes with the first letter. */
export function useDraftText(chatId: string): string {
  return useSyncExternalStore(drafts.subscribe, () => drafts.of(chatId).text);
}
