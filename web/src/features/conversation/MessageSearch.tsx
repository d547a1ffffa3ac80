/** Words in the open chat: every place where they stand, newest first, and the way there (FIND-2). */

import { IconSearch, IconX } from "@tabler/icons-react";
import { type FormEvent, Fragment, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useEscape } from "~/components/useEscape";
import { useNow } from "~/components/useNow";
import { useFocusBack } from "~/components/Window";
import { addSentences } from "~/i18n";
import { messages } from "~/i18n/messages";
import { doors } from "~/lib/api/doors";
import type { MessageHit } from "~/lib/api/types";
import { markPhrase } from "~/lib/text";
import { clockTime, dayName, dayOf } from "~/lib/time";
import { useDesk } from "../live/DeskContext";
import { nameOf } from "../live/names";
import { SIGNS } from "./kinds/signs";
import styles from "./MessageSearch.module.css";
import { senderOf } from "./sender";

addSentences("messages", messages);

const SHORTEST = 2;
const LONGEST = 100;
/** So many occurrences, and the search waits to be told to go on. */
const AT_ONCE = 200;

interface Search {
  words: string;
  hits: MessageHit[];
  cursor: string | null;
  lookedAt: number;
  reachedAt: string | null;
  state: "looking" | "done" | "stopped" | "failed";
}

interface MessageSearchProps {
  chatId: string;
  close: () => void;
  jump: (key: string) => void;
}

export default function MessageSearch({ chatId, close, jump }: MessageSearchProps) {
  const { t } = useTranslation("messages");
  const now = useNow(60_000);
  const [text, setText] = useState("");
  const [short, setShort] = useState(false);
  const [search, setSearch] = useState<Search | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const run = useRef(0);
  const input = useRef<HTMLInputElement>(null);
  useEscape(close);
  useFocusBack();
  useEffect(() => {
    input.current?.focus();
    return () => {
      run.current = -1;
    };
  }, []);

  /** Part after part, until there is no more, enough was found, or it is stopped. */
  const look = async (from: Search) => {
    run.current += 1;
    const mine = run.current;
    let state: Search = { ...from, state: "looking" };
    const enough = from.hits.length + AT_ONCE;
    setSearch(state);
    while (mine === run.current) {
      try {
        const part = await doors.searchMessages(chatId, state.words, state.cursor);
        if (mine !== run.current) return;
        const done = part.cursor === null;
        const hits = [...state.hits, ...part.hits];
        state = {
          ...state,
          hits,
          cursor: part.cursor,
          lookedAt: state.lookedAt + part.looked_at,
          reachedAt: part.reached_at ?? state.reachedAt,
          state: done ? "done" : hits.length >= enough ? "stopped" : "looking",
        };
        setSearch(state);
        if (state.state !== "looking") return;
      } catch {
        if (mine === run.current) setSearch({ ...state, state: "failed" });
        return;
      }
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    setShort(words.length < SHORTEST);
    if (words.length < SHORTEST) return;
    setChosen(null);
    void look({
      words,
      hits: [],
      cursor: null,
      lookedAt: 0,
      reachedAt: null,
      state: "looking",
    });
  };

  const stop = () => {
    run.current += 1;
    setSearch((was) => (was ? { ...was, state: "stopped" } : was));
  };

  return (
    <search className={styles.search} aria-label={t("search.title")} data-testid="message-search">
      <form className={styles.form} onSubmit={submit}>
        <input
          ref={input}
          className={styles.input}
          value={text}
          maxLength={LONGEST}
          aria-label={t("search.label")}
          placeholder={t("search.label")}
          data-testid="message-search-input"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <IconButton type="submit" label={t("search.submit")} data-testid="message-search-submit">
          <Icon of={IconSearch} />
        </IconButton>
        <IconButton label={t("search.close")} onClick={close} data-testid="message-search-close">
          <Icon of={IconX} />
        </IconButton>
      </form>
      <Progress
        search={search}
        short={short}
        now={now}
        stop={stop}
        goOn={() => search && void look(search)}
      />
      {search && search.hits.length > 0 ? (
        <Hits
          search={search}
          now={now}
          chosen={chosen}
          choose={(key) => {
            setChosen(key);
            jump(key);
          }}
        />
      ) : null}
    </search>
  );
}

function Progress({
  search,
  short,
  now,
  stop,
  goOn,
}: {
  search: Search | null;
  short: boolean;
  now: number;
  stop: () => void;
  goOn: () => void;
}) {
  const { t } = useTranslation("messages");
  const { t: page } = useTranslation();
  if (short) {
    return (
      <p className={styles.progress} role="alert">
        {t("search.short")}
      </p>
    );
  }
  if (search === null) return <p className={styles.progress}>{t("search.hint")}</p>;
  const { state, hits, lookedAt, reachedAt } = search;
  const day = reachedAt === null ? "" : dayName(reachedAt, now);
  const words =
    state === "failed"
      ? t("search.failed")
      : state === "looking" && lookedAt === 0
        ? t("search.lookingFirst")
        : state === "looking"
          ? t("search.looking", { count: lookedAt, day })
          : hits.length === 0 && state === "done"
            ? t("search.none")
            : t("search.found", { count: hits.length });
  return (
    <p className={styles.progress} data-state={state} data-testid="message-search-progress">
      <span role={state === "failed" ? "alert" : "status"}>{words}</span>
      {state === "stopped" && day ? <span>{t("search.stopped", { day })}</span> : null}
      {state === "done" ? null : (
        <button
          type="button"
          className={styles.action}
          onClick={state === "looking" ? stop : goOn}
          data-testid="message-search-action"
        >
          {state === "looking"
            ? t("search.stop")
            : state === "failed"
              ? page("app.retry")
              : t("search.goOn")}
        </button>
      )}
    </p>
  );
}

function Hits({
  search,
  now,
  chosen,
  choose,
}: {
  search: Search;
  now: number;
  chosen: string | null;
  choose: (key: string) => void;
}) {
  const { t } = useTranslation("messages");
  const { t: page } = useTranslation();
  const row = useDesk((snapshot) => snapshot.state.chat?.chat.row ?? null);
  const contact = row ? nameOf(row, page("authors.contact")) : page("authors.contact");
  let day = "";
  return (
    <ul className={styles.hits} data-testid="message-hits">
      {search.hits.map(({ key, at, kind, text, internal, ...sent }) => {
        const today = dayOf(at);
        const first = today !== day;
        day = today;
        const Sign = SIGNS[kind];
        const name = senderOf(sent, contact, page);
        return (
          <Fragment key={key}>
            {first ? <li className={styles.day}>{dayName(at, now)}</li> : null}
            <li>
              <button
                type="button"
                className={styles.hit}
                aria-current={chosen === key}
                data-internal={internal}
                data-testid="message-hit"
                onClick={() => choose(key)}
              >
                <span className={styles.who}>
                  <bdi>{name}</bdi>
                  {internal ? (
                    <span className={styles.internal}>{t("search.internal")}</span>
                  ) : null}
                  <time dateTime={at}>{clockTime(at)}</time>
                </span>
                <span className={styles.words}>
                  {Sign ? <Icon of={Sign} size={14} /> : null}
                  <bdi dir="auto">
                    {markPhrase(text, search.words).map((part, index) =>
                      part.hit ? (
                        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
                        <mark key={index}>{part.text}</mark>
                      ) : (
                        part.text
                      ),
                    )}
                  </bdi>
                </span>
              </button>
            </li>
          </Fragment>
        );
      })}
    </ul>
  );
}
