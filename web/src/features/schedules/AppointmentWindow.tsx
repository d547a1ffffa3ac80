/** A date with the contact: booked, or changed (INFO-8). */

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { MomentInput, type MomentRefusal, momentFrom } from "~/components/MomentInput";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Appointment } from "~/lib/api/types";
import { forgetLastKey, newClientKey, serverNow } from "~/lib/clock";
import { wrongFields } from "~/lib/fieldValues";
import { timeZone } from "~/lib/time";
import { type Wall, wallOf } from "~/lib/zone";
import { useDeskAndMe } from "../live/DeskContext";
import { useOnce } from "../panel/useOnce";
import styles from "./Schedules.module.css";
import { useRenewed } from "./useSchedules";

addSentences("panel", panel);

interface AppointmentWindowProps {
  chatId: string;
  /** Said where the contact is not in sight. */
  contact?: string | null;
  /** The one to change; null for a new one. */
  appointment: Appointment | null;
  close: () => void;
}

type Problems = { moment?: MomentRefusal; title?: string };

export function AppointmentWindow({ chatId, contact, appointment, close }: AppointmentWindowProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me, agents } = useDeskAndMe();
  const why = useWhy();
  const once = useOnce();
  const renewed = useRenewed();
  const key = useRef<string | null>(null);
  const [title, setTitle] = useState(appointment?.title ?? "");
  const [agentId, setAgentId] = useState(appointment ? (appointment.agent_id ?? "") : "");
  const [wall, setWall] = useState<Wall>(
    appointment ? wallOf(Date.parse(appointment.at), timeZone()) : { day: "", clock: "" },
  );
  const [problems, setProblems] = useState<Problems>({});
  const people = useMemo(() => {
    const active = me.agents
      .filter((agent) => agent.active)
      .sort((a, b) => a.name.localeCompare(b.name, "pt-BR"));
    const gone = appointment?.agent_id ? agents.get(appointment.agent_id) : undefined;
    return gone && !gone.active ? [...active, gone] : active;
  }, [me.agents, agents, appointment]);

  const submit = async () => {
    const moment = momentFrom(wall, serverNow());
    const found: Problems = {};
    if (title.trim() === "") found.title = t("appointment.titleEmpty");
    if ("problem" in moment) found.moment = moment.problem;
    setProblems(found);
    if (Object.keys(found).length > 0 || "problem" in moment) return;
    const body = {
      at: new Date(moment.at).toISOString(),
      title: title.trim(),
      agent_id: agentId || null,
    };
    const done = await once.run(async () => {
      try {
        if (appointment) {
          const { appointment_id: id, version } = appointment;
          await doors.editAppointment(chatId, id, { ...body, version });
        } else {
          key.current ??= newClientKey();
          await doors.book(chatId, { ...body, client_key: key.current });
        }
      } catch (error) {
        if (error instanceof Refused && !error.passing) {
          key.current = null;
          if (error.code === "clock_skew") forgetLastKey();
          const wrong = error.code === "invalid" ? wrongFields(error.body) : {};
          if (wrong.at === "past" || wrong.at === "too_far") setProblems({ moment: wrong.at });
        }
        throw error;
      }
    });
    void renewed();
    if (done) close();
  };

  return (
    <Window
      title={t(appointment ? "appointment.edit" : "appointment.add")}
      close={once.busy ? () => {} : close}
      size={480}
      testId="appointment-window"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.rows}>
          {contact ? (
            <p>
              <bdi>{t("appointment.with", { name: contact })}</bdi>
            </p>
          ) : null}
          <TextInput
            label={t("appointment.title")}
            withAsterisk
            aria-required
            value={title}
            maxLength={120}
            dir="auto"
            autoComplete="off"
            error={problems.title ?? null}
            onChange={(event) => {
              setTitle(event.currentTarget.value);
              setProblems(({ title: _, ...rest }) => rest);
            }}
            data-autofocus
            data-testid="appointment-title"
          />
          <MomentInput
            wall={wall}
            change={(changed) => {
              setWall(changed);
              setProblems(({ moment: _, ...rest }) => rest);
            }}
            problem={problems.moment ?? null}
            testId="appointment"
          />
          <NativeSelect
            label={t("appointment.agent")}
            description={t("appointment.reminder")}
            value={agentId}
            onChange={(event) => setAgentId(event.currentTarget.value)}
            data-testid="appointment-agent"
          >
            <option value="">{t("appointment.nobody")}</option>
            {people.map((agent) => (
              <option key={agent.agent_id} value={agent.agent_id}>
                {agent.name}
              </option>
            ))}
          </NativeSelect>
        </div>
        <WindowActions>
          {once.failed ? (
            <Remark tone="danger" testId="appointment-failed">
              {why(once.failed)}
            </Remark>
          ) : null}
          <Button variant="default" onClick={close} disabled={once.busy}>
            {common("app.cancel")}
          </Button>
          <Button type="submit" loading={once.busy} data-testid="appointment-save">
            {t("save")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}
