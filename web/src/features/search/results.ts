/** The results as the keyboard walks them: from the field down, and up again. */

function results(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-testid=search-result]")];
}

/** Puts the focus into the field. */
export function focusSearch(): void {
  document.querySelector<HTMLElement>("[data-testid=search]")?.focus();
}

/** The chats that were found, in their order. */
export function foundChats(): string[] {
  return results().map((result) => result.dataset.chatId ?? "");
}

/** Focuses the result at that place; before the first one stands the field. */
export function focusResult(place: number): void {
  if (place < 0) focusSearch();
  else results()[place]?.focus();
}

/** The arrow keys on a result. */
export function step(from: HTMLElement, by: 1 | -1): void {
  focusResult(results().indexOf(from) + by);
}

/** Opens the best result. */
export function openFirstResult(): void {
  results()[0]?.click();
}
