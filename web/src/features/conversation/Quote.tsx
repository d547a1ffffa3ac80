/** What a message answers, as it read then; a click goes there (CHAT-7). */

import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Quote as Quoted } from "~/lib/api/types";
import styles from "./Balloon.module.css";
import { SIGNS } from "./kinds/signs";
import { senderOf } from "./sender";

interface QuoteProps {
  quote: Quoted;
  /** The name by which the contact goes. */
  contact: string;
  jump: (key: string) => void;
}

export function Quote({ quote, contact, jump }: QuoteProps) {
  const { t } = useTranslation();
  const { key, kind, text, internal } = quote;
  const name = senderOf(quote, contact, t);
  const Sign = kind === null ? undefined : SIGNS[kind];
  const bare = kind === null || kind === "text";
  const words =
    text ||
    (key === null
      ? t("conversation.quoteUnknown")
      : bare
        ? t("conversation.quoteGone")
        : t(`kinds.${kind}`));
  const said = (
    <>
      {name ? <bdi className={styles.quoteName}>{name}</bdi> : null}
      <span className={styles.quoteWords}>
        {Sign ? <Icon of={Sign} size={14} /> : null}
        <bdi dir="auto">{words}</bdi>
      </span>
    </>
  );
  if (key === null) {
    return (
      <div className={styles.quote} data-internal={internal} data-testid="quote">
        {said}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={styles.quote}
      data-internal={internal}
      data-testid="quote"
      title={t("conversation.quoted")}
      onClick={() => jump(key)}
    >
      {said}
    </button>
  );
}
