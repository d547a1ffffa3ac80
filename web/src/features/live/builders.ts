/** Small rows, messages and chats for tests. */

import type { ChannelRules, Chat, ChatRow, Me, Message, OpenedChat } from "~/lib/api/types";

const RULES: ChannelRules = {
  text_limit: 4096,
  text_unit: "characters",
  caption_limit: 1024,
  files: [
    { kind: "image", types: ["image/jpeg", "image/png"], limit: 5_242_880 },
    { kind: "document", types: [], limit: 104_857_600 },
  ],
  voice_types: ["audio/ogg"],
  templates: true,
  cards: true,
  replies: true,
  reactions: true,
  signature: "*{name}:*\n",
};

export function aRow(chatId: string, fields: Partial<ChatRow> = {}): ChatRow {
  return {
    chat_id: chatId,
    row_rev: 1,
    channel: "whatsapp",
    account: "1",
    name: chatId,
    phone: null,
    username: null,
    preview: "",
    preview_kind: "text",
    preview_author: "contact",
    last_activity_at: "2026-11-23T12:00:00.000Z",
    opened_at: null,
    closed: true,
    agent_id: null,
    department_id: null,
    unread: 0,
    blocked: false,
    tags: [],
    campaigns: [],
    session_ends_at: null,
    waiting_since: null,
    ...fields,
  };
}

export function aMessage(key: string, fields: Partial<Message> = {}): Message {
  return {
    key,
    rev: 1,
    kind: "text",
    raw_kind: null,
    author: "contact",
    agent_id: null,
    author_name: "Ana",
    text: key,
    at: "2026-11-23T12:00:00.000Z",
    status: null,
    failure: null,
    retry_of: null,
    retried_by: null,
    client_key: null,
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
    ...fields,
  };
}

export function aChat(chatId: string, fields: Partial<Chat> = {}): Chat {
  return {
    row: aRow(chatId),
    rev: 1,
    protocol: null,
    session: { state: "open", ends_at: "2099-01-01T00:00:00.000Z", human_until: null },
    unread_from: null,
    profile_rev: 0,
    blockable_until: null,
    meta_block: null,
    closing: null,
    opened_by_template: null,
    ...fields,
  };
}

export function anOpenedChat(
  chatId: string,
  keys: string[],
  fields: Partial<Chat> = {},
): OpenedChat {
  return {
    chat: aChat(chatId, fields),
    page: { messages: keys.map((key) => aMessage(key)), before: null, after: null },
  };
}

export function aMe(fields: Partial<Me> = {}): Me {
  return {
    agent: {
      agent_id: "ana",
      name: "Ana",
      email: "ana@a.br",
      permissions: [],
      department_ids: [],
      farewell: "",
      picture: null,
    },
    tabs: ["all", "open", "mine", "in_service"],
    agency: { name: "Agência", time_zone: "America/Sao_Paulo" },
    agents: [{ agent_id: "ana", name: "Ana", active: true, picture: null }],
    departments: [],
    channels: [],
    rules: { whatsapp: RULES, instagram: RULES, facebook: RULES },
    settings: {
      audio_confirmation: false,
      name_prefix: false,
      human_agent: false,
      chatbot_since: null,
    },
    server_now: "2026-11-23T12:00:00.000Z",
    ...fields,
  };
}
