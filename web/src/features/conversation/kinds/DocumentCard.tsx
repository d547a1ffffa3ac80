/** A document: its name, what it is, how large, and the way to download it. It is never opened here. */

import {
  IconDownload,
  IconFile,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { fileSize, plainName } from "~/lib/text";
import { useFileAddress } from "../fileAddresses";
import { NotThere } from "./FileState";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";

const SHAPES: [RegExp, typeof IconFile][] = [
  [/^pdf$/i, IconFileTypePdf],
  [/^(xlsx?|csv|ods)$/i, IconFileSpreadsheet],
  [/^(docx?|txt|odt|rtf)$/i, IconFileText],
  [/^(zip|rar|7z|gz)$/i, IconFileZip],
];

/** «PDF», by the end of its name, or else by its type. */
function typeOf(name: string | null, type: string | null): string {
  const ending = /\.([a-z0-9]{1,6})$/i.exec(name ?? "")?.[1];
  const known = /\/(?:x-)?([a-z0-9]{1,6})(?:;|$)/i.exec(type ?? "")?.[1];
  return (ending ?? known ?? "").toUpperCase();
}

export function DocumentCard({ message, chatId, index, file }: FileProps) {
  const { t } = useTranslation("messages");
  const { current: address, gone } = useFileAddress(chatId, message, index);
  if (gone) return <NotThere file={file} />;
  const name = plainName(file.name ?? "") || t("file.unnamed");
  const type = typeOf(file.name, file.mime_type);
  const shape = SHAPES.find(([ending]) => ending.test(type))?.[1] ?? IconFile;
  const about = [type, file.size === null ? "" : fileSize(file.size)].filter(Boolean).join(" · ");
  return (
    <a
      className={styles.document}
      href={address?.download}
      download={name}
      target="_blank"
      rel="noopener noreferrer"
      title={t("file.downloadNamed", { name })}
      aria-disabled={address === null}
      data-testid="document"
    >
      <Icon of={shape} size={28} />
      <span className="hidden">{t("file.download")} </span>
      <span className={styles.documentWords}>
        <bdi className={styles.fileName} dir="auto">
          {name}
        </bdi>
        <span className={styles.about}>{about}</span>
      </span>
      <Icon of={IconDownload} size={18} />
    </a>
  );
}
