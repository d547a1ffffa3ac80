/** What the closing window sends of the fields it asks for (CLOSE-6). */

import type { Field, FieldValue } from "~/lib/api/types";
import { type FieldDraft, valueFrom } from "~/lib/fieldValues";

type Drafts = Record<string, FieldDraft>;

/** Typed values; null for an empty optional one whose «Excluir valor atual» is ticked. */
export function closingValues(
  asked: Field[],
  drafts: Drafts,
  dropped: ReadonlySet<string>,
): Record<string, FieldValue | null> {
  const values: Record<string, FieldValue | null> = {};
  for (const { field_id, at_closing } of asked) {
    const value = valueFrom(drafts[field_id] ?? null);
    if (value !== null) values[field_id] = value;
    else if (at_closing === "optional" && dropped.has(field_id)) values[field_id] = null;
  }
  return values;
}

/** The longest time that a closing may be put off: 30 days. */
const MOST_MINUTES = 43_200;

/** «Tempo de encerramento» as it was typed: null when it is empty, and so the closing is now. */
export function minutesOf(typed: string): number | null | "wrong" {
  const words = typed.trim();
  if (words === "") return null;
  const minutes = /^\d+$/.test(words) ? Number(words) : 0;
  return minutes >= 1 && minutes <= MOST_MINUTES ? minutes : "wrong";
}

/** A reason for each required field that has nothing typed. */
export function missingOf(asked: Field[], drafts: Drafts): Record<string, string> {
  return Object.fromEntries(
    asked
      .filter(
        (one) => one.at_closing === "required" && valueFrom(drafts[one.field_id] ?? null) === null,
      )
      .map((one) => [one.field_id, "required"]),
  );
}

/** Once what is wrong is drawn, the first wrong field has the focus. */
export function focusFirstError(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const wrong = form?.querySelector<HTMLElement>("[aria-invalid=true], [data-error=true]");
    wrong?.focus();
    wrong?.scrollIntoView?.({ block: "center" });
  });
}
