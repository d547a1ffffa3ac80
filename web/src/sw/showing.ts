/** What a push becomes on the phone (NOTIF-4, NOTIF-9): audible, one notification per chat. */

import { worker } from "~/i18n/worker";

export interface Pushed {
  /** The decision it follows from: services deliver at least once. */
  id: string;
  chat_id: string;
  name: string;
  /** The beginning of the message's text; empty where it has none. */
  preview: string;
  kind: string;
  at: string;
}

/** What the standard has and TypeScript's library does not (Notifications API, 2.2). */
export interface Shown extends NotificationOptions {
  renotify?: boolean;
  timestamp?: number;
}

export interface Notice {
  title: string;
  options: Shown;
}

/** What stands at a notification: which chat it opens, and which push it was. */
export interface Standing {
  chat_id: string;
  id: string;
}

const LOOK = { icon: "/icons/icon-192.png", badge: "/icons/badge-96.png", lang: "pt-BR" };
const UNREADABLE = "unreadable";

/** The push's words; null where they are not what they should be. */
export function pushedIn(text: string | undefined): Pushed | null {
  try {
    const told = JSON.parse(text ?? "") as Partial<Record<keyof Pushed, unknown>> | null;
    const { id, chat_id, name, preview, kind, at } = told ?? {};
    if (typeof id !== "string" || typeof chat_id !== "string" || chat_id === "") return null;
    const words = (value: unknown) => (typeof value === "string" ? value : "");
    return {
      id,
      chat_id,
      name: words(name),
      preview: words(preview),
      kind: words(kind),
      at: words(at),
    };
  } catch {
    return null;
  }
}

/**
 * The notification of a push. `standing` is what stands at the one of the same chat that is still
 * in the tray: the same push once more is shown without another sound.
 */
export function noticeOf(pushed: Pushed | null, standing: Standing | null): Notice {
  if (!pushed) {
    return {
      title: worker.application,
      options: { ...LOOK, body: worker.message, tag: UNREADABLE, renotify: true, silent: false },
    };
  }
  const { id, chat_id, name, preview, kind, at } = pushed;
  const timestamp = Date.parse(at);
  const again = standing?.id === id;
  return {
    title: name.trim() || worker.contact,
    options: {
      ...LOOK,
      body: preview.trim() || wordOf(kind),
      tag: chat_id,
      renotify: !again,
      silent: false,
      dir: "auto",
      ...(Number.isFinite(timestamp) ? { timestamp } : {}),
      data: { chat_id, id } satisfies Standing,
    },
  };
}

function wordOf(kind: string): string {
  const known: Record<string, string> = worker.kinds;
  return (Object.hasOwn(known, kind) ? known[kind] : undefined) ?? worker.message;
}

/** The address of a chat on the page. */
export function chatAddress(chatId: string): string {
  return `/chats/${encodeURIComponent(chatId)}`;
}
