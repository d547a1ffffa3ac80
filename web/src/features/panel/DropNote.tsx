/** Asks once before a note is deleted (INFO-4). */

import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { useWhy } from "~/components/useWhy";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Note } from "~/lib/api/types";
import { useContactCommands } from "./useContact";
import styles from "./Windows.module.css";

export function DropNote({
  chatId,
  note,
  close,
}: {
  chatId: string;
  note: Note;
  close: () => void;
}) {
  const { t } = useTranslation("panel");
  const { change, renew } = useContactCommands(chatId);
  const why = useWhy();
  const drop = async () => {
    try {
      await doors.removeNote(chatId, note.note_id);
    } catch (error) {
      // Gone already: so it is as it should be.
      if (!(error instanceof Refused && error.code === "not_found")) throw error;
    }
    await change((contact) => ({
      ...contact,
      notes: contact.notes?.filter((one) => one.note_id !== note.note_id) ?? null,
    }));
    void renew();
  };
  return (
    <Confirm
      question={t("dropNote")}
      yes={t("yes")}
      no={t("no")}
      danger
      act={drop}
      close={close}
      failure={why}
      testId="drop-note"
    >
      <p className={styles.excerpt} dir="auto">
        {note.text}
      </p>
    </Confirm>
  );
}
