/** «Bloquear Contato»: at once, without asking; and what Meta made of it (BLOCK-1, BLOCK-3). */

import { Button } from "@mantine/core";
import { IconBan, IconLockOpen } from "@tabler/icons-react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { useWhy } from "~/components/useWhy";
import type { Chat } from "~/lib/api/types";
import { untilTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { blockRight } from "./rights";
import { Section } from "./Section";

export function BlockSection({ chat }: { chat: Chat }) {
  const { t } = useTranslation("panel");
  const { desk, me } = useDeskAndMe();
  const now = useNow(15_000);
  const why = useWhy();
  const reason = useId();
  const busy = useRef(false);
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const { blocked } = chat.row;
  // Whoever pressed the button at the panel's end sees what became of it.
  const acted = useRef(false);
  const end = useRef<HTMLDivElement>(null);
  const wrong = failed !== null || chat.meta_block?.state === "failed";
  useEffect(() => {
    if (wrong && acted.current) end.current?.scrollIntoView?.({ block: "nearest" });
  }, [wrong]);
  const right = blockRight(chat, me, now);
  const set = async (wanted: boolean) => {
    if (busy.current) return;
    busy.current = true;
    acted.current = true;
    setWorking(true);
    setFailed(null);
    try {
      await desk.setBlocked(chat, wanted);
    } catch (error) {
      setFailed(why(error));
    } finally {
      busy.current = false;
      setWorking(false);
    }
  };
  return (
    <Section id="block" title={t("blocking")}>
      <Button
        variant="default"
        size="sm"
        className={blocked ? undefined : styles.dangerous}
        leftSection={<Icon of={blocked ? IconLockOpen : IconBan} size={16} />}
        disabled={right !== "may"}
        loading={working}
        aria-describedby={reason}
        onClick={() => void set(!blocked)}
        data-testid="block"
      >
        {t(blocked ? "unblock" : "block")}
      </Button>
      <p className={styles.quiet} id={reason} data-testid="block-reason">
        {right === "noPermission"
          ? t("noBlocking")
          : right === "nothingHeard"
            ? t("nothingHeard")
            : blocked || chat.blockable_until === null
              ? t("blockedNow")
              : t("blockableUntil", { until: untilTime(chat.blockable_until, now) })}
      </p>
      {failed ? (
        <Remark tone="danger" testId="block-failed">
          {failed}
        </Remark>
      ) : null}
      {chat.meta_block?.state === "pending" ? (
        <p className={styles.quiet} role="status" data-testid="meta-pending">
          {t("metaPending")}
        </p>
      ) : chat.meta_block?.state === "failed" ? (
        <Remark
          tone="warning"
          testId="meta-failed"
          action={
            right === "noPermission"
              ? undefined
              : { label: t("metaRetry"), act: () => void set(blocked) }
          }
        >
          <span>{t(blocked ? "metaFailedBlock" : "metaFailedUnblock")}</span>
          {chat.meta_block.failure ? (
            <bdi className={styles.said}>
              {t("metaSaid", {
                code: chat.meta_block.failure.code,
                title: chat.meta_block.failure.title,
              })}
            </bdi>
          ) : null}
        </Remark>
      ) : null}
      <div ref={end} className={styles.end} />
    </Section>
  );
}
