/** «Encaminhar para fluxo»: a flow is chosen, and asked about once (FLOW-2). */

import { Button } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { type Choice, Finder } from "~/components/Finder";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { Refused } from "~/lib/api/http";
import type { Chat } from "~/lib/api/types";
import { newClientKey } from "~/lib/clock";
import { sessionState } from "~/lib/session";
import { useDeskAndMe } from "../live/DeskContext";
import { publishedOf, useFlows } from "../schedules/useSchedules";
import { isSomeoneElses } from "./rights";
import { useMoved } from "./useMoved";
import { useOnce } from "./useOnce";
import styles from "./Windows.module.css";

export function FlowWindow({ chat, close }: { chat: Chat; close: () => void }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const why = useWhy();
  const once = useOnce();
  const now = useNow(15_000);
  const moved = useMoved(chat);
  const flows = useFlows();
  const key = useRef<string | null>(null);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const choices = useMemo<Choice[]>(
    () =>
      publishedOf(flows.data?.flows ?? []).map(({ flow_id, name, category_id }) => ({
        id: flow_id,
        name,
        remark: flows.data?.categories.find((one) => one.category_id === category_id)?.name ?? null,
      })),
    [flows.data],
  );
  const locked = isSomeoneElses(chat, me);
  const off = me.settings.chatbot_since === null;
  const late = once.failed instanceof Refused && once.failed.code === "moved_on";
  const session = sessionState(chat.session, now);
  const remarks = (
    <>
      {once.failed ? (
        <Remark tone="danger" testId="flow-failed">
          {why(once.failed)}
        </Remark>
      ) : null}
      {off ? (
        <Remark tone="warning" testId="flow-off">
          {t("flow.off")}
        </Remark>
      ) : null}
      {chat.row.blocked ? <Remark tone="warning">{t("flow.blocked")}</Remark> : null}
      {moved && !late && !once.busy ? <Remark tone="warning">{t("moved")}</Remark> : null}
      {locked ? <Remark tone="warning">{t("heldByOther")}</Remark> : null}
    </>
  );
  if (!chosen) {
    return (
      <Window title={t("toFlow")} close={close} testId="flow-window">
        <div className={styles.rows}>
          {remarks}
          {flows.data ? (
            <Finder
              label={t("flow.search")}
              choices={choices}
              nothing={choices.length === 0 ? t("schedule.flowsNone") : t("flow.none")}
              choose={(id) => {
                once.forgive();
                key.current = null;
                setChosen(choices.find((choice) => choice.id === id) ?? null);
              }}
              lines={9}
            />
          ) : flows.isError ? (
            <Remark
              tone="danger"
              action={{ label: common("app.retry"), act: () => void flows.refetch() }}
            >
              {t("schedule.flowsFailed")}
            </Remark>
          ) : (
            <div className={styles.bones} role="status" aria-label={common("app.loading")}>
              <Bone width="100%" height={36} />
              <Bone width="100%" height={36} />
            </div>
          )}
        </div>
      </Window>
    );
  }
  const agree = async () => {
    key.current ??= newClientKey();
    const asked = { flowId: chosen.id, key: key.current };
    const done = await once.run(() => desk.startFlow(chat, asked.flowId, asked.key));
    if (done) close();
    else key.current = null;
  };
  return (
    <Window title={t("flow.ask")} close={once.busy ? () => {} : close} testId="flow-window">
      <div className={styles.rows}>
        <p className={styles.chosen} dir="auto" data-testid="flow-chosen">
          <bdi>{chosen.name}</bdi>
        </p>
        <ul className={styles.consequences}>
          {chat.protocol === null ? null : <li>{t("flow.closes", { protocol: chat.protocol })}</li>}
          {chat.row.waiting_since === null ? null : <li>{t("flow.replaces")}</li>}
          {session === "open" || session === "expiring" ? null : <li>{t("flow.template")}</li>}
        </ul>
        {remarks}
      </div>
      <WindowActions>
        <Button variant="default" onClick={close} disabled={once.busy}>
          {t("no")}
        </Button>
        <Button
          loading={once.busy}
          disabled={locked || off || chat.row.blocked}
          onClick={() => void agree()}
          data-autofocus
          data-testid="flow-yes"
        >
          {t("yes")}
        </Button>
      </WindowActions>
    </Window>
  );
}
