/** The URL is the state: which tab, order, filters, search and chat are shown, and how to go on. */

import { useCallback, useMemo, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import type { ChannelName, OrderName, TabName } from "~/lib/api/types";
import type { View } from "./reducer";

export const ORDERS: OrderName[] = ["newest", "oldest", "opened_newest", "opened_oldest"];

export const CHANNELS: ChannelName[] = ["whatsapp", "instagram", "facebook"];

export interface Place {
  view: View;
  chatId: string | null;
  /** What is searched for (FIND-1); empty: nothing, and the list is shown. */
  q: string;
  /** The message of the open chat that was jumped to (FIND-2). */
  message?: string | null;
}

const ID = /^[0-9A-Za-z_-]{1,64}$/;
export const LONGEST_SEARCH = 100;

/** Reads a place from an address; what it does not say, or says wrongly, is the default. */
export function placeFrom(pathname: string, search: string, tabs: TabName[]): Place {
  const parameters = new URLSearchParams(search);
  const id = (name: string) => {
    const value = parameters.get(name);
    return value !== null && ID.test(value) ? value : null;
  };
  const chat = /^\/chats\/([^/]+)\/?$/.exec(pathname)?.[1];
  return {
    view: {
      tab: tabs.find((tab) => tab === parameters.get("tab")) ?? tabs[0] ?? "all",
      order: ORDERS.find((order) => order === parameters.get("order")) ?? "newest",
      unread: parameters.get("unread") === "true",
      tag: id("tag"),
      department: id("department"),
      agent: id("agent"),
      campaign: id("campaign"),
      channel: CHANNELS.find((channel) => channel === parameters.get("channel")) ?? null,
    },
    chatId: chat === undefined ? null : safeDecode(chat),
    q: (parameters.get("q") ?? "").slice(0, LONGEST_SEARCH),
    message: chat === undefined ? null : id("message"),
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a place. */
export function addressOf({ view, chatId, q, message }: Place): string {
  const parameters = new URLSearchParams({ tab: view.tab });
  if (view.order !== "newest") parameters.set("order", view.order);
  if (view.unread) parameters.set("unread", "true");
  for (const name of ["tag", "department", "agent", "campaign", "channel"] as const) {
    const value = view[name];
    if (value !== null) parameters.set(name, value);
  }
  if (q !== "") parameters.set("q", q);
  if (chatId !== null && message) parameters.set("message", message);
  return `/chats${chatId === null ? "" : `/${encodeURIComponent(chatId)}`}?${parameters}`;
}

/** Where the page is, and how to move: `go({ tab })`, `go({ chatId: null })`. */
export function usePlace(tabs: TabName[]) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const place = useMemo(() => placeFrom(pathname, search, tabs), [pathname, search, tabs]);
  // Always the same function, so that a row is not drawn again because another chat was entered.
  const latest = useRef({ place, navigate });
  latest.current = { place, navigate };
  const go = useCallback(
    (
      change: Partial<View> & { chatId?: string | null; q?: string; message?: string | null },
      replace = false,
    ) => {
      const { place, navigate } = latest.current;
      const { chatId = place.chatId, q = place.q, message: asked, ...view } = change;
      const kept = chatId === place.chatId ? place.message : null;
      const message = asked === undefined ? kept : asked;
      const next = addressOf({ view: { ...place.view, ...view }, chatId, q, message });
      void navigate(next, { replace });
    },
    [],
  );
  return { ...place, go };
}
