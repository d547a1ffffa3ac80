/** «Agendas»: the appointments of a week, of one agent or of all (INFO-8). */

import { Button, NativeSelect } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { Window, WindowActions } from "~/components/Window";
import { DeskContext } from "~/features/live/DeskContext";
import { AppointmentWindow } from "~/features/schedules/AppointmentWindow";
import { DropAppointment } from "~/features/schedules/DropAppointment";
import { addSentences } from "~/i18n";
import { flows } from "~/i18n/flows";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import type { Appointment, ChatRow, Me } from "~/lib/api/types";
import { clockTime, dayOf, fullTime } from "~/lib/time";
import { Page } from "../Page";
import { EACH_VISIT, useLabels } from "../queries";
import { useRestingDesk } from "../restingDesk";
import { ContactPicker } from "./ContactPicker";
import styles from "./Scheduled.module.css";
import { addDays, weekOf } from "./week";

addSentences("flows", flows);
addSentences("panel", panel);

type Asked =
  | { window: "pick" }
  | { window: "new"; row: ChatRow }
  | { window: "details"; one: Appointment }
  | { window: "edit"; one: Appointment }
  | { window: "drop"; one: Appointment };

const ANEW_MS = 15_000;
const NAMED = new Intl.DateTimeFormat("pt-BR", {
  weekday: "short",
  day: "2-digit",
  month: "2-digit",
  timeZone: "UTC",
});

const nameOf = (day: string) => NAMED.format(new Date(`${day}T12:00:00Z`));

export default function AgendaPage({ me }: { me: Me }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("administration");
  const { t: here } = useTranslation("flows");
  const navigate = useNavigate();
  const now = useNow(60_000);
  const labels = useLabels();
  const desk = useRestingDesk(me, labels.data ?? null);
  const [parameters, setParameters] = useSearchParams();
  const [open, setOpen] = useState<Asked | null>(null);
  const today = dayOf(now);
  const days = weekOf(parameters.get("dia") ?? "", today);
  const agent = parameters.get("agente");
  const put = (name: string, value: string) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const asked = { since: days[0] as string, until: days[6] as string, agent };
  const appointments = useQuery({
    queryKey: ["appointments", "page", asked],
    queryFn: () => doors.appointments(asked),
    refetchInterval: ANEW_MS,
    ...EACH_VISIT,
  });
  const all = appointments.data?.appointments ?? null;
  const close = () => setOpen(null);
  const nameOfAgent = (id: string | null) =>
    id === null ? null : (desk.agents.get(id)?.name ?? common("agents.unknown"));
  return (
    <DeskContext value={desk}>
      <Page
        title={words("pages.agenda")}
        text={here("agenda.text")}
        actions={
          <Button
            leftSection={<Icon of={IconPlus} />}
            onClick={() => setOpen({ window: "pick" })}
            data-testid="add"
          >
            {t("appointment.add")}
          </Button>
        }
      >
        <div className={styles.filters}>
          <div className={styles.week}>
            <IconButton
              label={here("agenda.previous")}
              onClick={() => put("dia", addDays(asked.since, -7))}
              data-testid="week-before"
            >
              <Icon of={IconChevronLeft} />
            </IconButton>
            <span className={styles.weekName} role="status">
              {here("agenda.week", { first: nameOf(asked.since), last: nameOf(asked.until) })}
            </span>
            <IconButton
              label={here("agenda.next")}
              onClick={() => put("dia", addDays(asked.since, 7))}
              data-testid="week-after"
            >
              <Icon of={IconChevronRight} />
            </IconButton>
            <Button
              variant="default"
              disabled={days.includes(today)}
              onClick={() => put("dia", "")}
            >
              {here("agenda.today")}
            </Button>
          </div>
          <NativeSelect
            label={t("appointment.agent")}
            value={agent ?? ""}
            onChange={(event) => put("agente", event.currentTarget.value)}
            data={[
              { value: "", label: here("agenda.everybody") },
              ...[...me.agents]
                .sort((one, other) => one.name.localeCompare(other.name, "pt-BR"))
                .map((one) => ({ value: one.agent_id, label: one.name })),
            ]}
            data-testid="agenda-agent"
          />
        </div>
        {appointments.isError && all === null ? (
          <Remark
            tone="danger"
            action={{ label: common("app.retry"), act: () => void appointments.refetch() }}
          >
            {t("appointment.failed")}
          </Remark>
        ) : null}
        {all?.length === 0 ? <p className={styles.quiet}>{here("agenda.none")}</p> : null}
        <div className={styles.days} data-testid="agenda">
          {days.map((day) => (
            <section
              key={day}
              className={styles.day}
              aria-label={nameOf(day)}
              data-today={day === today || undefined}
            >
              <h3 className={styles.dayName}>{nameOf(day)}</h3>
              {all === null && !appointments.isError ? <Bone width="100%" height={44} /> : null}
              {all
                ?.filter((one) => dayOf(one.at) === day)
                .map((one) => (
                  <button
                    key={one.appointment_id}
                    type="button"
                    className={styles.date}
                    data-over={Date.parse(one.at) <= now || undefined}
                    onClick={() => setOpen({ window: "details", one })}
                    data-testid="agenda-date"
                  >
                    <strong>
                      {clockTime(one.at)} <bdi>{one.title}</bdi>
                    </strong>
                    <bdi dir="auto">{one.contact_name}</bdi>
                    {one.agent_id ? <bdi>{nameOfAgent(one.agent_id)}</bdi> : null}
                  </button>
                ))}
            </section>
          ))}
        </div>
        {open?.window === "pick" ? (
          <ContactPicker
            title={t("appointment.add")}
            evenBlocked
            choose={(row) => setOpen({ window: "new", row })}
            close={close}
          />
        ) : null}
        {open?.window === "new" ? (
          <AppointmentWindow
            chatId={open.row.chat_id}
            contact={open.row.name}
            appointment={null}
            close={close}
          />
        ) : null}
        {open?.window === "details" ? (
          <Window title={open.one.title} close={close} size={480} testId="appointment-details">
            <div className={styles.details}>
              <p>{fullTime(open.one.at)}</p>
              <p>
                <bdi>{t("appointment.with", { name: open.one.contact_name })}</bdi>
              </p>
              <p>
                {t("appointment.agent")}:{" "}
                <bdi>{nameOfAgent(open.one.agent_id) ?? t("appointment.nobody")}</bdi>
              </p>
              <p className={styles.quiet}>
                <bdi>
                  {open.one.by_name === null
                    ? t("appointment.byFlow")
                    : t("appointment.by", { name: open.one.by_name })}
                </bdi>
              </p>
            </div>
            <WindowActions>
              {open.one.readable ? (
                <>
                  <Button
                    variant="default"
                    onClick={() => void navigate(`/chats/${encodeURIComponent(open.one.chat_id)}`)}
                  >
                    {here("scheduled.openChat")}
                  </Button>
                  <Button
                    variant="default"
                    onClick={() => setOpen({ window: "drop", one: open.one })}
                    data-testid="appointment-drop"
                  >
                    {t("appointment.hint")}
                  </Button>
                  <Button
                    onClick={() => setOpen({ window: "edit", one: open.one })}
                    data-testid="appointment-edit"
                  >
                    {t("appointment.edit")}
                  </Button>
                </>
              ) : (
                <Button onClick={close}>{common("app.close")}</Button>
              )}
            </WindowActions>
          </Window>
        ) : null}
        {open?.window === "edit" ? (
          <AppointmentWindow
            chatId={open.one.chat_id}
            contact={open.one.contact_name}
            appointment={open.one}
            close={close}
          />
        ) : null}
        {open?.window === "drop" ? <DropAppointment appointment={open.one} close={close} /> : null}
      </Page>
    </DeskContext>
  );
}
