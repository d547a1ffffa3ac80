/** A video in its balloon, at the size it will have. */

import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFileAddress } from "../fileAddresses";
import { DocumentCard } from "./DocumentCard";
import { NotThere } from "./FileState";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { shownSize, videoWidth } from "./sizes";

export function Video({ message, chatId, index, file }: FileProps) {
  const { t } = useTranslation("messages");
  const { address, gone, failed } = useFileAddress(chatId, message, index);
  const [errors, setErrors] = useState(0);
  const [told, setTold] = useState<number | null>(null);
  const [played, setPlayed] = useState(false);
  const element = useRef<HTMLVideoElement>(null);
  const source = address?.url;
  const { width, height } = shownSize(file);
  const known = Boolean(file.width && file.height);
  const room = known
    ? { width, aspectRatio: `${width} / ${height}` }
    : { width: told ?? width, height };
  const begun = useCallback(({ videoWidth: wide, videoHeight: high }: HTMLVideoElement) => {
    if (wide > 0 && high > 0) setTold(videoWidth(wide, high));
  }, []);
  const broken = useCallback(() => {
    setErrors((count) => count + 1);
    failed();
  }, [failed]);
  // It is fetched as soon as it is made: what happened before it stood here, React tells nobody.
  useLayoutEffect(() => {
    const video = source ? element.current : null;
    if (video?.error) broken();
    else if (video && video.readyState > 0) begun(video);
  }, [source, begun, broken]);
  // What we keep is there, whatever the browser makes of it; what is only linked may be gone.
  if (gone && (errors < 2 || file.state === "linked")) return <NotThere file={file} />;
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
      ref={element}
      className={styles.video}
      style={room}
      src={address.url}
      poster={address.thumbnail ?? undefined}
      controls
      playsInline
      preload={address.thumbnail ? "none" : "metadata"}
      aria-label={t("video.label")}
      data-testid="video"
      data-played={played}
      onPlay={() => setPlayed(true)}
      onLoadedMetadata={({ currentTarget }) => begun(currentTarget)}
      onError={broken}
    />
  ) : (
    <div className={styles.video} style={room} />
  );
}
