/** The server did not take a text: says why, and keeps it for the agent to mend (SEND-12). */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useDeskAndMe } from "../live/DeskContext";
import type { Outgoing } from "../live/outbox";
import { drafts } from "./drafts";
import styles from "./RefusedNote.module.css";

export function RefusedNote({ outgoing }: { outgoing: Outgoing }) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  return (
    <div className={styles.note} role="alert" data-testid="refused">
      <p className={styles.words}>{t(`errors.${outgoing.refusal ?? "other"}`)}</p>
      <div className={styles.actions}>
        {outgoing.refusal === "not_failed" ? null : (
          <Button size="compact-xs" variant="default" onClick={() => desk.sendAgain(outgoing)}>
            {t("app.retry")}
          </Button>
        )}
        {outgoing.retry_of === null ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              drafts.put(outgoing.chat_id, outgoing.shown.text);
              desk.discard(outgoing);
            }}
          >
            {t("failure.edit")}
          </Button>
        ) : null}
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          onClick={() => desk.discard(outgoing)}
        >
          {t("failure.discard")}
        </Button>
      </div>
    </div>
  );
}
