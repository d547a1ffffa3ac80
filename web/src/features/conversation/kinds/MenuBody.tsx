/** A menu as the contact has it: the text, and what may be chosen, in the order of its numbers. */

import { useTranslation } from "react-i18next";
import type { Details } from "~/lib/api/types";
import { Words } from "../Words";
import styles from "./Kinds.module.css";

interface MenuBodyProps {
  text: string;
  menu: NonNullable<Details["menu"]>;
}

export function MenuBody({ text, menu }: MenuBodyProps) {
  const { t } = useTranslation("messages");
  return (
    <div data-testid="menu">
      {text ? <Words text={text} /> : null}
      <ol className={styles.options} aria-label={t("options.label")}>
        {menu.options.map(({ payload, title, description }) => (
          <li key={payload} className={styles.option} data-testid="menu-option">
            <bdi dir="auto">{title}</bdi>
            {description ? (
              <p className={styles.about} dir="auto">
                {description}
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
