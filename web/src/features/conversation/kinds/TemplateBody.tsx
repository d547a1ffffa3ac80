/** A template as the contact has it: header, body, footer, buttons. */

import { useTranslation } from "react-i18next";
import type { Details } from "~/lib/api/types";
import { Words } from "../Words";
import styles from "./Kinds.module.css";

export function TemplateBody({ template }: { template: NonNullable<Details["template"]> }) {
  const { t } = useTranslation("messages");
  const { header, body, footer, buttons } = template;
  return (
    <div data-testid="template" data-name={template.name}>
      {header ? (
        <p className={styles.templateHeader} dir="auto">
          {header}
        </p>
      ) : null}
      <Words text={body} />
      {footer ? (
        <p className={styles.about} dir="auto">
          {footer}
        </p>
      ) : null}
      {buttons.length > 0 ? (
        <ul className={styles.buttons} aria-label={t("template.buttons")}>
          {buttons.map((button, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the buttons of a template never move
            <li key={index} dir="auto">
              {button}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
