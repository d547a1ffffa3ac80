/** «Encerrar atendimento»: the farewell, and the fields asked at closing (CLOSE-1, CLOSE-4, CLOSE-6). */

import "@mantine/core/styles/Checkbox.css";
import { Button, Checkbox, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { FieldEditor } from "~/components/FieldEditor";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { useReason, useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { Refused } from "~/lib/api/http";
import type { Chat, Closed, Field, FieldValue } from "~/lib/api/types";
import { type FieldDraft, showValue, valueFrom, wrongFields } from "~/lib/fieldValues";
import { sessionState } from "~/lib/session";
import { LONGEST_TEXT } from "~/lib/text";
import { useDeskAndMe } from "../live/DeskContext";
import { closingValues, focusFirstError, missingOf } from "./closing";
import { useContact, useContactCommands } from "./useContact";
import { useLabels } from "./useLabels";
import { useMoved } from "./useMoved";
import { useOnce } from "./useOnce";
import styles from "./Windows.module.css";

interface CloseWindowProps {
  chat: Chat;
  /** The chat is out of this viewer's sight. */
  gone: boolean;
  close: () => void;
}

export function CloseWindow({ chat, gone, close }: CloseWindowProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const now = useNow(15_000);
  const why = useWhy();
  const reasonOf = useReason();
  const once = useOnce();
  const moved = useMoved(chat);
  const labels = useLabels();
  const contact = useContact(chat).data ?? null;
  const { sendPicture } = useContactCommands(chat.row.chat_id);
  const [farewell, setFarewell] = useState(me.agent.farewell);
  const [drafts, setDrafts] = useState<Record<string, FieldDraft>>({});
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [outcome, setOutcome] = useState<Closed | null>(null);
  const form = useRef<HTMLFormElement>(null);

  const finished = gone && !once.busy && outcome === null;
  useEffect(() => {
    if (finished) close();
  }, [finished, close]);
  if (finished) return null;
  if (outcome !== null && outcome.farewell !== "none" && outcome.farewell !== "queued") {
    const names = outcome.farewell_lacks.map((name) => `{${name}}`).join(", ");
    return <Told words={t(`outcome.${outcome.farewell}`, { names })} close={close} />;
  }
  if (chat.protocol === null && !once.busy) {
    return <Told words={t("alreadyClosed")} close={close} />;
  }

  const asked = labels.data?.fields.filter((one) => one.active && one.at_closing !== "no") ?? null;
  const session = sessionState(chat.session, now);
  const shut = chat.row.blocked
    ? "farewellBlocked"
    : session === "open" || session === "expiring"
      ? null
      : "farewellSession";
  const late = once.failed instanceof Refused && once.failed.code === "moved_on";

  const submit = async () => {
    if (asked === null || chat.protocol === null) return;
    const missing = missingOf(asked, drafts);
    setWrong(missing);
    if (Object.keys(missing).length > 0) {
      focusFirstError(form.current);
      return;
    }
    const body = {
      protocol: chat.protocol,
      farewell: shut ? "" : farewell.trim(),
      fields: closingValues(asked, drafts, dropped),
      minutes: null,
      on_reply: "keep" as const,
    };
    let closed: Closed | null = null;
    const done = await once.run(async () => {
      try {
        closed = await desk.close(chat, body);
        if (closed.farewell === "none" || closed.farewell === "queued") close();
        else setOutcome(closed);
      } catch (error) {
        if (error instanceof Refused && error.code === "invalid") {
          setWrong(wrongFields(error.body));
          focusFirstError(form.current);
        }
        throw error;
      }
    });
    if (!done) void labels.refetch();
  };

  return (
    <Window title={t("close")} close={once.busy ? () => {} : close} testId="close-window">
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.rows}>
          <Textarea
            label={t("farewell")}
            description={shut ? undefined : t("farewellHint")}
            value={shut ? "" : farewell}
            onChange={(event) => setFarewell(event.currentTarget.value)}
            disabled={shut !== null}
            maxLength={LONGEST_TEXT}
            rows={3}
            dir="auto"
            error={wrong.farewell ? reasonOf(wrong.farewell) : null}
            classNames={{ input: styles.long }}
            data-autofocus={shut === null ? true : undefined}
            data-testid="farewell"
          />
          {shut ? (
            <Remark tone="warning" testId="farewell-shut">
              {t(shut)}
            </Remark>
          ) : null}
          {asked === null ? (
            labels.isError ? (
              <Remark
                tone="danger"
                action={{ label: common("app.retry"), act: () => void labels.refetch() }}
              >
                {t("fieldsFailed")}
              </Remark>
            ) : (
              <div className={styles.bones} role="status" aria-label={common("app.loading")}>
                <Bone width="40%" height={12} />
                <Bone width="100%" height={36} />
              </div>
            )
          ) : (
            asked.map((field) => (
              <AskedField
                key={field.field_id}
                field={field}
                draft={drafts[field.field_id] ?? null}
                change={(draft) => {
                  setDrafts((before) => ({ ...before, [field.field_id]: draft }));
                  setWrong(({ [field.field_id]: _, ...rest }) => rest);
                }}
                error={wrong[field.field_id] ? reasonOf(wrong[field.field_id] as string) : null}
                dropped={dropped.has(field.field_id)}
                drop={(ticked) =>
                  setDropped((before) => {
                    const after = new Set(before);
                    if (ticked) after.add(field.field_id);
                    else after.delete(field.field_id);
                    return after;
                  })
                }
                now={contact ? (contact.fields[field.field_id] ?? null) : undefined}
                sendPicture={sendPicture}
              />
            ))
          )}
        </div>
        <WindowActions>
          {once.failed || Object.keys(wrong).length > 0 ? (
            <Remark tone="danger" testId="close-failed">
              {Object.keys(wrong).length > 0 ? t("fixErrors") : why(once.failed)}
            </Remark>
          ) : null}
          {moved && !late && !once.busy ? <Remark tone="warning">{t("moved")}</Remark> : null}
          <Button variant="default" onClick={close} disabled={once.busy}>
            {common("app.cancel")}
          </Button>
          <Button
            type="submit"
            loading={once.busy}
            disabled={asked === null}
            data-autofocus={shut !== null ? true : undefined}
            data-testid="close-now"
          >
            {t("closeNow")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}

/** What became of it, when there is something that the agent must know. */
function Told({ words, close }: { words: string; close: () => void }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  return (
    <Window title={t("close")} close={close} testId="close-window">
      <Remark tone="warning" testId="close-outcome">
        <span role="status">{words}</span>
      </Remark>
      <WindowActions>
        <Button onClick={close} data-autofocus>
          {common("app.close")}
        </Button>
      </WindowActions>
    </Window>
  );
}

interface AskedFieldProps {
  field: Field;
  draft: FieldDraft;
  change: (draft: FieldDraft) => void;
  error: string | null;
  dropped: boolean;
  drop: (ticked: boolean) => void;
  /** What the contact has by now; undefined while it is not known. */
  now: FieldValue | null | undefined;
  sendPicture: (file: File, progress: (part: number) => void) => Promise<string>;
}

function AskedField({
  field,
  draft,
  change,
  error,
  dropped,
  drop,
  now,
  sendPicture,
}: AskedFieldProps) {
  const { t } = useTranslation("panel");
  const required = field.at_closing === "required";
  const empty = valueFrom(draft) === null;
  const value =
    now === undefined
      ? undefined
      : now === null
        ? t("noValueNow")
        : field.kind === "image"
          ? t("pictureNow")
          : t("valueNow", {
              value: shortened(showValue(field.kind, now, { yes: t("yes"), no: t("no") })),
            });
  return (
    <div className={styles.asked} data-testid={`asked-${field.slug}`}>
      <FieldEditor
        field={field}
        draft={draft}
        change={change}
        error={error}
        required={required}
        description={value}
        sendPicture={sendPicture}
        testId={`closing-${field.slug}`}
      />
      {!required && empty ? (
        <Checkbox
          size="sm"
          label={t("dropValue")}
          aria-label={t("dropValueOf", { name: field.name })}
          checked={dropped}
          onChange={(event) => drop(event.currentTarget.checked)}
          data-testid={`drop-${field.slug}`}
        />
      ) : null}
    </div>
  );
}

const SHORT = 120;

function shortened(words: string): string {
  const letters = Array.from(words);
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join("")}…` : words;
}
