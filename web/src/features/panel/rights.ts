/** What the viewer may do to the open chat, and why not: as the server decides it. */

import type { Chat, Me } from "~/lib/api/types";

const CHANGE_AGENT = "5";

/** Whether the chat is someone else's, and this viewer may not change that (PERM-1, number 5). */
export function isSomeoneElses({ row }: Chat, { agent }: Me): boolean {
  return (
    row.agent_id !== null &&
    row.agent_id !== agent.agent_id &&
    !agent.permissions.includes(CHANGE_AGENT)
  );
}

export type BlockRight = "may" | "noPermission" | "nothingHeard";

/** BLOCK-1: the contact must have written in the last 24 hours; unblocking never asks for it. */
export function blockRight(chat: Chat, { agent }: Me, now: number): BlockRight {
  if (!agent.permissions.includes("blocking")) return "noPermission";
  if (chat.row.blocked) return "may";
  const until = chat.blockable_until;
  return until !== null && Date.parse(until) > now ? "may" : "nothingHeard";
}
