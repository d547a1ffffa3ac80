/** What the conversation shows, in order: days, the «novas mensagens» line, messages, and what waits. */

import type { Message } from "~/lib/api/types";
import { dayOf } from "~/lib/time";
import type { Outgoing } from "../live/outbox";
import { heightOfKinds, saidByDetails } from "./kinds/sizes";

export type Entry =
  | { type: "beginning"; id: string }
  | { type: "day"; id: string; at: string }
  | { type: "new"; id: string }
  | { type: "message"; id: string; message: Message; outgoing: Outgoing | null };

/** A waiting text as the balloon that it will be. */
function asMessage(outgoing: Outgoing, agent: { agent_id: string; name: string }): Message {
  return {
    key: outgoing.client_key,
    rev: 0,
    kind: "text",
    raw_kind: null,
    author: "agent",
    agent_id: agent.agent_id,
    author_name: agent.name,
    at: outgoing.written_at,
    status: outgoing.state === "refused" ? "failed" : "queued",
    failure: null,
    retry_of: outgoing.retry_of,
    retried_by: null,
    client_key: outgoing.client_key,
    line: null,
    files: [],
    details: null,
    quote: null,
    reactions: [],
    internal: false,
    source: null,
    forwarded: false,
    edited_at: null,
    deleted_at: null,
    ...outgoing.shown,
  };
}

/** Messages and waiting texts in one order; a text that became a message is shown once. */
export function buildTimeline(
  messages: Message[],
  outbox: Outgoing[],
  options: {
    agent: { agent_id: string; name: string };
    wholeFromStart: boolean;
    unreadFrom: string | null;
  },
): Entry[] {
  const sent = new Set(messages.map((message) => message.client_key));
  const waiting = outbox.filter((outgoing) => !sent.has(outgoing.client_key));
  const all: { message: Message; outgoing: Outgoing | null }[] = messages.map((message) => ({
    message,
    outgoing: null,
  }));
  for (const outgoing of waiting) {
    all.push({ message: asMessage(outgoing, options.agent), outgoing });
  }
  if (waiting.length > 0) all.sort((a, b) => (a.message.key < b.message.key ? -1 : 1));
  const entries: Entry[] = [];
  if (options.wholeFromStart) entries.push({ type: "beginning", id: "beginning" });
  let day = "";
  let marked = options.unreadFrom === null;
  for (const { message, outgoing } of all) {
    const id = message.client_key ?? message.key;
    const today = dayOf(message.at);
    // The top of what is loaded has no day: it would vanish, and the place with it, at the next page.
    if (today !== day && (day !== "" || options.wholeFromStart)) {
      entries.push({ type: "day", id: `day ${id}`, at: message.at });
    }
    day = today;
    if (!marked && options.unreadFrom !== null && message.key >= options.unreadFrom) {
      marked = true;
      entries.push({ type: "new", id: "new" });
    }
    entries.push({ type: "message", id, message, outgoing });
  }
  return entries;
}

const LINE = 21;
const CHARACTERS_IN_A_LINE = 70;

/** A first guess of an entry's height in pixels; the real one is measured once drawn. */
export function estimateHeight(entry: Entry | undefined): number {
  if (!entry) return 60;
  if (entry.type !== "message") return 44;
  if (entry.message.line) return 30;
  const { message } = entry;
  if (message.deleted_at) return 78;
  let height = 53 + heightOfKinds(message);
  if (message.internal) height += 18;
  if (message.forwarded) height += 18;
  if (message.quote) height += 52;
  if (message.reactions.length > 0) height += 23;
  const words = saidByDetails(message) ? (message.details?.template?.body ?? "") : message.text;
  if (words === "") return height;
  let lines = 0;
  for (const line of words.split("\n")) {
    lines += Math.max(1, Math.ceil(line.length / CHARACTERS_IN_A_LINE));
  }
  return height + lines * LINE;
}
