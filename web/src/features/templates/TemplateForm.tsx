/** A template chosen, filled and looked at before it is sent in a chat (SEND-2, SEND-3). */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { doors } from "~/lib/api/doors";
import type { Message, Template, TemplateToSend, Variable } from "~/lib/api/types";
import { useDeskAndMe } from "../live/DeskContext";
import { type HeaderFile, Preview } from "./Preview";
import { PriceLine } from "./PriceLine";
import { TemplateField } from "./TemplateField";
import styles from "./Templates.module.css";
import { TemplateValues } from "./TemplateValues";
import { boundValues, expanded, filled, idOf, missingValues, toSend } from "./variables";

interface TemplateFormProps {
  account?: string | null;
  chatId?: string;
  phone?: string;
  /** Problems are shown only once sending was tried. */
  tried?: boolean;
  /** Told at each change: what may be sent, and how it looks meanwhile; null while something lacks. */
  onReady(body: TemplateToSend | null, shown: Partial<Message>): void;
}

const NONE: Variable[] = [];

/** A template's message as it is shown until the server has it. */
export function shownOf(template: Template, values: Record<string, string>): Partial<Message> {
  const header = filled("header", template.header, values);
  const body = filled("body", template.body, values);
  return {
    kind: "template",
    text: [header, body, template.footer].filter(Boolean).join("\n\n"),
    details: {
      template: {
        name: template.name,
        header,
        body,
        footer: template.footer,
        buttons: template.buttons.map((button) => button.text),
      },
    },
  };
}

export function TemplateForm({
  account = null,
  chatId,
  phone,
  tried = false,
  onReady,
}: TemplateFormProps) {
  const { t: words } = useTranslation("templates");
  const { me } = useDeskAndMe();
  const [template, setTemplate] = useState<Template | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const [file, setFile] = useState<HeaderFile | null>(null);
  const variables = useQuery({
    queryKey: ["variables", chatId],
    queryFn: () => doors.variables(chatId ?? ""),
    enabled: chatId !== undefined,
    staleTime: 0,
  });
  const known = variables.data?.variables ?? NONE;
  const missing = template ? missingValues(template, values) : {};
  const read = expanded(values, known);
  const rules = me.rules.whatsapp;

  const tell = useRef(onReady);
  tell.current = onReady;
  useEffect(() => {
    const whole = template !== null && Object.keys(missingValues(template, values)).length === 0;
    tell.current(
      whole ? toSend(template, values) : null,
      template ? shownOf(template, expanded(values, known)) : {},
    );
  }, [template, values, known]);

  return (
    <div className={styles.columns}>
      <div className={styles.values}>
        <TemplateField
          recipient={{ account, chatId, phone }}
          chosen={template}
          problem={tried && template === null ? words("problems.template") : null}
          choose={(chosen) => {
            setTemplate(chosen);
            setFile(null);
            setValues(boundValues(chosen));
          }}
        />
        {template && rules ? (
          <TemplateValues
            key={idOf(template)}
            template={template}
            rules={rules}
            values={values}
            problems={
              tried
                ? Object.fromEntries(
                    Object.entries(missing).map(([name, reason]) => [
                      name,
                      words(`problems.${reason}`),
                    ]),
                  )
                : {}
            }
            change={(variable, value) => setValues((was) => ({ ...was, [variable]: value }))}
            file={file}
            setFile={setFile}
            testId="template"
          />
        ) : null}
        {template && template.variables.length > 0 ? (
          <p className={styles.hint}>{words("valueHint")}</p>
        ) : null}
      </div>
      <section className={styles.preview} aria-label={words("preview")}>
        <h3 className={styles.label}>{words("preview")}</h3>
        {template ? (
          <>
            <Preview template={template} values={read} file={file} />
            <PriceLine template={template} recipient={{ account, chatId, phone }} />
          </>
        ) : (
          <p className={styles.hint}>{words("previewHint")}</p>
        )}
      </section>
    </div>
  );
}
