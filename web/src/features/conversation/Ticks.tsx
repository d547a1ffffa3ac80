/** How far a message got: clock, ticks, or what went wrong and what to do (CHAT-4, CHAT-5, CHAT-6). */

import { HoverCard } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconClock, IconX } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Message, StatusName } from "~/lib/api/types";
import styles from "./Ticks.module.css";

const FailureCard = lazy(() => import("./FailureCard"));

const SIGNS: Record<StatusName, typeof IconCheck> = {
  queued: IconClock,
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconX,
  unknown: IconAlertTriangle,
};

export function Ticks({
  message,
  chatId,
  refused,
}: {
  message: Message;
  chatId: string;
  refused: boolean;
}) {
  const { t } = useTranslation();
  const status = message.status ?? "queued";
  const words = t(`status.${status}`);
  const sign = (
    <span className={styles.sign} data-status={status}>
      <Icon of={SIGNS[status]} size={16} />
    </span>
  );
  if (refused || (status !== "failed" && status !== "unknown")) {
    return (
      <span
        className={styles.plain}
        role="img"
        aria-label={words}
        title={words}
        data-testid="message-status"
      >
        {sign}
      </span>
    );
  }
  return (
    <HoverCard
      width={340}
      position="bottom-end"
      withinPortal
      openDelay={120}
      closeDelay={200}
      shadow="md"
      trapFocus={false}
    >
      <HoverCard.Target>
        <button
          type="button"
          className={styles.button}
          aria-label={`${words}. ${t("failure.details")}`}
          data-testid="message-status"
        >
          {sign}
          <span className={styles.word} data-status={status}>
            {words}
          </span>
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Suspense fallback={<p className={styles.wait}>{t("app.loading")}</p>}>
          <FailureCard message={message} chatId={chatId} />
        </Suspense>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
