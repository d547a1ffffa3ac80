/** «Mensagens agendadas»: what is to go out, what did and what did not, of all the viewer's chats (SCH-6). */

import { Button, NativeSelect } from "@mantine/core";
import { IconCalendarTime, IconMessage, IconPlus, IconRobot } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { DayInput } from "~/components/DayInput";
import { Icon } from "~/components/Icon";
import { type Column, Table } from "~/components/Table";
import { useNow } from "~/components/useNow";
import { Window, WindowActions } from "~/components/Window";
import { DeskContext } from "~/features/live/DeskContext";
import { DropSchedule } from "~/features/schedules/DropSchedule";
import { ScheduleWindow } from "~/features/schedules/ScheduleWindow";
import { isToCome, stateOf as toldOf } from "~/features/schedules/told";
import { addSentences } from "~/i18n";
import { flows } from "~/i18n/flows";
import { panel } from "~/i18n/panel";
import { doors, type SchedulesQuery } from "~/lib/api/doors";
import type { ChatRow, Me, Schedule } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { MoreRows } from "../MoreRows";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft } from "../Parts";
import { EACH_VISIT, stateOf, useLabels } from "../queries";
import { useRestingDesk } from "../restingDesk";
import { ContactPicker } from "./ContactPicker";
import styles from "./Scheduled.module.css";

addSentences("flows", flows);
addSentences("panel", panel);

type Asked =
  | { window: "pick"; kind: Schedule["kind"] }
  | { window: "new"; kind: Schedule["kind"]; row: ChatRow }
  | { window: "details"; one: Schedule }
  | { window: "edit"; one: Schedule }
  | { window: "drop"; one: Schedule };

/** There is no socket for this page: what goes out meanwhile shows after this long. */
const ANEW_MS = 10_000;

/** The filters of an address; what it says wrongly is left out. */
function askedOf(parameters: URLSearchParams): Omit<SchedulesQuery, "cursor"> {
  const day = (name: string) => {
    const value = parameters.get(name) ?? "";
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(Date.parse(value)) ? value : null;
  };
  const kind = parameters.get("kind");
  return {
    when: parameters.get("when") === "done" ? "done" : "to_come",
    kind: kind === "message" || kind === "flow" ? kind : null,
    by: parameters.get("by"),
    since: day("since"),
    until: day("until"),
  };
}

export default function ScheduledPage({ me }: { me: Me }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("administration");
  const { t: here } = useTranslation("flows");
  const navigate = useNavigate();
  const now = useNow(15_000);
  const labels = useLabels();
  const desk = useRestingDesk(me, labels.data ?? null);
  const [parameters, setParameters] = useSearchParams();
  const asked = useMemo(() => askedOf(parameters), [parameters]);
  const [open, setOpen] = useState<Asked | null>(null);
  const filtered = Boolean(asked.kind || asked.by || asked.since || asked.until);
  const put = (name: string, value: string) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const schedules = useInfiniteQuery({
    queryKey: ["schedules", "page", asked],
    queryFn: ({ pageParam }) => doors.schedules({ ...asked, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    placeholderData: (before) => before,
    refetchInterval: ANEW_MS,
    ...EACH_VISIT,
  });
  const rows = useMemo(() => {
    const seen = new Map<string, Schedule>();
    for (const page of schedules.data?.pages ?? []) {
      for (const one of page.schedules) seen.set(`${one.chat_id}/${one.schedule_id}`, one);
    }
    return [...seen.values()];
  }, [schedules.data]);
  const columns: Column<Schedule>[] = [
    {
      id: "contact",
      label: here("scheduled.contact"),
      cell: (one) => <bdi dir="auto">{one.contact_name || common("authors.contact")}</bdi>,
    },
    {
      id: "what",
      label: here("scheduled.what"),
      cell: (one) => (
        <span className={styles.what}>
          <Icon of={one.kind === "flow" ? IconRobot : IconMessage} size={16} />
          <bdi>{one.name}</bdi>
        </span>
      ),
      width: 260,
    },
    {
      id: "due",
      label: here("scheduled.due"),
      cell: (one) => fullTime(one.due_at),
      width: 160,
    },
    {
      id: "state",
      label: here("scheduled.state"),
      cell: (one) => (
        <span className={styles.state} data-failed={one.state === "not_sent" || undefined}>
          {toldOf(one, now, t, common)}
        </span>
      ),
      width: 260,
    },
    {
      id: "by",
      label: here("scheduled.by"),
      cell: (one) => <Soft>{one.by_name}</Soft>,
      width: 150,
      wideOnly: true,
    },
  ];
  const close = () => setOpen(null);
  return (
    <DeskContext value={desk}>
      <Page
        title={words("pages.scheduled")}
        text={here("scheduled.text")}
        actions={
          <>
            <Button
              leftSection={<Icon of={IconPlus} />}
              onClick={() => setOpen({ window: "pick", kind: "message" })}
              data-testid="add"
            >
              {t("schedule.message")}
            </Button>
            <Button
              variant="default"
              leftSection={<Icon of={IconRobot} />}
              onClick={() => setOpen({ window: "pick", kind: "flow" })}
              data-testid="add-flow"
            >
              {t("schedule.flow")}
            </Button>
          </>
        }
      >
        <div className={styles.filters}>
          <NativeSelect
            label={here("scheduled.when")}
            value={asked.when}
            onChange={(event) => put("when", event.currentTarget.value === "done" ? "done" : "")}
            data={[
              { value: "to_come", label: here("scheduled.toCome") },
              { value: "done", label: here("scheduled.done") },
            ]}
            data-testid="filter-when"
          />
          <NativeSelect
            label={here("scheduled.kind")}
            value={asked.kind ?? ""}
            onChange={(event) => put("kind", event.currentTarget.value)}
            data={[
              { value: "", label: here("scheduled.anyKind") },
              { value: "message", label: t("schedule.kinds.message") },
              { value: "flow", label: t("schedule.kinds.flow") },
            ]}
            data-testid="filter-kind"
          />
          <NativeSelect
            label={here("scheduled.by")}
            value={asked.by ?? ""}
            onChange={(event) => put("by", event.currentTarget.value)}
            data={[
              { value: "", label: here("scheduled.anybody") },
              ...[...me.agents]
                .sort((one, other) => one.name.localeCompare(other.name, "pt-BR"))
                .map((one) => ({ value: one.agent_id, label: one.name })),
            ]}
            data-testid="filter-by"
          />
          <DayInput
            label={here("scheduled.since")}
            value={parameters.get("since") ?? ""}
            change={(value) => put("since", value)}
            testId="since"
          />
          <DayInput
            label={here("scheduled.until")}
            value={parameters.get("until") ?? ""}
            change={(value) => put("until", value)}
            testId="until"
          />
          {filtered ? (
            <Button
              variant="subtle"
              onClick={() =>
                setParameters(asked.when === "done" ? { when: "done" } : {}, { replace: true })
              }
            >
              {words("attendances.clear")}
            </Button>
          ) : null}
        </div>
        <Table
          label={words("pages.scheduled")}
          columns={columns}
          rows={rows}
          keyOf={(one) => `${one.chat_id}/${one.schedule_id}`}
          open={(one) => setOpen({ window: "details", one })}
          state={stateOf(schedules)}
          retry={() => void schedules.refetch()}
          empty={
            <Nothing
              filtered={filtered}
              clear={() => setParameters({}, { replace: true })}
              icon={<Icon of={IconCalendarTime} size={26} />}
              title={here(
                asked.when === "done" ? "scheduled.noneDoneTitle" : "scheduled.noneTitle",
              )}
              action={{
                label: t("schedule.message"),
                act: () => setOpen({ window: "pick", kind: "message" }),
              }}
            >
              {here("scheduled.none")}
            </Nothing>
          }
          testId="schedules"
        />
        <MoreRows
          count={rows.length}
          hasMore={schedules.hasNextPage}
          loading={schedules.isFetchingNextPage}
          failed={schedules.isFetchNextPageError}
          load={() => void schedules.fetchNextPage()}
        />
        {open?.window === "pick" ? (
          <ContactPicker
            title={t(open.kind === "flow" ? "schedule.flow" : "schedule.message")}
            choose={(row) => setOpen({ window: "new", kind: open.kind, row })}
            close={close}
          />
        ) : null}
        {open?.window === "new" ? (
          <ScheduleWindow
            chatId={open.row.chat_id}
            contact={open.row.name}
            kind={open.kind}
            schedule={null}
            close={close}
          />
        ) : null}
        {open?.window === "details" ? (
          <Window title={open.one.name} close={close} size={480} testId="schedule-details">
            <div className={styles.details}>
              <p>
                <bdi>{t("schedule.for", { name: open.one.contact_name })}</bdi>
              </p>
              <p>{toldOf(open.one, now, t, common)}</p>
              {open.one.opens ? <p>{t("schedule.opens")}</p> : null}
              <p className={styles.quiet}>
                <bdi>{t("schedule.by", { name: open.one.by_name })}</bdi>
              </p>
            </div>
            <WindowActions>
              <Button
                variant="default"
                onClick={() => void navigate(`/chats/${encodeURIComponent(open.one.chat_id)}`)}
                data-testid="open-chat"
              >
                {here("scheduled.openChat")}
              </Button>
              {isToCome(open.one) ? (
                <Button
                  variant="default"
                  onClick={() => setOpen({ window: "drop", one: open.one })}
                  data-testid="schedule-drop"
                >
                  {t("schedule.hint")}
                </Button>
              ) : null}
              {open.one.state === "pending" ? (
                <Button
                  onClick={() => setOpen({ window: "edit", one: open.one })}
                  data-testid="schedule-edit"
                >
                  {t("schedule.edit")}
                </Button>
              ) : null}
            </WindowActions>
          </Window>
        ) : null}
        {open?.window === "edit" ? (
          <ScheduleWindow
            chatId={open.one.chat_id}
            contact={open.one.contact_name}
            kind={open.one.kind}
            schedule={open.one}
            close={close}
          />
        ) : null}
        {open?.window === "drop" ? <DropSchedule schedule={open.one} close={close} /> : null}
      </Page>
    </DeskContext>
  );
}
