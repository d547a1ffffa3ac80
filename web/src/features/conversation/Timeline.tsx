/** The balloons of a chat: only those in sight are drawn; older pages come without a jump (CHAT-1). */

import { Button } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useNow } from "~/components/useNow";
import { dayName } from "~/lib/time";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import type { ChatState } from "../live/reducer";
import { Balloon, wordsOf } from "./Balloon";
import { useFilesAhead } from "./fileAddresses";
import styles from "./Timeline.module.css";
import { buildTimeline, type Entry, estimateHeight } from "./timeline";

const NEAR_TOP_PX = 600;
const AT_END_PX = 60;

const MARKED_MS = 2_200;

interface TimelineProps {
  open: ChatState;
  /** Goes to a message of this chat, however old (CHAT-7). */
  jump: (key: string) => void;
  /** That a jump led nowhere has been read. */
  forgetJump: () => void;
  /** Back to the newest messages. */
  toNewest: () => void;
}

export function Timeline({ open, jump, forgetJump, toNewest }: TimelineProps) {
  const { t } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const now = useNow(60_000);
  const chatId = open.chat.row.chat_id;
  const contact = nameOf(open.chat.row, t("authors.contact"));
  const allOutbox = useDesk((snapshot) => snapshot.outbox);
  const older = useDesk((snapshot) => snapshot.older);
  const newer = useDesk((snapshot) => snapshot.newer);
  const jumped = useDesk((snapshot) => snapshot.jump);
  const unmarked = useDesk((snapshot) => snapshot.unmarked);
  const inPast = open.after !== null;
  const loading = useDesk((snapshot) => snapshot.chat);
  const scroller = useRef<HTMLDivElement>(null);
  // The line stays where the agent found it, although entering marks the chat read.
  const fresh = useDesk((snapshot) => snapshot.fresh);
  const [found, setFound] = useState({ fresh, unreadFrom: fresh ? open.chat.unread_from : null });
  if (fresh && !found.fresh) setFound({ fresh, unreadFrom: open.chat.unread_from });
  const { unreadFrom } = found;
  const [atEnd, setAtEnd] = useState(unreadFrom === null && !inPast);
  const [missed, setMissed] = useState(0);

  const outbox = useMemo(
    () => allOutbox.filter((entry) => entry.chat_id === chatId),
    [allOutbox, chatId],
  );
  const entries = useMemo(
    () =>
      buildTimeline(open.messages, outbox, {
        agent: me.agent,
        wholeFromStart: open.before === null,
        unreadFrom,
      }),
    [open.messages, open.before, outbox, me.agent, unreadFrom],
  );

  useFilesAhead(chatId, open.messages);

  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(entries[index]),
    getItemKey: useCallback((index: number) => entries[index]?.id ?? index, [entries]),
    overscan: 4,
    anchorTo: "end",
    followOnAppend: !inPast,
    scrollEndThreshold: AT_END_PX,
    paddingStart: 12,
    paddingEnd: 12,
  });

  // Whoever reads the newest keeps seeing it, also when a late message finds its place above it.
  const landedAt = useRef<string | null>(null);
  const atEndNow = useRef(atEnd);
  atEndNow.current = atEnd;
  const followed = useRef(entries);
  useLayoutEffect(() => {
    if (followed.current === entries) return;
    followed.current = entries;
    if (landedAt.current !== null && atEndNow.current) virtualizer.scrollToEnd();
  }, [entries, virtualizer]);

  // Entering lands at the first unread message, else at the newest.
  useEffect(
    () => () => {
      landedAt.current = null;
    },
    [],
  );
  useLayoutEffect(() => {
    const target = unreadFrom ?? "end";
    if (landedAt.current === target || entries.length === 0) return;
    // What was jumped to is shown by the jump.
    const jumping = landedAt.current === null && desk.getSnapshot().jump?.state === "there";
    landedAt.current = target;
    if (jumping) return;
    const marker = entries.findIndex((entry) => entry.type === "new");
    if (marker >= 0) virtualizer.scrollToIndex(marker, { align: "start" });
    else virtualizer.scrollToEnd();
  }, [entries, virtualizer, unreadFrom, desk]);

  // A jump stands in the middle, and is marked for a moment.
  const [marked, setMarked] = useState<string | null>(null);
  const latestEntries = useRef(entries);
  latestEntries.current = entries;
  const number = jumped?.state === "there" ? jumped.number : null;
  const jumpedTo = jumped?.key ?? null;
  useLayoutEffect(() => {
    if (number === null || jumpedTo === null) return;
    const index = latestEntries.current.findIndex(
      (entry) => entry.type === "message" && entry.message.key === jumpedTo,
    );
    if (index < 0) return;
    setAtEnd(false);
    atEndNow.current = false;
    virtualizer.scrollToIndex(index, { align: "center" });
    setMarked(jumpedTo);
    const timer = setTimeout(() => setMarked(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [number, jumpedTo, virtualizer]);

  const waiting = outbox.length;
  const waited = useRef(waiting);
  useEffect(() => {
    if (waiting > waited.current) {
      setFound((was) => ({ ...was, unreadFrom: null }));
      if (inPast) toNewest();
      else virtualizer.scrollToEnd();
    }
    waited.current = waiting;
  }, [waiting, virtualizer, inPast, toNewest]);

  const newest = entries[entries.length - 1];
  const newestId = newest?.id ?? null;
  const seenNewest = useRef(newestId);
  const [announced, setAnnounced] = useState("");
  useEffect(() => {
    if (newestId === seenNewest.current || newest?.type !== "message") return;
    const before = entries.findIndex((entry) => entry.id === seenNewest.current);
    seenNewest.current = newestId;
    const added =
      before < 0 ? [] : entries.slice(before + 1).filter((entry) => entry.type === "message");
    const theirs = added.filter((entry) => entry.message.author === "contact");
    if (!atEnd) setMissed((count) => count + theirs.length);
    const last = theirs[theirs.length - 1];
    if (last) {
      setAnnounced(
        t("conversation.announce", {
          name: last.message.author_name || contact,
          text: wordsOf(last.message, t),
        }),
      );
    }
  }, [newestId, newest, entries, atEnd, contact, t]);

  const look = () => {
    const element = scroller.current;
    if (!element || landedAt.current === null) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    const end = left <= AT_END_PX && open.after === null;
    setAtEnd(end);
    if (end) setMissed(0);
    if (element.scrollTop < NEAR_TOP_PX && open.before !== null && older === "ready") {
      void desk.loadOlder();
    }
    if (left < NEAR_TOP_PX && open.after !== null && newer === "ready") void desk.loadNewer();
  };
  // A short page may not fill the screen: look once more after each change.
  const lookLatest = useRef(look);
  lookLatest.current = look;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks after every change of entries
  useEffect(() => {
    const frame = requestAnimationFrame(() => lookLatest.current());
    return () => cancelAnimationFrame(frame);
  }, [entries]);

  // The same when a banner or a longer draft takes room.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (atEndNow.current) virtualizer.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [virtualizer]);

  // In the past nothing new is among what is shown: it is counted by the row.
  const unseen = inPast ? open.chat.row.unread : missed;
  const drawn = virtualizer.getVirtualItems();
  return (
    <div className={styles.frame}>
      <section
        ref={scroller}
        className={styles.scroller}
        onScroll={look}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        tabIndex={0}
        aria-label={t("conversation.messages")}
        aria-busy={loading === "loading"}
      >
        <div className={styles.entries} style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map((item) => {
            const entry = entries[item.index];
            return entry ? (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={styles.place}
                data-marked={
                  marked !== null && entry.type === "message" && entry.message.key === marked
                }
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Drawn entry={entry} now={now} chatId={chatId} contact={contact} jump={jump} />
              </div>
            ) : null;
          })}
        </div>
        {entries.length <= 1 && open.messages.length === 0 ? (
          <p className={styles.empty}>{t("conversation.empty")}</p>
        ) : null}
      </section>
      {older === "failed" ? (
        <div className={styles.older} role="alert">
          {t("conversation.olderFailed")}
          <Button size="xs" variant="default" onClick={() => void desk.loadOlder()}>
            {t("app.retry")}
          </Button>
        </div>
      ) : older === "loading" ? (
        <div className={styles.older} role="status">
          {t("conversation.older")}
        </div>
      ) : null}
      {jumped?.state === "missing" || jumped?.state === "failed" ? (
        <div className={styles.older} role="alert" data-testid="jump-refused">
          {jumped.state === "missing" ? (
            t("conversation.jumpMissing")
          ) : (
            <>
              {t("conversation.jumpFailed")}
              <Button size="xs" variant="default" onClick={() => jump(jumped.key)}>
                {t("app.retry")}
              </Button>
            </>
          )}
          <IconButton label={t("app.close")} size={26} onClick={forgetJump}>
            <Icon of={IconX} size={16} />
          </IconButton>
        </div>
      ) : jumped?.state === "loading" ? (
        <div className={styles.older} role="status">
          {t("app.loading")}
        </div>
      ) : null}
      {newer === "failed" ? (
        <div className={styles.newer} role="alert">
          {t("conversation.newerFailed")}
          <Button
            size="xs"
            variant="default"
            onClick={() => (inPast ? void desk.loadNewer() : toNewest())}
          >
            {t("app.retry")}
          </Button>
        </div>
      ) : unmarked ? (
        <div className={styles.newer} role="alert" data-testid="unmarked">
          {unmarked === "unreachable" ? t("errors.unavailable") : t(`errors.${unmarked}`)}
          <IconButton label={t("app.close")} size={26} onClick={() => desk.forgetUnmarked()}>
            <Icon of={IconX} size={16} />
          </IconButton>
        </div>
      ) : null}
      {atEnd ? null : (
        <button
          type="button"
          className={styles.jump}
          data-testid="jump-latest"
          aria-label={
            unseen > 0
              ? t("conversation.jumpLatest", { count: unseen })
              : t("conversation.jumpLatest")
          }
          onClick={() => {
            if (inPast) toNewest();
            else virtualizer.scrollToEnd();
            setMissed(0);
          }}
        >
          {unseen > 0 ? <span className={styles.missed}>{unseen}</span> : null}
          <Icon of={IconChevronDown} size={20} />
        </button>
      )}
      <div className="hidden" role="log" aria-live="polite">
        <bdi>{announced}</bdi>
      </div>
    </div>
  );
}

function Drawn({
  entry,
  now,
  chatId,
  contact,
  jump,
}: {
  entry: Entry;
  now: number;
  chatId: string;
  contact: string;
  jump: (key: string) => void;
}) {
  const { t } = useTranslation();
  switch (entry.type) {
    case "beginning":
      return <p className={styles.beginning}>{t("conversation.beginning")}</p>;
    case "day":
      return (
        <p className={styles.day}>
          <span>{dayName(entry.at, now)}</span>
        </p>
      );
    case "new":
      return (
        <p className={styles.new} data-testid="new-marker">
          <span>{t("conversation.newMessages")}</span>
        </p>
      );
    case "message":
      return (
        <Balloon
          message={entry.message}
          outgoing={entry.outgoing}
          chatId={chatId}
          contact={contact}
          jump={jump}
        />
      );
  }
}
