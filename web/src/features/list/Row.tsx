/** One chat in the list (ROW-1 to ROW-7), and what was begun in it. */

import { IconBan, IconMail, IconMailOpened, IconRobot, IconUser } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { memo, type PointerEvent, useRef } from "react";
import { Avatar } from "~/components/Avatar";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { TagChip } from "~/components/TagChip";
import type { ChatRow } from "~/lib/api/types";
import { sessionBadge } from "~/lib/session";
import { fullTime, rowTime, untilTime } from "~/lib/time";
import { isWaiting } from "~/lib/waiting";
import { useDraftText } from "../bar/drafts";
import { SIGNS } from "../conversation/kinds/signs";
import { useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import styles from "./Row.module.css";

export const ROW_HEIGHT = 80;
const TAGS_SHOWN = 2;
const DRAFT_SHOWN = 200;
const LONG_PRESS_MS = 550;
const PRESS_SLIPS_PX = 10;

/** Where a menu opens: under this point of the window. */
export interface MenuPlace {
  row: ChatRow;
  x: number;
  y: number;
}

const NAME = "\u0000";
let told: { t: TFunction; words: ReturnType<typeof sentences> } | null = null;

/** The sentences that are the same in every row, made once: many rows are drawn in one frame. */
function wordsOf(t: TFunction) {
  if (told?.t !== t) told = { t, words: sentences(t) };
  return told.words;
}

function sentences(t: TFunction) {
  return {
    contact: t("authors.contact"),
    agent: t("authors.agent"),
    device: t("authors.device"),
    flow: t("sources.flow"),
    noMessages: t("list.noMessages"),
    deleted: t("conversation.deleted"),
    draft: t("bar.draft"),
    read: t("list.readIcon"),
    unread: t("list.unreadIcon"),
    expiring: t("list.expiring"),
    expired: t("list.expired"),
    waiting: t("list.waiting"),
    menu: t("list.menu", { name: NAME }),
    channels: {
      whatsapp: t("channels.whatsapp"),
      instagram: t("channels.instagram"),
      facebook: t("channels.facebook"),
    },
  };
}

interface RowProps {
  row: ChatRow;
  now: number;
  active: boolean;
  go: (change: { chatId: string }) => void;
  openMenu: (place: MenuPlace) => void;
  /** Handed down: many rows are drawn in one frame while scrolling. */
  t: TFunction;
}

export const Row = memo(function Row({ row, now, active, go, openMenu, t }: RowProps) {
  const { desk, me, agents, departments } = useDeskAndMe();
  const agent =
    row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? t("agents.unknown"));
  const department =
    row.department_id === null
      ? null
      : (departments.get(row.department_id)?.name ?? t("departments.unknown"));
  const words = wordsOf(t);
  const name = nameOf(row, words.contact);
  const time = row.last_activity_at;
  const unread = row.unread > 0;
  const badge = sessionBadge(row.session_ends_at, now);
  const draft = useDraftText(row.chat_id).trim();
  const press = useLongPress((x, y) => openMenu({ row, x, y }));
  return (
    <div
      className={styles.row}
      data-active={active}
      data-unread={unread}
      data-testid="chat-row"
      data-chat-id={row.chat_id}
    >
      <button
        type="button"
        className={styles.open}
        aria-current={active ? "true" : undefined}
        {...press.handlers}
        onContextMenu={(event) => {
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          // The keyboard's menu key has no place of its own.
          const keyed = event.clientX === 0 && event.clientY === 0;
          openMenu({
            row,
            x: keyed ? box.right - 24 : event.clientX,
            y: keyed ? box.top + 28 : event.clientY,
          });
        }}
        onClick={() => {
          if (press.happened()) return;
          if (active) desk.enterAgain();
          go({ chatId: row.chat_id });
        }}
      >
        <span className={styles.face}>
          <Avatar name={name} />
          <span className={styles.channel}>
            <ChannelIcon channel={row.channel} label={words.channels[row.channel]} />
          </span>
        </span>
        <span className={styles.text}>
          <span className={styles.line}>
            <bdi className={styles.name} dir="auto" data-testid="row-name">
              {name}
            </bdi>
            {agent ? (
              <span
                className={styles.agent}
                role="img"
                title={t("list.agent", { name: agent })}
                aria-label={t("list.agent", { name: agent })}
                data-testid="row-agent"
              >
                <Icon of={IconUser} size={13} />
              </span>
            ) : null}
            {isWaiting(row.waiting_since, me.settings.chatbot_since) ? (
              <span
                className={styles.agent}
                role="img"
                title={words.waiting}
                aria-label={words.waiting}
                data-testid="row-automation"
              >
                <Icon of={IconRobot} size={13} />
              </span>
            ) : null}
            {row.blocked ? (
              <span
                className={styles.blocked}
                role="img"
                aria-label={t("list.blocked")}
                title={t("list.blocked")}
                data-testid="row-blocked"
              >
                <Icon of={IconBan} size={15} />
              </span>
            ) : null}
            {time ? (
              <time className={styles.time} dateTime={time}>
                {rowTime(time, now)}
              </time>
            ) : null}
          </span>
          <span className={styles.line}>
            <span className={styles.preview} data-testid="row-preview">
              {draft && !active ? (
                <>
                  <span className={styles.draft}>{words.draft}</span>{" "}
                  <bdi dir="auto">{draft.slice(0, DRAFT_SHOWN)}</bdi>
                </>
              ) : (
                preview(row, t)
              )}
            </span>
            <span
              className={styles.read}
              role="img"
              aria-label={unread ? words.unread : words.read}
              title={unread ? words.unread : words.read}
              data-testid="row-read"
            >
              <Icon of={unread ? IconMail : IconMailOpened} size={15} />
            </span>
            {unread ? (
              <span
                className={styles.unread}
                data-testid="row-unread"
                role="img"
                aria-label={t("list.unread", { count: row.unread })}
              >
                {row.unread > 99 ? "99+" : row.unread}
              </span>
            ) : null}
          </span>
          {badge || department || row.tags.length > 0 ? (
            <span className={styles.badges}>
              {badge ? (
                // biome-ignore lint/a11y/noStaticElementInteractions: hovering only spells it out
                <span
                  className={styles.badge}
                  data-session={badge}
                  data-testid="row-session"
                  onMouseEnter={(event) => {
                    event.currentTarget.title = sessionHint(row.session_ends_at, now, t);
                  }}
                >
                  {words[badge]}
                </span>
              ) : null}
              {department ? (
                <span className={styles.badge} title={department} data-testid="row-department">
                  <bdi dir="auto">{department}</bdi>
                </span>
              ) : null}
              <Tags ids={row.tags} t={t} />
            </span>
          ) : null}
        </span>
      </button>
      <button
        type="button"
        className={styles.dots}
        aria-label={words.menu.replace(NAME, () => name)}
        aria-haspopup="menu"
        data-testid="row-menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          openMenu({ row, x: box.right, y: box.bottom });
        }}
      />
    </div>
  );
});

/** Until when the session lasts, or when it ended: told where it is asked for. */
function sessionHint(endsAt: string | null, now: number, t: TFunction): string {
  if (endsAt === null) return "";
  return Date.parse(endsAt) > now
    ? t("list.expiringHint", { until: untilTime(endsAt, now) })
    : t("list.expiredHint", { at: fullTime(endsAt) });
}

/** The stored tags, in the order in which they were added; those that do not fit are counted. */
function Tags({ ids, t }: { ids: string[]; t: TFunction }) {
  const { tags } = useDeskAndMe();
  const known = ids.map((id) => tags.get(id)).filter((tag) => tag !== undefined);
  const rest = known.slice(TAGS_SHOWN);
  return (
    <>
      {known.slice(0, TAGS_SHOWN).map((tag) => (
        <span key={tag.tag_id} className={styles.tag} data-testid="row-tag">
          <TagChip name={tag.name} color={tag.color} />
        </span>
      ))}
      {rest.length > 0 ? (
        <span
          className={styles.rest}
          title={rest.map((tag) => tag.name).join(", ")}
          data-testid="row-more-tags"
        >
          {t("list.moreTags", { count: rest.length })}
        </span>
      ) : null}
    </>
  );
}

/** A finger that stays where it is. The click that follows it is none. */
function useLongPress(pressed: (x: number, y: number) => void) {
  const state = useRef({ timer: 0, x: 0, y: 0, happened: false });
  const stop = () => window.clearTimeout(state.current.timer);
  return {
    happened: () => {
      const { happened } = state.current;
      state.current.happened = false;
      return happened;
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        state.current.happened = false;
        if (event.pointerType !== "touch") return;
        const { clientX: x, clientY: y } = event;
        state.current = { ...state.current, x, y };
        state.current.timer = window.setTimeout(() => {
          state.current.happened = true;
          pressed(x, y);
        }, LONG_PRESS_MS);
      },
      onPointerMove: (event: PointerEvent) => {
        const { x, y } = state.current;
        if (Math.hypot(event.clientX - x, event.clientY - y) > PRESS_SLIPS_PX) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    },
  };
}

function preview(row: ChatRow, t: TFunction) {
  const words = wordsOf(t);
  if (row.preview_kind === null && !row.preview) {
    return <i>{row.preview_author === null ? words.noMessages : words.deleted}</i>;
  }
  const ours = { agent: words.agent, device: words.device, flow: words.flow };
  const who = ours[row.preview_author as keyof typeof ours];
  const kind = row.preview_kind ?? "text";
  const plain = kind === "text" || kind === "choice" || kind === "system";
  const sign = SIGNS[kind];
  return (
    <>
      {who ? `${who}: ` : null}
      {sign ? <Icon of={sign} size={14} className={styles.sign} /> : null}
      {plain ? null : row.preview ? `${t(`kinds.${kind}`)}: ` : t(`kinds.${kind}`)}
      <bdi dir="auto">{row.preview}</bdi>
    </>
  );
}
