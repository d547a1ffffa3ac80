/** «Compromissos agendados»: the dates with the contact (INFO-6, INFO-8). */

import { Button } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import type { Appointment, Chat } from "~/lib/api/types";
import { AppointmentCard } from "../schedules/AppointmentCard";
import styles from "../schedules/Schedules.module.css";
import { useChatAppointments } from "../schedules/useSchedules";
import panelStyles from "./Panel.module.css";
import { Section } from "./Section";
import type { Ask } from "./windows";

export function AppointmentsSection({ chat, ask }: { chat: Chat; ask: Ask }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const now = useNow(60_000);
  const query = useChatAppointments(chat.row.chat_id, chat.profile_rev);
  const [past, setPast] = useState(false);
  const all = query.data?.appointments ?? null;
  const toCome = all?.filter((one) => Date.parse(one.at) > now) ?? [];
  const over = all?.filter((one) => Date.parse(one.at) <= now) ?? [];
  const card = (one: Appointment) => (
    <AppointmentCard
      key={one.appointment_id}
      one={one}
      drop={() => ask({ window: "dropAppointment", appointment: one })}
      edit={() => ask({ window: "appointment", appointment: one })}
    />
  );
  return (
    <Section id="appointments" title={t("appointments")} count={toCome.length}>
      <Button
        variant="default"
        size="sm"
        leftSection={<Icon of={IconCalendarPlus} size={16} />}
        onClick={() => ask({ window: "appointment", appointment: null })}
        data-testid="add-appointment"
      >
        {t("appointment.add")}
      </Button>
      {all === null ? (
        query.isError ? (
          <Remark
            tone="danger"
            action={{ label: common("app.retry"), act: () => void query.refetch() }}
          >
            {t("appointment.failed")}
          </Remark>
        ) : (
          <div className={panelStyles.bones} role="status" aria-label={t("appointment.loading")}>
            <Bone width="100%" height={64} />
          </div>
        )
      ) : (
        <>
          {toCome.length === 0 ? (
            <p className={panelStyles.quiet}>{t("appointment.none")}</p>
          ) : (
            <ul className={styles.cards}>{toCome.map(card)}</ul>
          )}
          {over.length > 0 ? (
            <Button variant="subtle" size="sm" aria-expanded={past} onClick={() => setPast(!past)}>
              {t(past ? "appointment.hidePast" : "appointment.past")}
            </Button>
          ) : null}
          {past ? <ul className={styles.cards}>{over.map(card)}</ul> : null}
        </>
      )}
    </Section>
  );
}
