/** A day and an hour in the agency's zone, which is named when this computer's is another one. */

import { TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { timeZone, zoneName } from "~/lib/time";
import { instantOf, type Wall } from "~/lib/zone";
import { isClock, typedClock, wholeClock } from "./clock";
import { DayInput } from "./DayInput";
import styles from "./MomentInput.module.css";

addSentences("panel", panel);

export type MomentProblem = "empty" | "not_a_date" | "not_a_time" | "never" | "past";

/** What only the server says of it: further away than anything is scheduled. */
export type MomentRefusal = MomentProblem | "too_far";

/** The instant that was typed, or why it is none that is to come. */
export function momentFrom(wall: Wall, now: number): { at: number } | { problem: MomentProblem } {
  if (wall.day === "" || wall.clock === "") return { problem: "empty" };
  if (instantOf({ day: wall.day, clock: "12:00" }, timeZone()) === null) {
    return { problem: "not_a_date" };
  }
  const clock = wholeClock(wall.clock);
  if (!isClock(clock)) return { problem: "not_a_time" };
  const at = instantOf({ day: wall.day, clock }, timeZone());
  if (at === null) return { problem: "never" };
  return at <= now ? { problem: "past" } : { at };
}

interface MomentInputProps {
  wall: Wall;
  change: (wall: Wall) => void;
  problem: MomentRefusal | null;
  testId: string;
}

export function MomentInput({ wall, change, problem, testId }: MomentInputProps) {
  const { t } = useTranslation("panel");
  const hint = useId();
  const elsewhere = Intl.DateTimeFormat().resolvedOptions().timeZone !== timeZone();
  const ofClock = problem === "not_a_time" || (problem === "empty" && wall.day !== "");
  const words = problem ? t(`moment.${problem}`) : null;
  return (
    <div>
      <div className={styles.pair}>
        <DayInput
          label={t("moment.day")}
          value={wall.day}
          change={(day) => change({ ...wall, day })}
          error={words !== null && !ofClock ? words : null}
          required
          testId={`${testId}-day`}
        />
        <TextInput
          label={t("moment.clock")}
          withAsterisk
          aria-required
          value={wall.clock}
          onChange={(event) => change({ ...wall, clock: typedClock(event.currentTarget.value) })}
          onBlur={() => change({ ...wall, clock: wholeClock(wall.clock) })}
          placeholder={t("moment.clockHint")}
          inputMode="numeric"
          maxLength={6}
          autoComplete="off"
          error={words !== null && ofClock ? words : null}
          aria-describedby={elsewhere ? hint : undefined}
          data-testid={`${testId}-clock`}
        />
      </div>
      {elsewhere ? (
        <p className={styles.hint} id={hint}>
          {t("moment.zone", { zone: zoneName() })}
        </p>
      ) : null}
    </div>
  );
}
