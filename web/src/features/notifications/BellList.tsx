/** What the bell opens: one row for each event, what happened last first (NOTIF-2). */

import { Button } from "@mantine/core";
import { IconBellOff, IconTrash, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { useWhy } from "~/components/useWhy";
import { addSentences } from "~/i18n";
import { notifications } from "~/i18n/notifications";
import type { BellEntry, Me, Notifications } from "~/lib/api/types";
import { fullTime, rowTime } from "~/lib/time";
import { addressOf, usePlace } from "../live/useView";
import { useBell } from "./bell";
import { useBellCommands } from "./commands";
import { entryWords } from "./entries";
import { ListBones } from "./ListBones";
import styles from "./Notices.module.css";

addSentences("notifications", notifications);

const UNDO_MS = 8_000;

/** What was just taken away: its ids, once the server has told them. */
interface Removal {
  entries: BellEntry[];
  ids: Promise<string[]>;
}

interface BellListProps {
  me: Me;
  close: () => void;
  askWhy: () => void;
}

export default function BellList({ me, close, askWhy }: BellListProps) {
  const { t } = useTranslation("notifications");
  const { t: common } = useTranslation();
  const { data, isError, refetch } = useBell();
  const commands = useBellCommands();
  const why = useWhy();
  const list = useRef<HTMLDivElement>(null);
  const [removal, setRemoval] = useState<Removal | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const fresh = useLooked(data, commands.look);
  // Where the list is loaded only now, the focus is still around it.
  useEffect(() => list.current?.focus(), []);
  useEffect(() => {
    if (!removal) return;
    const timer = setTimeout(() => setRemoval(null), UNDO_MS);
    return () => clearTimeout(timer);
  }, [removal]);

  const takeAway = (entries: BellEntry[], ids: Promise<string[]>) => {
    setFailed(null);
    // What is taken away in one go comes back in one go.
    const before = removal ?? { entries: [], ids: Promise.resolve([]) };
    const all = Promise.all([before.ids, ids]).then((both) => both.flat());
    all.catch((error) => {
      setRemoval(null);
      setFailed(error);
    });
    setRemoval({ entries: [...before.entries, ...entries], ids: all });
  };
  const remove = (entry: BellEntry, bin: HTMLElement) => {
    const beside = neighbour(bin);
    takeAway(
      [entry],
      commands.remove(entry.id).then(() => [entry.id]),
    );
    requestAnimationFrame(() => (beside?.isConnected ? beside : list.current)?.focus());
  };
  const clear = () => {
    if (!data?.newest) return;
    takeAway(data.entries, commands.clear(data.newest));
    list.current?.focus();
  };
  const undo = async ({ ids, entries }: Removal) => {
    setRemoval(null);
    list.current?.focus();
    try {
      await commands.restore(await ids, entries);
    } catch (error) {
      setFailed(error);
    }
  };

  const entries = data?.entries ?? [];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows only go where Tab goes too
    <div className={styles.list} ref={list} tabIndex={-1} data-autofocus onKeyDown={walk}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("title")}</h2>
        {entries.length > 0 ? (
          <IconButton label={t("clear")} size={32} onClick={clear} data-testid="bell-clear">
            <Icon of={IconX} />
          </IconButton>
        ) : null}
      </div>
      {failed ? (
        <div className={styles.remark}>
          <Remark tone="danger">{why(failed)}</Remark>
        </div>
      ) : null}
      {data && entries.length > 0 ? (
        <Entries me={me} entries={entries} fresh={fresh} remove={remove} close={close} />
      ) : data ? (
        <div className={styles.empty} data-testid="bell-empty">
          <Icon of={IconBellOff} size={26} />
          <p className={styles.emptyTitle}>{t("empty")}</p>
          <p>{t("emptyHint")}</p>
        </div>
      ) : isError ? (
        <div className={styles.remark}>
          <Remark
            tone="danger"
            action={{ label: common("app.retry"), act: () => void refetch() }}
            testId="bell-failed"
          >
            {t("failed")}
          </Remark>
        </div>
      ) : (
        <ListBones />
      )}
      <div role="status">
        {removal ? (
          <div className={styles.undo} data-testid="bell-removed">
            <span>{t("removed", { count: removal.entries.length })}</span>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => void undo(removal)}
              data-testid="bell-undo"
            >
              {t("undo")}
            </Button>
          </div>
        ) : null}
      </div>
      <div className={styles.foot}>
        <button type="button" className={styles.why} onClick={askWhy} data-testid="bell-why">
          {t("why")}
        </button>
      </div>
    </div>
  );
}

interface EntriesProps {
  me: Me;
  entries: BellEntry[];
  fresh: ReadonlySet<string>;
  remove: (entry: BellEntry, bin: HTMLElement) => void;
  close: () => void;
}

function Entries({ me, entries, fresh, remove, close }: EntriesProps) {
  const { t } = useTranslation("notifications");
  const { t: common } = useTranslation();
  const { view, q } = usePlace(me.tabs);
  const now = useNow(30_000);
  const departmentName = (id: string) =>
    me.departments.find((one) => one.department_id === id)?.name ?? common("departments.unknown");
  return (
    <ul className={styles.entries} aria-label={t("title")}>
      {entries.map((entry) => {
        const { lead, text } = entryWords(entry, departmentName, t, common);
        const name = entry.name || common("authors.contact");
        const isNew = fresh.has(entry.id);
        return (
          <li
            key={entry.id}
            className={styles.entry}
            data-new={isNew}
            data-testid="bell-entry"
            data-chat-id={entry.chat_id}
          >
            <Link
              className={styles.open ?? ""}
              to={addressOf({ view, q, chatId: entry.chat_id })}
              onClick={close}
              data-step
            >
              <span className={styles.channel}>
                <ChannelIcon
                  channel={entry.channel}
                  label={common(`channels.${entry.channel}`)}
                  size={18}
                />
              </span>
              <span className={styles.words}>
                <span className={styles.line}>
                  {isNew ? (
                    <span className={styles.mark}>
                      <span className="hidden">{t("new")}</span>
                    </span>
                  ) : null}
                  <bdi className={styles.name} dir="auto">
                    {name}
                  </bdi>
                  <time className={styles.time} dateTime={entry.at} title={fullTime(entry.at)}>
                    {rowTime(entry.at, now)}
                  </time>
                </span>
                <span className={styles.text} data-testid="bell-text">
                  {text ? `${lead}: ` : lead}
                  {text ? <bdi dir="auto">{text}</bdi> : null}
                </span>
              </span>
            </Link>
            <IconButton
              label={t("remove", { name })}
              size={32}
              onClick={(event) => remove(entry, event.currentTarget)}
              data-testid="bell-remove"
            >
              <Icon of={IconTrash} size={16} />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}

/** What was new when the list was opened or has come since; looking at the list is seeing it all. */
function useLooked(
  data: Notifications | undefined,
  look: (through: string) => Promise<unknown>,
): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const looked = useRef<string | null>(null);
  useEffect(() => {
    const unseen = data?.entries.filter((entry) => !entry.seen).map((entry) => entry.id) ?? [];
    if (!data?.newest || unseen.length === 0) return;
    setFresh((before) =>
      unseen.every((id) => before.has(id)) ? before : new Set([...before, ...unseen]),
    );
    // Once for each: where it fails, it stays unseen until the list is opened again.
    if (looked.current === data.newest) return;
    looked.current = data.newest;
    look(data.newest).catch(() => {});
  }, [data, look]);
  return fresh;
}

/** The bin of the row after this one's, or before it. */
function neighbour(bin: HTMLElement): HTMLElement | null {
  const row = bin.closest("li");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  return beside?.querySelector<HTMLElement>("button") ?? null;
}

/** The arrows go from row to row. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-step]")];
  const row = document.activeElement?.closest("li")?.querySelector<HTMLElement>("[data-step]");
  const next = rows[row ? rows.indexOf(row) + by : by > 0 ? 0 : rows.length - 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
