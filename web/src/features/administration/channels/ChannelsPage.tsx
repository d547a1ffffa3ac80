/** «Canais»: the numbers, pages and accounts that the agency answers from (ADM-1, INB-10). */

import { Button } from "@mantine/core";
import { IconAntennaBars5, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { Pager } from "~/components/Pager";
import { type Column, Table } from "~/components/Table";
import { useTable } from "~/components/useTable";
import { doors } from "~/lib/api/doors";
import type { ChannelDetails, Me } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Nothing } from "../Nothing";
import { Page } from "../Page";
import { Soft, Status } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import styles from "./Channels.module.css";
import { ChannelWindow } from "./ChannelWindow";

const text = (channel: ChannelDetails) => `${channel.display} ${channel.account}`;
const SORTS = { display: (channel: ChannelDetails) => channel.display };
const NONE: ChannelDetails[] = [];

/** What is wrong with it, or missing for it to work, as its status says. */
export function standingOf(
  channel: ChannelDetails,
): "off" | "incomplete" | "ready" | NonNullable<ChannelDetails["problem"]> {
  if (!channel.active) return "off";
  if (channel.problem !== null) return channel.problem;
  const whole = channel.has_token && channel.has_app_secret && channel.has_verify_token;
  return whole ? "ready" : "incomplete";
}

export function Standing({ channel }: { channel: ChannelDetails }) {
  const { t: words } = useTranslation("administration");
  const standing = standingOf(channel);
  const tone =
    standing === "ready"
      ? "good"
      : standing === "off"
        ? "quiet"
        : standing === "incomplete"
          ? "warning"
          : "danger";
  return <Status tone={tone}>{words(`channels.standing.${standing}`)}</Status>;
}

export default function ChannelsPage(_: { me: Me }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const channels = useQuery({ queryKey: ["channels"], queryFn: doors.channels, ...EACH_VISIT });
  const [entered, setEntered] = useState<ChannelDetails | "new" | null>(null);
  const table = useTable({
    rows: channels.data?.channels ?? NONE,
    text,
    sorts: SORTS,
    first: "display",
  });
  const columns: Column<ChannelDetails>[] = [
    {
      id: "display",
      label: words("channels.channel"),
      sortable: true,
      cell: (channel) => (
        <span className={styles.named}>
          <ChannelIcon channel={channel.channel} label={t(`channels.${channel.channel}`)} />
          <span className={styles.lines}>
            <bdi dir="auto">{channel.display}</bdi>
            <Soft>{channel.name ?? t(`channels.${channel.channel}`)}</Soft>
          </span>
        </span>
      ),
    },
    {
      id: "quality",
      label: words("channels.quality"),
      cell: (channel) =>
        channel.quality === null ? (
          <Soft>{words("channels.unknown")}</Soft>
        ) : (
          words(`channels.qualities.${qualityOf(channel.quality)}`)
        ),
      width: 150,
      wideOnly: true,
    },
    {
      id: "heard",
      label: words("channels.lastWebhook"),
      cell: (channel) =>
        channel.last_webhook_at === null ? (
          <Soft>{words("channels.never")}</Soft>
        ) : (
          fullTime(channel.last_webhook_at)
        ),
      width: 200,
      wideOnly: true,
    },
    {
      id: "standing",
      label: words("channels.status"),
      cell: (channel) => <Standing channel={channel} />,
      width: 200,
    },
  ];
  const add = () => setEntered("new");
  // The window shows the row as it is now, after a test too.
  const shown =
    entered === null || entered === "new"
      ? entered
      : (channels.data?.channels.find((one) => one.channel_id === entered.channel_id) ?? entered);
  return (
    <Page
      title={words("pages.channels")}
      text={words("channels.text")}
      actions={
        <Button leftSection={<Icon of={IconPlus} />} onClick={add} data-testid="add">
          {words("channels.add")}
        </Button>
      }
    >
      <Table
        label={words("pages.channels")}
        columns={columns}
        rows={table.shown}
        keyOf={(channel) => channel.channel_id}
        open={setEntered}
        sort={table.sort}
        setSort={table.setSort}
        state={stateOf(channels)}
        retry={() => void channels.refetch()}
        empty={
          <Nothing
            filtered={false}
            clear={() => {}}
            icon={<Icon of={IconAntennaBars5} size={26} />}
            title={words("channels.emptyTitle")}
            action={{ label: words("channels.add"), act: add }}
          >
            {words("channels.empty")}
          </Nothing>
        }
        testId="channels"
      />
      <Pager table={table} />
      {shown ? (
        <ChannelWindow
          key={shown === "new" ? "new" : shown.channel_id}
          channel={shown === "new" ? null : shown}
          close={() => setEntered(null)}
        />
      ) : null}
    </Page>
  );
}

/** Meta's word for a number's quality, as far as it is known. */
export function qualityOf(word: string): "green" | "yellow" | "red" | "other" {
  const plain = word.toLowerCase();
  return plain === "green" || plain === "yellow" || plain === "red" ? plain : "other";
}
