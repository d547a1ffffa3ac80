/** The chats that a search found, whatever tab and filters the list has (FIND-1). */

import { IconPlugConnectedX, IconSearchOff, IconUser } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { SearchHit } from "~/lib/api/types";
import { formatPhone, markDigits, markWords, type Part } from "~/lib/text";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import { usePlace } from "../live/useView";
import NeedsConnection from "../offline/NeedsConnection";
import { step } from "./results";
import styles from "./SearchResults.module.css";

const KEPT_MS = 60_000;
const FRESH_MS = 5_000;

export default function SearchResults({ q }: { q: string }) {
  const { t } = useTranslation();
  const { data, error, refetch, isPlaceholderData, isFetching } = useQuery({
    queryKey: ["search", q],
    queryFn: () => doors.search(q),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    gcTime: KEPT_MS,
    retry: (failures, reason) =>
      failures < 1 &&
      !(reason instanceof LoggedOut) &&
      !(reason instanceof Refused && !reason.passing),
  });
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const waiting = isPlaceholderData || (isFetching && !data);
  const said = waiting
    ? t("search.searching")
    : data
      ? t("search.found", { count: data.hits.length })
      : "";
  return (
    <section className={styles.results} aria-label={t("search.results")} aria-busy={waiting}>
      <header className={styles.head}>
        <p role="status" data-testid="search-status">
          {error && !waiting ? "" : said}
        </p>
        <p className={styles.where}>{t("search.everywhere")}</p>
      </header>
      {error && !waiting && disconnected ? (
        <NeedsConnection what="search" again={() => void refetch()} />
      ) : error && !waiting ? (
        <Notice
          alert
          icon={<Icon of={IconPlugConnectedX} size={26} />}
          title={t("search.failedTitle")}
          action={{ label: t("app.retry"), act: () => void refetch() }}
        >
          {t("errors.unavailable")}
        </Notice>
      ) : data && data.hits.length === 0 && !waiting ? (
        <Notice icon={<Icon of={IconSearchOff} size={26} />} title={t("search.noneTitle")}>
          {t("search.none")}
        </Notice>
      ) : (
        <div className={styles.scroller} data-waiting={isPlaceholderData}>
          <ul className={styles.list}>
            {data?.hits.map((hit) => (
              <li key={hit.row.chat_id}>
                <Hit hit={hit} q={q} />
              </li>
            ))}
          </ul>
          {data?.more && !waiting ? (
            <p className={styles.more} data-testid="search-more">
              {t("search.more")}
            </p>
          ) : null}
        </div>
      )}
    </section>
  );
}

function Hit({ hit, q }: { hit: SearchHit; q: string }) {
  const { t } = useTranslation();
  const { me, agents, departments } = useDeskAndMe();
  const { chatId, go } = usePlace(me.tabs);
  const { row, matched, protocol } = hit;
  const name = nameOf(row, t("authors.contact"));
  const agent = row.agent_id === null ? null : (agents.get(row.agent_id)?.name ?? null);
  const department =
    row.department_id === null ? null : (departments.get(row.department_id)?.name ?? null);
  const active = row.chat_id === chatId;
  return (
    <button
      type="button"
      className={styles.hit}
      aria-current={active ? "true" : undefined}
      data-testid="search-result"
      data-chat-id={row.chat_id}
      onClick={() => go({ chatId: row.chat_id }, chatId !== null)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        step(event.currentTarget, event.key === "ArrowDown" ? 1 : -1);
      }}
    >
      <span className={styles.face}>
        <Avatar name={name} />
        <span className={styles.channel}>
          <ChannelIcon channel={row.channel} label={t(`channels.${row.channel}`)} />
        </span>
      </span>
      <span className={styles.text}>
        <bdi className={styles.name} dir="auto" title={name} data-testid="search-name">
          <Marked parts={matched === "name" ? markWords(name, q) : [{ text: name, hit: false }]} />
        </bdi>
        <span className={styles.under}>
          {matched === "protocol" && protocol !== null ? (
            <span>
              {t("search.protocol")} <Marked parts={[{ text: protocol, hit: true }]} />
            </span>
          ) : row.phone ? (
            <span>
              <Marked
                parts={
                  matched === "phone"
                    ? markDigits(formatPhone(row.phone), q)
                    : [{ text: formatPhone(row.phone), hit: false }]
                }
              />
            </span>
          ) : row.username ? (
            <bdi>@{row.username}</bdi>
          ) : null}
          {department ? (
            <span className={styles.badge} title={department}>
              <bdi dir="auto">{department}</bdi>
            </span>
          ) : null}
          {agent ? (
            <span
              className={styles.agent}
              role="img"
              title={t("list.agent", { name: agent })}
              aria-label={t("list.agent", { name: agent })}
            >
              <Icon of={IconUser} size={13} />
            </span>
          ) : null}
          {row.closed ? <span className={styles.badge}>{t("search.closed")}</span> : null}
        </span>
      </span>
    </button>
  );
}

function Marked({ parts }: { parts: Part[] }) {
  return parts.map((part, index) =>
    part.hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity
      <mark key={index} className={styles.mark}>
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
