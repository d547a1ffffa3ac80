/** «Departamentos»: the teams that chats can be given to (ADM-1). */

import { Button } from "@mantine/core";
import { IconPlus, IconSitemap } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import type { DepartmentDetails, Me } from "~/lib/api/types";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status, Tools } from "../Parts";
import { stateOf, useDepartments } from "../queries";
import { DepartmentWindow, isStillUsed, MANY } from "./DepartmentWindow";

const text = (department: DepartmentDetails) => department.name;
const SORTS = {
  name: (department: DepartmentDetails) => department.name,
  status: (department: DepartmentDetails) =>
    department.active ? 0 : isStillUsed(department) ? 1 : 2,
  agents: (department: DepartmentDetails) => department.agents,
  chats: (department: DepartmentDetails) => department.chats,
};
const NONE: DepartmentDetails[] = [];

export default function DepartmentsPage({ me }: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const departments = useDepartments();
  const [entered, setEntered] = useState<DepartmentDetails | "new" | null>(null);
  const table = useTable({
    rows: departments.data?.departments ?? NONE,
    text,
    sorts: SORTS,
    first: "name",
  });
  const columns: Column<DepartmentDetails>[] = [
    {
      id: "name",
      label: words("departments.name"),
      sortable: true,
      cell: (department) => <bdi dir="auto">{department.name}</bdi>,
    },
    {
      id: "toLastAgent",
      label: words("departments.toLastAgent"),
      cell: (department) =>
        department.to_last_agent ? words("form.yes") : <Soft>{words("form.no")}</Soft>,
      width: 200,
      wideOnly: true,
    },
    {
      id: "agents",
      label: words("departments.agents"),
      sortable: true,
      numeric: true,
      cell: (department) => department.agents,
      width: 110,
    },
    {
      id: "chats",
      label: words("departments.chats"),
      sortable: true,
      numeric: true,
      cell: (department) => (department.chats >= MANY ? words("form.many") : department.chats),
      width: 160,
    },
    {
      id: "status",
      label: words("departments.status"),
      sortable: true,
      cell: (department) =>
        department.active ? (
          <Status tone="good">{words("departments.active")}</Status>
        ) : isStillUsed(department) ? (
          <Status tone="warning">{words("departments.stillUsed")}</Status>
        ) : (
          <Status tone="quiet">{words("departments.inactive")}</Status>
        ),
      width: 240,
    },
  ];
  const add = () => setEntered("new");
  return (
    <Page
      title={words("pages.departments")}
      text={words("departments.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {words("departments.add")}
        </Button>
      }
    >
      <Tools>
        <SearchBox
          label={words("departments.search")}
          value={table.query}
          change={table.setQuery}
        />
      </Tools>
      <Table
        label={words("pages.departments")}
        columns={columns}
        rows={table.shown}
        keyOf={(department) => department.department_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(departments)}
        retry={() => void departments.refetch()}
        empty={
          <Nothing
            filtered={table.query !== ""}
            clear={() => table.setQuery("")}
            icon={<Icon of={IconSitemap} size={26} />}
            title={words("departments.emptyTitle")}
            action={{ label: words("departments.add"), act: add }}
          >
            {words("departments.empty")}
          </Nothing>
        }
        testId="departments"
      />
      <Pager table={table} />
      {entered ? (
        <DepartmentWindow
          key={entered === "new" ? "new" : entered.department_id}
          me={me}
          department={entered === "new" ? null : entered}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
