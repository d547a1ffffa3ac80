/** «Lista de Conversas»: search and «Novo chat», tabs with counts, order, filters, and the rows. */

import { Button } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconFilterOff,
  IconInbox,
  IconMailOpened,
  IconPlugConnectedX,
  IconPlus,
  IconX,
} from "@tabler/icons-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import { Notice } from "~/components/Notice";
import { doors } from "~/lib/api/doors";
import type { OrderName, TabName } from "~/lib/api/types";
import { drafts } from "../bar/drafts";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { countFilters, NO_FILTERS } from "../live/reducer";
import { addressOf, ORDERS, usePlace } from "../live/useView";
import { NeedsConnection } from "../offline/parts";
import { SearchField } from "../search/SearchField";
import styles from "./ChatList.module.css";
import { Filters } from "./Filters";
import { Resync } from "./Resync";
import { Rows } from "./Rows";
import { Tabs } from "./Tabs";

const SearchResults = later(() => import("../search/SearchResults"));

export function ChatList({ newChat }: { newChat: () => void }) {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const { q } = usePlace(me.tabs);
  // The rows say which chats have a draft: one question for all of them.
  useEffect(() => drafts.begin(me.agent.agent_id, doors), [me.agent.agent_id]);
  return (
    <section className={styles.list} aria-label={t("areas.list")} data-testid="chat-list">
      <div className={styles.head}>
        <SearchField />
        <Button
          size="sm"
          className={styles.newChat}
          leftSection={<Icon of={IconPlus} size={16} />}
          onClick={newChat}
          data-testid="new-chat"
        >
          {t("list.newChat")}
        </Button>
      </div>
      {q === "" ? (
        <Listed />
      ) : (
        <>
          <Resync />
          <Suspense fallback={<ListBones />}>
            <SearchResults q={q} />
          </Suspense>
        </>
      )}
    </section>
  );
}

/** The list itself, in the tab, order and filters of the address. */
function Listed() {
  const { t } = useTranslation();
  const { me, desk } = useDeskAndMe();
  const { view, go } = usePlace(me.tabs);
  const loading = useDesk((snapshot) => snapshot.list);
  const shown = useDesk((snapshot) => snapshot.state.list);
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const again = () => void desk.fetchList().catch(() => {});
  const [open, setOpen] = useState(false);
  const filters = countFilters(view);
  return (
    <>
      <Tabs />
      <div className={styles.tools}>
        <label className={styles.order}>
          <span className="hidden">{t("orders.label")}</span>
          <select
            className={styles.select}
            value={view.order}
            data-testid="order"
            onChange={(event) => go({ order: event.currentTarget.value as OrderName })}
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {t(`orders.${order}`)}
              </option>
            ))}
          </select>
        </label>
        <span className={styles.space} />
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          data-testid="filters"
          onClick={() => setOpen(!open)}
        >
          <Icon of={IconAdjustmentsHorizontal} size={15} />
          {t("filters.show")}
          {filters > 0 ? (
            <>
              <span className={styles.number}>{filters}</span>
              <span className="hidden">{t("filters.chosen", { count: filters })}</span>
            </>
          ) : null}
        </button>
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={view.unread}
          title={`${t("filters.unread")}: ${t("list.unreadOnly")}`}
          data-testid="filter-unread"
          onClick={() => go({ unread: !view.unread })}
        >
          {t("list.unreadOnlyShort")}
        </button>
      </div>
      <Filters open={open} />
      <Resync />
      <Remarks />
      <div className={styles.body}>
        {loading === "failed" && !shown && disconnected ? (
          <Suspense>
            <NeedsConnection what="list" again={again} />
          </Suspense>
        ) : loading === "failed" && !shown ? (
          <Notice
            alert
            icon={<Icon of={IconPlugConnectedX} size={26} />}
            title={t("list.failedTitle")}
            action={{ label: t("app.retry"), act: again }}
          >
            {t("list.failed")}
          </Notice>
        ) : !shown ? (
          <ListBones />
        ) : shown.rows.length > 0 || shown.cursor !== null ? (
          <Rows key={addressOf({ view, chatId: null, q: "" })} list={shown} />
        ) : filters === 0 ? (
          <Notice icon={<Icon of={IconInbox} size={26} />} title={t("list.emptyTitle")}>
            {t(`list.empty.${view.tab}`)}
          </Notice>
        ) : view.unread && filters === 1 ? (
          <Notice
            icon={<Icon of={IconMailOpened} size={26} />}
            title={t("list.emptyUnreadTitle")}
            action={{ label: t("list.showAll"), act: () => go({ unread: false }) }}
          >
            {t("list.emptyUnread")}
          </Notice>
        ) : (
          <Notice
            icon={<Icon of={IconFilterOff} size={26} />}
            title={t("list.emptyFilteredTitle")}
            action={{ label: t("filters.clear"), act: () => go(NO_FILTERS) }}
          >
            {t("list.emptyFiltered")}
          </Notice>
        )}
      </div>
    </>
  );
}

/** What happened to the list without being asked for: a tab that went, a command refused. */
function Remarks() {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const refused = useDesk((snapshot) => snapshot.refused);
  const [gone, forget] = useTabGone();
  if (gone === null && refused === null) return null;
  const words =
    gone !== null
      ? t("list.tabGone", { tab: t(`tabs.${gone}`) })
      : refused === "unreachable" || refused === null
        ? t("errors.unavailable")
        : t(`errors.${refused}`);
  return (
    <div className={styles.remark} role="alert" data-testid="list-remark">
      <p>{words}</p>
      <button
        type="button"
        className={styles.close}
        aria-label={t("app.close")}
        onClick={gone !== null ? forget : () => desk.forgetRefusal()}
      >
        <Icon of={IconX} size={16} />
      </button>
    </div>
  );
}

/** The tab that the address names and that permissions have taken away meanwhile (TAB-7). */
function useTabGone(): [TabName | null, () => void] {
  const { me } = useDeskAndMe();
  const { search } = useLocation();
  const { go } = usePlace(me.tabs);
  const before = useRef(me.tabs);
  const [gone, setGone] = useState<TabName | null>(null);
  useEffect(() => {
    const had = before.current;
    before.current = me.tabs;
    if (had === me.tabs) return;
    const asked = new URLSearchParams(search).get("tab");
    const lost = had.find((tab) => tab === asked && !me.tabs.includes(tab));
    if (lost === undefined) return;
    setGone(lost);
    go({}, true);
  }, [me.tabs, search, go]);
  return [gone, () => setGone(null)];
}

export function ListBones() {
  return (
    <div className={styles.bones} aria-hidden="true">
      {Array.from({ length: 10 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
        <div className={styles.boneRow} key={index}>
          <Bone width={40} height={40} round />
          <div className={styles.boneText}>
            <Bone width={`${45 + ((index * 17) % 30)}%`} height={13} />
            <Bone width={`${60 + ((index * 23) % 35)}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}

export function MoreFailed({ again }: { again: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.more} role="alert">
      {t("list.moreFailed")}
      <Button size="xs" variant="default" onClick={again}>
        {t("app.retry")}
      </Button>
    </div>
  );
}
