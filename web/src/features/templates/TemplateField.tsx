/** «Mensagem»: which approved template goes out, with its category in parentheses (SEND-2). */

import { Popover } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Finder } from "~/components/Finder";
import { Icon } from "~/components/Icon";
import { addSentences } from "~/i18n";
import { templates } from "~/i18n/templates";
import { Refused } from "~/lib/api/http";
import type { Template } from "~/lib/api/types";
import styles from "./Templates.module.css";
import { type Recipient, useTemplates } from "./useTemplates";
import { idOf } from "./variables";

addSentences("templates", templates);

interface TemplateFieldProps {
  recipient: Recipient;
  chosen: Template | null;
  problem: string | null;
  choose: (template: Template) => void;
}

export function TemplateField({ recipient, chosen, problem, choose }: TemplateFieldProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("templates");
  const { data, error, isPending, isFetching, refetch } = useTemplates(recipient);
  const [open, setOpen] = useState(false);
  const id = useId();
  const named = (template: Template) =>
    words("named", {
      name: template.name,
      category: words(`category.${template.category}`),
    });
  return (
    <div className={styles.template}>
      <span className={styles.label} id={`${id}-label`}>
        {words("message")}
        <span className={styles.star} aria-hidden="true">
          {" *"}
        </span>
      </span>
      {isPending ? (
        <p className={styles.hint} role="status">
          {words("loading")}
        </p>
      ) : error && !data ? (
        <div className={styles.failure} role="alert" data-testid="templates-failed">
          {error instanceof Refused && error.code ? t(`errors.${error.code}`) : words("failed")}{" "}
          <button type="button" className={styles.again} onClick={() => void refetch()}>
            {t("app.retry")}
          </button>
        </div>
      ) : data?.templates.length === 0 ? (
        <div className={styles.hint} role="status">
          <strong>{words("noneTitle")}</strong> {words("none")}{" "}
          <button
            type="button"
            className={styles.again}
            disabled={isFetching}
            onClick={() => void refetch()}
          >
            {t("app.retry")}
          </button>
        </div>
      ) : (
        <Popover
          opened={open}
          onChange={setOpen}
          position="bottom-start"
          width="target"
          shadow="md"
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <button
              type="button"
              className={styles.choose}
              aria-labelledby={`${id}-label ${id}-value`}
              aria-describedby={problem ? `${id}-problem` : undefined}
              aria-invalid={problem !== null || undefined}
              data-chosen={chosen !== null}
              data-testid="template-field"
              onClick={() => setOpen(!open)}
            >
              <span className={styles.chosen} id={`${id}-value`}>
                {chosen ? named(chosen) : words("choose")}
              </span>
              <Icon of={IconChevronDown} size={16} />
            </button>
          </Popover.Target>
          <Popover.Dropdown p="xs" aria-label={words("message")}>
            <Finder
              label={words("find")}
              choices={(data?.templates ?? []).map((template) => ({
                id: idOf(template),
                name: named(template),
                remark: alone(template, data?.templates ?? []) ? null : template.language,
              }))}
              nothing={words("nothing")}
              lines={6}
              choose={(id) => {
                const template = data?.templates.find((one) => idOf(one) === id);
                setOpen(false);
                if (template) choose(template);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      )}
      {problem ? (
        <p className={styles.problem} id={`${id}-problem`} data-testid="template-problem">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

/** Whether the name needs no language beside it. */
function alone(template: Template, all: Template[]): boolean {
  return all.filter((one) => one.name === template.name).length === 1;
}
