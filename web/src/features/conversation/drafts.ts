/** What was typed and not sent, per chat, for as long as this browser tab lives. */

import { tabKept } from "~/lib/storage";

const PREFIX = "draft:";
const listeners = new Set<(chatId: string) => void>();

export const drafts = {
  of: (chatId: string): string => tabKept.get(PREFIX + chatId) ?? "",
  /** Keeps a draft as it is typed. */
  keep(chatId: string, text: string): void {
    if (text) tabKept.set(PREFIX + chatId, text);
    else tabKept.remove(PREFIX + chatId);
  },
  /** Puts a text into the bar of a chat, below what is already there. */
  put(chatId: string, text: string): void {
    const typed = drafts.of(chatId);
    drafts.keep(chatId, typed ? `${typed}\n${text}` : text);
    for (const listener of listeners) listener(chatId);
  },
  subscribe(listener: (chatId: string) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
