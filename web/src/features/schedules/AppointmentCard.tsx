/** One date with a contact (INFO-6, INFO-8). */

import { IconCalendar, IconPencil, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useNow } from "~/components/useNow";
import type { Appointment } from "~/lib/api/types";
import { untilTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Schedules.module.css";

interface AppointmentCardProps {
  one: Appointment;
  drop: () => void;
  edit: () => void;
}

export function AppointmentCard({ one, drop, edit }: AppointmentCardProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { agents } = useDeskAndMe();
  const now = useNow(60_000);
  const at = untilTime(one.at, now);
  return (
    <li
      className={styles.card}
      data-testid="appointment"
      data-over={Date.parse(one.at) <= now || undefined}
    >
      <button
        type="button"
        className={styles.face}
        aria-label={t("appointment.card", { title: one.title, at })}
        title={t("appointment.hint")}
        onClick={drop}
        data-testid="appointment-card"
      />
      <p className={styles.name}>
        <bdi>{one.title}</bdi>
      </p>
      <p className={styles.fact}>
        <Icon of={IconCalendar} size={14} />
        <span>{at}</span>
      </p>
      {one.agent_id === null ? null : (
        <p className={styles.fact}>
          <Icon of={IconUser} size={14} />
          <bdi>{agents.get(one.agent_id)?.name ?? common("agents.unknown")}</bdi>
        </p>
      )}
      <p className={styles.foot}>
        <bdi>
          {one.by_name === null
            ? t("appointment.byFlow")
            : t("appointment.by", { name: one.by_name })}
        </bdi>
        <IconButton
          label={t("appointment.edit")}
          size={28}
          onClick={edit}
          data-testid="edit-appointment"
        >
          <Icon of={IconPencil} size={15} />
        </IconButton>
      </p>
    </li>
  );
}
