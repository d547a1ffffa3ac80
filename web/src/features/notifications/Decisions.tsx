/** «Por que (não) fui notificado?»: each decision, by bell, sound and phone, with its reason (NOTIF-7). */

import { Button } from "@mantine/core";
import { IconBell, IconCheck, IconDeviceMobile, IconMinus, IconVolume } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useFocusBack, Window } from "~/components/Window";
import { addSentences } from "~/i18n";
import { notifications } from "~/i18n/notifications";
import { doors } from "~/lib/api/doors";
import type { Decision, Department } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { type Answer, answersOf, type Way } from "./answers";
import { retried } from "./bell";
import styles from "./Decisions.module.css";
import { assignmentWords } from "./entries";

addSentences("notifications", notifications);

const SIGNS: Record<Way, typeof IconBell> = {
  bell: IconBell,
  sound: IconVolume,
  push: IconDeviceMobile,
};

interface DecisionsProps {
  departments: readonly Department[];
  close: () => void;
}

export default function Decisions({ departments, close }: DecisionsProps) {
  const { t } = useTranslation("notifications");
  useFocusBack();
  return (
    <Window title={t("why")} close={close} size={560} testId="decisions">
      <p className={styles.about}>{t("decisions.about")}</p>
      <Pages departments={departments} />
    </Window>
  );
}

function Pages({ departments }: { departments: readonly Department[] }) {
  const { t } = useTranslation("notifications");
  const { t: common } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ["decisions"],
    queryFn: ({ pageParam }) => doors.decisions(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    retry: retried,
    staleTime: 0,
    gcTime: 0,
  });
  const retry = (act: () => Promise<unknown>) => (
    <Remark tone="danger" action={{ label: common("app.retry"), act: () => void act() }}>
      {t("decisions.failed")}
    </Remark>
  );
  const decisions = query.data?.pages.flatMap((page) => page.decisions) ?? null;
  if (!decisions) return query.isError ? retry(query.refetch) : <DecisionBones />;
  if (decisions.length === 0 && !query.hasNextPage) {
    return (
      <div className={styles.empty} data-testid="decisions-empty">
        <p className={styles.emptyTitle}>{t("decisions.empty")}</p>
        <p>{t("decisions.emptyHint")}</p>
      </div>
    );
  }
  return (
    <>
      <ol className={styles.decisions}>
        {decisions.map((decision) => (
          <One key={decision.id} decision={decision} departments={departments} />
        ))}
      </ol>
      {query.isFetchNextPageError ? (
        retry(query.fetchNextPage)
      ) : query.hasNextPage ? (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          data-testid="decisions-more"
        >
          {t("decisions.more")}
        </Button>
      ) : null}
    </>
  );
}

function One({
  decision,
  departments,
}: {
  decision: Decision;
  departments: readonly Department[];
}) {
  const { t } = useTranslation("notifications");
  const { t: common } = useTranslation();
  const departmentName = (id: string) =>
    departments.find((one) => one.department_id === id)?.name ?? common("departments.unknown");
  return (
    <li className={styles.decision} data-testid="decision" data-chat-id={decision.chat_id}>
      <p className={styles.head}>
        <ChannelIcon
          channel={decision.channel}
          label={common(`channels.${decision.channel}`)}
          size={16}
        />
        <bdi className={styles.name} dir="auto">
          {decision.name || common("authors.contact")}
        </bdi>
        <time className={styles.time} dateTime={decision.at}>
          {fullTime(decision.at)}
        </time>
      </p>
      <p className={styles.occasion}>
        {decision.kind === "message"
          ? t("events.message")
          : assignmentWords(decision.department_id, departmentName, t)}
      </p>
      <dl className={styles.ways}>
        {answersOf(decision, t).map((answer) => (
          <WayLine key={answer.way} answer={answer} />
        ))}
      </dl>
    </li>
  );
}

function WayLine({ answer: { way, told, words } }: { answer: Answer }) {
  const { t } = useTranslation("notifications");
  return (
    <div className={styles.way} data-way={way} data-told={told}>
      <dt className={styles.term}>
        <Icon of={SIGNS[way]} size={16} />
        {t(`decisions.${way}`)}
      </dt>
      <dd className={styles.answer}>
        <span className={styles.sign}>
          <Icon of={told ? IconCheck : IconMinus} size={16} />
        </span>
        {words}
      </dd>
    </div>
  );
}

function DecisionBones() {
  const { t } = useTranslation("notifications");
  return (
    <div className={styles.decisions} role="status" aria-label={t("decisions.loading")}>
      {["40%", "55%", "48%"].map((width) => (
        <div key={width} className={styles.decision}>
          <Bone width={width} height={16} />
          <Bone width="30%" />
          <Bone width="75%" />
          <Bone width="70%" />
          <Bone width="80%" />
        </div>
      ))}
    </div>
  );
}
