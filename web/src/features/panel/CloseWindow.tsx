/** «Encerrar atendimento», now or later: farewell, and the fields asked at closing (CLOSE-1 to CLOSE-6). */

import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Radio.css";
import { Button, Checkbox, Radio, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { FieldEditor } from "~/components/FieldEditor";
import { Remark } from "~/components/Remark";
import { useNow } from "~/components/useNow";
import { useReason } from "~/components/useReason";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { Refused } from "~/lib/api/http";
import type { Chat, CloseAttendance, Closed, Field, FieldValue } from "~/lib/api/types";
import { type FieldDraft, showValue, valueFrom, wrongFields } from "~/lib/fieldValues";
import { sessionState } from "~/lib/session";
import { LONGEST_TEXT } from "~/lib/text";
import { untilTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import { closingValues, focusFirstError, minutesOf, missingOf } from "./closing";
import { Told } from "./Told";
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
  const [minutes, setMinutes] = useState("");
  const [onReply, setOnReply] = useState<CloseAttendance["on_reply"]>("keep");
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
    return <Outcome words={t(`outcome.${outcome.farewell}`, { names })} close={close} />;
  }
  if (chat.protocol === null && !once.busy) {
    return <Outcome words={t("alreadyClosed")} close={close} />;
  }

  const asked = labels.data?.fields.filter((one) => one.active && one.at_closing !== "no") ?? null;
  const after = minutesOf(minutes);
  const later = after !== null && after !== "wrong";
  const at = later ? now + after * 60_000 : now;
  const session = sessionState(chat.session, at);
  const shut = chat.row.blocked
    ? "blocked"
    : session === "open" || session === "expiring"
      ? null
      : "session";
  // What keeps a farewell back now may not any more when it is time.
  const unsaid = shut !== null && !later;
  const late = once.failed instanceof Refused && once.failed.code === "moved_on";

  const submit = async () => {
    if (asked === null || chat.protocol === null) return;
    const missing = missingOf(asked, drafts);
    if (after === "wrong") missing.minutes = "minutes";
    setWrong(missing);
    if (after === "wrong" || Object.keys(missing).length > 0) {
      focusFirstError(form.current);
      return;
    }
    const body = {
      protocol: chat.protocol,
      farewell: unsaid ? "" : farewell.trim(),
      fields: closingValues(asked, drafts, dropped),
      minutes: after,
      on_reply: later ? onReply : "keep",
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
          <TextInput
            label={t("minutes")}
            description={t("minutesHint")}
            value={minutes}
            onChange={(event) => {
              setMinutes(event.currentTarget.value);
              setWrong(({ minutes: _, ...rest }) => rest);
            }}
            error={wrong.minutes ? t("minutesWrong") : null}
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            data-testid="close-minutes"
          />
          {later ? (
            <>
              <Radio.Group
                label={t("onReply")}
                value={onReply}
                onChange={(value) => setOnReply(value === "cancel" ? "cancel" : "keep")}
              >
                <div className={styles.choices}>
                  <Radio value="keep" label={t("onReplyKeep")} data-testid="on-reply-keep" />
                  <Radio value="cancel" label={t("onReplyCancel")} data-testid="on-reply-cancel" />
                </div>
              </Radio.Group>
              <p role="status" data-testid="close-at">
                {t("minutesAt", { at: untilTime(new Date(at).toISOString(), now) })}
              </p>
            </>
          ) : null}
          {chat.closing ? (
            <Remark testId="close-replaces">
              {t("closingReplaced", { at: untilTime(chat.closing.at, now) })}
            </Remark>
          ) : null}
          <Textarea
            label={t("farewell")}
            description={unsaid ? undefined : t("farewellHint")}
            value={unsaid ? "" : farewell}
            onChange={(event) => setFarewell(event.currentTarget.value)}
            disabled={unsaid}
            maxLength={LONGEST_TEXT}
            rows={3}
            dir="auto"
            error={wrong.farewell ? reasonOf(wrong.farewell) : null}
            classNames={{ input: styles.long }}
            data-autofocus={!unsaid ? true : undefined}
            data-testid="farewell"
          />
          {shut !== null && (unsaid || farewell.trim() !== "") ? (
            <Remark tone="warning" testId="farewell-shut">
              {t(`${later ? "farewellLater" : "farewellNow"}.${shut}`)}
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
            data-autofocus={unsaid ? true : undefined}
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
function Outcome({ words, close }: { words: string; close: () => void }) {
  const { t } = useTranslation("panel");
  return <Told title={t("close")} words={words} close={close} testId="close" />;
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
