/** Values of contacts' fields: as the server keeps them, as people type them, as they are shown. */

import type { FieldKind, FieldValue } from "./api/types";
import { formatPhone, safeHref } from "./text";

export interface FieldShape {
  name: string;
  kind: FieldKind;
  options: string[];
}

/** What an editor holds: like a value, but texts as they are typed. */
export type FieldDraft = FieldValue | null;

/** A kept value as it is put before who edits it. */
export function draftOf(kind: FieldKind, value: FieldValue | null | undefined): FieldDraft {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") return value;
  if (kind === "number") return value.replace(".", ",");
  if (kind === "phone") return /^\d+$/.test(value) ? formatPhone(value) : value;
  return value;
}

/** What is sent of a draft: null for what says nothing. «Não» says something. */
export function valueFrom(draft: FieldDraft): FieldValue | null {
  if (draft === null) return null;
  if (typeof draft === "string") return draft.trim() === "" ? null : draft;
  if (Array.isArray(draft)) return draft.length === 0 ? null : draft;
  return draft;
}

export function sameDraft(a: FieldDraft, b: FieldDraft): boolean {
  return JSON.stringify(valueFrom(a)) === JSON.stringify(valueFrom(b));
}

/** «24/11/2026» for «2026-11-24». */
export function showDay(day: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : day;
}

/** «123.456.789-09» for eleven digits; masked ones stay as they are. */
export function showCpf(cpf: string): string {
  const parts = /^(\d{3})(\d{3})(\d{3})(\d{2})$/.exec(cpf);
  return parts ? `${parts[1]}.${parts[2]}.${parts[3]}-${parts[4]}` : cpf;
}

/** A value in words; `answers` are those of yes and no. Of an image: its key. */
export function showValue(
  kind: FieldKind | null,
  value: FieldValue,
  answers: { yes: string; no: string },
): string {
  if (typeof value === "boolean") return value ? answers.yes : answers.no;
  if (Array.isArray(value)) return value.join(", ");
  switch (kind) {
    case "number":
      return value.replace(".", ",");
    case "date":
      return showDay(value);
    case "phone":
      return /^\d+$/.test(value) ? formatPhone(value) : value;
    default:
      return value;
  }
}

/** Where a value of kind URL leads, or null when it leads nowhere that is safe. */
export function linkOf(kind: FieldKind, value: FieldValue): string | null {
  return kind === "url" && typeof value === "string" ? safeHref(value) : null;
}

export interface WrongField {
  path: string;
  reason: string;
}

/** What a refusal says is wrong, by the last word of the path: «cpf», a field's id, «text». */
export function wrongFields(body: Record<string, unknown>): Record<string, string> {
  const found: Record<string, string> = {};
  if (!Array.isArray(body.fields)) return found;
  for (const one of body.fields as Partial<WrongField>[]) {
    if (typeof one?.path !== "string" || typeof one.reason !== "string") continue;
    const words = one.path.split(/[./]/);
    const last = words[words.length - 1];
    if (last) found[last] = one.reason;
  }
  return found;
}
