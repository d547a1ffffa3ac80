/** «Lista de Conversas»: tabs with counts, order, unread filter, and the rows. */

import { Button } from "@mantine/core";
import { IconInbox, IconMailOpened, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import type { OrderName } from "~/lib/api/types";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { ORDERS, usePlace } from "../live/useView";
import styles from "./ChatList.module.css";
import { Resync } from "./Resync";
import { Rows } from "./Rows";
import { Tabs } from "./Tabs";

export function ChatList() {
  const { t } = useTranslation();
  const { me, desk } = useDeskAndMe();
  const { view, go } = usePlace(me.tabs);
  const loading = useDesk((snapshot) => snapshot.list);
  const shown = useDesk((snapshot) => snapshot.state.list);
  return (
    <section className={styles.list} aria-label={t("areas.list")} data-testid="chat-list">
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
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={view.unread}
          title={t("list.unreadOnly")}
          data-testid="filter-unread"
          onClick={() => go({ unread: !view.unread })}
        >
          {t("list.unreadOnlyShort")}
        </button>
      </div>
      <Resync />
      <div className={styles.body}>
        {loading === "failed" && !shown ? (
          <Notice
            alert
            icon={<Icon of={IconPlugConnectedX} size={26} />}
            title={t("list.failedTitle")}
            action={{ label: t("app.retry"), act: () => void desk.fetchList().catch(() => {}) }}
          >
            {t("list.failed")}
          </Notice>
        ) : !shown ? (
          <ListBones />
        ) : shown.rows.length === 0 && shown.cursor === null ? (
          view.unread ? (
            <Notice
              icon={<Icon of={IconMailOpened} size={26} />}
              title={t("list.emptyUnreadTitle")}
              action={{ label: t("list.showAll"), act: () => go({ unread: false }) }}
            >
              {t("list.emptyUnread")}
            </Notice>
          ) : (
            <Notice icon={<Icon of={IconInbox} size={26} />} title={t("list.emptyTitle")}>
              {t(`list.empty.${view.tab}`)}
            </Notice>
          )
        ) : (
          <Rows key={`${view.tab} ${view.order} ${view.unread}`} list={shown} />
        )}
      </div>
    </section>
  );
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
