/** What can be done with one message: react, reply, copy, download, try again (CHAT-7). */

import { Menu, Portal } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCopy,
  IconDownload,
  IconMoodPlus,
  IconRefresh,
} from "@tabler/icons-react";
import { type CSSProperties, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import { useFocusBack } from "~/components/Window";
import { addSentences } from "~/i18n";
import { messages } from "~/i18n/messages";
import type { Message } from "~/lib/api/types";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { fileAddresses } from "./fileAddresses";
import styles from "./MessageMenu.module.css";
import { replying } from "./replying";

addSentences("messages", messages);

const EmojiPicker = later(() => import("~/components/EmojiPicker"));

const FREQUENT = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
/** What Meta does not know yet, or never will, takes no reaction. */
const SENT = new Set([null, "sent", "delivered", "read"]);

interface MessageMenuProps {
  message: Message;
  chatId: string;
  /** Where it opens, in the window. */
  place: { x: number; y: number };
  close: () => void;
}

export default function MessageMenu({ message, chatId, place, close }: MessageMenuProps) {
  const { t } = useTranslation("messages");
  const { desk, me } = useDeskAndMe();
  const channel = useDesk((snapshot) => snapshot.state.chat?.chat.row.channel ?? "whatsapp");
  useFocusBack();
  const [picking, setPicking] = useState(false);
  const rules = me.rules[channel];
  const { key, text, internal, files, status } = message;
  const reacts = rules?.reactions && !internal && SENT.has(status);
  const ours = message.reactions.find(
    ({ author, state }) => author === "agent" && state !== "failed",
  );
  const there = files.some(({ state }) => state === "ready" || state === "linked");
  const lost = files.some(({ state }) => state === "failed");
  useEffect(() => {
    if (there) fileAddresses.want(chatId, key);
  }, [there, chatId, key]);
  const addresses = useSyncExternalStore(fileAddresses.subscribe, () =>
    fileAddresses.of(chatId, key),
  );
  const react = (emoji: string) => {
    close();
    void desk.react(chatId, key, ours?.emoji === emoji ? null : emoji);
  };
  // In the page itself: within the scrolled balloons neither would stand where the window says.
  const at = { "--x": `${place.x}px`, "--y": `${place.y}px` } as CSSProperties;
  if (picking) {
    return (
      <Portal>
        <div className={styles.picker} style={at} data-testid="reaction-picker">
          <Suspense>
            <EmojiPicker chosen={react} close={close} />
          </Suspense>
        </div>
      </Portal>
    );
  }
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-end"
      offset={2}
      shadow="md"
      returnFocus={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
      closeOnItemClick
    >
      <Portal>
        <Menu.Target>
          <span className={styles.target} style={at} aria-hidden="true" />
        </Menu.Target>
      </Portal>
      <Menu.Dropdown data-testid="message-menu-open" aria-label={t("menu.label")}>
        {reacts ? (
          <div className={styles.emojis}>
            {FREQUENT.map((emoji) => (
              <Menu.Item
                key={emoji}
                className={styles.emoji}
                data-mine={ours?.emoji === emoji}
                aria-label={
                  ours?.emoji === emoji ? t("menu.unreact", { emoji }) : t("menu.react", { emoji })
                }
                data-testid="react"
                onClick={() => react(emoji)}
              >
                {emoji}
              </Menu.Item>
            ))}
            <Menu.Item
              className={styles.emoji}
              aria-label={t("menu.moreReactions")}
              closeMenuOnClick={false}
              data-testid="more-reactions"
              onClick={() => setPicking(true)}
            >
              <Icon of={IconMoodPlus} size={20} />
            </Menu.Item>
          </div>
        ) : null}
        {ours && reacts && !FREQUENT.includes(ours.emoji) ? (
          <Menu.Item
            leftSection={<span aria-hidden="true">{ours.emoji}</span>}
            onClick={() => react(ours.emoji)}
          >
            {t("menu.unreact", { emoji: ours.emoji })}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<Icon of={IconArrowBackUp} />}
          data-testid="reply"
          onClick={() => {
            replying.set(chatId, message);
            setTimeout(() =>
              document.querySelector<HTMLElement>("[data-testid=bar-input]")?.focus(),
            );
          }}
        >
          {t("menu.reply")}
        </Menu.Item>
        {text ? (
          <Menu.Item
            leftSection={<Icon of={IconCopy} />}
            data-testid="copy-text"
            onClick={() => void navigator.clipboard?.writeText(text)}
          >
            {t("menu.copy")}
          </Menu.Item>
        ) : null}
        {there && addresses
          ? addresses.files.map(({ index, download }) => (
              <Menu.Item
                key={index}
                component="a"
                href={download}
                download=""
                target="_blank"
                rel="noopener noreferrer"
                leftSection={<Icon of={IconDownload} />}
                data-testid="download"
              >
                {addresses.files.length > 1
                  ? t("menu.downloadOne", { number: index + 1 })
                  : t("menu.download")}
              </Menu.Item>
            ))
          : null}
        {lost ? (
          <Menu.Item
            leftSection={<Icon of={IconRefresh} />}
            onClick={() => void desk.fetchFiles(chatId, key)}
          >
            {t("menu.again")}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
