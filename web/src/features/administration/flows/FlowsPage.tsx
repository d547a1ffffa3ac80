/** «Fluxos de Conversa»: folders and flows; one of them is open when the address names it (FLOW-9). */

import { Button, TextInput } from "@mantine/core";
import {
  IconFolder,
  IconFolderPlus,
  IconPencil,
  IconPlus,
  IconRobot,
  IconUpload,
} from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { FormWindow } from "~/components/FormWindow";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useForm } from "~/components/useForm";
import { useTable } from "~/components/useTable";
import { useFlows } from "~/features/schedules/useSchedules";
import { addSentences } from "~/i18n";
import { flows as sentences } from "~/i18n/flows";
import { doors } from "~/lib/api/doors";
import type { FlowCategory, FlowSummary, Me } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status, Tools } from "../Parts";
import { stateOf, useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { useRefusal } from "../refusals";
import { FlowEditor } from "./FlowEditor";
import styles from "./Flows.module.css";
import { ImportWindow } from "./ImportWindow";

addSentences("flows", sentences);

const text = (flow: FlowSummary) => flow.name;
const SORTS = {
  name: (flow: FlowSummary) => flow.name,
  state: (flow: FlowSummary) => (flow.published === null ? 2 : flow.changed ? 1 : 0),
  nodes: (flow: FlowSummary) => flow.nodes,
  updated: (flow: FlowSummary) => flow.updated_at,
};
const NONE: FlowSummary[] = [];
const LONGEST_NAME = 60;

type Asked =
  | { window: "new" }
  | { window: "import" }
  | { window: "category"; category: FlowCategory | null };

export default function FlowsPage(_: { me: Me }) {
  const [parameters] = useSearchParams();
  const flowId = parameters.get("fluxo");
  return flowId ? <FlowEditor key={flowId} flowId={flowId} /> : <List />;
}

function List() {
  const { t: words } = useTranslation("administration");
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const flows = useFlows();
  const [parameters, setParameters] = useSearchParams();
  const [asked, setAsked] = useState<Asked | null>(null);
  const folder = parameters.get("categoria");
  const all = flows.data?.flows ?? NONE;
  const categories = flows.data?.categories ?? [];
  const rows = useMemo(
    () =>
      folder === null
        ? all
        : all.filter((one) => (folder === "-" ? !one.category_id : one.category_id === folder)),
    [all, folder],
  );
  const table = useTable({ rows, text, sorts: SORTS, first: "name" });
  const open = (flow: Pick<FlowSummary, "flow_id">) =>
    void navigate(`/fluxos?fluxo=${encodeURIComponent(flow.flow_id)}`);
  const close = () => setAsked(null);
  const columns: Column<FlowSummary>[] = [
    {
      id: "name",
      label: t("list.name"),
      sortable: true,
      cell: (flow) => (
        <span className={styles.name}>
          <bdi dir="auto">{flow.name}</bdi>
          {flow.flow_id === flows.data?.main_flow_id ? (
            <span className={styles.sign}>{t("list.main")}</span>
          ) : null}
          {flow.flow_id === flows.data?.closing_flow_id ? (
            <span className={styles.sign}>{t("list.closing")}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: "state",
      label: t("list.state"),
      sortable: true,
      cell: (flow) => (
        <span className={styles.name}>
          <Status tone={flow.published === null ? "quiet" : flow.changed ? "warning" : "good"}>
            {t(
              flow.published === null
                ? "list.draft"
                : flow.changed
                  ? "list.changed"
                  : "list.published",
            )}
          </Status>
          {flow.faults > 0 ? (
            <Status tone="danger">{t("list.faults", { count: flow.faults })}</Status>
          ) : null}
        </span>
      ),
      width: 300,
    },
    {
      id: "nodes",
      label: t("list.nodes"),
      sortable: true,
      numeric: true,
      cell: (flow) => flow.nodes,
      width: 90,
      wideOnly: true,
    },
    {
      id: "updated",
      label: t("list.updated"),
      sortable: true,
      cell: (flow) => (
        <span>
          {fullTime(flow.updated_at)}{" "}
          {flow.updated_by ? <Soft>{t("list.updatedBy", { name: flow.updated_by })}</Soft> : null}
        </span>
      ),
      width: 240,
      wideOnly: true,
    },
  ];
  const folders = [
    { id: null, name: t("list.all"), count: all.length },
    ...categories.map((one) => ({
      id: one.category_id,
      name: one.name,
      count: all.filter((flow) => flow.category_id === one.category_id).length,
    })),
    ...(categories.length > 0
      ? [{ id: "-", name: t("list.none"), count: all.filter((one) => !one.category_id).length }]
      : []),
  ];
  const shownFolder = categories.find((one) => one.category_id === folder)?.category_id ?? null;
  return (
    <Page
      title={words("pages.flows")}
      text={t("list.text")}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon of={IconFolderPlus} />}
            onClick={() => setAsked({ window: "category", category: null })}
            data-testid="add-category"
          >
            {t("list.addCategory")}
          </Button>
          <Button
            variant="default"
            leftSection={<Icon of={IconUpload} />}
            onClick={() => setAsked({ window: "import" })}
            data-testid="import"
          >
            {t("list.import")}
          </Button>
          <Button
            leftSection={<Icon of={IconPlus} />}
            onClick={() => setAsked({ window: "new" })}
            data-testid="add"
          >
            {t("list.add")}
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        <nav aria-label={t("list.categories")}>
          <ul className={styles.folders}>
            {folders.map((one) => (
              <li key={one.id ?? "all"} className={styles.folderLine}>
                <button
                  type="button"
                  className={styles.folder}
                  aria-pressed={folder === one.id}
                  onClick={() =>
                    setParameters(one.id === null ? {} : { categoria: one.id }, { replace: true })
                  }
                  data-testid="folder"
                >
                  <Icon of={one.id === null ? IconRobot : IconFolder} size={16} />
                  <span className={styles.folderName} title={one.name}>
                    <bdi>{one.name}</bdi>
                  </span>
                  {flows.data ? <span className={styles.count}>{one.count}</span> : null}
                </button>
                {one.id !== null && one.id !== "-" ? (
                  <IconButton
                    label={`${t("list.editCategory")}: ${one.name}`}
                    size={30}
                    onClick={() =>
                      setAsked({
                        window: "category",
                        category: { category_id: one.id as string, name: one.name },
                      })
                    }
                    data-testid="edit-category"
                  >
                    <Icon of={IconPencil} size={15} />
                  </IconButton>
                ) : null}
              </li>
            ))}
          </ul>
        </nav>
        <div>
          <Tools>
            <SearchBox label={t("list.search")} value={table.query} change={table.setQuery} />
          </Tools>
          <Table
            label={words("pages.flows")}
            columns={columns}
            rows={table.shown}
            keyOf={(flow) => flow.flow_id}
            open={open}
            sort={table.sort}
            setSort={table.setSort}
            state={stateOf(flows)}
            retry={() => void flows.refetch()}
            empty={
              <Nothing
                filtered={table.query !== ""}
                clear={() => table.setQuery("")}
                icon={<Icon of={IconRobot} size={26} />}
                title={t("list.emptyTitle")}
                action={{ label: t("list.add"), act: () => setAsked({ window: "new" }) }}
              >
                {t(folder === null ? "list.empty" : "list.emptyFolder")}
              </Nothing>
            }
            testId="flows"
          />
          <Pager table={table} />
        </div>
      </div>
      {asked?.window === "new" ? (
        <NewFlow category={shownFolder} made={open} close={close} />
      ) : null}
      {asked?.window === "import" ? (
        <ImportWindow category={shownFolder} made={open} close={close} />
      ) : null}
      {asked?.window === "category" ? (
        <CategoryWindow category={asked.category} close={close} />
      ) : null}
    </Page>
  );
}

function NewFlow({
  category,
  made,
  close,
}: {
  category: string | null;
  made: (flow: FlowSummary) => void;
  close: () => void;
}) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const renew = useRenew();
  const form = useForm({
    initial: { name: "" },
    check: ({ name }) => (name.trim() ? {} : { name: words("form.required") }),
    save: async ({ name }) => {
      const { flow } = await doors.addFlow({ name: name.trim(), category_id: category });
      await renew("flows");
      close();
      made(flow);
    },
  });
  return (
    <FormWindow
      title={t("editor.newTitle")}
      save={t("editor.create")}
      submit={form.submit}
      close={close}
      dirty={form.dirty}
      busy={form.busy}
      failure={form.failed ? refusal(form.failed) : null}
      testId="new-flow"
      size={440}
    >
      <TextInput
        label={t("list.name")}
        value={form.values.name}
        maxLength={80}
        error={form.problems.name}
        onChange={(event) => form.set("name", event.currentTarget.value)}
        onBlur={() => form.left("name")}
        data-autofocus
        data-testid="new-flow-name"
        dir="auto"
        autoComplete="off"
        required
      />
    </FormWindow>
  );
}

/** «Adicionar categoria», «Categoria de fluxo» (FLOW-9). */
function CategoryWindow({ category, close }: { category: FlowCategory | null; close: () => void }) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const renew = useRenew();
  const [, setParameters] = useSearchParams();
  const [removing, setRemoving] = useState(false);
  const form = useForm({
    initial: { name: category?.name ?? "" },
    check: ({ name }) => (name.trim() ? {} : { name: words("form.required") }),
    save: async ({ name }) => {
      if (category) await doors.saveFlowCategory(category.category_id, name.trim());
      else await doors.addFlowCategory(name.trim());
      await renew("flows");
      close();
    },
  });
  return (
    <>
      <FormWindow
        title={t(category ? "list.editCategory" : "list.addCategory")}
        save={words(category ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        testId="category"
        size={440}
        aside={category ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        <TextInput
          label={t("list.category")}
          value={form.values.name}
          maxLength={LONGEST_NAME}
          error={form.problems.name}
          onChange={(event) => form.set("name", event.currentTarget.value)}
          onBlur={() => form.left("name")}
          data-autofocus
          data-testid="category-name"
          dir="auto"
          autoComplete="off"
          required
        />
      </FormWindow>
      {category && removing ? (
        <Removal
          question={t("list.removeCategory", { name: category.name })}
          remove={async () => {
            await doors.removeFlowCategory(category.category_id);
            await renew("flows");
            setParameters({}, { replace: true });
            close();
          }}
          close={() => setRemoving(false)}
        >
          {t("list.removeCategoryText")}
        </Removal>
      ) : null}
    </>
  );
}
