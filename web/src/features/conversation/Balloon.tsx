/** One message: who, what, when, and how far it got (CHAT-1, CHAT-4, CHAT-5, CHAT-7, INB-5, SEND-7). */

import {
  IconArrowForwardUp,
  IconChevronDown,
  IconCornerDownRight,
  IconEyeOff,
  IconTrash,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { memo, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import type { Message } from "~/lib/api/types";
import { clockTime, fullTime } from "~/lib/time";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import type { Outgoing } from "../live/outbox";
import "../offline/words";
import styles from "./Balloon.module.css";
import { SIGNS } from "./kinds/signs";
import { hasKinds, heightOfKinds, saidByDetails } from "./kinds/sizes";
import { Quote } from "./Quote";
import { Reactions } from "./Reactions";
import { RefusedNote } from "./RefusedNote";
import { SystemLine } from "./SystemLine";
import { senderOf } from "./sender";
import { Ticks } from "./Ticks";
import { Words } from "./Words";

const Kinds = later(() => import("./kinds/Kinds"));
const MessageMenu = later(() => import("./MessageMenu"));

/** A message in words, for previews and announcements. */
export function wordsOf(message: Message, t: TFunction): string {
  if (message.deleted_at) return t("conversation.deleted");
  if (message.kind === "text") return message.text;
  const kind = kindWords(message, t);
  return message.text ? `${kind}: ${message.text}` : kind;
}

function kindWords(message: Message, t: TFunction): string {
  // The word for «we do not say what it was» says nothing.
  const raw = message.raw_kind === "unsupported" ? null : message.raw_kind;
  if (message.kind === "unsupported" && raw) {
    return t("kinds.unsupportedRaw", { raw });
  }
  return t(`kinds.${message.kind}`);
}

interface BalloonProps {
  message: Message;
  outgoing: Outgoing | null;
  chatId: string;
  /** The name by which the contact goes. */
  contact: string;
  /** Goes to another message of the chat. */
  jump: (key: string) => void;
}

export const Balloon = memo(function Balloon({
  message,
  outgoing,
  chatId,
  contact,
  jump,
}: BalloonProps) {
  const { t } = useTranslation();
  const { agents } = useDeskAndMe();
  const ours = message.author === "agent" || message.author === "device";
  const agent = message.agent_id === null ? undefined : agents.get(message.agent_id)?.name;
  const sent = agent && !message.author_name ? { ...message, author_name: agent } : message;
  const name = senderOf(sent, contact, t);
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
  const { internal, deleted_at, edited_at, forwarded, quote, reactions } = message;
  const failed = message.status === "failed";
  const shown = deleted_at ? null : message;
  return (
    <article
      className={styles.line}
      data-ours={ours}
      data-testid="message"
      data-key={message.key}
      data-kind={message.kind}
      data-status={message.status ?? ""}
      data-author={message.author}
      data-internal={internal}
      data-source={message.source ?? ""}
    >
      <div
        className={styles.balloon}
        data-failed={failed}
        data-internal={internal}
        data-sticker={shown?.kind === "sticker"}
      >
        <p className={styles.name}>
          <bdi dir="auto">{name}</bdi>
          {message.source === "schedule" ? (
            <span className={styles.again}>{t("conversation.scheduled")}</span>
          ) : null}
          {message.retry_of ? (
            <span className={styles.again}>{t("conversation.retryOf")}</span>
          ) : null}
        </p>
        {internal ? (
          <p className={styles.internal} data-testid="internal">
            <Icon of={IconEyeOff} size={14} />
            {t("conversation.internal")}
          </p>
        ) : null}
        {forwarded && shown ? (
          <p className={styles.forwarded}>
            <Icon of={IconArrowForwardUp} size={14} />
            {t("conversation.forwarded")}
          </p>
        ) : null}
        {quote && shown ? <Quote quote={quote} contact={contact} jump={jump} /> : null}
        {shown ? (
          <Said message={shown} chatId={chatId} outgoing={outgoing} />
        ) : (
          <p className={styles.deleted} data-testid="deleted">
            <Icon of={IconTrash} size={15} />
            {t("conversation.deleted")}
          </p>
        )}
        <p className={styles.foot}>
          {message.retried_by ? (
            <span className={styles.retried}>
              <Icon of={IconCornerDownRight} size={13} />
              {t("conversation.retried")}
            </span>
          ) : null}
          {edited_at && shown ? (
            <span title={t("conversation.editedAt", { at: fullTime(edited_at) })}>
              {t("conversation.edited")}
            </span>
          ) : null}
          <time dateTime={message.at} title={fullTime(message.at)}>
            {clockTime(message.at)}
          </time>
          {outgoing?.state === "waiting" ? <WaitsNote /> : null}
          {ours && message.status ? (
            <Ticks message={message} chatId={chatId} refused={outgoing?.state === "refused"} />
          ) : null}
        </p>
        {outgoing === null && shown ? <MenuButton message={message} chatId={chatId} /> : null}
      </div>
      {reactions.length > 0 && shown ? <Reactions message={message} contact={contact} /> : null}
      {outgoing?.state === "refused" ? <RefusedNote outgoing={outgoing} /> : null}
    </article>
  );
});

/** Of a message that goes out once the server can be reached (SEND-12). */
function WaitsNote() {
  const { t } = useTranslation("offline");
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  return disconnected ? <span data-testid="waits">{t("waits")}</span> : null;
}

/** What the message says: its kinds, then its text. */
function Said({
  message,
  chatId,
  outgoing,
}: {
  message: Message;
  chatId: string;
  outgoing: Outgoing | null;
}) {
  const { t } = useTranslation();
  const rich = hasKinds(message);
  const Sign = rich ? undefined : SIGNS[message.kind];
  return (
    <>
      {rich ? (
        <Suspense fallback={<div style={{ height: heightOfKinds(message) }} />}>
          <Kinds message={message} chatId={chatId} outgoing={outgoing} />
        </Suspense>
      ) : null}
      {Sign ? (
        <p className={styles.kind}>
          <Icon of={Sign} size={18} />
          <bdi>{kindWords(message, t)}</bdi>
        </p>
      ) : null}
      {message.text && !saidByDetails(message) ? <Words text={message.text} /> : null}
    </>
  );
}

/** At the balloon's corner while it is pointed at or focused; what it opens is loaded then. */
function MenuButton({ message, chatId }: { message: Message; chatId: string }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<{ x: number; y: number } | null>(null);
  return (
    <>
      <button
        type="button"
        className={styles.menu}
        aria-label={t("conversation.menu")}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        data-testid="message-menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setPlace({ x: box.right, y: box.bottom });
        }}
      >
        <Icon of={IconChevronDown} size={18} />
      </button>
      {place ? (
        <Suspense>
          <MessageMenu
            message={message}
            chatId={chatId}
            place={place}
            close={() => setPlace(null)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
