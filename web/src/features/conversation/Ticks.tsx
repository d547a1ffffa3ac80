/** How far a message got: clock, ticks, or what went wrong and what to do (CHAT-4, CHAT-5, CHAT-6). */

import { Popover } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconClock, IconX } from "@tabler/icons-react";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import type { Message, StatusName } from "~/lib/api/types";
import styles from "./Ticks.module.css";

const FailureCard = later(() => import("./FailureCard"));
const ConfirmRetry = later(() => import("./ConfirmRetry"));

const OPEN_DELAY_MS = 120;
const CLOSE_DELAY_MS = 250;

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
  return <Failed message={message} chatId={chatId} words={words} sign={sign} />;
}

/** The sign of a failure: hovering shows why, a click or Enter keeps it open. */
function Failed({
  message,
  chatId,
  words,
  sign,
}: {
  message: Message;
  chatId: string;
  words: string;
  sign: ReactNode;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"hovered" | "pinned" | null>(null);
  const [asking, setAsking] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const enter = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen((now) => now ?? "hovered"), OPEN_DELAY_MS);
  };
  const leave = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => setOpen((now) => (now === "pinned" ? now : null)),
      CLOSE_DELAY_MS,
    );
  };
  return (
    <>
      <Popover
        opened={open !== null}
        onChange={(opened) => setOpen(opened ? "pinned" : null)}
        width={340}
        position="bottom-end"
        shadow="md"
        trapFocus={open === "pinned"}
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={styles.button}
            aria-label={`${words}. ${t("failure.details")}`}
            data-testid="message-status"
            onMouseEnter={enter}
            onMouseLeave={leave}
            onClick={() => setOpen((now) => (now === "pinned" ? null : "pinned"))}
          >
            {sign}
            <span className={styles.word} data-status={message.status}>
              {words}
            </span>
          </button>
        </Popover.Target>
        <Popover.Dropdown onMouseEnter={enter} onMouseLeave={leave} aria-label={words}>
          <Suspense fallback={<p className={styles.wait}>{t("app.loading")}</p>}>
            <FailureCard
              message={message}
              chatId={chatId}
              ask={() => {
                setOpen(null);
                setAsking(true);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      {asking ? (
        <Suspense>
          <ConfirmRetry message={message} chatId={chatId} close={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
