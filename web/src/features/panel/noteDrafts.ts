/** What was written of a new note before its window was closed, by chat, for this visit. */

const DRAFTS = 50;
const drafts = new Map<string, string>();

export function noteDraft(chatId: string): string {
  return drafts.get(chatId) ?? "";
}

export function keepDraft(chatId: string, text: string): void {
  drafts.delete(chatId);
  if (text.trim() === "") return;
  drafts.set(chatId, text);
  const oldest = drafts.keys().next().value;
  if (drafts.size > DRAFTS && oldest !== undefined) drafts.delete(oldest);
}

export function forgetDraft(chatId: string): void {
  drafts.delete(chatId);
}
