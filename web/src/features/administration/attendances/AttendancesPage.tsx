/** «Atendimentos»: each stretch from opening to closing, found, read and exported (CLOSE-7). */

import { Button, NativeSelect } from "@mantine/core";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { DayInput } from "~/components/DayInput";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { type Column, Table } from "~/components/Table";
import { type AttendancesQuery, doors } from "~/lib/api/doors";
import type { AttendanceView, Me } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { MoreRows } from "../MoreRows";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import { useReason, useRefusal } from "../refusals";
import styles from "./Attendances.module.css";
import { AttendanceWindow } from "./AttendanceWindow";
import { useExport } from "./useExport";
import { useNames } from "./useNames";

const FILTERS = ["since", "until", "agent", "department", "state"] as const;

/** The filters of an address; what it says wrongly is left out. */
export function askedOf(parameters: URLSearchParams): Omit<AttendancesQuery, "cursor"> {
  const day = (name: string) => {
    const value = parameters.get(name) ?? "";
    const noon = Date.parse(`${value}T12:00:00Z`);
    const real = Number.isFinite(noon) && new Date(noon).toISOString().startsWith(value);
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && real ? value : null;
  };
  const state = parameters.get("state");
  return {
    since: day("since"),
    until: day("until"),
    agent: parameters.get("agent"),
    department: parameters.get("department"),
    state: state === "open" || state === "closed" ? state : null,
  };
}

export default function AttendancesPage({ me }: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const reasonOf = useReason();
  const [parameters, setParameters] = useSearchParams();
  const asked = useMemo(() => askedOf(parameters), [parameters]);
  const backwards = asked.since !== null && asked.until !== null && asked.since > asked.until;
  /** Said once a whole day was typed that no calendar has. */
  const wrongDay = (name: "since" | "until") =>
    asked[name] === null && /^\d{4}-\d{2}-\d{2}$/.test(parameters.get(name) ?? "")
      ? reasonOf("not_a_date")
      : null;
  const filtered = FILTERS.some((name) => asked[name] !== null);
  const put = (name: (typeof FILTERS)[number], value: string) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const clear = () => setParameters({}, { replace: true });
  const attendances = useInfiniteQuery({
    queryKey: ["attendances", asked],
    queryFn: ({ pageParam }) => doors.attendances({ ...asked, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    placeholderData: (before) => before,
    enabled: !backwards,
    ...EACH_VISIT,
  });
  const rows = useMemo(() => {
    const seen = new Map<string, AttendanceView>();
    for (const page of attendances.data?.pages ?? []) {
      for (const one of page.attendances) seen.set(one.protocol, one);
    }
    return [...seen.values()];
  }, [attendances.data]);
  const [entered, setEntered] = useState<AttendanceView | null>(null);
  const exporting = useExport(asked);
  const names = useNames(me);
  const columns: Column<AttendanceView>[] = [
    {
      id: "protocol",
      label: words("attendances.protocol"),
      cell: (one) => <span className={styles.protocol}>{one.protocol}</span>,
      width: 130,
    },
    {
      id: "contact",
      label: words("attendances.contact"),
      cell: (one) => <bdi dir="auto">{one.contact_name}</bdi>,
    },
    {
      id: "opened",
      label: words("attendances.opened"),
      cell: (one) => (
        <span className={styles.when}>
          {fullTime(one.opened_at)}
          <Soft>{names.openedBy(one)}</Soft>
        </span>
      ),
      width: 170,
    },
    {
      id: "closed",
      label: words("attendances.closedAt"),
      cell: (one) =>
        one.closed_at ? (
          <span className={styles.when}>
            {fullTime(one.closed_at)}
            <Soft>{names.closedBy(one)}</Soft>
          </span>
        ) : (
          <Status tone="good">{words("attendances.open")}</Status>
        ),
      width: 170,
    },
    {
      id: "agents",
      label: words("attendances.agents"),
      cell: (one) =>
        one.agent_ids.length > 0 ? (
          one.agent_ids.map(names.agent).join(", ")
        ) : (
          <Soft>{words("attendances.nobody")}</Soft>
        ),
      width: 170,
    },
    {
      id: "departments",
      label: words("attendances.departments"),
      cell: (one) =>
        one.department_ids.length > 0 ? (
          one.department_ids.map(names.department).join(", ")
        ) : (
          <Soft>{words("attendances.none")}</Soft>
        ),
      width: 160,
      wideOnly: true,
    },
  ];
  const byName = <One extends { name: string }>(all: readonly One[]) =>
    [...all].sort((one, other) => one.name.localeCompare(other.name, "pt-BR"));
  return (
    <Page
      title={words("pages.attendances")}
      text={words("attendances.text")}
      actions={
        me.agent.permissions.includes("export") ? (
          exporting.state === "busy" ? (
            <Button variant="default" onClick={exporting.stop} data-testid="export-stop">
              {words("attendances.exporting", { count: exporting.lines })} ·{" "}
              {words("attendances.cancelExport")}
            </Button>
          ) : (
            <Button
              variant="default"
              leftSection={<Icon of={IconDownload} />}
              onClick={() => void exporting.start()}
              disabled={backwards}
              data-testid="export"
            >
              {words("attendances.export")}
            </Button>
          )
        ) : null
      }
    >
      {exporting.failed ? (
        <div className={styles.failed}>
          <Remark tone="danger">
            {words("attendances.exportFailed", { why: refusal(exporting.failed) })}
          </Remark>
        </div>
      ) : null}
      <div className={styles.filters}>
        <DayInput
          label={words("attendances.since")}
          value={parameters.get("since") ?? ""}
          error={backwards ? words("attendances.period") : wrongDay("since")}
          change={(value) => put("since", value)}
          testId="since"
        />
        <DayInput
          label={words("attendances.until")}
          value={parameters.get("until") ?? ""}
          error={wrongDay("until")}
          change={(value) => put("until", value)}
          testId="until"
        />
        <NativeSelect
          label={words("attendances.agent")}
          value={asked.agent ?? ""}
          onChange={(event) => put("agent", event.currentTarget.value)}
          data={[
            { value: "", label: words("attendances.anyAgent") },
            ...byName(me.agents).map((one) => ({ value: one.agent_id, label: one.name })),
          ]}
          data-testid="filter-agent"
        />
        <NativeSelect
          label={words("attendances.department")}
          value={asked.department ?? ""}
          onChange={(event) => put("department", event.currentTarget.value)}
          data={[
            { value: "", label: words("attendances.anyDepartment") },
            ...byName(me.departments).map((one) => ({
              value: one.department_id,
              label: one.active ? one.name : words("users.departmentOff", { name: one.name }),
            })),
          ]}
          data-testid="filter-department"
        />
        <NativeSelect
          label={words("attendances.state")}
          value={asked.state ?? ""}
          onChange={(event) => put("state", event.currentTarget.value)}
          data={[
            { value: "", label: words("attendances.anyState") },
            { value: "open", label: words("attendances.openFilter") },
            { value: "closed", label: words("attendances.closedFilter") },
          ]}
          data-testid="filter-state"
        />
        {filtered ? (
          <Button variant="subtle" onClick={clear}>
            {words("attendances.clear")}
          </Button>
        ) : null}
      </div>
      <Table
        label={words("pages.attendances")}
        columns={columns}
        rows={rows}
        keyOf={(one) => one.protocol}
        open={setEntered}
        state={backwards ? "ready" : stateOf(attendances)}
        retry={() => void attendances.refetch()}
        empty={
          <Nothing
            filtered={filtered}
            clear={clear}
            icon={<Icon of={IconHistory} size={26} />}
            title={words("attendances.emptyTitle")}
          >
            {words("attendances.empty")}
          </Nothing>
        }
        testId="attendances"
      />
      <MoreRows
        count={rows.length}
        hasMore={attendances.hasNextPage}
        loading={attendances.isFetchingNextPage}
        failed={attendances.isFetchNextPageError}
        load={() => void attendances.fetchNextPage()}
      />
      {entered ? (
        <AttendanceWindow
          me={me}
          attendance={entered}
          names={names}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
