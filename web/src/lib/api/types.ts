/** The shapes that doors answer and sockets push: generated ones by their names, live ones beside. */

import type { components } from "./schema";

type Shapes = components["schemas"];

export type AgentName = Shapes["AgentName"];
export type Channel = Shapes["Channel"];
export type Chat = Shapes["Chat"];
export type ChatRow = Shapes["ChatRow"];
export type Department = Shapes["Department"];
export type Failure = Shapes["Failure"];
export type ListPage = Shapes["ListPage"];
export type LiveTicket = Shapes["Ticket"];
export type MarkedRead = Shapes["ReadMark"];
export type Me = Shapes["Me"];
export type Message = Shapes["Message"];
export type MessagePage = Shapes["MessagePage"];
export type OpenedChat = Shapes["OpenedChat"];
export type Sent = Shapes["Sent"];
export type Session = Shapes["Session"];

export type AuthorName = Message["author"];
export type ChannelName = Channel["channel"];
export type KindName = Message["kind"];
export type ProblemName = NonNullable<Channel["problem"]>;
export type SessionName = Session["state"];
export type StatusName = NonNullable<Message["status"]>;
export type TabName = Me["tabs"][number];
export type OrderName = "newest" | "oldest" | "opened_newest" | "opened_oldest";
export type CountsByTab = Partial<Record<TabName, number>>;

export interface Counts {
  counts: CountsByTab;
}

// The live frames: docs/events.schema.json.

export interface RowEvent {
  type: "row";
  chat_id: string;
  row_rev: number;
  tabs: TabName[];
  row: ChatRow | null;
}

export interface CountsEvent {
  type: "counts";
  chat_id: string;
  row_rev: number;
  before: TabName[];
  after: TabName[];
}

export interface ChatEvent {
  type: "chat";
  chat_id: string;
  rev: number;
  touched: string[];
  chat: Chat | null;
}

export interface MessageEvent {
  type: "message";
  chat_id: string;
  message: Message;
}

export interface ChannelEvent {
  type: "channel";
  channel: Channel;
}

export interface RefetchEvent {
  type: "refetch";
  chat_id: string | null;
}

export type DeskEvent =
  | RowEvent
  | CountsEvent
  | ChatEvent
  | MessageEvent
  | ChannelEvent
  | RefetchEvent;

export interface EventsFrame {
  type: "events";
  events: DeskEvent[];
}

export interface ReadyFrame {
  type: "ready";
  tab: TabName;
  chat_id: string | null;
}

export interface PongFrame {
  type: "pong";
}

export type Frame = EventsFrame | ReadyFrame | PongFrame;

export interface Hello {
  action: "hello";
  tab: TabName;
  chat_id: string | null;
}

export interface Ping {
  action: "ping";
}

/** Every code that a door may answer with; each has its sentence in i18n/pt-BR.ts. */
export const ERROR_CODES = [
  "unauthenticated",
  "agent_inactive",
  "forbidden",
  "not_found",
  "invalid",
  "session_closed",
  "contact_blocked",
  "client_key_reused",
  "clock_skew",
  "client_key_expired",
  "not_failed",
  "moved_on",
  "agent_unavailable",
  "department_unavailable",
  "in_use",
  "name_taken",
  "nothing_heard_lately",
  "too_many",
  "last_administrator",
  "chat_exists",
  "template_gone",
  "contended",
  "unavailable",
  "too_large",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
