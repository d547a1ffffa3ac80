/** Flows that wait for a contact (ROW-5). */

/** Whether a flow waits for the contact: what began before the chatbot was turned off, does not. */
export function isWaiting(since: string | null, chatbotSince: string | null): boolean {
  return since !== null && chatbotSince !== null && Date.parse(since) >= Date.parse(chatbotSince);
}
