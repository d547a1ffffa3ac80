/** One quick reply: what is typed after «/», its text with variables, its attachment (SEND-9). */

import { Button, Textarea, TextInput } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { type ChangeEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { Icon } from "~/components/Icon";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { FileToSend, QuickReply } from "~/lib/api/types";
import { sendFile } from "~/lib/api/upload";
import { countCharacters, folded, LONGEST_TEXT } from "~/lib/text";
import { SYSTEM_VARIABLES } from "../checks";
import { Group } from "../Parts";
import { useLabels, useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { useRefusal } from "../refusals";
import styles from "./QuickReplies.module.css";

const LONGEST_NAME = 40;
const RESERVED = "interna";

type Values = { name: string; text: string; file: FileToSend | null };
type NameProblem = "required" | "wrong" | "taken" | "reserved";

/** What is wrong with a quick reply's name, or null. */
export function nameProblem(name: string, others: Iterable<string>): NameProblem | null {
  if (name === "") return "required";
  if (/[\s/]/.test(name)) return "wrong";
  if (folded(name) === RESERVED) return "reserved";
  for (const other of others) if (folded(other) === folded(name)) return "taken";
  return null;
}

interface QuickReplyWindowProps {
  /** Null: a new one. */
  reply: QuickReply | null;
  names: string[];
  close: () => void;
}

export function QuickReplyWindow({ reply, names, close }: QuickReplyWindowProps) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const labels = useLabels();
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [removing, setRemoving] = useState(false);
  const [part, setPart] = useState<number | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const others = names.filter((name) => name !== reply?.name);
  const form = useForm<Values>({
    initial: {
      name: reply?.name ?? "",
      text: reply?.text ?? "",
      file: reply?.file ? { key: reply.file.key, name: reply.file.name, voice: false } : null,
    },
    check: ({ name, text, file }) => {
      const found: Partial<Record<keyof Values, string>> = {};
      const problem = nameProblem(name.trim(), others);
      if (problem) {
        found.name =
          problem === "required"
            ? words("form.required")
            : words(`quickReplies.nameProblems.${problem}`);
      }
      if (!text.trim() && !file) found.text = words("quickReplies.nothing");
      if (countCharacters(text) > LONGEST_TEXT) {
        found.text = words("form.tooLong", { limit: LONGEST_TEXT });
      }
      return found;
    },
    save: async ({ name, text, file }) => {
      const wanted = { name: name.trim(), text, file };
      try {
        if (reply) await doors.saveQuickReply(reply.quick_reply_id, wanted);
        else await doors.addQuickReply(wanted);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code === "name_taken") {
          form.refuse({ name: words("quickReplies.nameProblems.taken") });
          void renew("quick_replies");
        } else if (error.code === "file_refused") setWrong(words("quickReplies.fileRefused"));
        else throw error;
        return;
      }
      await renew("quick_replies");
      close();
    },
  });
  const { values, problems, set, left } = form;

  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (!file) return;
    setWrong(null);
    setPart(0);
    try {
      const upload = await doors.upload({
        content_type: file.type || "application/octet-stream",
        size: file.size,
        name: file.name,
      });
      await sendFile(upload, file, setPart);
      set("file", { key: upload.key, name: file.name, voice: false });
    } catch (error) {
      setWrong(
        error instanceof Refused && error.code === "file_refused"
          ? words("quickReplies.fileRefused")
          : refusal(error),
      );
    } finally {
      setPart(null);
    }
  };

  const insert = (variable: string) => {
    const element = area.current;
    const at = element?.selectionStart ?? values.text.length;
    const to = element?.selectionEnd ?? at;
    set("text", `${values.text.slice(0, at)}{${variable}}${values.text.slice(to)}`);
    requestAnimationFrame(() => {
      element?.focus();
      const place = at + variable.length + 2;
      element?.setSelectionRange(place, place);
    });
  };

  const variables = [
    ...SYSTEM_VARIABLES,
    ...(labels.data?.fields ?? []).filter((one) => one.active).map((one) => one.slug),
  ];
  return (
    <>
      <FormWindow
        title={words(reply ? "quickReplies.editTitle" : "quickReplies.newTitle")}
        save={words(reply ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy || part !== null}
        failure={form.failed ? refusal(form.failed) : null}
        testId="quick-reply"
        aside={reply ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        <TextInput
          label={words("quickReplies.name")}
          description={words("quickReplies.nameHint")}
          leftSection="/"
          value={values.name}
          maxLength={LONGEST_NAME}
          error={problems.name}
          onChange={(event) => set("name", event.currentTarget.value)}
          onBlur={() => left("name")}
          data-autofocus={reply ? undefined : true}
          data-testid="quick-reply-name"
          dir="auto"
          autoComplete="off"
          required
        />
        <Textarea
          ref={area}
          label={words("quickReplies.message")}
          value={values.text}
          error={problems.text}
          autosize
          minRows={4}
          maxRows={14}
          onChange={(event) => set("text", event.currentTarget.value)}
          onBlur={() => left("text")}
          data-testid="quick-reply-text"
          dir="auto"
        />
        <Group title={words("quickReplies.variables")}>
          <div className={styles.variables}>
            {variables.map((variable) => (
              <button
                key={variable}
                type="button"
                className={styles.variable}
                onClick={() => insert(variable)}
              >
                {`{${variable}}`}
              </button>
            ))}
          </div>
        </Group>
        <Group title={words("quickReplies.file")}>
          <div className={styles.file}>
            {values.file ? (
              <>
                <Icon of={IconPaperclip} size={16} />
                <bdi dir="auto" className={styles.fileName} data-testid="quick-reply-file-name">
                  {values.file.name}
                </bdi>
              </>
            ) : null}
            <Button
              variant="default"
              size="xs"
              disabled={part !== null}
              onClick={() => chooser.current?.click()}
            >
              {words(values.file ? "quickReplies.change" : "quickReplies.choose")}
            </Button>
            {values.file ? (
              <Button variant="subtle" color="gray" size="xs" onClick={() => set("file", null)}>
                {words("quickReplies.withoutFile")}
              </Button>
            ) : null}
            {part === null ? null : (
              <label role="status">
                {words("quickReplies.sending", { percent: Math.round(part * 100) })}{" "}
                <progress max={1} value={part} />
              </label>
            )}
            <input
              ref={chooser}
              type="file"
              hidden
              onChange={(event) => void take(event)}
              data-testid="quick-reply-file"
            />
          </div>
          {wrong ? (
            <p role="alert" className={styles.wrong} data-testid="quick-reply-file-problem">
              {wrong}
            </p>
          ) : null}
        </Group>
      </FormWindow>
      {reply && removing ? (
        <Removal
          question={words("quickReplies.removeTitle", { name: reply.name })}
          remove={async () => {
            await doors.removeQuickReply(reply.quick_reply_id);
            await renew("quick_replies");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {words("quickReplies.removeText")}
        </Removal>
      ) : null}
    </>
  );
}
