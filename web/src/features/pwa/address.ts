/** Which chat an address shows, and the address that a clicked notification leads to. */

const CHAT = /^\/chats\/([^/]+)\/?$/;

export function chatAt(pathname: string): string | null {
  const chat = CHAT.exec(pathname)?.[1];
  if (chat === undefined) return null;
  try {
    return decodeURIComponent(chat);
  } catch {
    return chat;
  }
}

/** The list stays as it is; what was searched for within the chat before does not. */
export function addressFor(chatId: string, pathname: string, search: string): string {
  const parameters = new URLSearchParams(pathname.startsWith("/chats") ? search : "");
  parameters.delete("message");
  const rest = parameters.size > 0 ? `?${parameters}` : "";
  return `/chats/${encodeURIComponent(chatId)}${rest}`;
}
