/** Small contacts, fields and notes for tests. */

import type { Contact, Field, Note } from "~/lib/api/types";

export function aContact(chatId: string, fields: Partial<Contact> = {}): Contact {
  return {
    chat_id: chatId,
    name: chatId,
    given_name: null,
    phone: null,
    username: null,
    channel: "whatsapp",
    account: "1",
    system: { birth_date: null, cpf: null, rg: null, customer_code: null, email: null },
    masked: false,
    fields: {},
    pictures: {},
    tags: [],
    blocked: false,
    broadcasts: true,
    session_farewell: null,
    notes: [],
    profile_rev: 0,
    ...fields,
  };
}

export function aField(fieldId: string, fields: Partial<Field> = {}): Field {
  return {
    field_id: fieldId,
    slug: fieldId,
    name: fieldId,
    kind: "text",
    options: [],
    at_closing: "no",
    active: true,
    ...fields,
  };
}

export function aNote(noteId: string, fields: Partial<Note> = {}): Note {
  return {
    note_id: noteId,
    text: noteId,
    date: null,
    to_agent_id: null,
    by: "ana",
    by_name: "Ana",
    created_at: "2026-11-23T12:00:00.000Z",
    edited_at: null,
    ...fields,
  };
}
