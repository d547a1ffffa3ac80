/** The editor of one field of a contact, for every kind of field (INFO-2, CLOSE-6). */

import "@mantine/core/styles/Checkbox.css";
import { Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import type { FieldKind } from "~/lib/api/types";
import type { FieldDraft, FieldShape } from "~/lib/fieldValues";
import { DayInput } from "./DayInput";
import styles from "./FieldEditor.module.css";
import { PictureEditor, type SendPicture } from "./PictureEditor";

addSentences("panel", panel);

export interface FieldEditorProps {
  field: FieldShape;
  draft: FieldDraft;
  change: (draft: FieldDraft) => void;
  /** What is wrong, in words. */
  error?: string | null;
  required?: boolean;
  description?: string | undefined;
  /** Of a field of type image: where the picture is shown from, and how another one is sent. */
  address?: string | null;
  sendPicture?: SendPicture;
  latest?: string;
  testId?: string;
}

const LONGEST: Partial<Record<FieldKind, number>> = {
  text: 300,
  number: 40,
  phone: 40,
  email: 254,
  url: 2000,
};

const INPUT: Partial<Record<FieldKind, { type?: string; inputMode?: "decimal" | "url" }>> = {
  number: { inputMode: "decimal" },
  phone: { type: "tel" },
  email: { type: "email" },
  url: { inputMode: "url" },
};

export function FieldEditor(props: FieldEditorProps) {
  const { field, draft, change, error = null, required = false, description, testId } = props;
  const { t } = useTranslation("panel");
  const shared = {
    label: <bdi dir="auto">{field.name}</bdi>,
    error,
    description,
    withAsterisk: required,
    "aria-required": required || undefined,
    "data-testid": testId,
  };
  const text = typeof draft === "string" ? draft : "";
  switch (field.kind) {
    case "long_text":
      return (
        <Textarea
          {...shared}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          maxLength={4000}
          rows={4}
          dir="auto"
          classNames={{ input: styles.long }}
        />
      );
    case "yes_no":
      return (
        <NativeSelect
          {...shared}
          value={draft === true ? "yes" : draft === false ? "no" : ""}
          onChange={({ currentTarget: { value } }) => change(value === "" ? null : value === "yes")}
          data={[
            { value: "", label: t("unanswered") },
            { value: "yes", label: t("yes") },
            { value: "no", label: t("no") },
          ]}
        />
      );
    case "choice": {
      // One that is no longer offered stays what it is until another is chosen.
      const gone = text !== "" && !field.options.includes(text) ? [text] : [];
      return (
        <NativeSelect
          {...shared}
          value={text}
          onChange={({ currentTarget: { value } }) => change(value === "" ? null : value)}
        >
          <option value="">{t("choose")}</option>
          {[...gone, ...field.options].map((option) => (
            <option key={option}>{option}</option>
          ))}
        </NativeSelect>
      );
    }
    case "choices": {
      const chosen = Array.isArray(draft) ? draft : [];
      return (
        <Checkbox.Group
          {...shared}
          value={chosen}
          onChange={(now) => change(field.options.filter((option) => now.includes(option)))}
        >
          <div className={styles.choices}>
            {field.options.map((option) => (
              <Checkbox
                key={option}
                value={option}
                label={<bdi dir="auto">{option}</bdi>}
                classNames={{ label: styles.choice }}
              />
            ))}
          </div>
        </Checkbox.Group>
      );
    }
    case "image":
      return <PictureEditor {...props} />;
    case "date":
      return (
        <DayInput
          label={shared.label}
          error={error}
          description={description}
          required={required}
          value={text}
          change={change}
          latest={props.latest}
          testId={testId}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          {...INPUT[field.kind]}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          maxLength={LONGEST[field.kind]}
          autoComplete="off"
          dir="auto"
        />
      );
  }
}
