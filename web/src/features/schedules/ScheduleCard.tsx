/** One thing that is scheduled, or was: what, when, and what became of it (SCH-3, SCH-5). */

import { IconClock, IconMessage, IconPencil, IconRobot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useNow } from "~/components/useNow";
import type { Schedule } from "~/lib/api/types";
import styles from "./Schedules.module.css";
import { isToCome, stateOf } from "./told";

interface ScheduleCardProps {
  one: Schedule;
  /** Absent: this viewer may not change it. */
  drop?: (() => void) | undefined;
  edit?: (() => void) | undefined;
}

export function ScheduleCard({ one, drop, edit }: ScheduleCardProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const now = useNow(15_000);
  const toCome = isToCome(one);
  const when = stateOf(one, now, t, common);
  return (
    <li
      className={styles.card}
      data-testid="schedule"
      data-state={one.state}
      data-kind={one.kind}
      data-over={!toCome || undefined}
    >
      {toCome && drop ? (
        <button
          type="button"
          className={styles.face}
          aria-label={t("schedule.card", { name: one.name, when })}
          title={t("schedule.hint")}
          onClick={drop}
          data-testid="schedule-card"
        />
      ) : null}
      <p className={styles.name}>
        <Icon of={one.kind === "flow" ? IconRobot : IconMessage} size={15} />
        <bdi>{one.name}</bdi>
      </p>
      <p className={styles.fact} data-failed={one.state === "not_sent" || undefined}>
        <Icon of={IconClock} size={14} />
        <span data-testid="schedule-state">{when}</span>
      </p>
      {one.opens ? <p className={styles.fact}>{t("schedule.opens")}</p> : null}
      <p className={styles.foot}>
        <bdi>{t("schedule.by", { name: one.by_name })}</bdi>
        {one.state === "pending" && edit ? (
          <IconButton
            label={t("schedule.edit")}
            size={28}
            onClick={edit}
            data-testid="edit-schedule"
          >
            <Icon of={IconPencil} size={15} />
          </IconButton>
        ) : null}
      </p>
    </li>
  );
}
