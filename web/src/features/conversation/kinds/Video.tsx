/** A video in its balloon, at the size it will have. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFileAddress } from "../fileAddresses";
import { DocumentCard } from "./DocumentCard";
import { NotThere } from "./FileState";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { shownSize } from "./sizes";

export function Video({ message, chatId, index, file }: FileProps) {
  const { t } = useTranslation("messages");
  const { address, gone, failed } = useFileAddress(chatId, message, index);
  const [errors, setErrors] = useState(0);
  const { width, height } = shownSize(file);
  if (gone && errors < 2) return <NotThere file={file} />;
  if (errors > 1) {
    return (
      <>
        <DocumentCard message={message} chatId={chatId} index={index} file={file} />
        <p className={styles.hint}>{t("video.failed")}</p>
      </>
    );
  }
  return address ? (
    // biome-ignore lint/a11y/useMediaCaption: what a contact sends has no captions
    <video
      className={styles.video}
      style={{ width, aspectRatio: `${width} / ${height}` }}
      src={address.url}
      poster={address.thumbnail ?? undefined}
      controls
      playsInline
      preload={address.thumbnail ? "none" : "metadata"}
      aria-label={t("video.label")}
      data-testid="video"
      onError={() => {
        setErrors((count) => count + 1);
        failed();
      }}
    />
  ) : (
    <div className={styles.video} style={{ width, aspectRatio: `${width} / ${height}` }} />
  );
}
