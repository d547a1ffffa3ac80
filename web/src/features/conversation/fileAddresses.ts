/** Where files of messages are fetched from: asked for together, kept until shortly before they end. */

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { doors } from "~/lib/api/doors";
import type { FileAddresses as Answer, FileAddress, Message } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";

const GATHERED_MS = 30;
const MOST_KEYS = 50;
const MARGIN_MS = 20_000;
const RESTS_MS = 10_000;
const MOST_KEPT = 2_000;

interface Known {
  files: FileAddress[];
  endsAt: number;
  failed: boolean;
}

/** Addresses by chat and message. One request asks for all that was wanted within a moment. */
export class FileAddresses {
  private readonly known = new Map<string, Known>();
  private readonly wanted = new Map<string, Set<string>>();
  private readonly underWay = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;

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
  want(chatId: string, key: string): void {
    if (this.of(chatId, key) || this.underWay.has(nameOf(chatId, key))) return;
    const keys = this.wanted.get(chatId) ?? new Set();
    this.wanted.set(chatId, keys.add(key));
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.askAll();
    }, GATHERED_MS);
  }

  /** What is known is of no use any more: asks anew. */
  renew(chatId: string, key: string): void {
    this.known.delete(nameOf(chatId, key));
    this.want(chatId, key);
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

  private async askSome(chatId: string, keys: string[]): Promise<void> {
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
      this.known.delete(name);
      const own = files.filter((file) => file.key === keys[at]);
      this.known.set(name, { files: own, endsAt, failed });
    }
    for (const name of this.known.keys()) {
      if (this.known.size <= MOST_KEPT) break;
      this.known.delete(name);
    }
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

export interface Addressed {
  /** Null until it is known. */
  address: FileAddress | null;
  /** The file cannot be had: its address is not told, or leads nowhere. */
  gone: boolean;
  /** To be called when the address did not lead to the file: asks for another one, once. */
  failed: () => void;
}

/** Where one file of a message is. What is shown keeps its address while it stays in sight. */
export function useFileAddress(chatId: string, message: Message, index: number): Addressed {
  const { key, files } = message;
  const state = files[index]?.state;
  const there = state === "ready" || state === "linked";
  const known = useSyncExternalStore(fileAddresses.subscribe, () => fileAddresses.of(chatId, key));
  const [held, setHeld] = useState<FileAddress | null>(null);
  const [tries, setTries] = useState(0);
  const fresh = known?.files.find((file) => file.index === index) ?? null;
  useEffect(() => {
    if (there && held === null) fileAddresses.want(chatId, key);
  }, [there, held, chatId, key]);
  useEffect(() => {
    if (there && fresh !== null) setHeld((now) => now ?? fresh);
  }, [there, fresh]);
  const failed = useCallback(() => {
    setTries((count) => {
      if (count === 0) {
        fileAddresses.renew(chatId, key);
        setHeld(null);
      }
      return count + 1;
    });
  }, [chatId, key]);
  const address = there ? (held ?? fresh) : null;
  const missing = there && known !== null && fresh === null && held === null;
  return { address: tries > 1 ? null : address, gone: tries > 1 || missing, failed };
}
