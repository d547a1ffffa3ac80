/** The system's own fields of a contact, in the page's order (INFO-2), and how each is edited. */

import type { Contact, FieldKind } from "~/lib/api/types";

export type SystemField = keyof Contact["system"];

export const SYSTEM_FIELDS: SystemField[] = ["birth_date", "cpf", "rg", "customer_code", "email"];

export const SYSTEM_KINDS: Record<SystemField, FieldKind> = {
  birth_date: "date",
  cpf: "text",
  rg: "text",
  customer_code: "text",
  email: "email",
};

/** Shown masked, and not to be changed, without the contacts permission. */
export const MASKED: ReadonlySet<SystemField> = new Set(["cpf", "rg"]);
