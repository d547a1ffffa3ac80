/** Every door that the page knocks on, one line each. */

import { request } from "./http";
import type {
  Counts,
  ListPage,
  LiveTicket,
  MarkedRead,
  Me,
  MessagePage,
  OpenedChat,
  OrderName,
  Sent,
  TabName,
} from "./types";

export interface ListQuery {
  tab: TabName;
  order: OrderName;
  unread: boolean;
  limit: number;
  cursor: string | null;
}

const id = encodeURIComponent;

function query(fields: Record<string, string | number | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) search.set(name, String(value));
  }
  return search.toString();
}

export const doors = {
  me: () => request<Me>("GET", "/me"),
  chats: ({ unread, ...rest }: ListQuery) =>
    request<ListPage>("GET", `/chats?${query({ ...rest, unread: unread ? "true" : null })}`),
  counts: () => request<Counts>("GET", "/counts"),
  chat: (chat: string) => request<OpenedChat>("GET", `/chats/${id(chat)}`),
  messages: (chat: string, page: { before?: string; after?: string; limit: number }) =>
    request<MessagePage>("GET", `/chats/${id(chat)}/messages?${query(page)}`),
  send: (chat: string, client_key: string, text: string) =>
    request<Sent>("POST", `/chats/${id(chat)}/messages`, { client_key, text }),
  retry: (chat: string, key: string, client_key: string) =>
    request<Sent>("POST", `/chats/${id(chat)}/messages/${id(key)}/retry`, { client_key }),
  read: (chat: string, up_to: string) =>
    request<MarkedRead>("PUT", `/chats/${id(chat)}/read`, { up_to }),
  ticket: () => request<LiveTicket>("POST", "/live/ticket"),
};

export type Doors = typeof doors;
