/** A template as the contact will read it, its variables filled as they are typed (SEND-2). */

import {
  IconCopy,
  IconCornerUpLeft,
  IconExternalLink,
  IconFile,
  IconPhone,
  IconPhoto,
  IconVideo,
} from "@tabler/icons-react";
import { Fragment } from "react";
import { Icon } from "~/components/Icon";
import type { Template } from "~/lib/api/types";
import styles from "./Preview.module.css";

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;
const HEADERS = { image: IconPhoto, video: IconVideo, document: IconFile } as const;
const BUTTONS: Record<string, typeof IconPhoto> = {
  url: IconExternalLink,
  phone_number: IconPhone,
  copy_code: IconCopy,
  quick_reply: IconCornerUpLeft,
};

/** What stands in the place of a picture, a video or a document. */
export interface HeaderFile {
  name: string;
  /** Where a picture is shown from. */
  url: string | null;
}

interface PreviewProps {
  template: Template;
  values: Record<string, string>;
  file?: HeaderFile | null;
}

export function Preview({ template, values, file = null }: PreviewProps) {
  const { header_kind: kind } = template;
  return (
    <div className={styles.balloon} data-testid="template-preview">
      {kind === "image" || kind === "video" || kind === "document" ? (
        kind === "image" && file?.url ? (
          <img className={styles.picture} src={file.url} alt={file.name} />
        ) : (
          <span className={styles.media}>
            <Icon of={HEADERS[kind]} size={28} />
            {file ? <bdi dir="auto">{file.name}</bdi> : null}
          </span>
        )
      ) : template.header ? (
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
          {template.buttons.map((button, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: buttons stand in their order
            <li key={index} className={styles.button}>
              <Icon of={BUTTONS[button.kind] ?? IconCornerUpLeft} size={14} /> {button.text}
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
