/** One template: how it reads, what became of it at Meta, and what its variables are filled with. */

import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { Preview } from "~/features/templates/Preview";
import { variableLabel } from "~/features/templates/variables";
import { addSentences } from "~/i18n";
import { templates } from "~/i18n/templates";
import { doors } from "~/lib/api/doors";
import type { PortfolioTemplate, TemplateList } from "~/lib/api/types";
import { Group, Soft } from "../Parts";
import { reasonsOf, useRefusal } from "../refusals";
import styles from "./Templates.module.css";
import { TemplateStatus } from "./TemplatesPage";

addSentences("templates", templates);

const LONGEST = 1024;

export function TemplateWindow({ one, close }: { one: PortfolioTemplate; close: () => void }) {
  const { t: words } = useTranslation("administration");
  const { t: ofTemplates } = useTranslation("templates");
  const refusal = useRefusal();
  const queries = useQueryClient();
  const { template } = one;
  const bound = template.variables.filter((variable) => variable !== "header.file");
  const form = useForm<Record<string, string>>({
    initial: Object.fromEntries(bound.map((name) => [name, template.bindings[name] ?? ""])),
    check: () => ({}),
    save: async (values) => {
      const bindings = Object.fromEntries(
        Object.entries(values).filter(([, value]) => value.trim() !== ""),
      );
      let saved: PortfolioTemplate;
      try {
        saved = await doors.bindTemplate(template.template_id, bindings);
      } catch (error) {
        const reasons = [...reasonsOf(error)].map(([path, reason]) => [
          path.replace(/^bindings\./, ""),
          words(reason === "unsendable" ? "templates.unsendable" : "reasons.other"),
        ]);
        if (reasons.length === 0) throw error;
        form.refuse(Object.fromEntries(reasons));
        return;
      }
      queries.setQueryData<TemplateList>(["templates", "list"], (known) =>
        known
          ? {
              ...known,
              templates: known.templates.map((other) =>
                other.template.template_id === saved.template.template_id ? saved : other,
              ),
            }
          : known,
      );
      close();
    },
  });
  return (
    <FormWindow
      title={template.name}
      save={words("form.save")}
      submit={form.submit}
      close={close}
      dirty={form.dirty}
      busy={form.busy}
      failure={form.failed ? refusal(form.failed) : null}
      size={820}
      testId="template"
    >
      <p>
        <TemplateStatus one={one} />{" "}
        <Soft>
          {words(`templates.categories.${template.category}`)} · {template.language}
          {template.quality ? ` · ${words("templates.quality", { word: template.quality })}` : ""}
        </Soft>
      </p>
      {template.reason ? (
        <Remark tone="warning">{words("templates.reason", { reason: template.reason })}</Remark>
      ) : null}
      <div className={styles.columns}>
        <Group title={words("templates.bindings")}>
          {bound.length === 0 ? (
            <Soft>{words("templates.noVariables")}</Soft>
          ) : (
            <div className={styles.bindings}>
              <Soft>{words("templates.bindingsHint")}</Soft>
              {bound.map((name) => (
                <TextInput
                  key={name}
                  label={variableLabel(name, template, ofTemplates)}
                  placeholder={words("templates.bindingExample")}
                  value={form.values[name] ?? ""}
                  maxLength={LONGEST}
                  error={form.problems[name]}
                  onChange={(event) => form.set(name, event.currentTarget.value)}
                  data-testid={`binding-${name}`}
                  autoComplete="off"
                  dir="auto"
                />
              ))}
            </div>
          )}
        </Group>
        <section aria-label={ofTemplates("preview")}>
          <Preview template={template} values={form.values} />
        </section>
      </div>
    </FormWindow>
  );
}
