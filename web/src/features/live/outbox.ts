/** What was written and is not yet accepted: kept on this computer until the server has it (SEND-12). */

import type { ChannelName, ErrorCode, Message, SendMessage } from "~/lib/api/types";
import type { KeyValue } from "~/lib/storage";

/** A file that still has to reach the server; its bytes lie in the FileKeeper under `id`. */
export interface WaitingFile {
  id: string;
  name: string;
  type: string;
  size: number;
  voice: boolean;
  /** Whose limits hold; null: those of internal messages. */
  channel: ChannelName | null;
  /** Where it lies by now, once it is there. */
  key: string | null;
}

export interface Outgoing {
  client_key: string;
  chat_id: string;
  /** What the door is told, without the key. */
  body: Omit<SendMessage, "client_key">;
  /** Files that go out with it and are not in `body` yet. */
  uploads?: WaitingFile[];
  /** How it is shown until it is a message. */
  shown: Partial<Message> & { text: string };
  /** The failed message that this one sends again, or null. */
  retry_of: string | null;
  written_at: string;
  state: "waiting" | "refused";
  /** Why it was refused; "other" when the server gave no code, "file_lost" when a file is gone. */
  refusal: ErrorCode | "other" | "file_lost" | null;
  /** What the server said with its code: limits, names of variables. */
  refused?: Record<string, unknown>;
}

/** True while something of a message has still to be uploaded. */
export function isUploading(entry: Outgoing): boolean {
  return entry.uploads?.some((file) => file.key === null) ?? false;
}

const PREFIX = "outbox:";

/** All entries of one agent, oldest first. Every entry has its own key, so browser tabs do not clash. */
export class Outbox {
  private entries: Outgoing[];
  private readonly prefix: string;
  /** Entries that the storage did not take: full, or shut. */
  private readonly unkept = new Set<string>();

  constructor(
    private readonly storage: KeyValue,
    agentId: string,
  ) {
    this.prefix = `${PREFIX}${agentId}:`;
    this.entries = storage
      .keys(this.prefix)
      .map((key) => parse(storage.get(key)))
      .filter((entry) => entry !== null)
      .sort((a, b) => (a.client_key < b.client_key ? -1 : 1));
  }

  all(): Outgoing[] {
    return this.entries;
  }

  put(entry: Outgoing): void {
    const known = this.entries.some((other) => other.client_key === entry.client_key);
    this.entries = known
      ? this.entries.map((other) => (other.client_key === entry.client_key ? entry : other))
      : [...this.entries, entry];
    const place = this.prefix + entry.client_key;
    this.storage.set(place, JSON.stringify(entry));
    if (this.storage.get(place) === null) this.unkept.add(entry.client_key);
  }

  /** False when another browser tab has brought the entry to its end meanwhile. */
  stands({ client_key }: Outgoing): boolean {
    return this.unkept.has(client_key) || this.storage.get(this.prefix + client_key) !== null;
  }

  remove(clientKey: string): void {
    this.entries = this.entries.filter((entry) => entry.client_key !== clientKey);
    this.unkept.delete(clientKey);
    this.storage.remove(this.prefix + clientKey);
  }

  /** The next entry of a chat that may go out. */
  next(chatId: string): Outgoing | null {
    return (
      this.entries.find((entry) => entry.chat_id === chatId && entry.state === "waiting") ?? null
    );
  }

  chats(): string[] {
    return [...new Set(this.entries.map((entry) => entry.chat_id))];
  }
}

function parse(text: string | null): Outgoing | null {
  try {
    const entry = JSON.parse(text ?? "null") as Partial<Outgoing> | null;
    return typeof entry?.client_key === "string" && typeof entry.shown?.text === "string"
      ? (entry as Outgoing)
      : null;
  } catch {
    return null;
  }
}
