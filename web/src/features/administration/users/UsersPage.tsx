/** «Usuários»: who works here, what each may do, and who is invited or cut off (ADM-1, PERM-3). */

import { Button, NativeSelect } from "@mantine/core";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import type { Me, User } from "~/lib/api/types";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Person, Soft, Status, Tools } from "../Parts";
import { stateOf, useUsers } from "../queries";
import { type Standing, standingOf, TONES } from "./standing";
import { UserWindow } from "./UserWindow";

const text = (user: User) => `${user.name} ${user.email}`;
const SORTS = {
  name: (user: User) => user.name,
  status: (user: User) => standingOf(user),
  holds: (user: User) => user.holds,
};
const NONE: User[] = [];
const MANY = 100;

export default function UsersPage({ me }: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const users = useUsers();
  const [parameters, setParameters] = useSearchParams();
  const status = parameters.get("status") as Standing | null;
  const filter = useCallback(
    (user: User) => status === null || standingOf(user) === status,
    [status],
  );
  const table = useTable({
    rows: users.data?.users ?? NONE,
    text,
    sorts: SORTS,
    first: "name",
    filter,
  });
  const [entered, setEntered] = useState<User | "new" | null>(null);
  const names = useMemo(
    () => new Map(me.departments.map((one) => [one.department_id, one])),
    [me.departments],
  );
  const departmentsOf = (user: User) =>
    user.department_ids
      .map((id) => names.get(id))
      .filter((one) => one !== undefined)
      .map((one) => (one.active ? one.name : words("users.departmentOff", { name: one.name })))
      .join(", ");
  const columns: Column<User>[] = [
    {
      id: "name",
      label: words("users.name"),
      sortable: true,
      cell: (user) => (
        <Person
          name={user.name}
          below={user.email}
          picture={me.agents.find((one) => one.agent_id === user.agent_id)?.picture ?? null}
          beside={user.agent_id === me.agent.agent_id ? <Soft>({words("users.you")})</Soft> : null}
        />
      ),
    },
    {
      id: "departments",
      label: words("users.departments"),
      cell: (user) => departmentsOf(user) || <Soft>{words("users.noDepartment")}</Soft>,
      width: 260,
    },
    {
      id: "permissions",
      label: words("users.permissions"),
      cell: (user) =>
        user.permissions.length > 0 ? (
          words("users.count", { count: user.permissions.length })
        ) : (
          <Soft>{words("users.noPermission")}</Soft>
        ),
      width: 150,
      wideOnly: true,
    },
    {
      id: "holds",
      label: words("users.chats"),
      sortable: true,
      numeric: true,
      cell: (user) => (user.holds >= MANY ? words("form.many") : user.holds),
      width: 120,
      wideOnly: true,
    },
    {
      id: "status",
      label: words("users.status"),
      sortable: true,
      cell: (user) => (
        <Status tone={TONES[standingOf(user)]}>{words(`users.${standingOf(user)}`)}</Status>
      ),
      width: 140,
    },
  ];
  return (
    <Page
      title={words("pages.users")}
      text={words("users.text")}
      actions={
        <Button
          leftSection={<Icon of={IconPlus} />}
          onClick={() => setEntered("new")}
          data-testid="invite"
        >
          {words("users.invite")}
        </Button>
      }
    >
      <Tools>
        <SearchBox label={words("users.search")} value={table.query} change={table.setQuery} />
        <NativeSelect
          aria-label={words("users.status")}
          value={status ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setParameters(
              (before) => {
                const next = new URLSearchParams(before);
                if (value) next.set("status", value);
                else next.delete("status");
                next.delete("page");
                return next;
              },
              { replace: true },
            )
          }
          data={[
            { value: "", label: words("users.anyStatus") },
            { value: "active", label: words("users.active") },
            { value: "invited", label: words("users.invited") },
            { value: "deactivated", label: words("users.deactivated") },
          ]}
        />
      </Tools>
      <Table
        label={words("pages.users")}
        columns={columns}
        rows={table.shown}
        keyOf={(user) => user.agent_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(users)}
        retry={() => void users.refetch()}
        empty={
          <Nothing
            filtered={table.query !== "" || status !== null}
            clear={() => setParameters({}, { replace: true })}
            icon={<Icon of={IconUsers} size={26} />}
            title={words("users.emptyTitle")}
          >
            {words("users.empty")}
          </Nothing>
        }
        testId="users"
      />
      <Pager table={table} />
      {entered ? (
        <UserWindow
          key={entered === "new" ? "new" : entered.agent_id}
          me={me}
          user={entered === "new" ? null : entered}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
