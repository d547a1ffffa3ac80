/** Who attends the chat, to whom it is given, and its closing (CHAT-8, ROUTE, CLOSE-1, CLOSE-3). */

import { Button } from "@mantine/core";
import { IconClock, IconMessageCheck, IconSelector } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import type { Chat } from "~/lib/api/types";
import { fullTime, untilTime } from "~/lib/time";
import { isWaiting } from "~/lib/waiting";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { isSomeoneElses } from "./rights";
import { Fact, Section } from "./Section";
import type { Ask } from "./windows";

type Closing = NonNullable<Chat["closing"]>;

export function ServiceSection({ chat, ask }: { chat: Chat; ask: Ask }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me, agents, departments } = useDeskAndMe();
  const { row, protocol } = chat;
  const waiting = isWaiting(row.waiting_since, me.settings.chatbot_since)
    ? row.waiting_since
    : null;
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
      <Pick
        label={t("toFlow")}
        value={waiting === null ? null : t("flow.waits", { at: fullTime(waiting) })}
        nobody={t("flow.choose")}
        locked={locked}
        act={() => ask({ window: "flow" })}
        testId="to-flow"
      />
      {locked ? <Remark testId="forward-locked">{t("heldByOther")}</Remark> : null}
      {protocol !== null && chat.closing !== null ? (
        <ScheduledClosing
          closing={chat.closing}
          act={() => ask({ window: "cancelClosing", protocol })}
        />
      ) : null}
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

/** When it closes by itself, and what a reply does to that; a click asks to cancel it (CLOSE-3). */
function ScheduledClosing({ closing, act }: { closing: Closing; act: () => void }) {
  const { t } = useTranslation("panel");
  const now = useNow(15_000);
  const at = untilTime(closing.at, now);
  const due = Date.parse(closing.at) <= now;
  return (
    <div className={styles.card} data-testid="scheduled-closing">
      <button
        type="button"
        className={styles.cardFace}
        aria-label={t("closing.card", { at })}
        title={t("closing.hint")}
        onClick={act}
        data-testid="scheduled-closing-open"
      />
      <p className={styles.noteText}>{due ? t("closing.now") : t("closing.at", { at })}</p>
      <div className={styles.noteFacts}>
        <span className={styles.noteFact}>
          <Icon of={IconClock} size={14} />
          {t(closing.on_reply === "keep" ? "closing.keep" : "closing.cancelled")}
        </span>
      </div>
      <div className={styles.noteFoot}>
        <span>
          <bdi>{t("closing.by", { name: closing.by_name })}</bdi>
        </span>
      </div>
    </div>
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
