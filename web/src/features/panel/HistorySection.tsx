/** The chat's attendances: protocol, who and when, and the fields as they were at closing (CLOSE-7). */

import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { CopyButton } from "~/components/CopyButton";
import { Remark } from "~/components/Remark";
import { doors } from "~/lib/api/doors";
import type { AttendanceView, Chat, ClosingValue } from "~/lib/api/types";
import { showValue } from "~/lib/fieldValues";
import { fullTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { Section } from "./Section";
import { retried } from "./useContact";
import { useLabels } from "./useLabels";

export function HistorySection({ chat }: { chat: Chat }) {
  const { t } = useTranslation("panel");
  return (
    <Section id="history" title={t("history")} beginsFolded>
      <History chat={chat} />
    </Section>
  );
}

function History({ chat }: { chat: Chat }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const chatId = chat.row.chat_id;
  const query = useInfiniteQuery({
    queryKey: ["attendances", chatId],
    queryFn: ({ pageParam }) => doors.chatAttendances(chatId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    retry: retried,
    staleTime: 0,
    gcTime: 60_000,
  });
  const { refetch } = query;
  const now = `${chat.protocol} ${chat.row.agent_id} ${chat.row.department_id}`;
  const seen = useRef(now);
  useEffect(() => {
    if (seen.current === now) return;
    seen.current = now;
    void refetch();
  }, [now, refetch]);
  const attendances = query.data?.pages.flatMap((page) => page.attendances) ?? null;
  if (!attendances) {
    return query.isError ? (
      <Remark tone="danger" action={{ label: common("app.retry"), act: () => void refetch() }}>
        {t("historyFailed")}
      </Remark>
    ) : (
      <div className={styles.bones} role="status" aria-label={t("loadingHistory")}>
        <Bone width="50%" height={14} />
        <Bone width="80%" height={10} />
        <Bone width="50%" height={14} />
        <Bone width="80%" height={10} />
      </div>
    );
  }
  if (attendances.length === 0) return <p className={styles.quiet}>{t("noHistory")}</p>;
  return (
    <>
      <ol className={styles.cards}>
        {attendances.map((one) => (
          <Attendance key={one.protocol} attendance={one} />
        ))}
      </ol>
      {query.isFetchNextPageError ? (
        <Remark
          tone="danger"
          action={{ label: common("app.retry"), act: () => void query.fetchNextPage() }}
        >
          {t("historyFailed")}
        </Remark>
      ) : query.hasNextPage ? (
        <Button
          variant="subtle"
          size="sm"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("moreHistory")}
        </Button>
      ) : null}
    </>
  );
}

function Attendance({ attendance: one }: { attendance: AttendanceView }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { agents, departments } = useDeskAndMe();
  const agentName = (id: string) => agents.get(id)?.name ?? common("agents.unknown");
  const opened = { at: fullTime(one.opened_at) };
  const names = one.agent_ids.map(agentName).join(", ");
  const places = one.department_ids
    .map((id) => departments.get(id)?.name ?? common("departments.unknown"))
    .join(", ");
  return (
    <li className={styles.attendance} data-testid="attendance">
      <p className={styles.attendanceHead}>
        <span className={styles.number}>{one.protocol}</span>
        {one.closed_at === null ? (
          <span className={styles.isOpen}>{t("attendanceOpen")}</span>
        ) : null}
        <CopyButton text={one.protocol} label={t("copyProtocolOf", { protocol: one.protocol })} />
      </p>
      <p className={styles.line}>
        <bdi>
          {one.opened_by === null
            ? t("attendanceOpened", opened)
            : t("attendanceOpenedBy", { ...opened, name: agentName(one.opened_by) })}
        </bdi>
      </p>
      {one.closed_at === null ? null : (
        <p className={styles.line}>
          <bdi>
            {one.closed_by === null
              ? t("attendanceClosed", { at: fullTime(one.closed_at) })
              : one.closed_by === "merge"
                ? t("attendanceMerged", { at: fullTime(one.closed_at) })
                : t("attendanceClosedBy", {
                    at: fullTime(one.closed_at),
                    name: agentName(one.closed_by),
                  })}
          </bdi>
        </p>
      )}
      <dl className={styles.small}>
        {names ? <Small term={t("attendanceAgents")}>{names}</Small> : null}
        {places ? <Small term={t("attendanceDepartments")}>{places}</Small> : null}
        {one.farewell ? <Small term={t("attendanceFarewell")}>{one.farewell}</Small> : null}
        {one.fields.map((field) => (
          <Kept key={field.field_id} field={field} pictures={one.pictures} />
        ))}
      </dl>
    </li>
  );
}

function Kept({ field, pictures }: { field: ClosingValue; pictures: AttendanceView["pictures"] }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const labels = useLabels();
  const kind = labels.data?.fields.find((one) => one.field_id === field.field_id)?.kind ?? null;
  const { value } = field;
  const address = kind === "image" && typeof value === "string" ? pictures[value] : undefined;
  return (
    <Small term={field.name}>
      {value === null ? (
        t("noValue")
      ) : address ? (
        <img className={styles.picture} src={address} alt={t("image.preview", field)} />
      ) : kind === "image" ? (
        common("kinds.image")
      ) : (
        showValue(kind, value, { yes: t("yes"), no: t("no") })
      )}
    </Small>
  );
}

function Small({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt dir="auto">{term}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
