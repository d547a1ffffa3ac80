/** «Campo de Conversa»: header, balloons and message bar of the open chat. */

import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconLayoutSidebarRight,
  IconLayoutSidebarRightCollapse,
  IconMessageCheck,
  IconMessages,
  IconPlugConnectedX,
  IconSearch,
} from "@tabler/icons-react";
import { Fragment, Suspense, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { Bone } from "~/components/Bone";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { later } from "~/components/later";
import { Notice } from "~/components/Notice";
import { ONE_AREA, useNarrower } from "~/components/useWidth";
import type { ChatRow } from "~/lib/api/types";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import { usePlace } from "../live/useView";
import { AsItWas, NeedsConnection } from "../offline/parts";
import styles from "./Conversation.module.css";

// A page without an open chat needs neither; both come while the first chat is fetched.
const timeline = () => import("./Timeline");
const bar = () => import("../bar/Bar");
const Timeline = later(() => timeline().then((part) => ({ default: part.Timeline })));
const Bar = later(() => bar().then((part) => ({ default: part.Bar })));
const MessageSearch = later(() => import("./MessageSearch"));

interface ConversationProps {
  panelOpen: boolean;
  togglePanel: () => void;
  closeAttendance: () => void;
}

export function Conversation(props: ConversationProps) {
  const { t } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const { go, message: asked } = usePlace(me.tabs);
  const chatId = useDesk((snapshot) => snapshot.chatId);
  const loading = useDesk((snapshot) => snapshot.chat);
  const lost = useDesk((snapshot) => snapshot.state.lost);
  const open = useDesk((snapshot) => snapshot.state.chat);
  const known = useDesk((snapshot) =>
    snapshot.state.list?.rows.find((row) => row.chat_id === snapshot.chatId),
  );
  const row = open?.chat.row ?? known ?? null;
  const stretch = useDesk((snapshot) => snapshot.stretch);
  const chatAt = useDesk((snapshot) => snapshot.chatAt);
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const again = () => void desk.fetchChat().catch(() => {});
  const [searched, setSearched] = useState<string | null>(null);
  const searching = chatId !== null && searched === chatId;
  const oneArea = useNarrower(ONE_AREA);
  const jump = useCallback(
    (key: string) => {
      void desk.jumpTo(key);
      go({ message: key }, true);
    },
    [desk, go],
  );
  const forgetJump = useCallback(() => {
    desk.forgetJump();
    go({ message: null }, true);
  }, [desk, go]);
  const toNewest = useCallback(() => {
    void desk.toNewest();
    go({ message: null }, true);
  }, [desk, go]);
  useEffect(() => {
    if (chatId === null) return;
    timeline().catch(() => {});
    bar().catch(() => {});
  }, [chatId]);
  // An address may name the message: shared, reloaded, gone back to.
  const ready = open !== null && open.chat.row.chat_id === chatId;
  useEffect(() => {
    if (ready && asked && desk.getSnapshot().jump?.key !== asked) void desk.jumpTo(asked);
  }, [ready, asked, desk]);
  return (
    <section
      className={styles.conversation}
      aria-label={t("areas.conversation")}
      data-testid="conversation"
    >
      {chatId === null ? (
        <Notice icon={<Icon of={IconMessages} size={26} />} title={t("conversation.choose")}>
          {t("conversation.chooseHint")}
        </Notice>
      ) : loading === "missing" ? (
        <Notice
          alert
          icon={<Icon of={IconAlertTriangle} size={26} />}
          title={lost ? t("conversation.lostTitle") : t("conversation.missingTitle")}
          action={{ label: t("conversation.backToList"), act: () => go({ chatId: null }) }}
        >
          {lost ? t("conversation.lost") : t("conversation.missing")}
        </Notice>
      ) : (
        <>
          <Header
            row={row}
            canClose={open?.chat.protocol != null}
            searching={searching}
            toggleSearch={() => setSearched(searching ? null : chatId)}
            {...props}
          />
          {searching ? (
            <Suspense>
              <MessageSearch
                key={chatId}
                chatId={chatId}
                close={() => setSearched(null)}
                jump={(key) => {
                  if (oneArea) setSearched(null);
                  jump(key);
                }}
              />
            </Suspense>
          ) : null}
          {open ? (
            <Suspense fallback={<ConversationBones />}>
              {chatAt === null ? null : (
                <p className={styles.asItWas} role="status">
                  <AsItWas at={chatAt} />
                </p>
              )}
              <Timeline
                key={`${chatId} ${stretch}`}
                open={open}
                jump={jump}
                forgetJump={forgetJump}
                toNewest={toNewest}
              />
              <Bar key={`bar ${chatId}`} chat={open.chat} />
            </Suspense>
          ) : loading === "failed" && disconnected ? (
            <Suspense>
              <NeedsConnection what="chat" again={again} />
            </Suspense>
          ) : loading === "failed" ? (
            <Notice
              alert
              icon={<Icon of={IconPlugConnectedX} size={26} />}
              title={t("conversation.failedTitle")}
              action={{ label: t("app.retry"), act: again }}
            >
              {t("conversation.failed")}
            </Notice>
          ) : (
            <ConversationBones />
          )}
        </>
      )}
    </section>
  );
}

interface HeaderProps extends ConversationProps {
  row: ChatRow | null;
  /** There is an attendance to close. */
  canClose: boolean;
  searching: boolean;
  toggleSearch: () => void;
}

/** Who the contact is, who attends, and the ways to close and to the panel (CHAT-2, ROUTE-9). */
function Header({
  row,
  canClose,
  searching,
  toggleSearch,
  panelOpen,
  togglePanel,
  closeAttendance,
}: HeaderProps) {
  const { t } = useTranslation();
  const { me, agents, departments } = useDeskAndMe();
  const { go } = usePlace(me.tabs);
  const oneArea = useNarrower(ONE_AREA);
  const held = row
    ? [
        row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? t("agents.unknown")),
        row.department_id === null
          ? null
          : (departments.get(row.department_id)?.name ?? t("departments.unknown")),
      ].filter((name) => name !== null)
    : [];
  return (
    <header className={styles.header}>
      {oneArea ? (
        <IconButton label={t("app.back")} onClick={() => go({ chatId: null })} data-testid="back">
          <Icon of={IconArrowLeft} size={20} />
        </IconButton>
      ) : null}
      {row ? (
        <>
          <Avatar name={nameOf(row, t("authors.contact"))} />
          <div className={styles.who}>
            <h2 className={styles.name} dir="auto">
              <bdi>{nameOf(row, t("authors.contact"))}</bdi>
            </h2>
            <p className={styles.about}>
              <ChannelIcon channel={row.channel} label={t(`channels.${row.channel}`)} />
              <span className={styles.channel} aria-hidden="true">
                {t(`channels.${row.channel}`)} ·
              </span>
              <span className={styles.held} data-testid="header-held">
                {held.length === 0 ? t("agents.none") : null}
                {held.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: agent and department, in this order
                  <Fragment key={index}>
                    {index > 0 ? <span>{" · "}</span> : null}
                    <bdi className={styles.holder} title={name}>
                      {name}
                    </bdi>
                  </Fragment>
                ))}
              </span>
            </p>
          </div>
        </>
      ) : (
        <>
          <Bone width={40} height={40} round />
          <div className={styles.who}>
            <Bone width={160} height={14} />
          </div>
        </>
      )}
      <IconButton
        label={t("conversation.search")}
        aria-expanded={searching}
        onClick={toggleSearch}
        data-testid="message-search-toggle"
      >
        <Icon of={IconSearch} size={20} />
      </IconButton>
      {canClose ? (
        <Button
          variant="default"
          size="sm"
          className={styles.close}
          aria-label={t("conversation.closeAttendance")}
          title={t("conversation.closeAttendance")}
          onClick={closeAttendance}
          data-testid="header-close"
        >
          <Icon of={IconMessageCheck} size={18} />
          <span className={styles.closeWords}>{t("conversation.closeAttendance")}</span>
        </Button>
      ) : null}
      <IconButton
        label={panelOpen ? t("conversation.closePanel") : t("conversation.openPanel")}
        aria-expanded={panelOpen}
        onClick={togglePanel}
        data-testid="panel-toggle"
      >
        <Icon of={panelOpen ? IconLayoutSidebarRightCollapse : IconLayoutSidebarRight} size={20} />
      </IconButton>
    </header>
  );
}

function ConversationBones() {
  return (
    <div className={styles.bones} aria-hidden="true">
      {[52, 38, 64, 44, 30, 58].map((width, index) => (
        <div key={width} className={styles.boneLine} data-mine={index % 3 === 2}>
          <Bone width={`${width}%`} height={index % 2 ? 48 : 66} />
        </div>
      ))}
    </div>
  );
}
