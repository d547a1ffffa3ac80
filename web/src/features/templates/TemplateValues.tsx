/** A field for each variable of a template, its header's file among them (SEND-2, SEND-3). */

import { Button, Input, TextInput } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { type ChangeEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { doors } from "~/lib/api/doors";
import type { ChannelRules, Template } from "~/lib/api/types";
import { sendFile } from "~/lib/api/upload";
import { fitImage } from "~/lib/images";
import type { HeaderFile } from "./Preview";
import styles from "./Templates.module.css";
import { HEADER_FILE, variableLabel } from "./variables";

interface TemplateValuesProps {
  template: Template;
  rules: ChannelRules;
  values: Record<string, string>;
  /** Beside each field: what is wrong with it. */
  problems: Record<string, string | undefined>;
  change: (variable: string, value: string) => void;
  file: HeaderFile | null;
  setFile: (file: HeaderFile | null) => void;
  /** What test ids begin with. */
  testId: string;
}

export function TemplateValues({
  template,
  rules,
  values,
  problems,
  change,
  file,
  setFile,
  testId,
}: TemplateValuesProps) {
  const { t: words } = useTranslation("templates");
  return (
    <div className={styles.values}>
      {template.variables.map((variable) =>
        variable === HEADER_FILE ? (
          <HeaderFileField
            key={variable}
            kind={template.header_kind}
            rules={rules}
            problem={problems[variable]}
            file={file}
            chosen={(key, chosen) => {
              change(variable, key);
              setFile(chosen);
            }}
            testId={`${testId}-value-${variable}`}
          />
        ) : (
          <TextInput
            key={variable}
            label={variableLabel(variable, template, words)}
            required
            value={values[variable] ?? ""}
            autoComplete="off"
            dir="auto"
            error={problems[variable]}
            data-testid={`${testId}-value-${variable}`}
            onChange={(event) => change(variable, event.currentTarget.value)}
          />
        ),
      )}
    </div>
  );
}

interface HeaderFileFieldProps {
  kind: Template["header_kind"];
  rules: ChannelRules;
  problem: string | undefined;
  file: HeaderFile | null;
  chosen: (key: string, file: HeaderFile) => void;
  testId: string;
}

const MEGABYTE = 1024 * 1024;

/** The picture, video or document at the top: uploaded once it is chosen. */
function HeaderFileField({ kind, rules, problem, file, chosen, testId }: HeaderFileFieldProps) {
  const { t: words } = useTranslation("templates");
  const chooser = useRef<HTMLInputElement>(null);
  const id = useId();
  const [part, setPart] = useState<number | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const stop = useRef(false);
  useEffect(() => {
    stop.current = false;
    return () => {
      stop.current = true;
    };
  }, []);
  const rule = rules.files.find((one) => one.kind === kind);
  const types = rule?.types ?? [];
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const picked = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (!picked) return;
    const given = kind === "image" ? await fitImage(rules, picked) : picked;
    if (types.length > 0 && !types.includes(given.type)) {
      const names = types.map((type) => type.replace(/^.*\//, "").toUpperCase());
      return setWrong(words("header.wrongType", { types: names.join(", ") }));
    }
    if (rule && given.size > rule.limit) {
      const limit = `${Math.floor(rule.limit / MEGABYTE)} MB`;
      return setWrong(words("header.tooLarge", { limit }));
    }
    setWrong(null);
    setPart(0);
    try {
      const upload = await doors.upload({
        channel: "whatsapp",
        content_type: given.type || "application/octet-stream",
        size: given.size,
        name: given.name,
      });
      await sendFile(upload, given, (done) => {
        if (!stop.current) setPart(done);
      });
      if (!stop.current) {
        const url = kind === "image" ? URL.createObjectURL(given) : null;
        chosen(upload.key, { name: given.name, url });
      }
    } catch {
      setWrong(words("header.failed"));
    } finally {
      setPart(null);
    }
  };
  const percent = Math.round((part ?? 0) * 100);
  return (
    <Input.Wrapper
      label={words(`header.${kind === "video" || kind === "document" ? kind : "image"}`)}
      labelElement="div"
      labelProps={{ id }}
      error={wrong ?? problem}
      withAsterisk
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the label stands outside */}
      <div className={styles.file} role="group" aria-labelledby={id}>
        {file ? (
          <>
            <Icon of={IconPaperclip} size={16} />
            <bdi dir="auto" className={styles.fileName}>
              {file.name}
            </bdi>
          </>
        ) : null}
        <Button
          variant="default"
          size="xs"
          disabled={part !== null}
          onClick={() => chooser.current?.click()}
        >
          {words(file ? "header.change" : "header.choose")}
        </Button>
        {part === null ? null : (
          <label role="status">
            {words("header.sending", { percent })} <progress max={100} value={percent} />
          </label>
        )}
        <input
          ref={chooser}
          type="file"
          hidden
          accept={types.join(",") || undefined}
          onChange={(event) => void take(event)}
          data-testid={testId}
        />
      </div>
    </Input.Wrapper>
  );
}
