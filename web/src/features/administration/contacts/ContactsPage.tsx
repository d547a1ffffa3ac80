/** «Contatos»: every record, found, added, imported, entered; «Bloqueado?» (ADM-3, BLOCK-2). */

import { Button, Checkbox } from "@mantine/core";
import { IconBan, IconPlus, IconTableImport, IconUsersGroup } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { TagChip } from "~/components/TagChip";
import { doors } from "~/lib/api/doors";
import type { ContactSummary, Me } from "~/lib/api/types";
import { formatPhone } from "~/lib/text";
import { fullTime } from "~/lib/time";
import { MoreRows } from "../MoreRows";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Person, Soft, Status, Tools } from "../Parts";
import { EACH_VISIT, stateOf, useLabels, useRenew } from "../queries";
import { AddContactWindow } from "./AddContactWindow";
import { ContactDrawer } from "./ContactDrawer";
import styles from "./Contacts.module.css";
import { ImportWindow } from "./ImportWindow";

const TYPING_MS = 250;
const SHOWN_TAGS = 3;

export default function ContactsPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const [parameters, setParameters] = useSearchParams();
  const blocked = parameters.get("blocked") === "true";
  const entered = parameters.get("contact");
  const [typed, setTyped] = useState(parameters.get("q") ?? "");
  const q = useSettled(typed.trim());
  const [window, setWindow] = useState<"add" | "import" | null>(null);
  const labels = useLabels();
  const tags = useMemo(
    () => new Map((labels.data?.tags ?? []).map((tag) => [tag.tag_id, tag])),
    [labels.data],
  );
  const put = (name: string, value: string | null) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what is searched
  useEffect(() => put("q", q), [q]);
  const contacts = useInfiniteQuery({
    queryKey: ["contacts", q, blocked],
    queryFn: ({ pageParam }) => doors.contacts({ q, blocked, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    placeholderData: (before) => before,
    ...EACH_VISIT,
  });
  const pages = contacts.data?.pages ?? [];
  const rows = useDeferredValue(
    useMemo(() => {
      // A page that moved while it was read may repeat a row.
      const seen = new Map<string, ContactSummary>();
      for (const page of contacts.data?.pages ?? []) {
        for (const contact of page.contacts) seen.set(contact.chat_id, contact);
      }
      return [...seen.values()];
    }, [contacts.data]),
  );
  const enter = (chatId: string | null) => put("contact", chatId);
  const columns: Column<ContactSummary>[] = [
    {
      id: "name",
      label: words("contacts.name"),
      cell: (contact) => (
        <Person
          name={contact.name || contact.username || words("contacts.drawer")}
          beside={
            <span className={styles.channel}>
              <ChannelIcon channel={contact.channel} label={t(`channels.${contact.channel}`)} />
            </span>
          }
          below={contact.username}
        />
      ),
    },
    {
      id: "phone",
      label: words("contacts.phone"),
      cell: (contact) =>
        contact.phone ? (
          <span className={styles.phone}>{formatPhone(contact.phone)}</span>
        ) : (
          <Soft>{words("contacts.noPhone")}</Soft>
        ),
      width: 180,
    },
    {
      id: "tags",
      label: words("contacts.tags"),
      cell: (contact) => {
        const known = contact.tags.flatMap((id) => tags.get(id) ?? []);
        const rest = known.length - SHOWN_TAGS;
        return known.length > 0 ? (
          <span className={styles.tags}>
            {known.slice(0, SHOWN_TAGS).map((tag) => (
              <TagChip key={tag.tag_id} name={tag.name} color={tag.color} />
            ))}
            {rest > 0 ? <Soft>{words("contacts.moreTags", { count: rest })}</Soft> : null}
          </span>
        ) : (
          <Soft>—</Soft>
        );
      },
      width: 240,
    },
    {
      id: "created",
      label: words("contacts.created"),
      cell: (contact) => fullTime(contact.created_at),
      width: 160,
      wideOnly: true,
    },
    {
      id: "blocked",
      label: words("contacts.blockedColumn"),
      cell: (contact) =>
        contact.blocked ? (
          <Status tone="danger">{words("form.yes")}</Status>
        ) : (
          <Soft>{words("form.no")}</Soft>
        ),
      width: 120,
    },
  ];
  return (
    <Page
      title={words("pages.contacts")}
      text={words("contacts.text")}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon of={IconTableImport} />}
            onClick={() => setWindow("import")}
            data-testid="import"
          >
            {words("contacts.import")}
          </Button>
          <Button
            leftSection={<Icon of={IconPlus} />}
            onClick={() => setWindow("add")}
            data-testid="add"
          >
            {words("contacts.add")}
          </Button>
        </>
      }
    >
      <Tools>
        <SearchBox label={words("contacts.search")} value={typed} change={setTyped} />
        <Checkbox
          className={styles.filter}
          label={words("contacts.blockedFilter")}
          checked={blocked}
          onChange={({ currentTarget: { checked } }) => put("blocked", checked ? "true" : null)}
          data-testid="blocked-filter"
        />
      </Tools>
      <div aria-busy={contacts.isPlaceholderData}>
        <Table
          label={words("pages.contacts")}
          columns={columns}
          rows={rows}
          keyOf={(contact) => contact.chat_id}
          open={(contact) => enter(contact.chat_id)}
          state={stateOf(contacts)}
          retry={() => void contacts.refetch()}
          empty={
            <Nothing
              filtered={q !== ""}
              clear={() => {
                setTyped("");
                put("blocked", null);
              }}
              icon={<Icon of={blocked ? IconBan : IconUsersGroup} size={26} />}
              title={words(blocked ? "contacts.noneBlockedTitle" : "contacts.emptyTitle")}
            >
              {words(blocked ? "contacts.noneBlocked" : "contacts.empty")}
            </Nothing>
          }
          testId="contacts"
        />
      </div>
      <MoreRows
        count={rows.length}
        hasMore={contacts.hasNextPage}
        loading={contacts.isFetchingNextPage}
        failed={contacts.isFetchNextPageError}
        load={() => void contacts.fetchNextPage()}
        remark={pages.some((page) => page.more) ? words("table.manyMore") : null}
      />
      {window === "add" ? (
        <AddContactWindow
          close={() => setWindow(null)}
          added={(contact) => {
            void renew("contacts");
            setWindow(null);
            enter(contact.chat_id);
          }}
        />
      ) : null}
      {window === "import" ? (
        <ImportWindow
          close={() => {
            void renew("contacts");
            setWindow(null);
          }}
        />
      ) : null}
      {entered ? (
        <ContactDrawer
          key={entered}
          me={me}
          chatId={entered}
          labels={labels.data ?? null}
          summary={rows.find((row) => row.chat_id === entered) ?? null}
          close={() => enter(null)}
        />
      ) : null}
    </Page>
  );
}

/** The value once it has rested for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
