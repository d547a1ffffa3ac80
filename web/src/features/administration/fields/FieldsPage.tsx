/** «Campos customizáveis»: what is kept of contacts beside the usual (INFO-2, CLOSE-6, ADM-1). */

import { Button } from "@mantine/core";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import type { Field, Me } from "~/lib/api/types";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status, Tools } from "../Parts";
import { stateOf, useLabels } from "../queries";
import styles from "./Fields.module.css";
import { FieldWindow } from "./FieldWindow";

const text = (field: Field) => `${field.name} ${field.slug}`;
const ASKED = { required: 0, optional: 1, no: 2 };
const SORTS = {
  name: (field: Field) => field.name,
  slug: (field: Field) => field.slug,
  kind: (field: Field) => field.kind,
  atClosing: (field: Field) => ASKED[field.at_closing],
  status: (field: Field) => (field.active ? 0 : 1),
};
const NONE: Field[] = [];

export default function FieldsPage(_: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const labels = useLabels();
  const fields = labels.data?.fields ?? NONE;
  const [entered, setEntered] = useState<Field | "new" | null>(null);
  const table = useTable({ rows: fields, text, sorts: SORTS, first: "name" });
  const columns: Column<Field>[] = [
    {
      id: "name",
      label: words("fields.name"),
      sortable: true,
      cell: (field) => <bdi dir="auto">{field.name}</bdi>,
    },
    {
      id: "slug",
      label: words("fields.slug"),
      sortable: true,
      cell: (field) => (
        <span className={styles.slug}>
          <code>{`{${field.slug}}`}</code>
          <CopyButton
            text={`{${field.slug}}`}
            label={words("fields.copySlug", { slug: `{${field.slug}}` })}
          />
        </span>
      ),
      width: 270,
    },
    {
      id: "kind",
      label: words("fields.kind"),
      sortable: true,
      cell: (field) => words(`fields.kinds.${field.kind}`),
      width: 160,
    },
    {
      id: "atClosing",
      label: words("fields.atClosingShort"),
      sortable: true,
      cell: (field) =>
        field.at_closing === "no" ? (
          <Soft>{words("fields.asked.no")}</Soft>
        ) : (
          words(`fields.asked.${field.at_closing}`)
        ),
      width: 160,
      wideOnly: true,
    },
    {
      id: "status",
      label: words("fields.status"),
      sortable: true,
      cell: (field) => (
        <Status tone={field.active ? "good" : "quiet"}>
          {words(field.active ? "fields.active" : "fields.inactive")}
        </Status>
      ),
      width: 140,
    },
  ];
  const add = () => setEntered("new");
  return (
    <Page
      title={words("pages.fields")}
      text={words("fields.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {words("fields.add")}
        </Button>
      }
    >
      <Tools>
        <SearchBox label={words("fields.search")} value={table.query} change={table.setQuery} />
      </Tools>
      <Table
        label={words("pages.fields")}
        columns={columns}
        rows={table.shown}
        keyOf={(field) => field.field_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(labels)}
        retry={() => void labels.refetch()}
        empty={
          <Nothing
            filtered={table.query !== ""}
            clear={() => table.setQuery("")}
            icon={<Icon of={IconForms} size={26} />}
            title={words("fields.emptyTitle")}
            action={{ label: words("fields.add"), act: add }}
          >
            {words("fields.empty")}
          </Nothing>
        }
        testId="fields"
      />
      <Pager table={table} />
      {entered ? (
        <FieldWindow
          key={entered === "new" ? "new" : entered.field_id}
          field={entered === "new" ? null : entered}
          others={fields}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
