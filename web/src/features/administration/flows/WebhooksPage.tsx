/** «Webhooks»: addresses at which other systems call (FLOW-10). */

import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { SearchBox } from "~/components/SearchBox";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import { useFlows } from "~/features/schedules/useSchedules";
import { addSentences } from "~/i18n";
import { flows as sentences } from "~/i18n/flows";
import { doors } from "~/lib/api/doors";
import type { IncomingWebhook, Me } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status, Tools } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import { WebhookWindow } from "./WebhookWindow";

addSentences("flows", sentences);

/** There is no socket for calls: what arrives meanwhile shows after this long. */
const ANEW_MS = 5_000;
const text = (one: IncomingWebhook) => one.name;
const SORTS = {
  name: (one: IncomingWebhook) => one.name,
  state: (one: IncomingWebhook) => (one.production ? 0 : 1),
  last: (one: IncomingWebhook) => one.calls[0]?.at ?? "",
};
const NONE: IncomingWebhook[] = [];

export default function WebhooksPage({ me }: { me: Me }) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const webhooks = useQuery({
    queryKey: ["webhooks"],
    queryFn: doors.incomingWebhooks,
    refetchInterval: ANEW_MS,
    ...EACH_VISIT,
  });
  const flows = useFlows();
  const [entered, setEntered] = useState<string | null>(null);
  const rows = webhooks.data?.webhooks ?? NONE;
  const table = useTable({ rows, text, sorts: SORTS, first: "name" });
  const columns: Column<IncomingWebhook>[] = [
    {
      id: "name",
      label: t("hooks.name"),
      sortable: true,
      cell: (one) => <bdi dir="auto">{one.name}</bdi>,
    },
    {
      id: "flow",
      label: t("hooks.flow"),
      cell: (one) =>
        one.flow_id === null ? (
          <Soft>{t("hooks.noFlow")}</Soft>
        ) : (
          <bdi>{flows.data?.flows.find((flow) => flow.flow_id === one.flow_id)?.name ?? ""}</bdi>
        ),
      width: 260,
    },
    {
      id: "last",
      label: t("hooks.last"),
      sortable: true,
      cell: (one) => (one.calls[0] ? fullTime(one.calls[0].at) : <Soft>{t("hooks.never")}</Soft>),
      width: 180,
    },
    {
      id: "state",
      label: t("hooks.state"),
      sortable: true,
      cell: (one) => (
        <Status tone={one.production ? "good" : "quiet"}>
          {t(one.production ? "hooks.production" : "hooks.test")}
        </Status>
      ),
      width: 140,
    },
  ];
  const add = () => setEntered("new");
  const shown = rows.find((one) => one.webhook_id === entered) ?? null;
  return (
    <Page
      title={words("pages.webhooks")}
      text={t("hooks.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {t("hooks.add")}
        </Button>
      }
    >
      <Tools>
        <SearchBox label={t("hooks.search")} value={table.query} change={table.setQuery} />
      </Tools>
      <Table
        label={words("pages.webhooks")}
        columns={columns}
        rows={table.shown}
        keyOf={(one) => one.webhook_id}
        open={(one) => setEntered(one.webhook_id)}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(webhooks)}
        retry={() => void webhooks.refetch()}
        empty={
          <Nothing
            filtered={table.query !== ""}
            clear={() => table.setQuery("")}
            icon={<Icon of={IconWebhook} size={26} />}
            title={t("hooks.emptyTitle")}
            action={{ label: t("hooks.add"), act: add }}
          >
            {t("hooks.empty")}
          </Nothing>
        }
        testId="webhooks"
      />
      <Pager table={table} />
      {entered === "new" || shown ? (
        <WebhookWindow
          key={entered}
          me={me}
          webhook={shown}
          flows={flows.data?.flows ?? []}
          made={(one) => setEntered(one.webhook_id)}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}
