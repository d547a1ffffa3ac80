/** The URL is the state: which tab, order, filter and chat are shown, and how to go elsewhere. */

import { useCallback, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import type { OrderName, TabName } from "~/lib/api/types";
import type { View } from "./reducer";

export const ORDERS: OrderName[] = ["newest", "oldest", "opened_newest", "opened_oldest"];

export interface Place {
  view: View;
  chatId: string | null;
}

/** Reads a place from an address; what it does not say, or says wrongly, is the default. */
export function placeFrom(pathname: string, search: string, tabs: TabName[]): Place {
  const parameters = new URLSearchParams(search);
  const chat = /^\/chats\/([^/]+)\/?$/.exec(pathname)?.[1];
  return {
    view: {
      tab: tabs.find((tab) => tab === parameters.get("tab")) ?? tabs[0] ?? "all",
      order: ORDERS.find((order) => order === parameters.get("order")) ?? "newest",
      unread: parameters.get("unread") === "true",
    },
    chatId: chat === undefined ? null : safeDecode(chat),
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
export function addressOf({ view, chatId }: Place): string {
  const parameters = new URLSearchParams({ tab: view.tab });
  if (view.order !== "newest") parameters.set("order", view.order);
  if (view.unread) parameters.set("unread", "true");
  return `/chats${chatId === null ? "" : `/${encodeURIComponent(chatId)}`}?${parameters}`;
}

/** Where the page is, and how to move: `go({ tab })`, `go({ chatId: null })`. */
export function usePlace(tabs: TabName[]) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const place = useMemo(() => placeFrom(pathname, search, tabs), [pathname, search, tabs]);
  const go = useCallback(
    (change: Partial<View> & { chatId?: string | null }, replace = false) => {
      const { chatId = place.chatId, ...view } = change;
      void navigate(addressOf({ view: { ...place.view, ...view }, chatId }), { replace });
    },
    [navigate, place],
  );
  return { ...place, go };
}
