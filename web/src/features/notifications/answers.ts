/** Whether something was told, in each way, and why, in words (NOTIF-7). */

import type { TFunction } from "i18next";
import type { Decision } from "~/lib/api/types";

const WAYS = ["bell", "sound", "push"] as const;
export type Way = (typeof WAYS)[number];

export interface Answer {
  way: Way;
  told: boolean;
  words: string;
}

/** A push that was decided has still to arrive: what became of it tells more than the decision. */
export function answersOf(decision: Decision, words: TFunction<"notifications">): Answer[] {
  return WAYS.map((way) => {
    const { because } = decision[way];
    if (because !== "told")
      return { way, told: false, words: words(`decisions.because.${because}`) };
    const outcome = way === "push" ? decision.push.outcome : null;
    if (outcome === null) return { way, told: true, words: words(`decisions.told.${way}`) };
    return { way, told: outcome === "sent", words: words(`decisions.outcomes.${outcome}`) };
  });
}
