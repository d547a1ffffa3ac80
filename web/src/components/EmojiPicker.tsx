/** Emojis with Portuguese names, from a library whose names are part of the page itself. */

import portuguese from "emoji-picker-element/i18n/pt_BR";
import Picker from "emoji-picker-element/picker";
import names from "emoji-picker-element-data/pt/cldr-native/data.json?url";
import { useEffect, useRef } from "react";
import styles from "./EmojiPicker.module.css";
import { useEscape } from "./useEscape";

export default function EmojiPicker({
  chosen,
  close,
}: {
  chosen: (emoji: string) => void;
  close: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef({ chosen, close });
  latest.current = { chosen, close };
  useEscape(close);
  useEffect(() => {
    const within = place.current;
    if (!within) return;
    const picker = new Picker({ dataSource: names, locale: "pt", i18n: portuguese });
    const dark = document.documentElement.dataset.mantineColorScheme === "dark";
    picker.classList.add(dark ? "dark" : "light");
    picker.addEventListener("emoji-click", ({ detail }) => {
      if (detail.unicode) latest.current.chosen(detail.unicode);
    });
    within.append(picker);
    const focus = requestAnimationFrame(() =>
      picker.shadowRoot?.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
    );
    const away = (event: PointerEvent) => {
      const target = event.target as Element;
      if (within.contains(target) || target.closest?.("[data-testid=bar-emoji]")) return;
      latest.current.close();
    };
    window.addEventListener("pointerdown", away);
    return () => {
      cancelAnimationFrame(focus);
      window.removeEventListener("pointerdown", away);
      picker.remove();
    };
  }, []);
  return <div ref={place} className={styles.picker} data-testid="emoji-picker" />;
}
