/** «Agendamentos»: what is to go out to the contact, and what became of the latest (SCH-1 to SCH-5). */

import { Button } from "@mantine/core";
import { IconMessagePlus, IconRobot, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import { doors } from "~/lib/api/doors";
import type { Chat } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import { ScheduleCard } from "../schedules/ScheduleCard";
import styles from "../schedules/Schedules.module.css";
import { isToCome } from "../schedules/told";
import { useChatSchedules, useRenewed } from "../schedules/useSchedules";
import panelStyles from "./Panel.module.css";
import { Section } from "./Section";
import { useOnce } from "./useOnce";
import type { Ask } from "./windows";

export function SchedulesSection({ chat, ask }: { chat: Chat; ask: Ask }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me } = useDeskAndMe();
  const { chat_id: chatId, blocked, channel } = chat.row;
  const query = useChatSchedules(chatId, chat.profile_rev);
  const [past, setPast] = useState(false);
  const may = me.agent.permissions.includes("schedules");
  const all = query.data?.schedules ?? null;
  const toCome = all?.filter(isToCome) ?? [];
  const over = all?.filter((one) => !isToCome(one)) ?? [];
  const flows = toCome.some((one) => one.kind === "flow");
  const templates = me.rules[channel]?.templates ?? channel === "whatsapp";
  return (
    <Section id="schedules" title={t("schedules")} count={toCome.length}>
      {may ? (
        <div className={styles.buttons}>
          {templates ? (
            <Button
              variant="default"
              size="sm"
              leftSection={<Icon of={IconMessagePlus} size={16} />}
              disabled={blocked}
              onClick={() => ask({ window: "schedule", kind: "message", schedule: null })}
              data-testid="schedule-message"
            >
              {t("schedule.message")}
            </Button>
          ) : null}
          <Button
            variant="default"
            size="sm"
            leftSection={<Icon of={IconRobot} size={16} />}
            disabled={blocked}
            onClick={() => ask({ window: "schedule", kind: "flow", schedule: null })}
            data-testid="schedule-new-flow"
          >
            {t("schedule.flow")}
          </Button>
        </div>
      ) : null}
      {may && blocked ? <Remark testId="schedules-blocked">{t("schedule.blocked")}</Remark> : null}
      {all === null ? (
        query.isError ? (
          <Remark
            tone="danger"
            action={{ label: common("app.retry"), act: () => void query.refetch() }}
          >
            {t("schedule.failed")}
          </Remark>
        ) : (
          <div className={panelStyles.bones} role="status" aria-label={t("schedule.loading")}>
            <Bone width="100%" height={64} />
          </div>
        )
      ) : (
        <>
          {toCome.length === 0 ? (
            <p className={panelStyles.quiet}>{t("schedule.none")}</p>
          ) : (
            <ul className={styles.cards}>
              {toCome.map((one) => (
                <ScheduleCard
                  key={one.schedule_id}
                  one={one}
                  drop={may ? () => ask({ window: "dropSchedule", schedule: one }) : undefined}
                  edit={
                    may && !blocked
                      ? () => ask({ window: "schedule", kind: one.kind, schedule: one })
                      : undefined
                  }
                />
              ))}
            </ul>
          )}
          {may ? <RemoveFlows chatId={chatId} any={flows} /> : null}
          {over.length > 0 ? (
            <Button
              variant="subtle"
              size="sm"
              aria-expanded={past}
              onClick={() => setPast(!past)}
              data-testid="schedules-past"
            >
              {t(past ? "schedule.hidePast" : "schedule.past")}
            </Button>
          ) : null}
          {past ? (
            <ul className={styles.cards}>
              {over.map((one) => (
                <ScheduleCard key={one.schedule_id} one={one} />
              ))}
            </ul>
          ) : null}
        </>
      )}
    </Section>
  );
}

type Done = { ids: string[] } | { back: number; of: number };

/** «Remover fluxos»: without asking, and taken back by one click (SCH-3). */
function RemoveFlows({ chatId, any }: { chatId: string; any: boolean }) {
  const { t } = useTranslation("panel");
  const why = useWhy();
  const once = useOnce();
  const renewed = useRenewed();
  const [done, setDone] = useState<Done | null>(null);
  const remove = () =>
    once.run(async () => {
      const { schedule_ids: ids } = await doors.removeFlows(chatId);
      setDone(ids.length > 0 ? { ids } : null);
      await renewed();
    });
  const undo = (ids: string[]) =>
    once.run(async () => {
      const { schedules } = await doors.restoreFlows(chatId, ids);
      const back = schedules.filter((one) => ids.includes(one.schedule_id) && isToCome(one)).length;
      setDone({ back, of: ids.length });
      await renewed();
    });
  return (
    <>
      {any ? (
        <Button
          variant="default"
          size="sm"
          leftSection={<Icon of={IconTrash} size={16} />}
          loading={once.busy}
          onClick={() => void remove()}
          data-testid="remove-flows"
        >
          {t("schedule.removeFlows")}
        </Button>
      ) : null}
      {done ? (
        <div className={styles.undo} role="status" data-testid="flows-removed">
          {"ids" in done ? (
            <>
              <span>{t("schedule.removed", { count: done.ids.length })}</span>
              <Button
                variant="subtle"
                size="compact-sm"
                loading={once.busy}
                onClick={() => void undo(done.ids)}
                data-testid="restore-flows"
              >
                {t("schedule.undo")}
              </Button>
            </>
          ) : (
            <span>
              {done.back < done.of
                ? t("schedule.undoneSome")
                : t("schedule.undone", { count: done.back })}
            </span>
          )}
        </div>
      ) : null}
      {once.failed ? <Remark tone="danger">{why(once.failed)}</Remark> : null}
    </>
  );
}
