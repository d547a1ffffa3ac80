/** The shapes that doors answer and sockets push: generated ones by their names, live ones beside. */

import type { components } from "./schema";

type Shapes = components["schemas"];

/** A request of which only what is named has to be said. */
type WithDefaults<T> = Partial<T>;

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

export type AgentSelf = Shapes["AgentSelf"];
export type AttendancePage = Shapes["AttendancePage"];
export type AttendanceView = Shapes["AttendanceView"];
export type Campaign = Shapes["Campaign"];
export type Changed = Shapes["Changed"];
export type Closed = Shapes["Closed"];
export type ClosingValue = Shapes["ClosingValue"];
export type Contact = Shapes["Contact"];
export type ContactExport = Shapes["ContactExport"];
export type ContactPage = Shapes["ContactPage"];
export type ContactSummary = Shapes["ContactSummary"];
export type CsvPage = Shapes["CsvPage"];
export type DepartmentDetails = Shapes["DepartmentDetails"];
export type Departments = Shapes["Departments"];
export type Device = Shapes["Device"];
export type Done = Shapes["Done"];
export type Field = Shapes["Field"];
export type ImportOutcome = Shapes["ImportOutcome"];
export type ImportedLine = Shapes["ImportedLine"];
export type Labels = Shapes["Labels"];
export type Lookup = Shapes["Lookup"];
export type MetaBlock = Shapes["MetaBlock"];
export type Note = Shapes["Note"];
export type SearchHit = Shapes["SearchHit"];
export type SearchPage = Shapes["SearchPage"];
export type Settings = Shapes["Settings"];
export type Started = Shapes["Started"];
export type SupportCode = Shapes["SupportCode"];
export type SystemLine = NonNullable<Message["line"]>;
export type Tag = Shapes["Tag"];
export type Tagged = Shapes["Tagged"];
export type Template = Shapes["Template"];
export type Templates = Shapes["Templates"];
export type Upload = Shapes["Upload"];
export type User = Shapes["User"];
export type Users = Shapes["Users"];

export type Card = Shapes["Card"];
export type ChannelDetails = Shapes["ChannelDetails"];
export type ChannelList = Shapes["ChannelList"];
export type ChannelRules = Shapes["ChannelRules"];
export type ChannelTest = Shapes["ChannelTest"];
export type Details = Shapes["Details"];
export type Draft = Shapes["Draft"];
export type Drafts = Shapes["Drafts"];
export type MessageFile = Shapes["File"];
export type FileAddress = Shapes["FileAddress"];
export type FileAddresses = Shapes["FileAddresses"];
export type FileRule = Shapes["FileRule"];
export type MessageHit = Shapes["MessageHit"];
export type MessageHits = Shapes["MessageHits"];
export type PortfolioTemplate = Shapes["PortfolioTemplate"];
export type Price = Shapes["Price"];
export type QuickReplies = Shapes["QuickReplies"];
export type QuickReply = Shapes["QuickReply"];
export type Quote = Shapes["Quote"];
export type Reaction = Shapes["Reaction"];
export type TemplateList = Shapes["TemplateList"];
export type TemplateButton = Shapes["TemplateButton"];
export type Variable = Shapes["Variable"];
export type Variables = Shapes["Variables"];

export type Appointment = Shapes["Appointment"];
export type Appointments = Shapes["Appointments"];
export type BellEntry = Shapes["BellEntry"];
export type BusinessHours = Shapes["BusinessHours"];
export type Decision = Shapes["Decision"];
export type Decisions = Shapes["Decisions"];
export type FlowCategory = Shapes["FlowCategory"];
export type FlowCheck = Shapes["FlowCheck"];
export type FlowDetails = Shapes["FlowDetails"];
export type FlowFault = Shapes["FlowFault"];
export type FlowFile = Shapes["FlowFile"];
export type FlowSummary = Shapes["FlowSummary"];
export type Flows = Shapes["Flows"];
export type HookCall = Shapes["HookCall"];
export type IncomingWebhook = Shapes["IncomingWebhook"];
export type IncomingWebhooks = Shapes["IncomingWebhooks"];
export type Notifications = Shapes["Notifications"];
export type PushDevices = Shapes["PushDevices"];
export type SubscribeDevice = Shapes["SubscribeDevice"];
export type Removed = Shapes["Removed"];
export type RemovedFlows = Shapes["RemovedFlows"];
export type Schedule = Shapes["Schedule"];
export type SchedulePage = Shapes["SchedulePage"];
export type Schedules = Shapes["Schedules"];

export type AddAppointment = Shapes["AddAppointment"];
export type AddFlow = WithDefaults<Shapes["AddFlow"]>;
export type AddSchedule = Shapes["AddSchedule"];
export type AssignFlow = Shapes["AssignFlow"];
export type EditAppointment = Shapes["EditAppointment"];
export type EditSchedule = Shapes["EditSchedule"];
export type SaveBusinessHours = Shapes["SaveBusinessHours"];
export type SaveFlow = WithDefaults<Shapes["SaveFlow"]>;
export type SaveIncomingWebhook = Shapes["SaveIncomingWebhook"];

export type AddChannel = WithDefaults<Shapes["AddChannel"]>;
export type AskUpload = WithDefaults<Shapes["AskUpload"]>;
export type CardToSend = Shapes["CardToSend"];
export type FileToSend = Pick<Shapes["FileToSend"], "key" | "name"> &
  WithDefaults<Shapes["FileToSend"]>;
export type SaveChannel = WithDefaults<Shapes["SaveChannel"]>;
export type SaveDraft = Shapes["SaveDraft"];
export type SaveQuickReply = Omit<Shapes["SaveQuickReply"], "file"> & { file: FileToSend | null };
export type SendMessage = WithDefaults<
  Omit<Shapes["SendMessage"], "files"> & { files: FileToSend[] }
>;
export type TemplateToSend = Shapes["TemplateToSend"];
export type AddContact = Shapes["AddContact"];
export type AddField = Shapes["AddField"];
export type AddNote = Shapes["AddNote"];
export type AssignAgent = Shapes["AssignAgent"];
export type AssignDepartment = Shapes["AssignDepartment"];
export type CloseAttendance = Shapes["CloseAttendance"];
export type SystemValues = Partial<Shapes["SystemValues"]>;
/** What is absent stays as it is. */
export type EditContact = Partial<Omit<Shapes["EditContact"], "system"> & { system: SystemValues }>;
export type EditNote = Shapes["EditNote"];
export type EditProfile = Shapes["EditProfile"];
export type ImportContacts = Shapes["ImportContacts"];
export type InviteUser = Shapes["InviteUser"];
export type SaveDepartment = Shapes["SaveDepartment"];
export type SaveField = Shapes["SaveField"];
export type SaveSettings = Partial<Shapes["SaveSettings"]>;
export type SaveTag = Shapes["SaveTag"];
export type SaveUser = Shapes["SaveUser"];
export type Seen = Shapes["Seen"];
export type StartChat = Shapes["StartChat"];
export type UploadPicture = Shapes["UploadPicture"];

export type AuthorName = Message["author"];
export type ChannelName = Channel["channel"];
export type KindName = Message["kind"];
export type ProblemName = NonNullable<Channel["problem"]>;
export type SessionName = Session["state"];
export type StatusName = NonNullable<Message["status"]>;
export type TabName = Me["tabs"][number];
export type OrderName = "newest" | "oldest" | "opened_newest" | "opened_oldest";
export type FieldKind = Field["kind"];
export type FieldValue = NonNullable<ClosingValue["value"]>;
export type PushOutcome = NonNullable<Decision["push"]["outcome"]>;
/** Why somebody was told of something, or not (NOTIF-7). */
export type ReasonName = Decision["bell"]["because"];
export type LineName = NonNullable<Message["line"]>["code"];
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

export interface DirectoryEvent {
  type: "directory";
  part: "me" | "people" | "labels" | "quick_replies" | "templates" | "flows";
}

export interface BellEvent {
  type: "bell";
}

export interface SoundEvent {
  type: "sound";
  id: string;
  at: string;
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
  | DirectoryEvent
  | RefetchEvent;

/** What tells the agent of something, on whichever page they are (NOTIF-1, NOTIF-2). */
export type NoticeEvent = BellEvent | SoundEvent;

export interface EventsFrame {
  type: "events";
  events: (DeskEvent | NoticeEvent)[];
}

export interface ReadyFrame {
  type: "ready";
  tab: TabName | null;
  chat_id: string | null;
}

export interface PongFrame {
  type: "pong";
}

export type Frame = EventsFrame | ReadyFrame | PongFrame;

export interface Hello {
  action: "hello";
  tab: TabName | null;
  chat_id: string | null;
  page: LivePageName;
  visible: boolean;
  device: DeviceName;
}

export interface Ping {
  action: "ping";
  visible: boolean;
}

export type LivePageName = "chat" | "other";
export type DeviceName = "browser" | "pwa";

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
  "chatbot_off",
  "edited_meanwhile",
  "department_unavailable",
  "in_use",
  "name_taken",
  "nothing_heard_lately",
  "too_many",
  "last_administrator",
  "chat_exists",
  "template_gone",
  "channel_unavailable",
  "variables_empty",
  "text_too_long",
  "file_refused",
  "not_on_this_channel",
  "quote_unavailable",
  "marketing_stopped",
  "channel_exists",
  "contended",
  "unavailable",
  "too_large",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
