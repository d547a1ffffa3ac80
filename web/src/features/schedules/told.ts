/** What is said of something that was scheduled. */

import type { TFunction } from "i18next";
import type { Schedule } from "~/lib/api/types";
import { fullTime, untilTime } from "~/lib/time";

export const HELD_FOR_MS = 30 * 60_000;

/** Whether it may still go out. */
export function isToCome({ state }: Schedule): boolean {
  return state === "pending" || state === "held";
}

/** When it goes out, or what became of it. */
export function stateOf(
  one: Schedule,
  now: number,
  t: TFunction<"panel">,
  common: TFunction,
): string {
  const due = Date.parse(one.due_at);
  switch (one.state) {
    case "pending":
      return due <= now ? t("schedule.states.now") : goesOut(one.due_at, now, t);
    case "held":
      return t("schedule.states.held", {
        at: untilTime(new Date(due + HELD_FOR_MS).toISOString(), now),
      });
    case "done":
      return t(one.kind === "flow" ? "schedule.states.doneFlow" : "schedule.states.done", {
        at: fullTime(one.done_at ?? one.due_at),
      });
    case "not_sent":
      return t("schedule.states.not_sent", { why: whyOf(one, common) });
    case "removed":
      return t("schedule.states.removed");
  }
}

/** «Sai hoje às 14:30», «Sai em 31/12/2026 09:30» */
function goesOut(dueAt: string, now: number, t: TFunction<"panel">): string {
  const at = untilTime(dueAt, now);
  return t(at === fullTime(dueAt) ? "schedule.states.pendingOn" : "schedule.states.pending", {
    at,
  });
}

/** Why it was not sent; the variables that were empty are named. */
export function whyOf({ reason, lacks }: Schedule, common: TFunction): string {
  const why = common(`scheduleReasons.${reason ?? "other"}`);
  return lacks.length === 0 ? why : `${why} (${lacks.map((name) => `{${name}}`).join(", ")})`;
}
