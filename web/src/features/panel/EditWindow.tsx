/** «Editar dados»: the system's fields and the agency's own, and the session's last message (INFO-2, SES-4). */

import { Button, Textarea, TextInput } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { FieldEditor } from "~/components/FieldEditor";
import { Remark } from "~/components/Remark";
import { useReason } from "~/components/useReason";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { Refused } from "~/lib/api/http";
import type { Chat, Contact, Field } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";
import { type FieldDraft, showCpf, wrongFields } from "~/lib/fieldValues";
import { LONGEST_TEXT } from "~/lib/text";
import { dayOf } from "~/lib/time";
import { focusFirstError } from "./closing";
import { type Drafts, draftsOf, editsOf, SESSION_FAREWELL } from "./editing";
import { MASKED, SYSTEM_FIELDS, SYSTEM_KINDS } from "./systemFields";
import { useContact, useContactCommands } from "./useContact";
import { useLabels } from "./useLabels";
import { useOnce } from "./useOnce";
import styles from "./Windows.module.css";

export function EditWindow({ chat, close }: { chat: Chat; close: () => void }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const contact = useContact(chat);
  const labels = useLabels();
  const failed = (contact.isError && !contact.data) || (labels.isError && !labels.data);
  if (contact.data && labels.data) {
    return (
      <Form
        contact={contact.data}
        fields={labels.data.fields.filter((field) => field.active)}
        close={close}
      />
    );
  }
  return (
    <Window title={t("edit")} close={close} testId="edit-window">
      {failed ? (
        <Remark
          tone="danger"
          action={{
            label: common("app.retry"),
            act: () => {
              void contact.refetch();
              void labels.refetch();
            },
          }}
        >
          {t("contactFailed")}
        </Remark>
      ) : (
        <div className={styles.bones} role="status" aria-label={t("loadingContact")}>
          {[0, 1, 2, 3, 4].map((line) => (
            <Bone key={line} width="100%" height={36} />
          ))}
        </div>
      )}
    </Window>
  );
}

function Form({
  contact,
  fields,
  close,
}: {
  contact: Contact;
  fields: Field[];
  close: () => void;
}) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { edit, sendPicture } = useContactCommands(contact.chat_id);
  const why = useWhy();
  const reasonOf = useReason();
  const once = useOnce();
  const form = useRef<HTMLFormElement>(null);
  // What was there when the window opened: only what the agent changes is sent.
  const [before] = useState(() => draftsOf(contact, fields));
  const [drafts, setDrafts] = useState<Drafts>(before);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const today = useMemo(() => dayOf(serverNow()), []);
  const change = (name: string, draft: FieldDraft) => {
    setDrafts((now) => ({ ...now, [name]: draft }));
    setWrong(({ [name]: _, ...rest }) => rest);
  };
  const errorOf = (name: string) => (wrong[name] ? reasonOf(wrong[name] as string) : null);
  const submit = async () => {
    const edits = editsOf(before, drafts, fields);
    if (edits === null) return close();
    setWrong({});
    const done = await once.run(async () => {
      try {
        await edit(edits);
      } catch (error) {
        if (error instanceof Refused) {
          setWrong(wrongFields(error.body));
          focusFirstError(form.current);
        }
        throw error;
      }
    });
    if (done) close();
  };
  return (
    <Window title={t("edit")} close={once.busy ? () => {} : close} size={560} testId="edit-window">
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.rows}>
          <fieldset className={styles.group}>
            <legend>{t("systemTitle")}</legend>
            {SYSTEM_FIELDS.map((name) =>
              contact.masked && MASKED.has(name) ? (
                <TextInput
                  key={name}
                  label={t(`system.${name}`)}
                  description={t("masked")}
                  value={showCpf(contact.system[name] ?? "")}
                  disabled
                  readOnly
                  data-testid={`edit-${name}`}
                />
              ) : (
                <FieldEditor
                  key={name}
                  field={{ name: t(`system.${name}`), kind: SYSTEM_KINDS[name], options: [] }}
                  draft={drafts[name] ?? null}
                  change={(draft) => change(name, draft)}
                  error={errorOf(name)}
                  latest={today}
                  testId={`edit-${name}`}
                />
              ),
            )}
          </fieldset>
          {fields.length > 0 ? (
            <fieldset className={styles.group}>
              <legend>{t("customTitle")}</legend>
              {fields.map((field) => {
                const { field_id: id } = field;
                const draft = drafts[id] ?? null;
                return (
                  <FieldEditor
                    key={id}
                    field={field}
                    draft={draft}
                    change={(changed) => change(id, changed)}
                    error={errorOf(id)}
                    address={typeof draft === "string" ? (contact.pictures[draft] ?? null) : null}
                    sendPicture={sendPicture}
                    testId={`edit-${field.slug}`}
                  />
                );
              })}
            </fieldset>
          ) : null}
          <fieldset className={styles.group}>
            <legend>{t("sessionTitle")}</legend>
            <Textarea
              label={t("sessionFarewell")}
              description={t("sessionFarewellHint")}
              value={(drafts[SESSION_FAREWELL] as string | null) ?? ""}
              onChange={(event) => change(SESSION_FAREWELL, event.currentTarget.value)}
              error={errorOf(SESSION_FAREWELL)}
              maxLength={LONGEST_TEXT}
              rows={3}
              dir="auto"
              classNames={{ input: styles.long }}
              data-testid="edit-session-farewell"
            />
          </fieldset>
        </div>
        <WindowActions>
          {once.failed ? (
            <Remark tone="danger" testId="edit-failed">
              {Object.keys(wrong).length > 0 ? t("fixErrors") : why(once.failed)}
            </Remark>
          ) : null}
          <Button variant="default" onClick={close} disabled={once.busy}>
            {common("app.cancel")}
          </Button>
          <Button type="submit" loading={once.busy} data-testid="edit-save">
            {t("save")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}
