/** Every door that the page knocks on, one line each. */

import { request } from "./http";
import type {
  AddAppointment,
  AddChannel,
  AddContact,
  AddField,
  AddFlow,
  AddNote,
  AddSchedule,
  AgentSelf,
  Appointment,
  Appointments,
  AskUpload,
  AssignAgent,
  AssignDepartment,
  AssignFlow,
  AttendancePage,
  BusinessHours,
  Changed,
  ChannelDetails,
  ChannelList,
  ChannelName,
  ChannelTest,
  CloseAttendance,
  Closed,
  Contact,
  ContactExport,
  ContactPage,
  ContactSummary,
  Counts,
  CsvPage,
  Decisions,
  DepartmentDetails,
  Departments,
  Device,
  Done,
  Drafts,
  EditAppointment,
  EditContact,
  EditNote,
  EditProfile,
  EditSchedule,
  Field,
  FileAddresses,
  FileToSend,
  FlowCategory,
  FlowCheck,
  FlowDetails,
  FlowFile,
  Flows,
  ImportContacts,
  ImportOutcome,
  IncomingWebhook,
  IncomingWebhooks,
  InviteUser,
  Labels,
  ListPage,
  LiveTicket,
  Lookup,
  MarkedRead,
  Me,
  MessageHits,
  MessagePage,
  Note,
  Notifications,
  OpenedChat,
  OrderName,
  PortfolioTemplate,
  PushDevices,
  QuickReplies,
  QuickReply,
  Removed,
  RemovedFlows,
  SaveBusinessHours,
  SaveChannel,
  SaveDepartment,
  SaveDraft,
  SaveField,
  SaveFlow,
  SaveIncomingWebhook,
  SaveQuickReply,
  SaveSettings,
  SaveTag,
  SaveUser,
  Schedule,
  SchedulePage,
  Schedules,
  SearchPage,
  SendMessage,
  Sent,
  Settings,
  StartChat,
  Started,
  SubscribeDevice,
  SupportCode,
  TabName,
  Tag,
  Tagged,
  TemplateList,
  Templates,
  Upload,
  UploadPicture,
  User,
  Users,
  Variables,
} from "./types";

export interface ListQuery {
  tab: TabName;
  order: OrderName;
  unread: boolean;
  tag?: string | null;
  department?: string | null;
  agent?: string | null;
  campaign?: string | null;
  channel?: ChannelName | null;
  limit: number;
  cursor: string | null;
}

export interface AttendancesQuery {
  since: string | null;
  until: string | null;
  agent: string | null;
  department: string | null;
  state: "open" | "closed" | null;
  cursor: string | null;
}

export interface SchedulesQuery {
  when: "to_come" | "done";
  kind: "message" | "flow" | null;
  by: string | null;
  since: string | null;
  until: string | null;
  cursor: string | null;
}

const id = encodeURIComponent;

function query(fields: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  return search.toString();
}

export const doors = {
  me: () => request<Me>("GET", "/me"),
  chats: ({ unread, ...rest }: ListQuery) =>
    request<ListPage>("GET", `/chats?${query({ ...rest, unread: unread ? "true" : null })}`),
  counts: () => request<Counts>("GET", "/counts"),
  chat: (chat: string) => request<OpenedChat>("GET", `/chats/${id(chat)}`),
  messages: (
    chat: string,
    page: { before?: string; after?: string; around?: string; limit: number },
  ) => request<MessagePage>("GET", `/chats/${id(chat)}/messages?${query(page)}`),
  send: (chat: string, body: SendMessage) =>
    request<Sent>("POST", `/chats/${id(chat)}/messages`, body),
  retry: (chat: string, key: string, client_key: string) =>
    request<Sent>("POST", `/chats/${id(chat)}/messages/${id(key)}/retry`, { client_key }),
  react: (chat: string, key: string, emoji: string | null) =>
    request<Sent>("PUT", `/chats/${id(chat)}/messages/${id(key)}/reaction`, { emoji }),
  fetchFiles: (chat: string, key: string) =>
    request<Sent>("POST", `/chats/${id(chat)}/messages/${id(key)}/fetch`),
  files: (chat: string, keys: string[]) =>
    request<FileAddresses>("GET", `/chats/${id(chat)}/files?${query({ keys: keys.join(",") })}`),
  searchMessages: (chat: string, q: string, cursor: string | null) =>
    request<MessageHits>("GET", `/chats/${id(chat)}/message-search?${query({ q, cursor })}`),
  variables: (chat: string) => request<Variables>("GET", `/chats/${id(chat)}/variables`),
  upload: (body: AskUpload) => request<Upload>("POST", "/uploads", body),
  drafts: () => request<Drafts>("GET", "/drafts"),
  saveDraft: (chat: string, body: SaveDraft) =>
    request<Done>("PUT", `/chats/${id(chat)}/draft`, body),
  read: (chat: string, up_to: string) =>
    request<MarkedRead>("PUT", `/chats/${id(chat)}/read`, { up_to }),
  unread: (chat: string) => request<MarkedRead>("PUT", `/chats/${id(chat)}/unread`),
  search: (q: string) => request<SearchPage>("GET", `/search?${query({ q })}`),
  labels: () => request<Labels>("GET", "/labels"),

  assignAgent: (chat: string, body: AssignAgent) =>
    request<Changed>("PUT", `/chats/${id(chat)}/agent`, body),
  assignDepartment: (chat: string, body: AssignDepartment) =>
    request<Changed>("PUT", `/chats/${id(chat)}/department`, body),
  close: (chat: string, body: CloseAttendance) =>
    request<Closed>("POST", `/chats/${id(chat)}/close`, body),
  cancelClosing: (chat: string, protocol: string) =>
    request<Changed>("DELETE", `/chats/${id(chat)}/closings/${id(protocol)}`),
  startFlow: (chat: string, body: AssignFlow) =>
    request<Changed>("PUT", `/chats/${id(chat)}/flow`, body),
  block: (chat: string) => request<Changed>("PUT", `/chats/${id(chat)}/block`),
  unblock: (chat: string) => request<Changed>("DELETE", `/chats/${id(chat)}/block`),
  chatAttendances: (chat: string, cursor: string | null) =>
    request<AttendancePage>("GET", `/chats/${id(chat)}/attendances?${query({ cursor })}`),
  attendances: (asked: AttendancesQuery) =>
    request<AttendancePage>("GET", `/attendances?${query({ ...asked })}`),
  exportAttendances: (asked: AttendancesQuery) =>
    request<CsvPage>("GET", `/attendance-exports?${query({ ...asked })}`),

  contacts: (asked: { q: string; blocked: boolean; cursor: string | null }) =>
    request<ContactPage>(
      "GET",
      `/contacts?${query({ q: asked.q || null, blocked: asked.blocked ? "true" : null, cursor: asked.cursor })}`,
    ),
  addContact: (body: AddContact) => request<ContactSummary>("POST", "/contacts", body),
  importContacts: (body: ImportContacts) =>
    request<ImportOutcome>("POST", "/contact-imports", body),
  contact: (chat: string) => request<Contact>("GET", `/contacts/${id(chat)}`),
  editContact: (chat: string, body: EditContact) =>
    request<Contact>("PUT", `/contacts/${id(chat)}`, body),
  contactPicture: (chat: string, body: UploadPicture) =>
    request<Upload>("POST", `/contacts/${id(chat)}/pictures`, body),
  exportContact: (chat: string, cursor: string | null) =>
    request<ContactExport>("GET", `/contacts/${id(chat)}/export?${query({ cursor })}`),
  eraseContact: (chat: string) => request<Done>("DELETE", `/contacts/${id(chat)}`),
  addTag: (chat: string, tag: string) =>
    request<Tagged>("PUT", `/contacts/${id(chat)}/tags/${id(tag)}`),
  removeTag: (chat: string, tag: string) =>
    request<Tagged>("DELETE", `/contacts/${id(chat)}/tags/${id(tag)}`),
  addNote: (chat: string, body: AddNote) =>
    request<Note>("POST", `/contacts/${id(chat)}/notes`, body),
  editNote: (chat: string, note: string, body: EditNote) =>
    request<Note>("PUT", `/contacts/${id(chat)}/notes/${id(note)}`, body),
  removeNote: (chat: string, note: string) =>
    request<Done>("DELETE", `/contacts/${id(chat)}/notes/${id(note)}`),

  templates: (asked: { account?: string | null; chat_id?: string | null; phone?: string | null }) =>
    request<Templates>("GET", `/templates?${query(asked)}`),
  templateList: () => request<TemplateList>("GET", "/template-list"),
  syncTemplates: () => request<TemplateList>("POST", "/template-syncs"),
  bindTemplate: (template: string, bindings: Record<string, string>) =>
    request<PortfolioTemplate>("PUT", `/template-list/${id(template)}/bindings`, { bindings }),
  quickReplies: () => request<QuickReplies>("GET", "/quick-replies"),
  addQuickReply: (body: SaveQuickReply) => request<QuickReply>("POST", "/quick-replies", body),
  saveQuickReply: (reply: string, body: SaveQuickReply) =>
    request<QuickReply>("PUT", `/quick-replies/${id(reply)}`, body),
  removeQuickReply: (reply: string) => request<Done>("DELETE", `/quick-replies/${id(reply)}`),
  channels: () => request<ChannelList>("GET", "/channels"),
  addChannel: (body: AddChannel) => request<ChannelDetails>("POST", "/channels", body),
  saveChannel: (channel: string, body: SaveChannel) =>
    request<ChannelDetails>("PUT", `/channels/${id(channel)}`, body),
  testChannel: (channel: string) => request<ChannelTest>("POST", `/channels/${id(channel)}/test`),
  removeChannel: (channel: string) => request<Done>("DELETE", `/channels/${id(channel)}`),
  startChat: (body: StartChat) => request<Started>("POST", "/chats", body),
  lookup: (phone: string) => request<Lookup>("GET", `/lookup?${query({ phone })}`),

  schedules: (asked: SchedulesQuery) =>
    request<SchedulePage>("GET", `/schedules?${query({ ...asked })}`),
  chatSchedules: (chat: string) => request<Schedules>("GET", `/chats/${id(chat)}/schedules`),
  addSchedule: (chat: string, body: AddSchedule) =>
    request<Schedule>("POST", `/chats/${id(chat)}/schedules`, body),
  editSchedule: (chat: string, schedule: string, body: EditSchedule) =>
    request<Schedule>("PUT", `/chats/${id(chat)}/schedules/${id(schedule)}`, body),
  removeSchedule: (chat: string, schedule: string) =>
    request<Done>("DELETE", `/chats/${id(chat)}/schedules/${id(schedule)}`),
  removeFlows: (chat: string) =>
    request<RemovedFlows>("DELETE", `/chats/${id(chat)}/scheduled-flows`),
  restoreFlows: (chat: string, schedule_ids: string[]) =>
    request<Schedules>("POST", `/chats/${id(chat)}/scheduled-flows`, { schedule_ids }),
  appointments: (asked: { since: string; until: string; agent: string | null }) =>
    request<Appointments>("GET", `/appointments?${query(asked)}`),
  chatAppointments: (chat: string) =>
    request<Appointments>("GET", `/chats/${id(chat)}/appointments`),
  book: (chat: string, body: AddAppointment) =>
    request<Appointment>("POST", `/chats/${id(chat)}/appointments`, body),
  editAppointment: (chat: string, appointment: string, body: EditAppointment) =>
    request<Appointment>("PUT", `/chats/${id(chat)}/appointments/${id(appointment)}`, body),
  removeAppointment: (chat: string, appointment: string) =>
    request<Done>("DELETE", `/chats/${id(chat)}/appointments/${id(appointment)}`),

  flows: () => request<Flows>("GET", "/flows"),
  flow: (flow: string) => request<FlowDetails>("GET", `/flows/${id(flow)}`),
  addFlow: (body: AddFlow) => request<FlowDetails>("POST", "/flows", body),
  saveFlow: (flow: string, body: SaveFlow) =>
    request<FlowDetails>("PUT", `/flows/${id(flow)}`, body),
  publishFlow: (flow: string, version: number) =>
    request<FlowDetails>("POST", `/flows/${id(flow)}/publication`, { version }),
  removeFlow: (flow: string) => request<Done>("DELETE", `/flows/${id(flow)}`),
  checkFlow: (document: unknown) => request<FlowCheck>("POST", "/flow-checks", { document }),
  addFlowFile: (file: FileToSend) => request<FlowFile>("POST", "/flow-files", { file }),
  addFlowCategory: (name: string) => request<FlowCategory>("POST", "/flow-categories", { name }),
  saveFlowCategory: (category: string, name: string) =>
    request<FlowCategory>("PUT", `/flow-categories/${id(category)}`, { name }),
  removeFlowCategory: (category: string) =>
    request<Done>("DELETE", `/flow-categories/${id(category)}`),
  incomingWebhooks: () => request<IncomingWebhooks>("GET", "/incoming-webhooks"),
  addIncomingWebhook: (body: SaveIncomingWebhook) =>
    request<IncomingWebhook>("POST", "/incoming-webhooks", body),
  saveIncomingWebhook: (webhook: string, body: SaveIncomingWebhook) =>
    request<IncomingWebhook>("PUT", `/incoming-webhooks/${id(webhook)}`, body),
  removeIncomingWebhook: (webhook: string) =>
    request<Done>("DELETE", `/incoming-webhooks/${id(webhook)}`),
  businessHours: () => request<BusinessHours>("GET", "/business-hours"),
  saveBusinessHours: (body: SaveBusinessHours) =>
    request<BusinessHours>("PUT", "/business-hours", body),

  users: () => request<Users>("GET", "/users"),
  inviteUser: (body: InviteUser) => request<User>("POST", "/users", body),
  saveUser: (user: string, body: SaveUser) => request<User>("PUT", `/users/${id(user)}`, body),
  inviteAgain: (user: string) => request<Done>("POST", `/users/${id(user)}/invitation`),
  departments: () => request<Departments>("GET", "/departments"),
  addDepartment: (body: SaveDepartment) => request<DepartmentDetails>("POST", "/departments", body),
  saveDepartment: (department: string, body: SaveDepartment) =>
    request<DepartmentDetails>("PUT", `/departments/${id(department)}`, body),
  removeDepartment: (department: string) =>
    request<Done>("DELETE", `/departments/${id(department)}`),
  makeTag: (body: SaveTag) => request<Tag>("POST", "/tags", body),
  saveTag: (tag: string, body: SaveTag) => request<Tag>("PUT", `/tags/${id(tag)}`, body),
  deleteTag: (tag: string) => request<Done>("DELETE", `/tags/${id(tag)}`),
  makeField: (body: AddField) => request<Field>("POST", "/fields", body),
  saveField: (field: string, body: SaveField) =>
    request<Field>("PUT", `/fields/${id(field)}`, body),
  deleteField: (field: string) => request<Done>("DELETE", `/fields/${id(field)}`),
  settings: () => request<Settings>("GET", "/settings"),
  saveSettings: (body: SaveSettings) => request<Settings>("PUT", "/settings", body),
  supportCode: () => request<SupportCode>("GET", "/support-code"),
  editProfile: (body: EditProfile) => request<AgentSelf>("PUT", "/me", body),
  myPicture: (body: UploadPicture) => request<Upload>("POST", "/me/picture", body),
  saveMyPicture: (key: string | null) => request<AgentSelf>("PUT", "/me/picture", { key }),
  notifications: () => request<Notifications>("GET", "/me/notifications"),
  removeNotification: (entry: string) => request<Done>("DELETE", `/me/notifications/${id(entry)}`),
  clearNotifications: (through: string) =>
    request<Removed>("POST", "/me/notifications/clear", { through }),
  restoreNotifications: (ids: string[]) =>
    request<Done>("POST", "/me/notifications/restore", { ids }),
  seenNotifications: (through: string) =>
    request<Done>("PUT", "/me/notifications/seen", { through }),
  pushDevices: () => request<PushDevices>("GET", "/me/push"),
  subscribePush: (body: SubscribeDevice) => request<Device>("PUT", "/me/push", body),
  removePush: (device: string) => request<Done>("POST", "/me/push/remove", { device_id: device }),
  muteSound: (muted: boolean) => request<Done>("PUT", "/me/sound", { muted }),
  decisions: (cursor: string | null) =>
    request<Decisions>("GET", `/me/decisions?${query({ cursor })}`),
  ticket: () => request<LiveTicket>("POST", "/live/ticket"),
};

export type Doors = typeof doors;
