/** «Respostas rápidas»: texts that agents call up with «/» (SEND-9, ADM-1). */

import { Button } from "@mantine/core";
import { IconBolt, IconPaperclip, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import { doors } from "~/lib/api/doors";
import type { Me, QuickReply } from "~/lib/api/types";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Tools } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import styles from "./QuickReplies.module.css";
import { QuickReplyWindow } from "./QuickReplyWindow";

const text = (reply: QuickReply) => `${reply.name} ${reply.text}`;
const SORTS = { name: (reply: QuickReply) => reply.name };
const NONE: QuickReply[] = [];

export default function QuickRepliesPage(_: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const replies = useQuery({
    queryKey: ["quick_replies"],
    queryFn: doors.quickReplies,
    ...EACH_VISIT,
  });
  const [entered, setEntered] = useState<QuickReply | "new" | null>(null);
  const rows = replies.data?.quick_replies ?? NONE;
  const table = useTable({ rows, text, sorts: SORTS, first: "name" });
  const columns: Column<QuickReply>[] = [
    {
      id: "name",
      label: words("quickReplies.name"),
      sortable: true,
      cell: (reply) => (
        <bdi dir="auto" className={styles.name}>
          /{reply.name}
        </bdi>
      ),
      width: 220,
    },
    {
      id: "text",
      label: words("quickReplies.message"),
      cell: (reply) => (
        <span className={styles.message}>
          {reply.file ? (
            <Soft>
              <Icon of={IconPaperclip} size={14} /> <bdi dir="auto">{reply.file.name}</bdi>
            </Soft>
          ) : null}
          <bdi dir="auto" className={styles.clamped}>
            {reply.text}
          </bdi>
        </span>
      ),
    },
  ];
  const add = () => setEntered("new");
  return (
    <Page
      title={words("pages.quickReplies")}
      text={words("quickReplies.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {words("quickReplies.add")}
        </Button>
      }
    >
      <Tools>
        <SearchBox
          label={words("quickReplies.search")}
          value={table.query}
          change={table.setQuery}
        />
      </Tools>
      <Table
        label={words("pages.quickReplies")}
        columns={columns}
        rows={table.shown}
        keyOf={(reply) => reply.quick_reply_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(replies)}
        retry={() => void replies.refetch()}
        empty={
          <Nothing
            filtered={table.query !== ""}
            clear={() => table.setQuery("")}
            icon={<Icon of={IconBolt} size={26} />}
            title={words("quickReplies.emptyTitle")}
            action={{ label: words("quickReplies.add"), act: add }}
          >
            {words("quickReplies.empty")}
          </Nothing>
        }
        testId="quick-replies"
      />
      <Pager table={table} />
      {entered ? (
        <QuickReplyWindow
          key={entered === "new" ? "new" : entered.quick_reply_id}
          reply={entered === "new" ? null : entered}
          names={rows.map((one) => one.name)}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
