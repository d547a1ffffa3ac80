/** From a contact to what its editor holds, and back to what was changed in it. */

import type { Contact, EditContact, Field, FieldValue } from "~/lib/api/types";
import { draftOf, type FieldDraft, sameDraft, valueFrom } from "~/lib/fieldValues";
import { MASKED, SYSTEM_FIELDS, SYSTEM_KINDS } from "./systemFields";

/** The contact's own message for the end of a session (SES-4), among the drafts. */
export const SESSION_FAREWELL = "session_farewell";

/** By the system field's name, the custom field's id, or SESSION_FAREWELL. */
export type Drafts = Record<string, FieldDraft>;

/** What the editor begins with. What is masked cannot be edited, and has none. */
export function draftsOf(contact: Contact, fields: Field[]): Drafts {
  const drafts: Drafts = { [SESSION_FAREWELL]: contact.session_farewell };
  for (const name of SYSTEM_FIELDS) {
    if (contact.masked && MASKED.has(name)) continue;
    drafts[name] = draftOf(SYSTEM_KINDS[name], contact.system[name]);
  }
  for (const { field_id, kind } of fields) {
    drafts[field_id] = draftOf(kind, contact.fields[field_id]);
  }
  return drafts;
}

/** Only what differs from the beginning; null when nothing does. */
export function editsOf(before: Drafts, after: Drafts, fields: Field[]): EditContact | null {
  const changed = (name: string) =>
    name in before && !sameDraft(before[name] ?? null, after[name] ?? null);
  const system: NonNullable<EditContact["system"]> = {};
  for (const name of SYSTEM_FIELDS) {
    if (changed(name)) system[name] = valueFrom(after[name] ?? null) as string | null;
  }
  const values: Record<string, FieldValue | null> = {};
  for (const { field_id } of fields) {
    if (changed(field_id)) values[field_id] = valueFrom(after[field_id] ?? null);
  }
  const edits: EditContact = {};
  if (Object.keys(system).length > 0) edits.system = system;
  if (Object.keys(values).length > 0) edits.fields = values;
  if (changed(SESSION_FAREWELL)) {
    // Emptied, the agency's general one holds.
    edits.session_farewell = (valueFrom(after[SESSION_FAREWELL] ?? null) as string | null) ?? "";
  }
  return Object.keys(edits).length > 0 ? edits : null;
}
