/** What an entry of the bell, or an occasion, says (NOTIF-2). */

import type { TFunction } from "i18next";
import type { BellEntry } from "~/lib/api/types";

export interface Told {
  lead: string;
  /** Other people's words, after the lead; empty: there are none. */
  text: string;
}

/** As the rows of the list say it: a message's words, or the word of its kind. */
export function entryWords(
  entry: Pick<BellEntry, "kind" | "text" | "text_kind" | "department_id">,
  departmentName: (id: string) => string,
  words: TFunction<"notifications">,
  common: TFunction,
): Told {
  const { kind, text, text_kind } = entry;
  if (kind === "assignment") {
    return { lead: assignmentWords(entry.department_id, departmentName, words), text: "" };
  }
  if (kind !== "message") return { lead: words(`events.${kind}`), text };
  if (text_kind === null) return { lead: words("events.deleted"), text: "" };
  const plain = text_kind === "text" || text_kind === "choice" || text_kind === "system";
  const lead =
    plain && text
      ? words("events.message")
      : words("events.messageKind", { kind: common(`kinds.${text_kind}`) });
  return { lead, text };
}

/** To whom an attendance was given; null: to the viewer. */
export function assignmentWords(
  departmentId: string | null,
  departmentName: (id: string) => string,
  words: TFunction<"notifications">,
): string {
  return departmentId === null
    ? words("events.toYou")
    : words("events.toDepartment", { name: departmentName(departmentId) });
}
