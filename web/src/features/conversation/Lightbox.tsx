/** The pictures of a message over the page: zoom, keyboard, touch and download. */

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
import type { FileAddress, Message } from "~/lib/api/types";
import { plainName } from "~/lib/text";
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
  const known = useSyncExternalStore(fileAddresses.subscribe, () =>
    fileAddresses.of(chatId, message.key),
  );
  // What is looked at stays, also when its address is renewed meanwhile.
  const held = useRef<FileAddress[]>([]);
  if (held.current.length === 0 && known !== null) held.current = known.files;
  const slides: Slide[] = [];
  let at = 0;
  for (const address of held.current) {
    const file = message.files[address.index];
    if (file?.kind !== "image") continue;
    if (address.index === index) at = slides.length;
    slides.push({
      src: address.url,
      width: file.width ?? undefined,
      height: file.height ?? undefined,
      alt: t("picture.view"),
      download: (known?.files.find((one) => one.index === address.index) ?? address).download,
      name: file.name ? plainName(file.name) : "",
    });
  }
  return (
    <Shown
      open
      close={close}
      index={at}
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
