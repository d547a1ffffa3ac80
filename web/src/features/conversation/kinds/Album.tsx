/** Several pictures of one message, as tiles. */

import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { later } from "~/components/later";
import type { Message } from "~/lib/api/types";
import { useFileAddress } from "../fileAddresses";
import type { KindProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { ALBUM_TILE, ALBUM_TILES } from "./sizes";

const Lightbox = later(() => import("../Lightbox"));

export function Album({ message, chatId }: KindProps) {
  const [open, setOpen] = useState<number | null>(null);
  const { files } = message;
  const tiles = files.slice(0, ALBUM_TILES);
  return (
    <div className={styles.album} data-testid="album">
      {tiles.map((_, index) => (
        <Tile
          // biome-ignore lint/suspicious/noArrayIndexKey: the files of a message never move
          key={index}
          chatId={chatId}
          message={message}
          index={index}
          more={index === ALBUM_TILES - 1 ? files.length - ALBUM_TILES : 0}
          open={() => setOpen(index)}
        />
      ))}
      {open !== null ? (
        <Suspense>
          <Lightbox chatId={chatId} message={message} index={open} close={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function Tile({
  chatId,
  message,
  index,
  more,
  open,
}: {
  chatId: string;
  message: Message;
  index: number;
  more: number;
  open: () => void;
}) {
  const { t } = useTranslation("messages");
  const { address, gone, failed } = useFileAddress(chatId, message, index);
  const count = message.files.length;
  return (
    <button
      type="button"
      className={styles.tile}
      style={{ width: ALBUM_TILE, height: ALBUM_TILE }}
      aria-label={t("picture.openOne", { number: index + 1, count })}
      disabled={address === null}
      data-testid="picture"
      onClick={open}
    >
      {gone ? <span className={styles.tileGone}>{t("file.gone")}</span> : null}
      {address ? (
        <img
          src={address.thumbnail ?? address.url}
          alt=""
          loading="lazy"
          decoding="async"
          onError={failed}
        />
      ) : null}
      {more > 0 ? <span className={styles.more}>{t("picture.more", { count: more })}</span> : null}
    </button>
  );
}
