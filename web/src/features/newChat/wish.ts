/** What «Novo chat» asks for, what is wrong with it, and what the server said of it. */

import type { Refused } from "~/lib/api/http";
import type { StartChat, Template, Variable } from "~/lib/api/types";
import { formatPhone } from "~/lib/text";
import { missingValues, toSend } from "../templates/variables";

export interface Wish {
  name: string;
  open: boolean;
  foreign: boolean;
  phone: string;
  account: string | null;
  /** By variable: «body.1». Kept while another template is looked at, the header's file apart. */
  values: Record<string, string>;
}

/** A reason beside each field; in `values` by variable. */
export interface Problems {
  name?: string;
  phone?: string;
  template?: string;
  values: Record<string, string>;
}

export type Reason =
  | "name"
  | "phone"
  | "template"
  | "value"
  | "file"
  | "phone_invalid"
  | "phone_invalid_foreign"
  | "phone_needs_country"
  | "too_long"
  | "unsendable"
  | "no_value"
  | "other";

const BRAZIL = "55";
/** Area code and number. */
const NATIONAL = /^[1-9]\d[2-9]\d{7,8}$/;

/** The number as it will be dialled, as far as that shows already; the server has the last word. */
export function internationalOf(phone: string, foreign: boolean): string | null {
  const digits = phone.replace(/\D/g, "");
  if (/[^\d\s()+./-]/.test(phone)) return null;
  if (foreign || /^\s*\+/.test(phone)) return digits.length >= 8 ? digits.replace(/^00/, "") : null;
  const national = digits.replace(/^0/, "");
  if (/^55\d{10,11}$/.test(digits)) return digits;
  return NATIONAL.test(national) ? BRAZIL + national : null;
}

/** A number as the form shows it: Brazil's without its country, any other one with a plus. */
export function typedOf(digits: string): { phone: string; foreign: boolean } {
  const national = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (national) return { phone: `${national[1]} ${national[2]}-${national[3]}`, foreign: false };
  const foreign = /^\+?\d{10,}$/.test(digits) && !NATIONAL.test(digits);
  return { phone: foreign ? `+${digits.replace(/^\+/, "")}` : digits, foreign };
}

/** What is missing before the server need be asked. */
export function missing(wish: Wish, template: Template | null): Record<string, Reason> {
  const found: Record<string, Reason> = {};
  if (wish.name.trim() === "") found.name = "name";
  if (wish.phone.trim() === "") found.phone = "phone";
  if (template === null) found.template = "template";
  return template === null ? found : { ...found, ...missingValues(template, wish.values) };
}

/** The reason beside each field that the server refused; null when it was something else. */
export function refusedFields(error: Refused, foreign: boolean): Record<string, Reason> | null {
  const { fields } = error.body;
  if (error.code !== "invalid" || !Array.isArray(fields)) return null;
  const found: Record<string, Reason> = {};
  for (const { path, reason } of fields as { path: string; reason: string }[]) {
    const name = path.replace(/^(template\.)?values\./, "").replace(/^template\..*/, "template");
    found[name] = reasonOf(name, reason, foreign);
  }
  const places = Object.keys(found);
  const known = (name: string) =>
    /^(name|phone|template|header\..+|body\..+|button\..+)$/.test(name);
  return places.length > 0 && places.every(known) ? found : null;
}

/** Beside each field: variables that a contact who is new has no value for (SEND-3). */
export function emptyVariables(error: Refused, wish: Wish): Record<string, Reason> | null {
  const { variables } = error.body;
  if (error.code !== "variables_empty" || !Array.isArray(variables)) return null;
  const lacking = (variables as { name: string }[]).map(({ name }) => `{${name}}`);
  const found = Object.entries(wish.values)
    .filter(([, value]) => lacking.some((name) => value.includes(name)))
    .map(([field]) => [field, "no_value"] as const);
  return found.length > 0 ? Object.fromEntries(found) : null;
}

/** What is known of somebody new, as the server will fill it in. */
export function knownOf(wish: Wish, phone: string | null, agent: string): Variable[] {
  const told = {
    nome: wish.name.trim(),
    telefone: phone === null ? "" : formatPhone(phone),
    canal: "WhatsApp",
    agente: agent,
  };
  return Object.entries(told)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name, kind: "text", label: null, value, hidden: false }));
}

function reasonOf(name: string, reason: string, foreign: boolean): Reason {
  if (reason === "phone_invalid") return foreign ? "phone_invalid_foreign" : "phone_invalid";
  if (reason === "phone_needs_country" || reason === "unsendable") return reason;
  if (reason === "too_long" || reason === "string_too_long") return "too_long";
  if (reason === "empty" || reason === "string_too_short") {
    return name === "name" || name === "phone" ? name : "value";
  }
  return "other";
}

/** The wish as the door takes it. */
export function requestOf(wish: Wish, template: Template, clientKey: string): StartChat {
  return {
    client_key: clientKey,
    name: wish.name.trim(),
    phone: wish.phone.trim(),
    foreign: wish.foreign,
    open: wish.open,
    account: wish.account,
    template: toSend(template, wish.values),
  };
}
