/** The contact's name with its pencil, and beside it the name that the app's profile gives (INFO-1). */

import { IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useReason } from "~/components/useReason";
import { useWhy } from "~/components/useWhy";
import { Refused } from "~/lib/api/http";
import type { Chat, Contact } from "~/lib/api/types";
import { wrongFields } from "~/lib/fieldValues";
import { nameOf } from "../live/names";
import styles from "./Panel.module.css";
import { useContactCommands } from "./useContact";

export function Who({ chat, contact }: { chat: Chat; contact: Contact | null }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) pencil.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const name = nameOf(chat.row, common("authors.contact"));
  const given = contact?.given_name;
  return (
    <div className={styles.who}>
      <Avatar name={name} size={64} />
      {editing ? (
        <NameForm chatId={chat.row.chat_id} before={chat.row.name} done={() => setEditing(false)} />
      ) : (
        <div className={styles.named}>
          <p className={styles.name} dir="auto" data-testid="panel-name">
            <bdi>{name}</bdi>
          </p>
          <IconButton
            ref={pencil}
            label={t("editName")}
            onClick={() => setEditing(true)}
            data-testid="edit-name"
          >
            <Icon of={IconPencil} size={16} />
          </IconButton>
        </div>
      )}
      {given && given !== chat.row.name ? (
        <p className={styles.given} dir="auto" data-testid="given-name">
          {t("givenName", { name: given })}
        </p>
      ) : null}
    </div>
  );
}

function NameForm({ chatId, before, done }: { chatId: string; before: string; done: () => void }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { edit } = useContactCommands(chatId);
  const why = useWhy();
  const reasonOf = useReason();
  const [name, setName] = useState(before);
  const [wrong, setWrong] = useState<string | null>(null);
  const busy = useRef(false);
  const [saving, setSaving] = useState(false);
  const save = async () => {
    if (busy.current) return;
    const wanted = name.trim();
    if (wanted === before.trim()) return done();
    if (wanted === "") return setWrong(t("nameEmpty"));
    busy.current = true;
    setSaving(true);
    try {
      await edit({ name: wanted });
      done();
    } catch (error) {
      const reason = error instanceof Refused ? wrongFields(error.body).name : undefined;
      setWrong(reason ? reasonOf(reason) : why(error));
    } finally {
      busy.current = false;
      setSaving(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      done();
    }
  };
  return (
    <form
      className={styles.nameForm}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={styles.nameLine}>
        <input
          className={styles.nameInput}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setWrong(null);
          }}
          onKeyDown={onKeyDown}
          // biome-ignore lint/a11y/noAutofocus: the pencil was pressed to write here
          autoFocus
          aria-label={t("nameLabel")}
          aria-invalid={wrong !== null}
          maxLength={300}
          dir="auto"
          autoComplete="off"
          data-mantine-stop-propagation="true"
          data-testid="name-input"
        />
        <IconButton type="submit" label={t("saveName")} aria-busy={saving} data-testid="name-save">
          <Icon of={IconCheck} />
        </IconButton>
        <IconButton label={common("app.cancel")} onClick={done}>
          <Icon of={IconX} />
        </IconButton>
      </div>
      {wrong ? <Remark tone="danger">{wrong}</Remark> : null}
    </form>
  );
}
