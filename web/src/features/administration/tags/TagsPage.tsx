/** «Etiquetas»: what contacts can be marked with (INFO-5, ADM-1). */

import { Button } from "@mantine/core";
import { IconBookmarks, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { TagChip } from "~/components/TagChip";
import { useTable } from "~/components/useTable";
import type { Me, Tag } from "~/lib/api/types";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Tools } from "../Parts";
import { stateOf, useLabels } from "../queries";
import { colorName } from "./colors";
import { TagWindow } from "./TagWindow";

const text = (tag: Tag) => tag.name;
const SORTS = { name: (tag: Tag) => tag.name, color: (tag: Tag) => tag.color };
const NONE: Tag[] = [];

export default function TagsPage(_: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const labels = useLabels();
  const [entered, setEntered] = useState<Tag | "new" | null>(null);
  const table = useTable({ rows: labels.data?.tags ?? NONE, text, sorts: SORTS, first: "name" });
  const columns: Column<Tag>[] = [
    {
      id: "name",
      label: words("tags.tag"),
      sortable: true,
      cell: (tag) => <TagChip name={tag.name} color={tag.color} />,
    },
    {
      id: "color",
      label: words("tags.color"),
      sortable: true,
      cell: (tag) => words(`tags.colors.${colorName(tag.color)}`),
      width: 200,
    },
  ];
  const add = () => setEntered("new");
  return (
    <Page
      title={words("pages.tags")}
      text={words("tags.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {words("tags.add")}
        </Button>
      }
    >
      <Tools>
        <SearchBox label={words("tags.search")} value={table.query} change={table.setQuery} />
      </Tools>
      <Table
        label={words("pages.tags")}
        columns={columns}
        rows={table.shown}
        keyOf={(tag) => tag.tag_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(labels)}
        retry={() => void labels.refetch()}
        empty={
          <Nothing
            filtered={table.query !== ""}
            clear={() => table.setQuery("")}
            icon={<Icon of={IconBookmarks} size={26} />}
            title={words("tags.emptyTitle")}
            action={{ label: words("tags.add"), act: add }}
          >
            {words("tags.empty")}
          </Nothing>
        }
        testId="tags"
      />
      <Pager table={table} />
      {entered ? (
        <TagWindow
          key={entered === "new" ? "new" : entered.tag_id}
          tag={entered === "new" ? null : entered}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
