/** The server did not take a text: says why, and keeps it for the agent to mend (SEND-12). */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { drafts } from "../bar/drafts";
import { useDeskAndMe } from "../live/DeskContext";
import type { Outgoing } from "../live/outbox";
import styles from "./RefusedNote.module.css";

export function RefusedNote({ outgoing }: { outgoing: Outgoing }) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const { body, refusal, refused, uploads } = outgoing;
  const lacks = refusal === "variables_empty" ? lacksOf(refused?.variables) : [];
  // What is more than a text cannot be put back into the bar.
  const plain = !uploads && !body.files?.length && !body.card && !body.template;
  return (
    <div className={styles.note} role="alert" data-testid="refused">
      <p className={styles.words}>{t(`errors.${refusal ?? "other"}`)}</p>
      {lacks.map(({ name, reason }) => (
        <p key={name} className={styles.words}>
          {t(`bar.lacks.${reason}`, { name: `{${name}}` })}
        </p>
      ))}
      <div className={styles.actions}>
        {refusal === "not_failed" || refusal === "file_lost" ? null : (
          <Button size="compact-xs" variant="default" onClick={() => desk.sendAgain(outgoing)}>
            {t("app.retry")}
          </Button>
        )}
        {outgoing.retry_of === null && plain ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              drafts.put(outgoing.chat_id, body.text ?? outgoing.shown.text);
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

const REASONS = ["unknown", "empty", "hidden", "not_here"] as const;

/** Which variables the server found without a value (SEND-3). */
function lacksOf(told: unknown): { name: string; reason: (typeof REASONS)[number] }[] {
  if (!Array.isArray(told)) return [];
  return told.flatMap(({ name, reason }) => {
    const known = REASONS.find((one) => one === reason);
    return typeof name === "string" && known ? [{ name, reason: known }] : [];
  });
}
