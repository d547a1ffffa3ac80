/** A template as the contact will read it, its variables filled as they are typed (SEND-2). */

import { Fragment } from "react";
import type { Template } from "~/lib/api/types";
import styles from "./Preview.module.css";

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

interface PreviewProps {
  template: Template;
  values: Record<string, string>;
}

export function Preview({ template, values }: PreviewProps) {
  return (
    <div className={styles.balloon} data-testid="template-preview">
      {template.header ? (
        <p className={styles.header}>
          <Filled part="header" text={template.header} values={values} />
        </p>
      ) : null}
      <p className={styles.body}>
        <Filled part="body" text={template.body} values={values} />
      </p>
      {template.footer ? <p className={styles.footer}>{template.footer}</p> : null}
      {template.buttons.length > 0 ? (
        <ul className={styles.buttons}>
          {template.buttons.map((button) => (
            <li key={button.text} className={styles.button}>
              {button.text}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** A text with its variables: what was typed, or the place where it will stand. */
function Filled({
  part,
  text,
  values,
}: {
  part: string;
  text: string;
  values: Record<string, string>;
}) {
  const pieces = text.split(VARIABLE);
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const value = values[`${part}.${piece}`]?.trim();
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity
      <Fragment key={index}>
        {value ? <bdi>{value}</bdi> : <span className={styles.open}>{`{{${piece}}}`}</span>}
      </Fragment>
    );
  });
}
