/** The message bar (SEND-1, SEND-11, SEND-12, SEND-13): Enter sends, and nothing typed is lost. */

import { ActionIcon } from "@mantine/core";
import { IconBan, IconLock, IconSend2 } from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useNow } from "~/components/useNow";
import type { Chat } from "~/lib/api/types";
import { sessionState } from "~/lib/session";
import { countCharacters, LONGEST_TEXT } from "~/lib/text";
import { untilTime } from "~/lib/time";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import styles from "./Bar.module.css";
import { drafts } from "./drafts";

const COUNTED_FROM = 3_800;
const TALLEST_PX = 168;

export function Bar({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const now = useNow(5_000);
  const { row, session } = chat;
  const state = sessionState(session, now);
  if (row.blocked) {
    return (
      <div className={styles.locked} data-testid="bar-locked">
        <Icon of={IconBan} />
        <p>{t("bar.blocked")}</p>
      </div>
    );
  }
  if (state === "none" || state === "expired") {
    const words = row.channel === "whatsapp" ? "session" : "sessionNoTemplates";
    return (
      <div className={styles.locked} data-testid="bar-locked">
        <Icon of={IconLock} />
        <p>{t(`bar.${words}.${state}`)}</p>
      </div>
    );
  }
  return (
    <Writing
      chatId={row.chat_id}
      warning={
        state === "expiring" && session.ends_at
          ? t("bar.expiring", { until: untilTime(session.ends_at, now) })
          : null
      }
    />
  );
}

function Writing({ chatId, warning }: { chatId: string; warning: string | null }) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const [text, setText] = useState(() => drafts.of(chatId));
  const area = useRef<HTMLTextAreaElement>(null);
  const count = countCharacters(text);
  const over = count > LONGEST_TEXT;
  const ready = text.trim() !== "" && !over;

  useEffect(
    () =>
      drafts.subscribe((changed) => {
        if (changed !== chatId) return;
        setText(drafts.of(chatId));
        area.current?.focus();
      }),
    [chatId],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(TALLEST_PX, element.scrollHeight)}px`;
    element.style.overflowY = element.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  }, [text]);

  const write = (value: string) => {
    setText(value);
    drafts.keep(chatId, value);
  };
  const send = () => {
    if (!ready) return;
    desk.sendText(chatId, text);
    write("");
    area.current?.focus();
  };
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {warning ? <p className={styles.warning}>{warning}</p> : null}
      {disconnected ? (
        <p className={styles.warning} role="status">
          {t("bar.offline")}
        </p>
      ) : null}
      <div className={styles.line}>
        <textarea
          ref={area}
          className={styles.area}
          rows={1}
          dir="auto"
          value={text}
          placeholder={t("bar.label")}
          aria-label={t("bar.label")}
          aria-invalid={over}
          aria-describedby="bar-count"
          title={t("bar.hint")}
          enterKeyHint="send"
          data-testid="bar-input"
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <ActionIcon
          type="submit"
          size={40}
          aria-label={t("bar.send")}
          title={t("bar.send")}
          disabled={!ready}
          data-testid="bar-send"
        >
          <Icon of={IconSend2} size={20} />
        </ActionIcon>
      </div>
      <p
        id="bar-count"
        className={count >= COUNTED_FROM ? styles.count : "hidden"}
        data-over={over}
        role={over ? "alert" : undefined}
      >
        {count < COUNTED_FROM
          ? null
          : over
            ? t("bar.over", { count: count - LONGEST_TEXT })
            : t("bar.left", { count: LONGEST_TEXT - count })}
      </p>
    </form>
  );
}
