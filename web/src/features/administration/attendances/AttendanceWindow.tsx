/** One attendance: who, when, the farewell, and the fields' values as they were (CLOSE-7). */

import { Button } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { Window } from "~/components/Window";
import type { AttendanceView, ClosingValue, Me } from "~/lib/api/types";
import { showValue } from "~/lib/fieldValues";
import { fullTime } from "~/lib/time";
import { Soft, Status } from "../Parts";
import { useLabels } from "../queries";
import styles from "./Attendances.module.css";
import type { Names } from "./useNames";

interface AttendanceWindowProps {
  me: Me;
  attendance: AttendanceView;
  names: Names;
  close: () => void;
}

export function AttendanceWindow({ me, attendance, names, close }: AttendanceWindowProps) {
  const { t: words } = useTranslation("administration");
  const navigate = useNavigate();
  const labels = useLabels();
  const { protocol, closed_at, agent_ids, department_ids, farewell, fields } = attendance;
  const shown = ({ field_id, name, value }: ClosingValue) => {
    if (value === null) return <Soft>{words("attendances.noValue")}</Soft>;
    const kind = labels.data?.fields.find((one) => one.field_id === field_id)?.kind ?? null;
    if (kind === "image") {
      const address = attendance.pictures[String(value)];
      if (!address) return words("attendances.picture");
      return <img className={styles.picture} src={address} alt={name} />;
    }
    return showValue(kind, value, { yes: words("form.yes"), no: words("form.no") });
  };
  return (
    <Window
      title={words("attendances.detail", { protocol })}
      close={close}
      size={520}
      testId="attendance"
    >
      <dl className={styles.facts}>
        <Fact term={words("attendances.protocol")}>
          <span className={styles.copied}>
            {protocol}
            <CopyButton text={protocol} label={words("attendances.copyProtocol")} />
          </span>
        </Fact>
        <Fact term={words("attendances.contact")}>
          <bdi dir="auto">{attendance.contact_name}</bdi>
        </Fact>
        <Fact term={words("attendances.opened")}>
          {fullTime(attendance.opened_at)} <Soft>{names.openedBy(attendance)}</Soft>
        </Fact>
        <Fact term={words("attendances.closedAt")}>
          {closed_at ? (
            <>
              {fullTime(closed_at)} <Soft>{names.closedBy(attendance)}</Soft>
            </>
          ) : (
            <Status tone="good">{words("attendances.open")}</Status>
          )}
        </Fact>
        <Fact term={words("attendances.agents")}>
          {agent_ids.map(names.agent).join(", ") || <Soft>{words("attendances.nobody")}</Soft>}
        </Fact>
        <Fact term={words("attendances.departments")}>
          {department_ids.map(names.department).join(", ") || (
            <Soft>{words("attendances.none")}</Soft>
          )}
        </Fact>
      </dl>
      {closed_at ? (
        <>
          <h3 className={styles.heading}>{words("attendances.farewell")}</h3>
          {farewell ? (
            <p className={styles.farewell} dir="auto" data-testid="attendance-farewell">
              {farewell}
            </p>
          ) : (
            <Soft>{words("attendances.noFarewell")}</Soft>
          )}
          <h3 className={styles.heading}>{words("attendances.values")}</h3>
          {fields.length > 0 ? (
            <dl className={styles.facts}>
              {fields.map((one) => (
                <Fact key={one.field_id} term={one.name}>
                  <bdi dir="auto">{shown(one)}</bdi>
                </Fact>
              ))}
            </dl>
          ) : (
            <Soft>{words("attendances.noValues")}</Soft>
          )}
        </>
      ) : null}
      {me.tabs.length > 0 ? (
        <div className={styles.foot}>
          <Button
            variant="default"
            leftSection={<Icon of={IconMessage} />}
            onClick={() => void navigate(`/chats/${encodeURIComponent(attendance.chat_id)}`)}
          >
            {words("attendances.openChat")}
          </Button>
        </div>
      ) : null}
    </Window>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt dir="auto">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
