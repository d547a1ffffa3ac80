/** «Adicionar observação», and the editing of one (INFO-4, INFO-7). */

import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DayInput } from "~/components/DayInput";
import { Remark } from "~/components/Remark";
import { useReason } from "~/components/useReason";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Note } from "~/lib/api/types";
import { newClientKey } from "~/lib/clock";
import { wrongFields } from "~/lib/fieldValues";
import { useDeskAndMe } from "../live/DeskContext";
import { focusFirstError } from "./closing";
import { forgetDraft, keepDraft, noteDraft } from "./noteDrafts";
import { useContactCommands } from "./useContact";
import { useOnce } from "./useOnce";
import styles from "./Windows.module.css";

const LONGEST_NOTE = 4000;

interface NoteWindowProps {
  chatId: string;
  /** The one to edit; null for a new one. */
  note: Note | null;
  close: () => void;
}

export function NoteWindow({ chatId, note, close }: NoteWindowProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me, agents } = useDeskAndMe();
  const { change, renew } = useContactCommands(chatId);
  const why = useWhy();
  const reasonOf = useReason();
  const once = useOnce();
  const form = useRef<HTMLFormElement>(null);
  // One key for all tries, so that a repeat is the same note.
  const key = useRef<string | null>(null);
  const [text, setText] = useState(note ? note.text : noteDraft(chatId));
  const [date, setDate] = useState(note?.date ?? "");
  const [to, setTo] = useState(note?.to_agent_id ?? "");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const people = useMemo(() => {
    const active = me.agents
      .filter((agent) => agent.active)
      .sort((a, b) => a.name.localeCompare(b.name, "pt-BR"));
    const gone = note?.to_agent_id ? agents.get(note.to_agent_id) : undefined;
    return gone && !gone.active ? [...active, gone] : active;
  }, [me.agents, agents, note]);
  const errorOf = (name: string) => (wrong[name] ? reasonOf(wrong[name] as string) : null);

  const submit = async () => {
    const missing: Record<string, string> = {};
    if (text.trim() === "") missing.text = "empty";
    if (date !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(date)) missing.date = "not_a_date";
    setWrong(missing);
    if (Object.keys(missing).length > 0) {
      focusFirstError(form.current);
      return;
    }
    const body = { text: text.trim(), date: date || null, to_agent_id: to || null };
    const done = await once.run(async () => {
      try {
        if (note) {
          const saved = await doors.editNote(chatId, note.note_id, body);
          await change((contact) => ({
            ...contact,
            notes:
              contact.notes?.map((one) => (one.note_id === saved.note_id ? saved : one)) ?? null,
          }));
        } else {
          key.current ??= newClientKey();
          const saved = await doors.addNote(chatId, { ...body, client_key: key.current });
          await change((contact) => ({
            ...contact,
            notes: contact.notes && [
              saved,
              ...contact.notes.filter((one) => one.note_id !== saved.note_id),
            ],
          }));
          forgetDraft(chatId);
        }
      } catch (error) {
        // A note changed before another try is another note.
        if (error instanceof Refused) key.current = null;
        if (error instanceof Refused && error.code === "invalid") {
          setWrong(wrongFields(error.body));
          focusFirstError(form.current);
        }
        throw error;
      }
    });
    if (!done) return;
    close();
    void renew();
  };

  return (
    <Window
      title={t(note ? "editNote" : "addNote")}
      close={once.busy ? () => {} : close}
      testId="note-window"
    >
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
            label={t("noteText")}
            withAsterisk
            aria-required
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              if (!note) keepDraft(chatId, event.currentTarget.value);
              setWrong(({ text: _, ...rest }) => rest);
            }}
            maxLength={LONGEST_NOTE}
            rows={6}
            dir="auto"
            error={errorOf("text")}
            classNames={{ input: styles.long }}
            data-autofocus
            data-testid="note-input"
          />
          <div className={styles.pair}>
            <DayInput
              label={t("noteDate")}
              value={date}
              change={(day) => {
                setDate(day);
                setWrong(({ date: _, ...rest }) => rest);
              }}
              error={errorOf("date")}
              testId="note-date"
            />
            <NativeSelect
              label={t("noteTo")}
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
              error={errorOf("to_agent_id")}
              data-testid="note-to"
            >
              <option value="">{t("noteToNobody")}</option>
              {people.map((agent) => (
                <option key={agent.agent_id} value={agent.agent_id}>
                  {agent.name}
                </option>
              ))}
            </NativeSelect>
          </div>
        </div>
        <WindowActions>
          {once.failed ? (
            <Remark tone="danger" testId="note-failed">
              {why(once.failed)}
            </Remark>
          ) : null}
          <Button variant="default" onClick={close} disabled={once.busy}>
            {common("app.cancel")}
          </Button>
          <Button type="submit" loading={once.busy} data-testid="note-save">
            {t("save")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}
