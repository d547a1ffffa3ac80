/** The pictures of the open chat over the page, in its order: zoom, keyboard, touch and download. */

import { useTranslation } from "react-i18next";
import Shown, { useLightboxState } from "yet-another-react-lightbox";
import Counter from "yet-another-react-lightbox/plugins/counter";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import "yet-another-react-lightbox/styles.css";
import "yet-another-react-lightbox/plugins/counter.css";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useSyncExternalStore } from "react";
import { Icon } from "~/components/Icon";
import { useEscape } from "~/components/useEscape";
import { useFocusBack } from "~/components/Window";
import type { FileAddress, Message, MessageFile } from "~/lib/api/types";
import { plainName } from "~/lib/text";
import { useDesk } from "../live/DeskContext";
import { fileAddresses } from "./fileAddresses";
import styles from "./Lightbox.module.css";

interface Slide {
  src: string;
  width?: number;
  height?: number;
  alt: string;
  download: string;
  name: string;
}

export default function Lightbox({
  chatId,
  message,
  index,
  close,
}: {
  chatId: string;
  message: Message;
  index: number;
  close: () => void;
}) {
  const { t } = useTranslation("messages");
  const { t: page } = useTranslation();
  useEscape(close);
  useFocusBack();
  useSyncExternalStore(fileAddresses.subscribe, () => fileAddresses.version);
  const open = useDesk((snapshot) => snapshot.state.chat);
  // Which pictures there are is settled on opening, and what is looked at stays when its address is
  // renewed meanwhile: only where it is downloaded from is the newest.
  const held = useRef<{ pictures: Held[]; at: number } | null>(null);
  if (!held.current?.pictures.length) {
    held.current = pictures(chatId, open?.messages ?? [], message, index);
  }
  const slides = held.current.pictures.map(({ key, address, file }) => {
    const now = fileAddresses.of(chatId, key)?.files.find((one) => one.index === address.index);
    return {
      src: address.url,
      width: file.width ?? undefined,
      height: file.height ?? undefined,
      alt: t("picture.view"),
      download: (now ?? address).download,
      name: file.name ? plainName(file.name) : "",
    };
  });
  return (
    <Shown
      open
      close={close}
      index={held.current.at}
      slides={slides}
      plugins={slides.length > 1 ? [Zoom, Counter] : [Zoom]}
      carousel={{ finite: true, padding: 24 }}
      controller={{ closeOnBackdropClick: true }}
      animation={{ fade: 120, swipe: 200, zoom: 150 }}
      zoom={{ maxZoomPixelRatio: 4, scrollToZoom: true }}
      toolbar={{ buttons: [<Download key="download" slides={slides} />, "close"] }}
      render={slides.length > 1 ? {} : { buttonPrev: () => null, buttonNext: () => null }}
      labels={{
        Previous: t("picture.previous"),
        Next: t("picture.next"),
        Close: page("app.close"),
        Lightbox: t("picture.view"),
        "Zoom in": t("picture.zoomIn"),
        "Zoom out": t("picture.zoomOut"),
      }}
    />
  );
}

interface Held {
  key: string;
  address: FileAddress;
  file: MessageFile;
}

/** Every picture of the loaded messages whose address is known, and where the asked one is. */
function pictures(chatId: string, loaded: Message[], asked: Message, index: number) {
  const messages = loaded.some((one) => one.key === asked.key) ? loaded : [asked];
  const found: Held[] = [];
  let at = 0;
  for (const { key, files } of messages) {
    for (const address of fileAddresses.of(chatId, key)?.files ?? []) {
      const file = files[address.index];
      if (file?.kind !== "image") continue;
      if (key === asked.key && address.index === index) at = found.length;
      found.push({ key, address, file });
    }
  }
  return { pictures: found, at };
}

function Download({ slides }: { slides: Slide[] }) {
  const { t } = useTranslation("messages");
  const { currentIndex } = useLightboxState();
  const slide = slides[currentIndex];
  return slide ? (
    <a
      className={`yarl__button ${styles.download}`}
      href={slide.download}
      download={slide.name}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={t("file.download")}
      title={t("file.download")}
      data-testid="lightbox-download"
    >
      <Icon of={IconDownload} size={26} />
    </a>
  ) : null;
}
