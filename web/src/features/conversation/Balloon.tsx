/** One message: who, what, when, and how far it got (CHAT-1, CHAT-4, CHAT-5, INB-5). */

import {
  IconAddressBook,
  IconCornerDownRight,
  IconFile,
  IconFileUnknown,
  IconInfoCircle,
  IconListCheck,
  IconMapPin,
  IconMicrophone,
  IconMoodSmile,
  IconPhoto,
  IconShoppingCart,
  IconSticker,
  IconTemplate,
  IconVideo,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { KindName, Message } from "~/lib/api/types";
import { splitLinks } from "~/lib/text";
import { clockTime, fullTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import type { Outgoing } from "../live/outbox";
import styles from "./Balloon.module.css";
import { RefusedNote } from "./RefusedNote";
import { SystemLine } from "./SystemLine";
import { Ticks } from "./Ticks";

const SIGNS: Partial<Record<KindName, typeof IconPhoto>> = {
  image: IconPhoto,
  audio: IconMicrophone,
  video: IconVideo,
  document: IconFile,
  sticker: IconSticker,
  location: IconMapPin,
  contacts: IconAddressBook,
  choice: IconListCheck,
  order: IconShoppingCart,
  reaction: IconMoodSmile,
  template: IconTemplate,
  system: IconInfoCircle,
  unsupported: IconFileUnknown,
};

/** A message in words, for previews and announcements. */
export function wordsOf(message: Message, t: TFunction): string {
  if (message.kind === "text") return message.text;
  const kind = kindWords(message, t);
  return message.text ? `${kind}: ${message.text}` : kind;
}

function kindWords(message: Message, t: TFunction): string {
  if (message.kind === "unsupported" && message.raw_kind) {
    return t("kinds.unsupportedRaw", { raw: message.raw_kind });
  }
  return t(`kinds.${message.kind}`);
}

interface BalloonProps {
  message: Message;
  outgoing: Outgoing | null;
  chatId: string;
  /** The name by which the contact goes. */
  contact: string;
}

export const Balloon = memo(function Balloon({ message, outgoing, chatId, contact }: BalloonProps) {
  const { t } = useTranslation();
  const { agents } = useDeskAndMe();
  const ours = message.author === "agent" || message.author === "device";
  const agent = message.agent_id === null ? undefined : agents.get(message.agent_id)?.name;
  const name =
    message.author_name ||
    agent ||
    (message.author === "contact" ? contact : t(`authors.${message.author}`));
  const Sign = SIGNS[message.kind];
  const failed = message.status === "failed";
  if (message.line) return <SystemLine message={message} line={message.line} />;
  if (message.author === "system" || message.kind === "system") {
    return (
      <p
        className={styles.system}
        data-testid="message"
        data-key={message.key}
        data-author={message.author}
        data-status=""
      >
        <span dir="auto" className="isolated" data-testid="message-text">
          {message.text || t("kinds.system")}
        </span>
        <time dateTime={message.at} title={fullTime(message.at)}>
          {clockTime(message.at)}
        </time>
      </p>
    );
  }
  return (
    <article
      className={styles.line}
      data-ours={ours}
      data-testid="message"
      data-key={message.key}
      data-status={message.status ?? ""}
      data-author={message.author}
    >
      <div className={styles.balloon} data-failed={failed}>
        <p className={styles.name}>
          <bdi dir="auto">{name}</bdi>
          {message.retry_of ? (
            <span className={styles.again}>{t("conversation.retryOf")}</span>
          ) : null}
        </p>
        {Sign ? (
          <p className={styles.kind}>
            <Icon of={Sign} size={18} />
            <bdi>{kindWords(message, t)}</bdi>
          </p>
        ) : null}
        {message.text ? (
          <p className={styles.text} dir="auto" data-testid="message-text">
            {splitLinks(message.text).map((piece, index) =>
              piece.kind === "link" ? (
                <a
                  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
                  key={index}
                  href={piece.href}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="isolated"
                >
                  {piece.text}
                </a>
              ) : (
                piece.text
              ),
            )}
          </p>
        ) : null}
        <p className={styles.foot}>
          {message.retried_by ? (
            <span className={styles.retried}>
              <Icon of={IconCornerDownRight} size={13} />
              {t("conversation.retried")}
            </span>
          ) : null}
          <time dateTime={message.at} title={fullTime(message.at)}>
            {clockTime(message.at)}
          </time>
          {ours && message.status ? (
            <Ticks message={message} chatId={chatId} refused={outgoing?.state === "refused"} />
          ) : null}
        </p>
      </div>
      {outgoing?.state === "refused" ? <RefusedNote outgoing={outgoing} /> : null}
    </article>
  );
});
