/** Which message the bar answers, per chat: chosen in the conversation, shown and cleared by the bar. */

import { useSyncExternalStore } from "react";
import type { Message } from "~/lib/api/types";

const chosen = new Map<string, Message>();
const listeners = new Set<() => void>();

export const replying = {
  /** The message that the bar of a chat answers, or null. */
  of(chatId: string): Message | null {
    return chosen.get(chatId) ?? null;
  },

  /** Chooses what the bar of a chat answers; null: nothing. */
  set(chatId: string, message: Message | null): void {
    if (message === null ? !chosen.delete(chatId) : chosen.get(chatId) === message) return;
    if (message !== null) chosen.set(chatId, message);
    for (const listener of listeners) listener();
  },

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

/** The message that the bar of a chat answers, kept up to date. */
export function useReplying(chatId: string): Message | null {
  return useSyncExternalStore(replying.subscribe, () => replying.of(chatId));
}
