/** One chat in the list (ROW-1, ROW-2, ROW-4, ROW-6, ROW-7). */

import { IconBan, IconMail, IconMailOpened, IconUser } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { memo } from "react";
import { Avatar } from "~/components/Avatar";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import type { ChatRow } from "~/lib/api/types";
import { fullTime, rowTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import styles from "./Row.module.css";

interface RowProps {
  row: ChatRow;
  now: number;
  active: boolean;
  go: (change: { chatId: string }) => void;
  /** Handed down: many rows are drawn in one frame while scrolling. */
  t: TFunction;
}

export const Row = memo(function Row({ row, now, active, go, t }: RowProps) {
  const { agents, departments } = useDeskAndMe();
  const agent =
    row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? t("agents.unknown"));
  const department =
    row.department_id === null
      ? null
      : (departments.get(row.department_id)?.name ?? t("departments.unknown"));
  const name = nameOf(row, t("authors.contact"));
  const time = row.last_activity_at;
  const unread = row.unread > 0;
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={active ? "true" : undefined}
      data-unread={unread}
      data-testid="chat-row"
      data-chat-id={row.chat_id}
      onClick={() => go({ chatId: row.chat_id })}
    >
      <span className={styles.face}>
        <Avatar name={name} />
        <span className={styles.channel}>
          <ChannelIcon channel={row.channel} label={t(`channels.${row.channel}`)} />
        </span>
      </span>
      <span className={styles.text}>
        <span className={styles.line}>
          <bdi className={styles.name} dir="auto" data-testid="row-name">
            {name}
          </bdi>
          {row.blocked ? (
            <span
              className={styles.blocked}
              role="img"
              aria-label={t("list.blocked")}
              title={t("list.blocked")}
            >
              <Icon of={IconBan} size={15} />
            </span>
          ) : null}
          {time ? (
            <time className={styles.time} dateTime={time} title={fullTime(time)}>
              {rowTime(time, now)}
            </time>
          ) : null}
        </span>
        <span className={styles.line}>
          <span className={styles.preview} data-testid="row-preview">
            {preview(row, t)}
          </span>
          {department ? (
            <span className={styles.badge} title={department}>
              {department}
            </span>
          ) : null}
          {agent ? (
            <span
              className={styles.agent}
              role="img"
              title={t("list.agent", { name: agent })}
              aria-label={t("list.agent", { name: agent })}
              data-testid="row-agent"
            >
              <Icon of={IconUser} size={14} />
            </span>
          ) : null}
          <span
            className={styles.read}
            role="img"
            aria-label={unread ? t("list.unreadIcon") : t("list.readIcon")}
            title={unread ? t("list.unreadIcon") : t("list.readIcon")}
          >
            <Icon of={unread ? IconMail : IconMailOpened} size={15} />
          </span>
          {unread ? (
            <span
              className={styles.unread}
              data-testid="row-unread"
              role="img"
              aria-label={t("list.unread", { count: row.unread })}
            >
              {row.unread > 99 ? "99+" : row.unread}
            </span>
          ) : null}
        </span>
      </span>
    </button>
  );
});

function preview(row: ChatRow, t: TFunction) {
  if (row.preview_kind === null && !row.preview) return <i>{t("list.noMessages")}</i>;
  const mine = row.preview_author === "agent" || row.preview_author === "device";
  const who = row.preview_author === "agent" ? t("authors.agent") : t("authors.device");
  const kind = row.preview_kind ?? "text";
  const plain = kind === "text" || kind === "choice" || kind === "system";
  return (
    <>
      {mine ? `${who}: ` : null}
      {plain ? null : row.preview ? `${t(`kinds.${kind}`)}: ` : t(`kinds.${kind}`)}
      <bdi dir="auto">{row.preview}</bdi>
    </>
  );
}
