/** «Encaminhar para agente» and «Encaminhar para departamento»: a name is chosen, and asked about once. */

import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { type Choice, Finder } from "~/components/Finder";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { Refused } from "~/lib/api/http";
import type { Chat } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import { isSomeoneElses } from "./rights";
import { useMoved } from "./useMoved";
import { useOnce } from "./useOnce";
import styles from "./Windows.module.css";

interface AssignWindowProps {
  to: "agent" | "department";
  chat: Chat;
  close: () => void;
}

export function AssignWindow({ to, chat, close }: AssignWindowProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { desk, me, agents, departments } = useDeskAndMe();
  const { row } = chat;
  const why = useWhy();
  const once = useOnce();
  const moved = useMoved(chat);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const choices = useMemo<Choice[]>(() => {
    const found =
      to === "agent"
        ? me.agents
            .filter((agent) => agent.active)
            .map(({ agent_id, name, picture }) => ({
              id: agent_id,
              name,
              sign: <Avatar name={name} size={28} picture={picture} />,
              remark:
                agent_id === row.agent_id
                  ? t("holdsNow")
                  : agent_id === me.agent.agent_id
                    ? t("you")
                    : null,
            }))
        : me.departments
            .filter((department) => department.active)
            .map(({ department_id, name }) => ({
              id: department_id,
              name,
              remark: department_id === row.department_id ? t("holdsNow") : null,
            }));
    return found.sort((a, b) => a.name.localeCompare(b.name, "pt-BR"));
  }, [to, me, row.agent_id, row.department_id, t]);

  const locked = isSomeoneElses(chat, me);
  const late = once.failed instanceof Refused && once.failed.code === "moved_on";
  const title = t(to === "agent" ? "toAgent" : "toDepartment");
  const remarks = (
    <>
      {once.failed ? (
        <Remark tone="danger" testId="assign-failed">
          {why(once.failed)}
        </Remark>
      ) : null}
      {moved && !late && !once.busy ? <Remark tone="warning">{t("moved")}</Remark> : null}
      {locked ? <Remark tone="warning">{t("heldByOther")}</Remark> : null}
    </>
  );
  if (!chosen) {
    return (
      <Window title={title} close={close} testId="assign-window">
        <div className={styles.rows}>
          {remarks}
          <Finder
            label={t(to === "agent" ? "searchAgent" : "searchDepartment")}
            choices={choices}
            nothing={t(to === "agent" ? "noSuchAgent" : "noSuchDepartment")}
            choose={(id) => {
              once.forgive();
              setChosen(choices.find((choice) => choice.id === id) ?? null);
            }}
            lines={9}
          />
        </div>
      </Window>
    );
  }

  const agent =
    row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? common("agents.unknown"));
  const department =
    row.department_id === null
      ? null
      : (departments.get(row.department_id)?.name ?? common("departments.unknown"));
  const question =
    to === "department" ? "askDepartment" : row.agent_id === null ? "askAgent" : "askOtherAgent";
  const agree = async () => {
    const done = await once.run(() =>
      to === "agent" ? desk.assignAgent(chat, chosen.id) : desk.assignDepartment(chat, chosen.id),
    );
    if (done) close();
  };
  return (
    <Window title={t(question)} close={once.busy ? () => {} : close} testId="assign-window">
      <div className={styles.rows}>
        <p className={styles.chosen} dir="auto" data-testid="assign-chosen">
          <bdi>{chosen.name}</bdi>
        </p>
        <ul className={styles.consequences}>
          {to === "agent" && agent !== null ? <li>{t("agentNow", { name: agent })}</li> : null}
          {to === "agent" && department !== null ? (
            <li>{t("departmentGoes", { name: department })}</li>
          ) : null}
          {to === "department" && agent !== null ? (
            <li>{t("agentGoes", { name: agent })}</li>
          ) : null}
          {to === "department" && department !== null ? (
            <li>{t("departmentNow", { name: department })}</li>
          ) : null}
          {chat.protocol === null ? <li>{t("opensAttendance")}</li> : null}
        </ul>
        {remarks}
      </div>
      <WindowActions>
        <Button variant="default" onClick={close} disabled={once.busy}>
          {t("no")}
        </Button>
        <Button
          loading={once.busy}
          disabled={locked}
          onClick={() => void agree()}
          data-autofocus
          data-testid="assign-yes"
        >
          {t("yes")}
        </Button>
      </WindowActions>
    </Window>
  );
}
