/** The chat of the row that has the focus; null when none has. */
export function focusedChat(): string | null {
  const row = document.activeElement?.closest<HTMLElement>("[data-testid=chat-row]");
  return row?.dataset.chatId ?? null;
}
