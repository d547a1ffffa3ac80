/** Who attends the chat, to whom it is given, and its closing (CHAT-8, ROUTE, CLOSE-1). */

import { Button } from "@mantine/core";
import { IconMessageCheck, IconSelector } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import type { Chat } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { isSomeoneElses } from "./rights";
import { Fact, Section } from "./Section";
import type { Ask } from "./windows";

export function ServiceSection({ chat, ask }: { chat: Chat; ask: Ask }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me, agents, departments } = useDeskAndMe();
  const { row, protocol } = chat;
  const locked = isSomeoneElses(chat, me);
  const agent =
    row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? common("agents.unknown"));
  const department =
    row.department_id === null
      ? null
      : (departments.get(row.department_id)?.name ?? common("departments.unknown"));
  return (
    <Section id="service" title={t("service")}>
      <dl className={styles.facts}>
        <Fact term={t("state")} testId="attendance-state">
          {t(row.closed ? "stateClosed" : "stateOpen")}
        </Fact>
        <Fact term={t("protocol")}>
          {protocol ? (
            <span className={styles.copied}>
              <span data-testid="protocol">{protocol}</span>
              <CopyButton text={protocol} label={t("copyProtocol")} />
            </span>
          ) : (
            t("noProtocol")
          )}
        </Fact>
        <Fact term={t("opened")}>{row.opened_at ? fullTime(row.opened_at) : t("neverOpened")}</Fact>
      </dl>
      <Pick
        label={t("toAgent")}
        value={agent}
        nobody={t("noAgent")}
        locked={locked}
        act={() => ask({ window: "agent" })}
        testId="to-agent"
      />
      <Pick
        label={t("toDepartment")}
        value={department}
        nobody={t("noDepartment")}
        locked={locked}
        act={() => ask({ window: "department" })}
        testId="to-department"
      />
      {locked ? <Remark testId="forward-locked">{t("heldByOther")}</Remark> : null}
      <Button
        variant="default"
        size="sm"
        leftSection={<Icon of={IconMessageCheck} size={16} />}
        disabled={protocol === null}
        onClick={() => ask({ window: "close" })}
        data-testid="close-attendance"
      >
        {t("close")}
      </Button>
    </Section>
  );
}

function Pick({
  label,
  value,
  nobody,
  locked,
  act,
  testId,
}: {
  label: string;
  value: string | null;
  nobody: string;
  locked: boolean;
  act: () => void;
  testId: string;
}) {
  const id = useId();
  return (
    <div className={styles.pick}>
      <span className={styles.pickLabel} id={id}>
        {label}
      </span>
      <button
        type="button"
        id={`${id}-value`}
        className={styles.pickValue}
        aria-labelledby={`${id} ${id}-value`}
        data-empty={value === null}
        disabled={locked}
        onClick={act}
        data-testid={testId}
      >
        <bdi dir="auto" title={value ?? undefined}>
          {value ?? nobody}
        </bdi>
        <Icon of={IconSelector} size={16} />
      </button>
    </div>
  );
}
