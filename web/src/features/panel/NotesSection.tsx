/** «Observações»: what agents note of the contact, never seen by the contact (INFO-4, INFO-7). */

import { Button } from "@mantine/core";
import { IconArrowForwardUp, IconCalendar, IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import type { Contact, Note } from "~/lib/api/types";
import { showDay } from "~/lib/fieldValues";
import { fullTime } from "~/lib/time";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { Section } from "./Section";
import type { Ask } from "./windows";

const SHOWN_AT_FIRST = 3;

interface NotesSectionProps {
  contact: Contact | null;
  /** The contact is on its way. */
  loading?: boolean;
  ask: Ask;
}

export function NotesSection({ contact, loading = false, ask }: NotesSectionProps) {
  const { t } = useTranslation("panel");
  const { me } = useDeskAndMe();
  const [all, setAll] = useState(false);
  if (loading && me.agent.permissions.includes("notes")) {
    return (
      <Section id="notes" title={t("notes")}>
        <div className={styles.bones} role="status" aria-label={t("loadingContact")}>
          <Bone width="100%" height={36} />
          <Bone width="100%" height={64} />
        </div>
      </Section>
    );
  }
  // Who lacks the permission is not told that there are notes at all.
  if (!contact?.notes) return null;
  const { notes } = contact;
  const shown = all ? notes : notes.slice(0, SHOWN_AT_FIRST);
  const hidden = notes.length - shown.length;
  return (
    <Section id="notes" title={t("notes")} count={notes.length}>
      <Button
        variant="default"
        size="sm"
        leftSection={<Icon of={IconPlus} size={16} />}
        onClick={() => ask({ window: "note", note: null })}
        data-testid="add-note"
      >
        {t("addNote")}
      </Button>
      {notes.length === 0 ? <p className={styles.quiet}>{t("noNotes")}</p> : null}
      <ul className={styles.cards}>
        {shown.map((note) => (
          <Card key={note.note_id} note={note} ask={ask} />
        ))}
      </ul>
      {hidden > 0 ? (
        <Button variant="subtle" size="sm" onClick={() => setAll(true)}>
          {t("moreNotes", { count: hidden })}
        </Button>
      ) : null}
    </Section>
  );
}

function Card({ note, ask }: { note: Note; ask: Ask }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { agents } = useDeskAndMe();
  return (
    <li className={styles.card} data-testid="note">
      <button
        type="button"
        className={styles.cardFace}
        aria-label={t("noteCard", { text: note.text })}
        title={t("noteHint")}
        onClick={() => ask({ window: "dropNote", note })}
        data-testid="note-card"
      />
      <p className={styles.noteText} dir="auto" data-testid="note-text">
        {note.text}
      </p>
      {note.date !== null || note.to_agent_id !== null ? (
        <p className={styles.noteFacts}>
          {note.date !== null ? (
            <span className={styles.noteFact}>
              <Icon of={IconCalendar} size={14} />
              {t("noteOn", { date: showDay(note.date) })}
            </span>
          ) : null}
          {note.to_agent_id !== null ? (
            <span className={styles.noteFact}>
              <Icon of={IconArrowForwardUp} size={14} />
              <bdi>
                {t("noteFor", {
                  name: agents.get(note.to_agent_id)?.name ?? common("agents.unknown"),
                })}
              </bdi>
            </span>
          ) : null}
        </p>
      ) : null}
      <p className={styles.noteFoot}>
        <span>
          <bdi>{t("noteBy", { name: note.by_name, at: fullTime(note.created_at) })}</bdi>
          {note.edited_at ? (
            <span className={styles.edited}>
              {t("noteEdited", { at: fullTime(note.edited_at) })}
            </span>
          ) : null}
        </span>
        <IconButton
          label={t("editNote")}
          size={28}
          onClick={() => ask({ window: "note", note })}
          data-testid="edit-note"
        >
          <Icon of={IconPencil} size={15} />
        </IconButton>
      </p>
    </li>
  );
}
