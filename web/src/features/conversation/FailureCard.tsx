/** Why a message did not go, what to do about it, and the way to try again (CHAT-5, CHAT-6). */

import { Button } from "@mantine/core";
import { IconExternalLink, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { failures } from "~/i18n/failures";
import type { Message } from "~/lib/api/types";
import { explanationOf, META_ERRORS_URL } from "~/lib/failures";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import styles from "./FailureCard.module.css";

type Explained = keyof typeof failures;

function isExplained(name: string): name is Explained {
  return Object.hasOwn(failures, name);
}

/** Cause and next step of a provider's code, in Portuguese. */
export function explain(code: number, subcode?: number): { cause: string; next: string } {
  const name = explanationOf(code, isExplained, subcode);
  return failures[isExplained(name) ? name : "other"];
}

interface FailureCardProps {
  message: Message;
  chatId: string;
  /** Asks first, for a message that may have arrived. */
  ask: () => void;
}

export default function FailureCard({ message, chatId, ask }: FailureCardProps) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const unknown = message.status === "unknown";
  const queued = useDesk((snapshot) =>
    snapshot.outbox.some((entry) => entry.retry_of === message.key && entry.state === "waiting"),
  );
  const { failure } = message;
  const { cause, next } = unknown
    ? { cause: t("failure.unknown"), next: t("failure.unknownNext") }
    : explain(failure?.code ?? -1, failure?.subcode);
  return (
    <div className={styles.card} data-testid="failure-card">
      <h3 className={styles.title} data-unknown={unknown}>
        {unknown ? t("failure.unknownTitle") : t("failure.title")}
      </h3>
      <dl className={styles.facts}>
        <dt>{t("failure.cause")}</dt>
        <dd>{cause}</dd>
        <dt>{t("failure.next")}</dt>
        <dd>{next}</dd>
        {failure && !unknown ? (
          <>
            <dt>{t("failure.said")}</dt>
            <dd dir="auto" className={styles.said}>
              {failure.details ? `${failure.title}: ${failure.details}` : failure.title}
            </dd>
          </>
        ) : null}
      </dl>
      {failure && !unknown ? (
        <p className={styles.code}>
          <span data-testid="failure-code">{t("failure.code", { code: failure.code })}</span>
          <CopyButton text={String(failure.code)} label={t("failure.copyCode")} />
          <a
            href={META_ERRORS_URL}
            target="_blank"
            rel="noopener noreferrer"
            title={t("failure.meta")}
            className={styles.link}
          >
            <Icon of={IconExternalLink} size={15} />
            Meta
            <span className="hidden">: {t("failure.meta")}</span>
          </a>
        </p>
      ) : null}
      {message.retried_by || queued ? (
        <p className={styles.done}>{t("conversation.retried")}</p>
      ) : (
        <Button
          size="xs"
          variant={unknown ? "default" : "filled"}
          leftSection={<Icon of={IconRefresh} size={15} />}
          data-testid="retry"
          onClick={() => (unknown ? ask() : desk.retry(chatId, message.key, message.text))}
        >
          {t("failure.retry")}
        </Button>
      )}
    </div>
  );
}
