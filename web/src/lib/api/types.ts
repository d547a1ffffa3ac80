/** The shapes that doors answer and sockets push: the web's only copy of the server's contract. */

export type TabName = "all" | "open" | "mine" | "in_service";
export type OrderName = "newest" | "oldest" | "opened_newest" | "opened_oldest";
export type ChannelName = "whatsapp" | "instagram" | "facebook";
export type KindName =
  | "text"
  | "image"
  | "audio"
  | "video"
  | "document"
  | "sticker"
  | "location"
  | "contacts"
  | "choice"
  | "order"
  | "reaction"
  | "template"
  | "system"
  | "unsupported";
export type StatusName =
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "unknown";
export type SessionName = "none" | "open" | "expiring" | "expired";
export type AuthorName = "contact" | "agent" | "device" | "system";
export type ProblemName = "token_invalid" | "restricted" | "billing" | "permission" | "disabled";

export interface ChatRow {
  chat_id: string;
  row_rev: number;
  channel: ChannelName;
  account: string;
  name: string;
  phone: string | null;
  username: string | null;
  preview: string;
  preview_kind: KindName | null;
  preview_author: AuthorName | null;
  last_activity_at: string | null;
  opened_at: string | null;
  closed: boolean;
  agent_id: string | null;
  department_id: string | null;
  unread: number;
  blocked: boolean;
}

export interface Session {
  state: SessionName;
  ends_at: string | null;
}

export interface Chat {
  row: ChatRow;
  rev: number;
  protocol: string | null;
  session: Session;
  unread_from: string | null;
}

export interface Failure {
  code: number;
  title: string;
  details: string | null;
}

export interface Message {
  key: string;
  rev: number;
  kind: KindName;
  raw_kind: string | null;
  author: AuthorName;
  agent_id: string | null;
  author_name: string | null;
  text: string;
  at: string;
  status: StatusName | null;
  failure: Failure | null;
  retry_of: string | null;
  retried_by: string | null;
  client_key: string | null;
}

export interface ListPage {
  chats: ChatRow[];
  cursor: string | null;
}

export type CountsByTab = Partial<Record<TabName, number>>;

export interface Counts {
  counts: CountsByTab;
}

export interface MessagePage {
  messages: Message[];
  before: string | null;
  after: string | null;
}

export interface OpenedChat {
  chat: Chat;
  page: MessagePage;
}

export interface AgentName {
  agent_id: string;
  name: string;
  active: boolean;
}

export interface Department {
  department_id: string;
  name: string;
  active: boolean;
}

export interface Channel {
  channel: ChannelName;
  account: string;
  display: string;
  problem: ProblemName | null;
}

export interface Me {
  agent: {
    agent_id: string;
    name: string;
    email: string;
    permissions: string[];
    department_ids: string[];
  };
  tabs: TabName[];
  agency: { name: string; time_zone: string };
  agents: AgentName[];
  departments: Department[];
  channels: Channel[];
  server_now: string;
}

export interface Sent {
  message: Message;
  rev: number;
}

export interface MarkedRead {
  unread: number;
  rev: number;
}

export interface LiveTicket {
  ticket: string;
  url: string;
  expires_at: string;
}

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
  "contended",
  "unavailable",
  "too_long",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
