/** Where files of messages are fetched from: asked for together, kept until shortly before they end. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { doors } from "~/lib/api/doors";
import type { FileAddresses as Answer, FileAddress, Message, MessageFile } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";

const GATHERED_MS = 30;
const MOST_KEYS = 50;
const MARGIN_MS = 20_000;
const RESTS_MS = 10_000;
/** So long before an address ends another one is asked for, where it is in sight. */
const AHEAD_MS = 5_000;
const LONGEST_MS = 3_600_000;
const MOST_KEPT = 2_000;

interface Known {
  files: FileAddress[];
  endsAt: number;
  /** Nobody answered: of the files nothing is known, and soon it is asked again. */
  failed: boolean;
  /** Of the message when it was asked: what it says since then is not answered yet. */
  rev: number;
}

/** Addresses by chat and message. One request asks for all that was wanted within a moment. */
export class FileAddresses {
  private readonly known = new Map<string, Known>();
  private readonly wanted = new Map<string, Map<string, number>>();
  private readonly underWay = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Grows with every answer. */
  version = 0;

  constructor(
    private readonly ask: (chatId: string, keys: string[]) => Promise<Answer>,
    private readonly now: () => number,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** What is known of a message's files; null: not asked yet, or no longer good. */
  of(chatId: string, key: string): Known | null {
    const known = this.known.get(nameOf(chatId, key));
    return known && known.endsAt > this.now() ? known : null;
  }

  /** Asks for a message's files soon, unless they are known or already asked for. */
  want(chatId: string, key: string, rev = 0): void {
    if (!this.of(chatId, key)) this.askSoon(chatId, key, rev);
  }

  /** Asks for them although they are known, which they stay until then. */
  askSoon(chatId: string, key: string, rev: number): void {
    if (this.underWay.has(nameOf(chatId, key))) return;
    const keys = this.wanted.get(chatId) ?? new Map<string, number>();
    this.wanted.set(chatId, keys.set(key, Math.max(rev, keys.get(key) ?? 0)));
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.askAll();
    }, GATHERED_MS);
  }

  /** What is known is of no use any more: asks anew. */
  renew(chatId: string, key: string, rev: number): void {
    this.known.delete(nameOf(chatId, key));
    this.want(chatId, key, rev);
  }

  private askAll(): void {
    for (const [chatId, keys] of this.wanted) {
      const all = [...keys];
      for (let from = 0; from < all.length; from += MOST_KEYS) {
        void this.askSome(chatId, all.slice(from, from + MOST_KEYS));
      }
    }
    this.wanted.clear();
  }

  private async askSome(chatId: string, wanted: [key: string, rev: number][]): Promise<void> {
    const keys = wanted.map(([key]) => key);
    const names = keys.map((key) => nameOf(chatId, key));
    for (const name of names) this.underWay.add(name);
    let files: FileAddress[] = [];
    let endsAt = this.now() + RESTS_MS;
    let failed = false;
    try {
      const answer = await this.ask(chatId, keys);
      files = answer.files;
      endsAt = Math.max(endsAt, Date.parse(answer.expires_at) - MARGIN_MS);
    } catch {
      failed = true;
    }
    for (const [at, name] of names.entries()) {
      this.underWay.delete(name);
      const before = this.known.get(name);
      if (failed && before && !before.failed && before.endsAt > this.now()) continue;
      this.known.delete(name);
      const own = files.filter((file) => file.key === keys[at]);
      this.known.set(name, { files: own, endsAt, failed, rev: wanted[at]?.[1] ?? 0 });
    }
    for (const name of this.known.keys()) {
      if (this.known.size <= MOST_KEPT) break;
      this.known.delete(name);
    }
    this.tell();
    // Whoever still waits for them asks again.
    if (failed) setTimeout(() => this.tell(), RESTS_MS + 1);
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}

function nameOf(chatId: string, key: string): string {
  return `${chatId} ${key}`;
}

/** Those of everything that this page shows. */
export const fileAddresses = new FileAddresses(
  (chatId, keys) => doors.files(chatId, keys),
  serverNow,
);

/** Whether a file has an address: it was stored, or is Instagram's own. */
function isThere(file: MessageFile | undefined): boolean {
  return file?.state === "ready" || file?.state === "linked";
}

/** Asks for the files of what was loaded at once, so that nothing stands empty when it is scrolled to. */
export function useFilesAhead(chatId: string, messages: Message[]): void {
  const asked = useRef({ chatId, keys: new Set<string>() });
  useEffect(() => {
    if (asked.current.chatId !== chatId) asked.current = { chatId, keys: new Set() };
    const { keys } = asked.current;
    for (const { key, rev, files } of messages) {
      if (keys.has(key) || !files.some(isThere)) continue;
      keys.add(key);
      fileAddresses.want(chatId, key, rev);
    }
  }, [chatId, messages]);
}

export interface Addressed {
  /** Null until it is known. What is shown keeps it while it stays in sight. */
  address: FileAddress | null;
  /** The one to be used now, by whoever downloads or plays: addresses end after minutes. */
  current: FileAddress | null;
  /** The file cannot be had: its address is not told, or leads nowhere. */
  gone: boolean;
  /** To be called when the address did not lead to the file: asks for another one, once. */
  failed: () => void;
}

/** Where one file of a message is, for as long as it is in sight. */
export function useFileAddress(chatId: string, message: Message, index: number): Addressed {
  const { key, files, rev } = message;
  const there = isThere(files[index]);
  const known = useSyncExternalStore(fileAddresses.subscribe, () => fileAddresses.of(chatId, key));
  const [held, setHeld] = useState<FileAddress | null>(null);
  const [tries, setTries] = useState(0);
  const fresh = known?.files.find((file) => file.index === index) ?? null;
  // Asked before this file was there: another file of the message was.
  const early = known !== null && fresh === null && known.rev < rev;
  useEffect(() => {
    if (!there || known?.failed) return;
    const endsIn = known === null || early ? 0 : known.endsAt - AHEAD_MS - serverNow();
    if (endsIn <= 0) {
      fileAddresses.askSoon(chatId, key, rev);
      return;
    }
    const timer = setTimeout(
      () => fileAddresses.askSoon(chatId, key, rev),
      Math.min(endsIn, LONGEST_MS),
    );
    return () => clearTimeout(timer);
  }, [there, known, early, chatId, key, rev]);
  useEffect(() => {
    if (there && fresh !== null) setHeld((now) => now ?? fresh);
  }, [there, fresh]);
  const failed = useCallback(() => {
    setTries((count) => {
      if (count === 0) {
        fileAddresses.renew(chatId, key, rev);
        setHeld(null);
      }
      return count + 1;
    });
  }, [chatId, key, rev]);
  const given = (one: FileAddress | null) => (there && tries < 2 ? one : null);
  const missing =
    there && known !== null && !known.failed && !early && fresh === null && held === null;
  return {
    address: given(held ?? fresh),
    current: given(fresh ?? held),
    gone: tries > 1 || missing,
    failed,
  };
}
