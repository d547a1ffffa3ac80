/** A flow is made of a file that was exported; a wrong one is refused with the reasons (FLOW-9). */

import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import type { FlowSummary } from "~/lib/api/types";
import { useRenew } from "../queries";
import { useRefusal } from "../refusals";
import { FaultList } from "./FaultList";
import styles from "./Flows.module.css";
import { faultsOf } from "./faults";
import { lineAt, placesOf } from "./places";

const LARGEST = 256 * 1024;

interface ImportWindowProps {
  category: string | null;
  made: (flow: FlowSummary) => void;
  close: () => void;
}

type Values = { name: string; file: { name: string; document: Record<string, unknown> } | null };

export function ImportWindow({ category, made, close }: ImportWindowProps) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const renew = useRenew();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const form = useForm<Values>({
    initial: { name: "", file: null },
    check: ({ name, file }) => ({
      ...(name.trim() ? {} : { name: words("form.required") }),
      ...(file ? {} : { file: t("importing.needed") }),
    }),
    save: async ({ name, file }) => {
      const { flow } = await doors.addFlow({
        name: name.trim(),
        category_id: category,
        document: file?.document ?? null,
      });
      await renew("flows");
      close();
      made(flow);
    },
  });
  const faults = faultsOf(form.failed);

  const take = async (file: File) => {
    setWrong(null);
    form.set("file", null);
    if (file.size > LARGEST) {
      setWrong(t("importing.tooLarge"));
      return;
    }
    const text = (await file.text()).replace(/^\ufeff/, "");
    const { brokenAt } = placesOf(text);
    if (brokenAt !== null) {
      setWrong(t("importing.notJson", { line: lineAt(text, brokenAt) }));
      return;
    }
    const read: unknown = JSON.parse(text);
    const document =
      typeof read === "object" && read !== null && !Array.isArray(read)
        ? (read as Record<string, unknown>)
        : {};
    form.set("file", { name: file.name, document });
    const named = typeof document.name === "string" ? document.name : "";
    form.set("name", named.slice(0, 80) || file.name.replace(/\.json$/i, "").slice(0, 80));
  };

  return (
    <FormWindow
      title={t("importing.title")}
      save={t("importing.save")}
      submit={form.submit}
      close={close}
      dirty={form.dirty}
      busy={form.busy}
      failure={form.failed && faults === null ? refusal(form.failed) : null}
      testId="import-flow"
    >
      <div className={styles.form}>
        <div>
          <input
            ref={input}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file) void take(file);
              event.currentTarget.value = "";
            }}
            data-testid="import-file"
          />
          <Button variant="default" onClick={() => input.current?.click()} data-autofocus>
            {t("importing.choose")}
          </Button>{" "}
          <bdi>{form.values.file?.name}</bdi>
          <p className={styles.hint}>{t("importing.hint")}</p>
          {(wrong ?? form.problems.file) ? (
            <Remark tone="danger" testId="import-wrong">
              {wrong ?? form.problems.file}
            </Remark>
          ) : null}
        </div>
        <TextInput
          label={t("list.name")}
          value={form.values.name}
          maxLength={80}
          error={form.problems.name}
          onChange={(event) => form.set("name", event.currentTarget.value)}
          onBlur={() => form.left("name")}
          data-testid="import-name"
          dir="auto"
          autoComplete="off"
          required
        />
        {faults ? (
          <div role="alert" data-testid="import-faults">
            <p>{t("importing.refused")}</p>
            <FaultList faults={faults} />
          </div>
        ) : null}
      </div>
    </FormWindow>
  );
}
