/** «Mensagens template»: those that Meta has, as it last told, and what fills them (ADM-1). */

import { Button, Select } from "@mantine/core";
import { IconRefresh, IconTemplate } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { Remark } from "~/components/Remark";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import { doors } from "~/lib/api/doors";
import type { Me, PortfolioTemplate, TemplateList } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status, Tools } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import { useRefusal } from "../refusals";
import styles from "./Templates.module.css";
import { TemplateWindow } from "./TemplateWindow";

const KEY = ["templates", "list"];
const STATUSES = ["approved", "pending", "rejected", "paused", "disabled", "deleted"] as const;
const text = ({ template }: PortfolioTemplate) => `${template.name} ${template.body}`;
const SORTS = {
  name: ({ template }: PortfolioTemplate) => template.name,
  category: ({ template }: PortfolioTemplate) => template.category,
  status: ({ template }: PortfolioTemplate) => STATUSES.indexOf(template.status),
};
const NONE: PortfolioTemplate[] = [];

/** Why Meta did not tell its templates: a channel's problem, or that it was silent. */
function problemOf(problem: string): "token_invalid" | "permission" | "missing" | "other" {
  return problem === "token_invalid" || problem === "permission" || problem === "missing"
    ? problem
    : "other";
}

export function TemplateStatus({ one }: { one: PortfolioTemplate }) {
  const { t: words } = useTranslation("administration");
  const { status, sendable, unsendable_because: because } = one.template;
  const tone =
    status === "approved"
      ? sendable
        ? "good"
        : "quiet"
      : status === "pending"
        ? "quiet"
        : status === "paused"
          ? "warning"
          : "danger";
  return (
    <Status tone={tone}>
      {status === "approved" && because !== null && because !== "status"
        ? words(`templates.because.${because}`)
        : words(`templates.statuses.${status}`)}
    </Status>
  );
}

export default function TemplatesPage(_: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const queries = useQueryClient();
  const list = useQuery({ queryKey: KEY, queryFn: doors.templateList, ...EACH_VISIT });
  const sync = useMutation({
    mutationFn: doors.syncTemplates,
    onSuccess: (told) => queries.setQueryData<TemplateList>(KEY, told),
  });
  const [entered, setEntered] = useState<PortfolioTemplate | null>(null);
  const [status, setStatus] = useState<string | null>(null);
  const all = list.data?.templates ?? NONE;
  const rows = useMemo(
    () => (status === null ? all : all.filter((one) => one.template.status === status)),
    [all, status],
  );
  const table = useTable({ rows, text, sorts: SORTS, first: "name" });
  const columns: Column<PortfolioTemplate>[] = [
    {
      id: "name",
      label: words("templates.name"),
      sortable: true,
      cell: ({ template }) => (
        <span className={styles.named}>
          <bdi dir="auto" className={styles.name}>
            {template.name}
          </bdi>
          <Soft>{template.language}</Soft>
        </span>
      ),
    },
    {
      id: "body",
      label: words("templates.message"),
      cell: ({ template }) => (
        <bdi dir="auto" className={styles.clamped}>
          {template.body}
        </bdi>
      ),
      wideOnly: true,
    },
    {
      id: "category",
      label: words("templates.category"),
      sortable: true,
      cell: ({ template }) => words(`templates.categories.${template.category}`),
      width: 130,
    },
    {
      id: "status",
      label: words("templates.status"),
      sortable: true,
      cell: (one) => <TemplateStatus one={one} />,
      width: 200,
    },
  ];
  const problem = list.data?.problem ?? null;
  return (
    <Page
      title={words("pages.templates")}
      text={words("templates.text")}
      actions={
        <Button
          leftSection={<Icon of={IconRefresh} />}
          onClick={() => sync.mutate()}
          loading={sync.isPending}
          data-testid="sync"
        >
          {words("templates.sync")}
        </Button>
      }
    >
      <p className={styles.synced} role="status" data-testid="synced">
        {list.data?.synced_at
          ? words("templates.syncedAt", { at: fullTime(list.data.synced_at) })
          : null}
      </p>
      {sync.error ? <Remark tone="danger">{refusal(sync.error)}</Remark> : null}
      {problem && !sync.error ? (
        <Remark tone="warning" testId="sync-problem">
          {words("templates.syncFailed")} {words(`templates.syncProblems.${problemOf(problem)}`)}
        </Remark>
      ) : null}
      <Tools>
        <SearchBox label={words("templates.search")} value={table.query} change={table.setQuery} />
        <Select
          aria-label={words("templates.status")}
          placeholder={words("templates.anyStatus")}
          data={STATUSES.map((value) => ({
            value,
            label: words(`templates.statuses.${value}`),
          }))}
          value={status}
          onChange={setStatus}
          clearable
          data-testid="template-status"
        />
      </Tools>
      <Table
        label={words("pages.templates")}
        columns={columns}
        rows={table.shown}
        keyOf={({ template }) => template.template_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(list)}
        retry={() => void list.refetch()}
        empty={
          <Nothing
            filtered={table.query !== "" || status !== null}
            clear={() => {
              table.setQuery("");
              setStatus(null);
            }}
            icon={<Icon of={IconTemplate} size={26} />}
            title={words("templates.emptyTitle")}
            action={{ label: words("templates.sync"), act: () => sync.mutate() }}
          >
            {words("templates.empty")}
          </Nothing>
        }
        testId="templates"
      />
      <Pager table={table} />
      {entered ? (
        <TemplateWindow
          key={entered.template.template_id}
          one={
            all.find((one) => one.template.template_id === entered.template.template_id) ?? entered
          }
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
