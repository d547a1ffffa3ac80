/** A picture or sticker at the size it will have; a click shows it over the page. */

import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { later } from "~/components/later";
import { useFileAddress } from "../fileAddresses";
import { NotThere } from "./FileState";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { shownSize } from "./sizes";

const Lightbox = later(() => import("../Lightbox"));

export function Picture({ message, chatId, index, file }: FileProps) {
  const { t } = useTranslation("messages");
  const { address, gone, failed } = useFileAddress(chatId, message, index);
  const [open, setOpen] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const { width, height } = shownSize(file);
  if (gone) return <NotThere file={file} />;
  if (file.kind === "sticker") {
    return (
      <span
        className={styles.sticker}
        style={{ width, height }}
        data-loaded={loaded}
        data-testid="sticker"
      >
        {address ? (
          <img
            src={address.url}
            alt={t("picture.sticker")}
            width={width}
            height={height}
            loading="lazy"
            decoding="async"
            onLoad={() => setLoaded(true)}
            onError={failed}
          />
        ) : null}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className={styles.picture}
        data-whole={!file.width}
        style={{ width, aspectRatio: `${width} / ${height}` }}
        aria-label={t("picture.open")}
        disabled={address === null}
        data-testid="picture"
        onClick={() => setOpen(true)}
      >
        {address ? (
          <img
            src={address.thumbnail ?? address.url}
            alt=""
            width={width}
            height={height}
            loading="lazy"
            decoding="async"
            onError={failed}
          />
        ) : null}
      </button>
      {open ? (
        <Suspense>
          <Lightbox chatId={chatId} message={message} index={index} close={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
